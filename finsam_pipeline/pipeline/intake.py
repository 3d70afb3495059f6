"""Landing → delivery ledger: new files are archived and noted before anything reads them.

Belongs here: what landing holds that the ledger does not know. Does not: reading a file, which delivery counts.
"""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Sequence

from finsam_pipeline.contracts.sources import SOURCES
from finsam_pipeline.store.archive import FileChanged, file_sha256, take_in
from finsam_pipeline.store.database import Database
from finsam_pipeline.store.deliveries import Delivery, note_deliveries, read_deliveries
from finsam_pipeline.store.workspace import DECISIONS_SOURCE, TEXTS_SOURCE, LandingFile, Workspace


def take_in_new(workspace: Workspace, database: Database, associations: Sequence[str], now: dt.datetime) -> None:
    """Archive and note every file of these associations that is not what last stood at its path.

    A file that is still being written to is left for the next run; until then `finsam status` says that there is something new.
    """
    files = []
    for landed in workspace.scan_landing(associations):
        with contextlib.suppress(FileChanged):
            files.append((landed, take_in(workspace, landed)))
    with database.writing() as connection:
        note_deliveries(connection, files, now)


def unseen(workspace: Workspace, database: Database, association: str) -> list[LandingFile]:
    """Files in landing that the ledger does not hold as they are now. Hashes, writes nothing."""
    with database.reading() as connection:
        latest = {d.path: d for d in read_deliveries(connection, association)}  # in the order noted: the last one stands
    return [f for f in workspace.scan_landing([association]) if not _known(f, latest.get(f.path))]


def _known(landed: LandingFile, noted: Delivery | None) -> bool:
    return noted is not None and noted.size == landed.size and noted.sha256 == file_sha256(landed)


def is_source(name: str) -> bool:
    """Whether a landing folder is one of the contract's sources, the stewards' decisions or the report's texts."""
    return name in SOURCES or name in (DECISIONS_SOURCE, TEXTS_SOURCE)
