"""What stood in the cells of quarantined rows, read from the archived originals again for whoever decides on them.

Typed rows hold no text that could not be read, and a run keeps none: only the stewards' workbook needs it, and only when it is
written. Belongs here: which cells of which files. Does not: reading a file, the workbook.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import pandas as pd

from finsam_pipeline.contracts.sources import SOURCES
from finsam_pipeline.privacy import Pseudonymiser, mask
from finsam_pipeline.readers import read
from finsam_pipeline.readers.table import Rejected
from finsam_pipeline.review.wanted import correctable
from finsam_pipeline.review.workbook_export import PSEUDONYM
from finsam_pipeline.shaping.as_written import Place, cells_as_written
from finsam_pipeline.store.archive import ArchiveDamagedError, original, read_original
from finsam_pipeline.store.keys import pseudonym_key

if TYPE_CHECKING:
    from finsam_pipeline.review.items import Item
    from finsam_pipeline.store.workspace import Workspace

RAW = "raw_"
_Key = tuple[str, str, int]  # path, sheet, row


def with_texts(
    workspace: Workspace, source: str, held: pd.DataFrame, items: Iterable[Item], largest: int | None = None
) -> pd.DataFrame:
    """The quarantined rows the items speak of, with `raw_<column>`: the cell's own text, personnummer masked.

    A participant's number only where an item is about it. A file that is gone, or larger than `largest` bytes, is passed over.
    """
    named: dict[_Key, set[str]] = {}
    for item in items:
        named.setdefault((item.path, item.sheet or "", item.row or 0), set()).add(item.column)
    if held.empty:
        return held
    keys = [
        (str(p), "" if pd.isna(s) else str(s), int(r)) for p, s, r in zip(held["path"], held["sheet"], held["row"], strict=True)
    ]
    shown = held[[key in named for key in keys]].reset_index(drop=True)
    keys = [key for key in keys if key in named]
    files: dict[tuple[str, str], set[Place]] = {}
    for key, sha256 in zip(keys, shown["sha256"], strict=True):
        files.setdefault((key[0], str(sha256)), set()).add(key[1:])
    texts: dict[_Key, dict[str, str]] = {}
    for (path, sha256), places in sorted(files.items()):
        texts |= {(path, *place): cells for place, cells in _cells(workspace, source, path, sha256, places, largest).items()}
    return _beside(shown, keys, texts, named, source)


def _cells(
    workspace: Workspace, source: str, path: str, sha256: str, places: set[Place], largest: int | None
) -> Mapping[Place, dict[str, str]]:
    file = original(workspace, sha256)
    if not file.is_file() or (largest is not None and file.stat().st_size > largest):
        return {}
    try:
        found = read(read_original(workspace, sha256), path)
    except (Rejected, ArchiveDamagedError):  # it could be read when it was judged; the workbook is not where that is told
        return {}
    return cells_as_written(found, SOURCES[source], Pseudonymiser(pseudonym_key(workspace)), places)


def _beside(
    shown: pd.DataFrame, keys: list[_Key], texts: Mapping[_Key, Mapping[str, str]], named: Mapping[_Key, set[str]], source: str
) -> pd.DataFrame:
    raw: dict[str, list[str | None]] = {}
    for name in correctable(source):
        asked = [name != PSEUDONYM or name in named[key] for key in keys]
        cells = [texts.get(key, {}).get(name) if wanted else None for key, wanted in zip(keys, asked, strict=True)]
        if any(cells):
            raw[f"{RAW}{name}"] = [mask(text) if text else None for text in cells]
    return shown.assign(**{name: pd.Series(cells, dtype="str") for name, cells in raw.items()})
