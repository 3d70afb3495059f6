"""The workspace on disk: every path of it, its modes, and what lies in landing.

Belongs here: names of folders and how landing is looked through. Does not: reading or writing a file's contents.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import fnmatch
import os
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from finsam_pipeline.privacy import Pseudonymiser, mask
from finsam_pipeline.store.atomic import make_folder
from finsam_pipeline.store.keys import pseudonym_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

DECISIONS_SOURCE = "beslut"
TEXTS_SOURCE = "texter"  # project leaders' answers and the office's own sections
DATABASE_URL_VARIABLE = "FINSAM_DATABASE_URL"
KEY_FILE_VARIABLE = "FINSAM_PSEUDONYM_KEY_FILE"
_NOT_DELIVERIES = ("~$*", ".*", "*.part", "*.tmp", "*.crdownload", "thumbs.db", "desktop.ini")
_ISO_DAY_LENGTH = 10
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class LandingFile:
    """One file in landing.

    `path` is relative to the workspace, POSIX, Unicode composed, personnummer masked: the name shown and stored. `file` is where
    it really lies (macOS and zip tools leave decomposed or undecodable names) and is not to be shown. `source` is the folder
    under the association, whatever it is called (masked): known, unknown, `beslut`, or empty for a file that lies straight in
    the association's folder. `day` is the day of delivery a folder states. `size` in bytes, `mtime_ns` in nanoseconds.
    """

    association: str
    source: str
    path: str
    day: dt.date | None
    size: int
    mtime_ns: int
    file: Path = field(repr=False)


@dataclass(frozen=True, slots=True)
class Workspace:
    """All paths of a workspace (interface 3). Making one touches nothing; `ensure` makes the folders."""

    home: Path

    @property
    def config(self) -> Path:
        """One folder per association."""
        return self.home / "config"

    @property
    def landing(self) -> Path:
        """Where deliveries are put. Never altered by the pipeline."""
        return self.home / "landing"

    @property
    def marts(self) -> Path:
        """Snapshots and the pointer to the current one (0750)."""
        return self.home / "marts"

    @property
    def snapshots(self) -> Path:
        """One folder per snapshot, named by its id."""
        return self.marts / "snapshots"

    @property
    def current(self) -> Path:
        """The symbolic link to the current snapshot."""
        return self.marts / "current"

    @property
    def vault(self) -> Path:
        """Everything that may identify a person (0700)."""
        return self.home / "vault"

    @property
    def archive(self) -> Path:
        """Originals by their SHA-256."""
        return self.vault / "archive"

    @property
    def removed(self) -> Path:
        """What was removed of originals: a note each, and the receipts of erasures."""
        return self.vault / "removed"

    @property
    def quarantine(self) -> Path:
        """Values of quarantined rows, for the steward."""
        return self.vault / "quarantine"

    def review_workbook(self, association: str) -> Path:
        """What waits for the stewards of one association, with its values; remade by every run, gone when nothing waits."""
        return self.quarantine / association / "granskning.xlsx"

    @property
    def work(self) -> Path:
        """Accepted rows and whatever else a run needs between its steps."""
        return self.vault / "work"

    @property
    def errors(self) -> Path:
        """Unexpected errors, whole."""
        return self.vault / "errors"

    @property
    def decisions(self) -> Path:
        """Corrected values and free-text reasons, one file a decision."""
        return self.vault / "decisions"

    @property
    def key_file(self) -> Path:
        """The pseudonym key: in the vault, or where FINSAM_PSEUDONYM_KEY_FILE says."""
        return Path(os.environ.get(KEY_FILE_VARIABLE) or self.vault / "pseudonym.key")

    @property
    def reports(self) -> Path:
        """Drafts and editions."""
        return self.home / "reports"

    @property
    def dagster(self) -> Path:
        """Dagster's own home."""
        return self.home / "dagster"

    @property
    def lock_file(self) -> Path:
        """What a run holds."""
        return self.home / ".lock"

    @property
    def database_url(self) -> str:
        """SQLAlchemy URL of the operational store: FINSAM_DATABASE_URL, else a SQLite file in the workspace."""
        return os.environ.get(DATABASE_URL_VARIABLE) or f"sqlite:///{self.home.absolute() / 'finsam.sqlite'}"

    def ensure(self) -> Workspace:
        """Make the folders that are missing; the vault is closed to others whatever mode it had."""
        for folder in (self.config, self.landing, self.reports, self.dagster):
            make_folder(folder, 0o750)
        for folder, mode in ((self.marts, 0o750), (self.snapshots, 0o750), (self.vault, 0o700)):
            make_folder(folder, mode)
            folder.chmod(mode)
        for folder in (self.archive, self.removed, self.quarantine, self.work, self.errors, self.decisions):
            make_folder(folder, 0o700)
        return self

    def relative(self, path: Path) -> str:
        """A path of the workspace as it is shown and stored: relative, POSIX, composed, encodable, personnummer masked."""
        return self._masked(_composed(path.relative_to(self.home).as_posix()))

    def scan_landing(self, associations: Iterable[str]) -> list[LandingFile]:
        """Every file that is a delivery (or a decision workbook) of these associations, sorted by path.

        Symbolic links are not followed and names of half-finished or hidden files are passed over (interface 3). The
        innermost folder named `YYYY-MM-DD` states the day of delivery.
        """
        found = [file for a in associations for file in self._scan_association(a)]
        times = Counter(f.path for f in found)
        told_apart = [f if times[f.path] == 1 else dataclasses.replace(f, path=self._as_it_lies(f.file)) for f in found]
        return sorted(told_apart, key=lambda f: f.path)

    def unknown_associations(self, associations: Iterable[str]) -> list[str]:
        """Folders in landing that belong to no configured association: their files wait until one is configured."""
        known = set(associations)
        names = {mask(_composed(e.name)) for e in _entries(self.landing) if e.is_dir(follow_symlinks=False)}
        return sorted(n for n in names if n not in known and not _ignored(n))

    def _as_it_lies(self, file: Path) -> str:
        """Not composed: a Mac and a PC can leave two files of what reads as one name."""
        return self._masked(_encodable(file.relative_to(self.home).as_posix()))

    def _masked(self, name: str) -> str:
        """Keyed, so that two files named after two people stay two; the key is read only when a name holds a number."""
        return mask(name, lambda number: Pseudonymiser(pseudonym_key(self)).tag(number))

    def _scan_association(self, association: str) -> Iterator[LandingFile]:
        top = self.landing / association
        if top.is_symlink():
            return
        for entry in _walk(top):
            file = Path(entry.path)
            try:
                stat = entry.stat(follow_symlinks=False)
            except FileNotFoundError:  # taken away while we looked
                continue
            folders = file.relative_to(top).parts[:-1]
            yield LandingFile(
                association=association,
                source=self._masked(_composed(folders[0])) if folders else "",
                path=self.relative(file),
                day=next((d for d in map(_day, reversed(folders[1:])) if d), None),
                size=stat.st_size,
                mtime_ns=stat.st_mtime_ns,
                file=file,
            )


def _walk(folder: Path) -> Iterator[os.DirEntry[str]]:
    for entry in _entries(folder):
        if _ignored(entry.name):
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _walk(Path(entry.path))
        elif entry.is_file(follow_symlinks=False):
            yield entry


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return list(entries)
    except (FileNotFoundError, NotADirectoryError):
        return []


def _ignored(name: str) -> bool:
    return any(fnmatch.fnmatchcase(name.lower(), pattern) for pattern in _NOT_DELIVERIES)


def _composed(name: str) -> str:
    return unicodedata.normalize("NFC", _encodable(name))


def _encodable(name: str) -> str:
    """Bytes that are no UTF-8 (an old zip file) as escapes, so that two such names stay two names; control characters likewise."""
    text = name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    return _CONTROLS.sub(lambda found: found.group().encode("unicode_escape").decode(), text)


def _day(folder: str) -> dt.date | None:
    if len(folder) != _ISO_DAY_LENGTH:  # fromisoformat also takes 20250915 and 2025-W38-1
        return None
    try:
        return dt.date.fromisoformat(folder)
    except ValueError:
        return None
