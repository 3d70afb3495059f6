from __future__ import annotations

import datetime as dt
import os
import stat
import unicodedata
from typing import TYPE_CHECKING

import pytest

from finsam_pipeline.privacy import contains_personnummer
from finsam_pipeline.store import atomic
from finsam_pipeline.store.archive import ArchiveDamagedError, FileChanged, original, read_original, take_in
from finsam_pipeline.store.errors import keep_error
from finsam_pipeline.store.keys import KeyMissingError, pseudonym_key
from finsam_pipeline.store.lock import WorkspaceBusy, run_lock
from finsam_pipeline.store.workspace import LandingFile, Workspace

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.delenv("FINSAM_PSEUDONYM_KEY_FILE", raising=False)
    monkeypatch.delenv("FINSAM_DATABASE_URL", raising=False)
    return Workspace(tmp_path / "home").ensure()


def _land(workspace: Workspace, path: str, data: bytes = b"x") -> Path:
    file = workspace.landing / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(data)
    return file


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_folders_are_closed_as_they_must_be_even_when_they_were_open(workspace: Workspace):
    workspace.vault.chmod(0o755)
    workspace.ensure()
    assert _mode(workspace.vault) == 0o700
    assert _mode(workspace.marts) == 0o750
    assert _mode(workspace.archive) == 0o700


def test_the_database_is_a_file_of_the_workspace_unless_the_environment_names_another(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
):
    assert workspace.database_url == f"sqlite:///{workspace.home}/finsam.sqlite"
    monkeypatch.setenv("FINSAM_DATABASE_URL", "postgresql://db/finsam")
    assert workspace.database_url == "postgresql://db/finsam"


def test_a_dated_folder_states_the_day_and_other_folders_do_not(workspace: Workspace):
    for path in ("a/budget/x.csv", "a/budget/2025-09-15/y.csv", "a/budget/2025-09-15/sub/z.csv", "a/budget/2025-02-30/w.csv"):
        _land(workspace, path)
    _land(workspace, "a/budget/20250915/v.csv")
    days = {f.path.removeprefix("landing/a/budget/"): f.day for f in workspace.scan_landing(["a"])}
    assert days == {
        "x.csv": None,
        "2025-09-15/y.csv": dt.date(2025, 9, 15),
        "2025-09-15/sub/z.csv": dt.date(2025, 9, 15),
        "2025-02-30/w.csv": None,
        "20250915/v.csv": None,
    }


@pytest.mark.parametrize("name", ["~$x.xlsx", ".hidden.csv", "x.part", "x.TMP", "x.crdownload", "Thumbs.db", "desktop.ini"])
def test_half_finished_and_hidden_files_are_no_deliveries(workspace: Workspace, name: str):
    _land(workspace, f"a/budget/{name}")
    assert workspace.scan_landing(["a"]) == []


def test_unknown_sources_decisions_and_misplaced_files_are_told_apart(workspace: Workspace):
    for path in ("a/budgett/x.csv", "a/beslut/y.xlsx", "a/z.csv", "b/budget/x.csv"):
        _land(workspace, path)
    assert [(f.source, f.path) for f in workspace.scan_landing(["a"])] == [
        ("beslut", "landing/a/beslut/y.xlsx"),
        ("budgett", "landing/a/budgett/x.csv"),
        ("", "landing/a/z.csv"),
    ]
    assert workspace.unknown_associations(["a"]) == ["b"]


def test_files_and_folders_named_after_people_are_masked_and_stay_apart(workspace: Workspace):
    # Skatteverket's published example person and the samordningsnummer that goes with it.
    names = ("a/budget/640823-3234.csv", "a/budget/196408233234.csv", "a/budget/640883-3231.csv", "a/klient 640823-3234/x.csv")
    for path in names:
        _land(workspace, path)
    found = workspace.scan_landing(["a"])
    assert len({f.path for f in found}) == len(names)
    shown = [text for f in found for text in (f.path, f.source, repr(f))]
    assert not any(contains_personnummer(text) for text in shown)
    assert found == workspace.scan_landing(["a"])
    assert {f.file for f in found} == {workspace.landing / path for path in names}


def test_a_folder_of_an_unknown_association_is_masked_without_making_a_key(workspace: Workspace):
    _land(workspace, "640823-3234/budget/x.csv")
    assert workspace.unknown_associations([]) == ["[personnummer]"]
    assert not workspace.key_file.exists()


def test_symbolic_links_are_not_followed(workspace: Workspace, tmp_path: Path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.csv").write_text("x")
    folder = workspace.landing / "a" / "budget"
    folder.mkdir(parents=True)
    (folder / "link.csv").symlink_to(outside / "secret.csv")
    (folder / "linked").symlink_to(outside)
    (workspace.landing / "b").symlink_to(outside)
    assert workspace.scan_landing(["a", "b"]) == []


def test_names_are_shown_composed_and_always_encodable(workspace: Workspace):
    decomposed = unicodedata.normalize("NFD", "Hälsoskola.csv")
    _land(workspace, f"a/budget/{decomposed}")
    raw = os.fsencode(workspace.landing / "a" / "budget") + b"/sm\xf6r.csv"
    with open(raw, "wb") as file:  # noqa: PTH123 - a name that is no text
        file.write(b"y")
    files = workspace.scan_landing(["a"])
    assert [f.path for f in files] == ["landing/a/budget/Hälsoskola.csv", "landing/a/budget/sm\\xf6r.csv"]
    assert [take_in(workspace, f) for f in files]
    assert all(f.path.encode() for f in files)


def test_two_files_whose_names_read_alike_stay_two(workspace: Workspace):
    for form in ("NFC", "NFD"):
        _land(workspace, unicodedata.normalize(form, "a/budget/Hälsa.csv"))
    files = workspace.scan_landing(["a"])
    assert len({f.path for f in files}) == 2
    assert {unicodedata.normalize("NFC", f.path) for f in files} == {"landing/a/budget/Hälsa.csv"}


def test_an_archived_original_outlives_the_landing_file(workspace: Workspace):
    file = _land(workspace, "a/budget/x.csv", b"konto;belopp\n")
    (landed,) = workspace.scan_landing(["a"])
    sha256 = take_in(workspace, landed)
    file.unlink()
    assert read_original(workspace, sha256) == b"konto;belopp\n"
    assert _mode(original(workspace, sha256)) == 0o600
    assert original(workspace, sha256).parent.name == sha256[:2]


def test_landing_is_not_altered_by_taking_in(workspace: Workspace):
    file = _land(workspace, "a/budget/x.csv")
    before = file.stat()
    take_in(workspace, workspace.scan_landing(["a"])[0])
    after = file.stat()
    assert (before.st_mtime_ns, before.st_mode, before.st_ino) == (after.st_mtime_ns, after.st_mode, after.st_ino)


def test_a_file_that_changes_while_it_is_copied_does_not_count(workspace: Workspace, monkeypatch: pytest.MonkeyPatch):
    file = _land(workspace, "a/budget/x.csv", b"half")
    (landed,) = workspace.scan_landing(["a"])
    real = atomic.os.fsync

    def meanwhile(descriptor: int) -> None:
        with file.open("ab") as grown:
            grown.write(b" and whole")
        real(descriptor)

    monkeypatch.setattr(atomic.os, "fsync", meanwhile)
    with pytest.raises(FileChanged, match=r"landing/a/budget/x\.csv"):
        take_in(workspace, landed)


def test_a_file_that_is_gone_is_an_outcome_and_not_a_crash(workspace: Workspace):
    landed = LandingFile("a", "budget", "landing/a/budget/x.csv", None, 1, 1, workspace.landing / "a" / "budget" / "x.csv")
    with pytest.raises(FileChanged):
        take_in(workspace, landed)


def test_a_damaged_or_missing_original_is_noticed(workspace: Workspace):
    _land(workspace, "a/budget/x.csv")
    sha256 = take_in(workspace, workspace.scan_landing(["a"])[0])
    original(workspace, sha256).write_bytes(b"other")
    with pytest.raises(ArchiveDamagedError, match="damaged"):
        read_original(workspace, sha256)
    with pytest.raises(ArchiveDamagedError, match="holds no"):
        read_original(workspace, "0" * 64)


def test_a_cut_off_original_is_written_again(workspace: Workspace):
    _land(workspace, "a/budget/x.csv", b"whole")
    (landed,) = workspace.scan_landing(["a"])
    sha256 = take_in(workspace, landed)
    original(workspace, sha256).write_bytes(b"who")
    take_in(workspace, landed)
    assert read_original(workspace, sha256) == b"whole"


def test_a_file_is_whole_or_absent(tmp_path: Path):
    target = tmp_path / "x"
    atomic.write_bytes(target, b"old")

    def fail_midway() -> None:
        with atomic.writing(target) as stream:
            stream.write(b"ne")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_midway()
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]
    assert _mode(target) == 0o640


def test_sweeping_takes_what_a_killed_run_left_and_nothing_else(tmp_path: Path):
    atomic.temporary_name(tmp_path).write_bytes(b"half")
    atomic.temporary_name(tmp_path).mkdir()
    (tmp_path / "kept.tmp").write_bytes(b"")
    assert atomic.sweep(tmp_path, tmp_path / "absent") == 2
    assert [p.name for p in tmp_path.iterdir()] == ["kept.tmp"]


def test_a_second_run_is_refused_at_once_and_let_in_after(workspace: Workspace):
    with run_lock(workspace), pytest.raises(WorkspaceBusy) as refused, run_lock(workspace):
        pass
    assert refused.value.exit_status == 5
    with run_lock(workspace):
        pass


def test_a_killed_run_leaves_no_lock(workspace: Workspace):
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        with run_lock(workspace):
            os.write(writer, b"held")
            os.kill(os.getpid(), 9)
    os.close(writer)
    os.read(reader, 4)
    os.close(reader)
    os.waitpid(child, 0)
    with run_lock(workspace):
        pass


def test_the_key_is_made_once_and_closed(workspace: Workspace):
    key = pseudonym_key(workspace)
    assert pseudonym_key(workspace) == key
    assert len(key) >= 32
    assert _mode(workspace.key_file) == 0o600


def test_a_lost_key_is_not_silently_replaced(workspace: Workspace):
    pseudonym_key(workspace)
    _land(workspace, "a/budget/x.csv")
    take_in(workspace, workspace.scan_landing(["a"])[0])
    workspace.key_file.unlink()
    with pytest.raises(KeyMissingError, match="restore"):
        pseudonym_key(workspace)


@pytest.mark.parametrize("place", ["", "file/key"], ids=["a folder", "below a file"])
def test_a_place_that_can_hold_no_key_is_said(workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str):
    """As where the user finsam runs as may not write: a sentence, not an unexpected error."""
    (tmp_path / "file").touch()
    monkeypatch.setenv("FINSAM_PSEUDONYM_KEY_FILE", str(tmp_path / place))
    with pytest.raises(KeyMissingError, match=r"neither read nor made \(.+\): make it once"):
        pseudonym_key(workspace)


def test_the_key_may_lie_elsewhere(workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    elsewhere = tmp_path / "safe" / "key"
    monkeypatch.setenv("FINSAM_PSEUDONYM_KEY_FILE", str(elsewhere))
    pseudonym_key(workspace)
    assert elsewhere.is_file()
    assert not (workspace.vault / "pseudonym.key").exists()
    elsewhere.write_text("short\n")
    with pytest.raises(KeyMissingError, match="shorter"):
        pseudonym_key(workspace)


def test_an_unexpected_error_is_kept_whole_in_the_vault_and_nowhere_else(workspace: Workspace):
    identity = keep_error(workspace, ValueError("a value of a row: \udcff"), "validate", "landing/a/budget/x.csv")
    kept = workspace.errors / identity
    assert "a value of a row" in kept.read_text()
    assert _mode(kept) == 0o600
