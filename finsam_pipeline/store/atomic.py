"""The one writer: a file is whole under its name, or is not there.

Belongs here: how bytes reach the disk (temporary file in the same folder, fsync, rename, fsync of the folder) and with
which mode. Does not: what is written, or where.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path
    from typing import BinaryIO

INTERNAL = 0o640  # read by the owner and the group: marts, reports
PRIVATE = 0o600  # read by the owner alone: everything in the vault
_FOLDER_MODE = {INTERNAL: 0o750, PRIVATE: 0o700}
_TEMP_PREFIX = ".writing-"


@contextlib.contextmanager
def writing(path: Path, mode: int = INTERNAL) -> Iterator[BinaryIO]:
    """A file object whose bytes stand under `path` once the block ends without an error, and nowhere if it does not.

    Missing folders are made. An existing file is replaced in one step; whoever has it open keeps the old bytes.
    """
    make_folder(path.parent, _FOLDER_MODE.get(mode, 0o750))
    temporary = temporary_name(path.parent)
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE)
        with os.fdopen(descriptor, "wb") as stream:
            yield stream
            stream.flush()
            os.fchmod(stream.fileno(), mode)
            os.fsync(stream.fileno())
        temporary.replace(path)
        sync_folder(path.parent)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def write_bytes(path: Path, data: bytes, mode: int = INTERNAL) -> None:
    """Write `data` under `path` in one step."""
    with writing(path, mode) as stream:
        stream.write(data)


def write_text(path: Path, text: str, mode: int = INTERNAL) -> None:
    """Write `text` as UTF-8 with the line ends it has."""
    write_bytes(path, text.encode("utf-8"), mode)


def write_parquet(
    table: pa.Table,
    path: Path,
    metadata: Mapping[str, str] | None = None,
    *,
    statistics: bool = True,
    mode: int = INTERNAL,
) -> None:
    """Write a table as Parquet (snappy): the same table and metadata give the same bytes.

    Args:
        table: its fields' own metadata (description, unit) are kept.
        path: the file.
        metadata: what the footer says about the whole file; replaces what the table's schema says.
        statistics: False where a footer must not hold the least and greatest value of a column (everything in the vault).
        mode: INTERNAL or PRIVATE.
    """
    write_parquet_parts([table], table.schema, path, metadata, statistics=statistics, mode=mode)


def write_parquet_parts(
    parts: Iterable[pa.Table],
    schema: pa.Schema,
    path: Path,
    metadata: Mapping[str, str] | None = None,
    *,
    statistics: bool = True,
    mode: int = INTERNAL,
) -> None:
    """As `write_parquet`, from tables of the schema one after another: a large one need never stand in memory as a whole."""
    named = schema.with_metadata(dict(sorted((metadata or {}).items())) or None)
    with (
        writing(path, mode) as stream,
        pq.ParquetWriter(stream, named, compression="snappy", write_statistics=statistics, store_schema=True) as writer,
    ):
        for part in parts:
            writer.write_table(part.replace_schema_metadata(named.metadata))


def replace_symlink(link: Path, target: str) -> None:
    """Point `link` at `target` (relative to the link's folder) in one rename: a reader sees the old or the new target."""
    temporary = temporary_name(link.parent)
    try:
        temporary.symlink_to(target)
        temporary.replace(link)
        sync_folder(link.parent)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def make_folder(folder: Path, mode: int) -> None:
    """Make a folder and its missing parents; only folders made now get the mode."""
    if folder.is_dir():
        return
    make_folder(folder.parent, mode)
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode)
        folder.chmod(mode)  # mkdir's own mode is cut by the umask


def temporary_name(folder: Path) -> Path:
    """A name in the folder that nothing has yet, and that `sweep` knows as left over."""
    return folder / f"{_TEMP_PREFIX}{os.getpid()}-{secrets.token_hex(6)}.tmp"


def sync_folder(folder: Path) -> None:
    """Bring a folder's names to the disk: a rename lasts through a power cut only after this."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def writer_of(temporary: Path) -> int:
    """The number of the process that made a name with `temporary_name`."""
    number = temporary.name.removeprefix(_TEMP_PREFIX).partition("-")[0]
    return int(number) if number.isdecimal() else 0


def sweep(*folders: Path, when: Callable[[Path], bool] = lambda _: True) -> int:
    """Remove what a killed run left half written directly in the folders. Only under the workspace's lock. Returns how many.

    `when`: says of each whether it may go.
    """
    removed = 0
    for folder in folders:
        if not folder.is_dir():
            continue
        for left in folder.glob(f"{_TEMP_PREFIX}*.tmp"):
            if not when(left):
                continue
            if left.is_dir() and not left.is_symlink():
                shutil.rmtree(left)
            else:
                left.unlink(missing_ok=True)
            removed += 1
    return removed
