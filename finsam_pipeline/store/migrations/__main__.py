"""`python -m finsam_pipeline.store.migrations "what it does"`: a new step from what `tables.py` says and the steps do not.

The file is a draft: read it, add triggers and the moving of data by hand, keep it free of imports from `tables` (which goes on
changing; a step does not).
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from finsam_pipeline.store.database import Database
from finsam_pipeline.store.migrations import alembic_config, revisions


def main(message: str) -> None:
    """Compare a new, empty store at the last step with the tables, and write the difference down."""
    from alembic import command  # noqa: PLC0415 - as in the package

    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder) / 'store.sqlite'}")
        with database.writing() as connection:
            number = f"{int(revisions()[-1]) + 1:04d}"
            command.revision(alembic_config(connection), message, autogenerate=True, rev_id=number)


if __name__ == "__main__":
    main(sys.argv[1])
