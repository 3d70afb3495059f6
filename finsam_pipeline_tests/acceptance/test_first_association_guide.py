"""docs/guide/forsta-forbundet.md, followed to the letter: every file it shows, every command, the exit status it promises."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import Workbook

from finsam_pipeline_tests.workspaces import Office

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "guide" / "forsta-forbundet.md"
_STEP = re.compile(
    r"^(?P<change>Byt raden i )?`(?P<file>[^`\n]+)`(?: mot)?:\n\n```\w+\n(?P<text>.*?)^```$|^```sh\n(?P<commands>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)


def steps() -> list[re.Match[str]]:
    if not GUIDE.is_file():
        pytest.skip("docs/ does not stand beside the tests")
    return list(_STEP.finditer(GUIDE.read_text(encoding="utf-8")))


def commands(text: str) -> Iterator[tuple[list[str], int]]:
    """The `finsam` commands of a block, with the exit status each is said to end with."""
    for line in text.splitlines():
        if line.startswith("finsam "):
            promised = re.search(r"# slutar med (\d+)", line)
            yield shlex.split(line, comments=True)[1:], int(promised[1]) if promised else 0


def lay(path: Path, text: str) -> None:
    """A file as an office would have it: a workbook, a SIE file in the code page it states, a CSV file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".xlsx":
        book = Workbook()
        book.worksheets[0].title = "Blad1"
        for line in text.splitlines():
            book.worksheets[0].append([int(cell) if cell.isdigit() else cell or None for cell in line.split(";")])
        book.save(path)
    else:
        path.write_bytes(text.encode("cp437" if path.suffix == ".se" else "utf-8"))


def change(path: Path, text: str) -> None:
    """Put the line in the place of the one that begins with the same cell."""
    key = text.split(";", maxsplit=1)[0]
    lines = path.read_text(encoding="utf-8").splitlines()
    assert [line.split(";")[0] for line in lines].count(key) == 1
    path.write_text("".join(f"{text.strip() if x.split(';')[0] == key else x}\n" for x in lines), encoding="utf-8")


def test_the_guide_leads_from_an_empty_folder_to_a_frozen_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "finsam-exempel"
    monkeypatch.chdir(tmp_path)
    ran: list[str] = []
    for step in steps():
        if step["commands"] is not None:
            for words, promised in commands(step["commands"]):
                got = Office(home, "exempel").finsam(*words)
                assert got.status == promised, (words, got)
                ran.append(words[0])
            continue
        path = home / step["file"] if "/" in step["file"] else tmp_path / step["file"]
        (change if step["change"] else lay)(path, step["text"])
        if path.parent == tmp_path:  # the file that is tried first is the one that is laid in landing
            lay(home / "landing/exempel/deltagaruppfoljning/2025-07-10" / path.name, step["text"])
    assert ran == ["init", "check", "run", "status", "review", "run", "explain", "report"]
    edition = home / "reports/exempel/2025H1/editions/styrelsen-2025-09"
    assert {p.suffix for p in edition.glob("halvarsrapport.*")} == {".html", ".docx", ".xlsx", ".pdf"}


def test_what_the_guide_shows_of_a_check_is_what_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    office = Office(tmp_path / "home", "exempel")
    office.finsam("init", "exempel")
    for step in steps():
        if step["file"] == "deltagare.xlsx":
            lay(tmp_path / "deltagare.xlsx", step["text"])
        elif step["file"] == "config/exempel/interventions.csv":
            lay(tmp_path / "home" / step["file"], step["text"])
    said = office.finsam("check", "deltagare.xlsx", "--association", "exempel", "--source", "deltagaruppfoljning")
    shown = re.search(r"^```\n(6 rader.*?)^```$", GUIDE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    assert shown is not None
    assert [line.split() for line in shown[1].splitlines()] == [line.split() for line in said.out.splitlines() if line.strip()]
