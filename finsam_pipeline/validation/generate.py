"""The suites in Great Expectations' own JSON, made from `contracts.rules` and checked for currency.

`python -m finsam_pipeline.validation.generate` writes them, `--check` fails when they are not what the rules say.

Belongs here: RuleUse → expectation configuration. Does not: running them.
"""

from __future__ import annotations

import argparse
import json
import sys
import uuid
from typing import TYPE_CHECKING, Any

from finsam_pipeline.contracts.rules import USES, severity_of, words_of
from finsam_pipeline.contracts.types import RuleUse, Severity
from finsam_pipeline.validation.suites import FOLDER, suite_name

if TYPE_CHECKING:
    from pathlib import Path

_SEVERITY = {Severity.ERROR: "critical", Severity.BLOCKING: "critical", Severity.WARNING: "warning"}
_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "finsam_pipeline/validation/gx/expectations")


def suite(source: str, batch: str) -> dict[str, Any]:
    """The suite of one judged table, as the rules say, in Great Expectations' JSON form."""
    name = suite_name(source, batch)
    uses = [u for u in USES if (u.source, u.batch) == (source, batch)]
    return {
        "name": name,
        "id": _identity(name),
        "expectations": [_expectation(name, use) for use in uses],
        "meta": {"source": source, "batch": batch},
        "notes": None,
    }


def generate() -> dict[str, str]:
    """File name → JSON text of every suite, the same bytes for the same rules."""
    tables = dict.fromkeys((u.source, u.batch) for u in USES)
    return {f"{suite_name(*t)}.json": json.dumps(suite(*t), ensure_ascii=False, indent=2) + "\n" for t in tables}


def drift(folder: Path = FOLDER) -> list[str]:
    """Names of suite files that are missing, out of date or not of any table; empty when all is current."""
    wanted = generate()
    found = {path.name: path.read_text("utf-8") for path in sorted(folder.glob("*.json"))}
    return sorted(name for name in wanted.keys() | found.keys() if wanted.get(name) != found.get(name))


def write(folder: Path = FOLDER) -> list[str]:
    """Bring the suite files up to date; the names of those that changed."""
    changed = drift(folder)
    wanted = generate()
    folder.mkdir(parents=True, exist_ok=True)
    for name in changed:
        if name in wanted:
            (folder / name).write_text(wanted[name], "utf-8")
        else:
            (folder / name).unlink()
    return changed


def _expectation(name: str, use: RuleUse) -> dict[str, Any]:
    return {
        "type": use.expectation,
        "kwargs": {key: list(value) if isinstance(value, tuple) else value for key, value in use.kwargs},
        "meta": {"rule": use.rule, "severity": severity_of(use).value, "column": use.column},
        "id": _identity(f"{name}/{use.rule}/{use.column}/{use.expectation}"),
        "description": words_of(use.rule, use.source)[0],
        "severity": _SEVERITY[severity_of(use)],
    }


def _identity(path: str) -> str:
    return str(uuid.uuid5(_NAMESPACE, path))


def main() -> int:
    """Write the suites, or with `--check` say which are out of date (exit 1)."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--check", action="store_true")
    checking = parser.parse_args().check
    changed = drift() if checking else write()
    said = "not what the rules say; run `python -m finsam_pipeline.validation.generate`" if checking else "written"
    sys.stderr.writelines(f"{name}: {said}\n" for name in changed)
    return 1 if checking and changed else 0


if __name__ == "__main__":
    raise SystemExit(main())
