"""What a command loads: with nothing new, none of the libraries that cost seconds."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from finsam_pipeline_tests.workspaces import Office

HEAVY = ("dagster", "great_expectations", "matplotlib", "alembic")  # alembic: Dagster, or a store that has to be upgraded
_PROGRAM = f"""
import sys
from finsam_pipeline.cli import main
try:
    main()
except SystemExit as ended:
    print([name for name in {HEAVY!r} if name in sys.modules], ended.code, file=sys.stderr)
"""


def loaded(*words: object) -> str:
    """The heavy libraries a command loaded, and its exit status."""
    command = [sys.executable, "-c", _PROGRAM, *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stderr.splitlines()[-1]


def test_nothing_new_loads_nothing_heavy(office: Office) -> None:
    assert loaded("run", "--home", office.home, "--json") == "[] 0"


def test_a_changed_file_loads_what_judges_it(office: Office) -> None:
    office.put("nyckeltal", "nytt.csv", "Period;Nyckeltal;Värde\n2025H1;Kö;3\n".encode())
    assert loaded("run", "--home", office.home, "--json") == f"{list(HEAVY)} 0"


def test_status_and_the_list_of_items_load_nothing_heavy(office: Office) -> None:
    assert loaded("status", "--home", office.home, "--json") == "[] 0"
    assert loaded("review", "list", "--home", office.home, "--json") == "[] 0"
