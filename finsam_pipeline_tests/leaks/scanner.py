"""Looks for planted numbers, ids and texts in every byte of a folder, through the containers bytes are packed in.

Knows nothing of the pipeline: whatever lies there is opened by what it is, not by what it is called.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import hashlib
import html
import io
import json
import re
import sqlite3
import tempfile
import urllib.parse
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pypdfium2 as pdfium

from finsam_pipeline_tests.leaks.people import notations

_NUMBER = re.compile(r"(?=([0-9]{6})[^0-9a-zA-Z]{0,3}([0-9]{4}))")  # overlapping, and marks nobody has thought of
_HEX = re.compile(r"[0-9a-f]{32,}")
_BASE64 = re.compile(rb"[A-Za-z0-9+/]{40,}={0,2}")
_DIGESTS = ("md5", "sha1", "sha256")
_DIGEST_LENGTHS = (32, 40, 64)
_DEEPEST = 5
_STEM = 4


@dataclass(frozen=True)
class Leak:
    """What stands where it must not: the number as planted, or the word; `place` says which part of which file."""

    place: str
    what: str


@dataclass(frozen=True)
class Planted:
    """What is looked for. `numbers`: twelve digits. `words`: ids and marks of free text, found in any case."""

    numbers: tuple[str, ...]
    words: tuple[str, ...] = ()
    _by_ten: dict[str, str] = field(init=False, repr=False)
    _by_digest: dict[str, str] = field(init=False, repr=False)
    _by_stem: dict[str, list[str]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        written = {way: number for number in self.numbers for way in notations(number)}
        written |= {way: word for word in self.words for way in (word, word.lower(), word.casefold())}
        digests = {hashlib.new(d, w.encode(), usedforsecurity=False).hexdigest(): n for w, n in written.items() for d in _DIGESTS}
        object.__setattr__(self, "_by_ten", {number[2:]: number for number in self.numbers})
        object.__setattr__(self, "_by_digest", digests)
        by_stem: dict[str, list[str]] = {}
        for word in self.words:
            by_stem.setdefault(word.casefold()[:_STEM], []).append(word)
        object.__setattr__(self, "_by_stem", by_stem)

    def in_text(self, text: str) -> set[str]:
        """The planted numbers and words that stand in a text, as they are, escaped or as a plain digest."""
        found: set[str] = set()
        for form in {text, _plain(text)}:
            found |= {self._by_ten[ten] for a, b in _NUMBER.findall(form) if (ten := a + b) in self._by_ten}
            found.update(self._words_in(form.casefold()))
        for match in _HEX.finditer(text.lower()):
            found |= {self._by_digest[piece] for piece in _windows(match[0]) if piece in self._by_digest}
        return found

    def _words_in(self, folded: str) -> Iterator[str]:
        """By their first letters first: most texts hold none of hundreds of ids."""
        likely = (word for stem, words in self._by_stem.items() if stem in folded for word in words)
        return (word for word in likely if word.casefold() in folded)


def scan_folder(folder: Path, planted: Planted, leave_out: Iterable[str] = ()) -> list[Leak]:
    """Every leak in the names and bytes of a folder, but for the top folders left out. Links are not followed."""
    skipped = set(leave_out)
    leaks: list[Leak] = []
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        if inside.parts[0] in skipped or path.is_symlink():
            continue
        leaks += [Leak(f"name of {inside}", what) for what in planted.in_text(inside.as_posix())]
        if path.is_file():
            leaks += scan_bytes(path.read_bytes(), planted, inside.as_posix(), beside=path)
    return leaks


def scan_bytes(data: bytes, planted: Planted, place: str, beside: Path | None = None) -> list[Leak]:
    """Every leak in some bytes, each text at its first place. `beside`: the file they came from, whose write-ahead log SQLite wants
    to see.
    """
    places: dict[str, str] = {}  # of the cells of a database most are alike, and ASCII is the same in every reading
    for part, text in _texts(data, place, beside, 0):
        places.setdefault(text, part)
    return sorted({Leak(part, what) for text, part in places.items() for what in planted.in_text(text)}, key=str)


def _texts(data: bytes, place: str, beside: Path | None, depth: int) -> Iterator[tuple[str, str]]:
    """The bytes as they are, without NULs (UTF-16 in either order), and what they hold when they are a container."""
    yield f"{place} (bytes)", data.decode("latin-1")
    yield f"{place} (UTF-8)", data.decode("utf-8", "ignore")
    if b"\0" in data:
        yield f"{place} (UTF-16)", data.replace(b"\0", b"").decode("latin-1")
    if depth < _DEEPEST:
        yield from _unpacked(data, place, beside, depth + 1)


def _unpacked(data: bytes, place: str, beside: Path | None, depth: int) -> Iterator[tuple[str, str]]:  # noqa: C901 - a kind a line
    if data[:4] == b"PAR1":
        yield from _of_parquet(data, place)
    elif data[:15] == b"SQLite format 3":
        yield from _of_sqlite(data, place, beside, depth)
    elif data[:4] == b"PK\x03\x04":
        yield from _of_zip(data, place, depth)
    elif data[:2] == b"\x1f\x8b" or data[:1] == b"\x78":
        with contextlib.suppress(zlib.error):
            yield from _texts(zlib.decompressobj(47).decompress(data), f"{place}!inflated", None, depth)
    elif data[:5] == b"%PDF-":
        yield from _of_pdf(data, place, depth)
    elif data[8:12] == b"DUCK":
        yield from _of_duckdb(data, place)
    elif data.lstrip()[:1] == b"<":
        yield f"{place} (markup)", re.sub("<[^>]*>", "", data.decode("utf-8", "ignore"))
    elif data[:1] in (b"{", b"["):
        yield from _of_json(data, place)
    if data[:15] != b"SQLite format 3":
        for number, blob in enumerate(_BASE64.findall(data)):
            with contextlib.suppress(binascii.Error):
                yield from _texts(base64.b64decode(blob, validate=True), f"{place}!base64[{number}]", None, depth)


def _of_parquet(data: bytes, place: str) -> Iterator[tuple[str, str]]:
    """Every cell by column, names, metadata of file, schema and fields, and the statistics."""
    file = pq.ParquetFile(io.BytesIO(data))
    table, footer = file.read(), file.metadata
    for column in table.column_names:
        yield f"{place} (column {column})", "\n".join(str(value) for value in table[column].to_pylist())
    said = [*(footer.metadata or {}).items(), *(table.schema.metadata or {}).items()]
    said += [item for one in table.schema for item in (one.metadata or {}).items()]
    yield f"{place} (schema)", "\n".join([*table.column_names, *(f"{k!r} {v.decode('utf-8', 'replace')}" for k, v in said)])
    for group in range(footer.num_row_groups):
        for column in range(footer.num_columns):
            statistics = footer.row_group(group).column(column).statistics
            if statistics is not None and statistics.has_min_max:
                yield f"{place} (statistics)", f"{statistics.min}\n{statistics.max}"


def _of_sqlite(data: bytes, place: str, beside: Path | None, depth: int) -> Iterator[tuple[str, str]]:
    """Every cell of every table, on a copy with its log beside it; pages no longer used were seen as bytes."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "copy.db"
        copy.write_bytes(data)
        for suffix in ("-wal",) if beside else ():
            log = beside.with_name(beside.name + suffix) if beside else copy
            if log.is_file():
                copy.with_name(copy.name + suffix).write_bytes(log.read_bytes())
        with contextlib.closing(sqlite3.connect(copy)) as connection:
            connection.text_factory = bytes
            names = [row[0].decode() for row in connection.execute("select name from sqlite_master where type = 'table'")]
            for name in names:
                for number, row in enumerate(connection.execute(f'select * from "{name}"')):
                    for cell in row:
                        if isinstance(cell, bytes):
                            yield from _texts(cell, f"{place} ({name}[{number}])", None, depth)
                        elif cell is not None:
                            yield f"{place} ({name}[{number}])", str(cell)


def _of_zip(data: bytes, place: str, depth: int) -> Iterator[tuple[str, str]]:
    with contextlib.suppress(zipfile.BadZipFile), zipfile.ZipFile(io.BytesIO(data)) as package:
        for part in package.infolist():
            yield f"{place}!{part.filename} (name)", part.filename + part.comment.decode("latin-1")
            yield from _texts(package.read(part), f"{place}!{part.filename}", None, depth)


def _of_pdf(data: bytes, place: str, depth: int) -> Iterator[tuple[str, str]]:
    for number, stream in enumerate(re.findall(rb"stream\r?\n(.*?)endstream", data, re.DOTALL)):
        with contextlib.suppress(zlib.error):
            yield from _texts(zlib.decompressobj().decompress(stream), f"{place}!stream[{number}]", None, depth)
    with contextlib.suppress(pdfium.PdfiumError), contextlib.closing(pdfium.PdfDocument(data)) as document:
        yield f"{place} (properties)", "\n".join(document.get_metadata_dict().values())
        for number, page in enumerate(document, start=1):  # letters are numbers of a font's shapes until somebody reads them
            yield f"{place} (page {number})", page.get_textpage().get_text_bounded()


def _of_duckdb(data: bytes, place: str) -> Iterator[tuple[str, str]]:
    """Every cell of every table, names and comments."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "copy.duckdb"
        copy.write_bytes(data)
        with duckdb.connect(copy, read_only=True) as connection:
            said = connection.sql("select column_name, comment from duckdb_columns() where not internal").fetchall()
            said += connection.sql("select table_name, comment from duckdb_tables() where not internal").fetchall()
            yield f"{place} (names)", "\n".join(f"{name} {comment}" for name, comment in said)
            tables = connection.sql("select schema_name, table_name from duckdb_tables() where not internal").fetchall()
            for schema, name in tables:
                rows = connection.sql(f'from "{schema}"."{name}"').fetchall()
                yield f"{place} ({schema}.{name})", "\n".join(str(cell) for row in rows for cell in row)


def _of_json(data: bytes, place: str) -> Iterator[tuple[str, str]]:
    """Names and values with their escapes undone; a string may itself be JSON."""
    with contextlib.suppress(ValueError, RecursionError):
        yield f"{place} (JSON)", "\n".join(_leaves(json.loads(data)))


def _leaves(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield str(name)
            yield from _leaves(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _leaves(inner)
    elif isinstance(value, str) and value[:1] in ("{", "["):
        yield value
        with contextlib.suppress(ValueError):
            yield from _leaves(json.loads(value))
    else:
        yield str(value)


def _plain(text: str) -> str:
    """The text with the escapes of HTML, addresses and JSON undone."""
    if "\\u00" in text:
        text = re.sub(r"\\u00([0-9a-fA-F]{2})", lambda match: chr(int(match[1], 16)), text)
    if "&" in text:
        text = html.unescape(text)
    return urllib.parse.unquote(text) if "%" in text else text


def _windows(digits: str) -> Iterator[str]:
    for length in _DIGEST_LENGTHS:
        for start in range(len(digits) - length + 1):
            yield digits[start : start + length]
