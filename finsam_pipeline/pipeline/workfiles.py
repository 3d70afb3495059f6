"""What the steps of one association's run hand to each other, in `vault/work/<association>/`.

On disk so that steps may run in different processes, in the vault because accepted rows speak of persons. Written by the one writer.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import TypeAdapter

from finsam_pipeline.store.atomic import PRIVATE, write_bytes, write_parquet, write_parquet_parts
from finsam_pipeline.store.workspace import Workspace

T = TypeVar("T")
_ADAPTERS: dict[type[Any], TypeAdapter[Any]] = {}


@dataclass(frozen=True, slots=True)
class WorkFiles:
    """The work folder of one association."""

    workspace: Workspace
    association: str

    @property
    def folder(self) -> Path:
        """`vault/work/<association>`."""
        return self.workspace.work / self.association

    def write_table(self, name: str, table: pa.Table) -> None:
        """Write `<name>.parquet`, without statistics."""
        write_parquet(table, self.table_file(name), statistics=False, mode=PRIVATE)

    def write_parts(self, name: str, schema: pa.Schema, parts: Iterable[pa.Table]) -> None:
        """As `write_table`, from tables of the schema one after another."""
        write_parquet_parts(parts, schema, self.table_file(name), statistics=False, mode=PRIVATE)

    def read_table(self, name: str) -> pa.Table | None:
        """The table of that name, None when no step wrote it."""
        path = self.table_file(name)
        return pq.read_table(path) if path.is_file() else None

    def table_file(self, name: str) -> Path:
        """Where the table of that name stands, for whoever reads a few columns of a large one."""
        return self.folder / f"{name}.parquet"

    def write_frame(self, name: str, frame: pd.DataFrame) -> None:
        """Write a frame as `<name>.parquet`."""
        self.write_table(name, pa.Table.from_pandas(frame, preserve_index=False))

    def read_frame(self, name: str) -> pd.DataFrame:
        """The frame of that name; empty when no step wrote it."""
        table = self.read_table(name)
        return pd.DataFrame() if table is None else table.to_pandas()

    def write_outcome(self, name: str, outcome: object) -> None:
        """Write a dataclass as `<name>.json`."""
        write_bytes(self.folder / f"{name}.json", _adapter(type(outcome)).dump_json(outcome), PRIVATE)

    def read_outcome(self, name: str, kind: type[T]) -> T | None:
        """Read a dataclass back; None when no step wrote it."""
        path = self.folder / f"{name}.json"
        return _adapter(kind).validate_json(path.read_bytes()) if path.is_file() else None

    def withdraw(self, name: str) -> None:
        """Take an outcome away: its step has begun anew, and what it left before is being written over."""
        (self.folder / f"{name}.json").unlink(missing_ok=True)

    def digest(self, folder: str) -> str:
        """SHA-256 over the outcomes of one folder, by name: the same while no step has written there."""
        digest = hashlib.sha256()
        for path in sorted((self.folder / folder).glob("*.json")):
            digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
        return digest.hexdigest()

    def write_json(self, name: str, data: Mapping[str, Any]) -> None:
        """Write `<name>.json`, keys sorted."""
        text = json.dumps(data, ensure_ascii=False, sort_keys=True, indent=1)
        write_bytes(self.folder / f"{name}.json", text.encode(), PRIVATE)

    def read_json(self, name: str) -> dict[str, Any]:
        """The object of that name; empty when no step wrote it."""
        path = self.folder / f"{name}.json"
        return json.loads(path.read_bytes()) if path.is_file() else {}


def _adapter(kind: type[T]) -> TypeAdapter[T]:
    """Made once: making one takes longer than reading a file with it."""
    if kind not in _ADAPTERS:
        _ADAPTERS[kind] = TypeAdapter(kind)
    return _ADAPTERS[kind]
