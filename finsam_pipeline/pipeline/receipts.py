"""The receipts of erasures, in `vault/removed/receipts/`.

Belongs here: what a receipt says, writing and reading it. Does not: erasing (`pipeline.erasing`).
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from pydantic import TypeAdapter

from finsam_pipeline.store.atomic import PRIVATE, write_bytes
from finsam_pipeline.store.workspace import Workspace

_FOLDER = "receipts"


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was removed and what was not; holds nothing of the participant but a keyed pseudonym.

    `rows`: per original (path as shown) how many rows were emptied. `struck_out`: originals in which the number stood elsewhere.
    `landing_removed`, `landing_kept`: files in landing that held the rows. `editions`: frozen reports, which hold counts only and
    are kept. `still_held`: files in which the number was found afterwards. `finished` once the marts were made anew.
    """

    id: str
    association: str
    participant: str
    by: str
    reason: str
    at: str
    rows: dict[str, int]
    struck_out: tuple[str, ...] = ()
    decisions: int = 0
    findings: int = 0
    errors: int = 0
    landing_removed: tuple[str, ...] = ()
    landing_kept: tuple[str, ...] = ()
    snapshots_removed: int = 0
    snapshot_id: str = ""
    editions: tuple[str, ...] = ()
    still_held: tuple[str, ...] = ()
    finished: bool = False


def write_receipt(workspace: Workspace, receipt: Receipt) -> None:
    """Keep a receipt, or what it says now."""
    text = json.dumps(asdict(receipt), ensure_ascii=False, indent=1, sort_keys=True)
    write_bytes(workspace.removed / _FOLDER / f"{receipt.id}.json", text.encode(), PRIVATE)


def unfinished(workspace: Workspace) -> list[Receipt]:
    """Erasures after which no run has made the marts anew."""
    files = sorted((workspace.removed / _FOLDER).glob("*.json"))
    return [r for file in files if not (r := TypeAdapter(Receipt).validate_json(file.read_bytes())).finished]
