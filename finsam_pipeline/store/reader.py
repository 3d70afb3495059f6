"""A reader's view: one snapshot, resolved once, unchanged while a newer one is published."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow.parquet as pq

from finsam_pipeline.store.workspace import Workspace

if TYPE_CHECKING:
    import pyarrow as pa

FOOTER_ID = "finsam.snapshot_id"
MANIFEST = "manifest.json"


class NoSnapshotError(Exception):
    """Nothing is published in this workspace yet."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One snapshot on disk. `path` is its own folder, never the pointer; `manifest` is as in interface 3."""

    id: str
    path: Path
    manifest: dict[str, Any] = field(repr=False)

    @property
    def marts(self) -> list[str]:
        """Paths of its marts, `economy/income_statement` and so on."""
        return [m["name"] for m in self.manifest["marts"]]

    def has(self, mart: str) -> bool:
        """Whether the snapshot holds a mart of that path."""
        return mart in self.marts

    def schema(self, mart: str) -> pa.Schema:
        """A mart's Arrow schema with descriptions and units, read from the footer alone."""
        return pq.read_schema(self._file(mart))

    def table(self, mart: str) -> pa.Table:
        """A mart by its path, sorted by key. KeyError when there is none of that name."""
        if not self.has(mart):
            raise KeyError(mart)
        return pq.ParquetFile(self._file(mart)).read()

    def frame(self, mart: str) -> pd.DataFrame:
        """A mart as a pandas DataFrame with exact types: money as decimals, counts as whole numbers also beside nulls."""
        frame: pd.DataFrame = self.table(mart).to_pandas(types_mapper=pd.ArrowDtype)
        return frame

    def damaged(self) -> list[str]:
        """Marts whose file is missing or no longer has the bytes the manifest names."""
        return [m["name"] for m in self.manifest["marts"] if _sha256(self.path / m["path"]) != m["sha256"]]

    def _file(self, mart: str) -> Path:
        return self.path / f"{mart}.parquet"


def snapshot_at(path: Path) -> Snapshot:
    """The snapshot in that folder. OSError, ValueError or KeyError when the folder holds none."""
    manifest = json.loads((path / MANIFEST).read_bytes())
    return Snapshot(manifest["snapshot_id"], path, manifest)


def open_snapshot(home: Path | str) -> Snapshot:
    """The snapshot that is current now in the workspace `home`.

    Raises:
        NoSnapshotError: nothing has been published there, or what was published cannot be read.
    """
    try:
        return snapshot_at(Workspace(Path(home)).current.resolve(strict=True))
    except (OSError, ValueError, KeyError) as error:
        raise NoSnapshotError("no snapshot stands in this workspace; `finsam run` publishes the first one") from error


def _sha256(file: Path) -> str:
    try:
        return hashlib.sha256(file.read_bytes()).hexdigest()
    except FileNotFoundError:
        return ""
