"""Names that are attacks, of files, folders, sheets, headers and of what stands in the register, through landing to every output.

Nothing is executed, nothing is written outside the workspace, formulas are text, HTML and Markdown are inert, a terminal gets no
control characters.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree as ET

import duckdb
import openpyxl
import pytest
import xlsxwriter

from finsam_pipeline.pipeline.outcomes import CheckOutcome
from finsam_pipeline_tests.workspaces import LATER, LEDGER, PEOPLE, PEOPLE_HEADER, Answer, Office, ledger, people

FORMULA = "=cmd|' /C calc'!A1"
HTML = "<img src=x onerror=alert(1)>"
SCRIPT = "<script>alert(1)</script>"
NAMES = (
    f"{FORMULA.replace('/', '')}.csv", "@SUM(1+1).csv", "+1+1.csv", "-1+1.csv", f"{HTML}.csv",
    "a\\..\\..\\flykt.csv", "a..%2f..%2fflykt.csv", "~root.csv", "$(touch flykt).csv", "`touch flykt`.csv", "|sh;.csv",
    "'; drop table deliveries; --.csv", '" or 1=1; --.csv', "[klicka](javascript:alert(1)).csv", "[bold]röd.csv", "b].csv",
    "{{7*7}}.csv", "{% raise %}.csv", "%s%n.csv", f"{'å' * 120}.csv",
    "\x1b[2J\x1b]0;ägd\x07.csv", "rad\nny rad.csv", "a\u202evsc.exe.csv",
)  # fmt: skip
FOLDER = "["  # with the file `b].csv` a closing tag to whoever reads markup: [/b]
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
LABEL = f"{SCRIPT} & {FORMULA}"


def attacked(home: Path) -> Office:
    office = Office.start(home).in_every_format().hand_over()
    office.amend("interventions.csv", "verkstan;Verkstan;Verkstan;Gamla", f"verkstan;{LABEL};{FORMULA};Verkstan|Gamla")
    office.amend("interventions.csv", "natverk;Nätverket", f"natverk;{HTML}")
    office.amend("report_lines.csv", "kansli;Kansli", f"kansli;{LABEL}")
    office.amend("codes/exit_reason.csv", "arbete;Arbete;Jobb", f"arbete;{FORMULA};Arbete|Jobb")
    office.amend("association.yaml", "name: Samordningsförbundet dalen", f'name: "{LABEL}"')
    for number, name in enumerate(NAMES):
        bad = (f"{number + 100};Verkstan;qvinna;2025-02-10;;", f"{number + 100};{HTML};man;2025-02-10;;")
        office.put(
            "deltagaruppfoljning", name, people(*PEOPLE[: number % 3], *bad), f"{LATER}/{FOLDER}" if name == "b].csv" else LATER
        )
    office.put("deltagaruppfoljning", "blad.xlsx", workbook("../../flykt", FORMULA[:20], SCRIPT[:31]), LATER)
    office.put("deltagaruppfoljning", "rubriker.csv", headed(FORMULA, HTML, "{{7*7}}", "[/b]", "\x1b[2J", "../../flykt"), LATER)
    office.put(f"{HTML.replace('/', '')}", "okand.csv", people(*PEOPLE))
    objects = (f"A9;2025-06-30;9999;{HTML};1,00;", "A9;2025-06-30;1930;;;1,00")
    unmapped = ("A8;2025-06-30;8999;[x](javascript:alert(1));1,00;", f"A8;2025-06-30;3999;[x](javascript:alert(1)){HTML};;1,00")
    office.put("huvudbok", "huvudbok.csv", ledger(*LEDGER, *objects, *unmapped), LATER)
    (home / "landing" / "\x1b[31mokänt [/b] förbund".replace("/", "")).mkdir()
    return office


def workbook(*sheets: str) -> bytes:
    """Sheets named as Excel would not let a person name them."""
    stand_ins = [f"blad{n}" for n in range(len(sheets))]
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        for name in stand_ins:
            sheet = book.add_worksheet(name)
            for r, row in enumerate((PEOPLE_HEADER, f"{name};Slussen;qvinna;2025-02-10;;")):
                sheet.write_row(r, 0, row.split(";"))
    return _renamed(out.getvalue(), dict(zip(stand_ins, sheets, strict=True)))


def _renamed(data: bytes, names: dict[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for entry in old.infolist():
            text = old.read(entry)
            if entry.filename == "xl/workbook.xml":
                for before, after in names.items():
                    escaped = after.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
                    text = text.replace(f'name="{before}"'.encode(), f'name="{escaped}"'.encode())
            new.writestr(entry, text)
    return out.getvalue()


def headed(*headers: str) -> bytes:
    """A participant list with further columns."""
    rows = ([*PEOPLE_HEADER.split(";"), *headers], ["300", "Slussen", "qvinna", "2025-02-10", "", "", *headers])
    return "\r\n".join(";".join(f'"{cell}"' for cell in row) for row in rows).encode("utf-8-sig")


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    made = attacked(tmp_path_factory.mktemp("angrepp") / "home")
    said = made.finsam_with_dagster("run")
    assert said.status in (3, 4), said.err
    assert_tame(said)
    assert not list(made.home.parent.rglob("*flykt")), "a name became a path"
    return made


def shown(name: str) -> str:
    """A file's name as it is shown and stored."""
    return re.sub(r"[\x00-\x1f\u202e]", lambda found: found.group().encode("unicode_escape").decode(), name)


def assert_tame(said: Answer) -> None:
    """A terminal is told nothing it would carry out."""
    assert not CONTROL.search(said.out), CONTROL.findall(said.out)
    assert not CONTROL.search(said.err)
    assert "Traceback" not in said.err


def test_every_command_tells_the_names_without_obeying_them(office: Office):
    for words in (["status"], ["review", "list"], ["review", "list", "--all"], ["retention"], ["rollback"], ["run"]):
        said = office.finsam(*words)
        assert said.status in (0, 3, 4), said.err
        assert_tame(said)
        assert office.finsam(*words, "--json").json
    for file in (
        *office.home.glob(f"landing/dalen/deltagaruppfoljning/{LATER}/*.*"),
        *office.home.glob("landing/dalen/**/b].csv"),
    ):
        said = office.finsam("check", file, "--association", "dalen", "--source", "deltagaruppfoljning")
        assert said.status in (0, 3), said.err
        assert_tame(said)


def test_every_file_was_taken_in_under_its_name(office: Office):
    stored = office.home.glob("vault/archive/*/*")
    assert all(re.fullmatch("[0-9a-f]{64}", file.name) for file in stored)
    rows = office.mart("quality/deliveries", source="deltagaruppfoljning")
    assert {Path(r["path"]).name for r in rows} >= {shown(name) for name in NAMES}
    assert {r["status"] for r in rows} <= {"accepted", "accepted_with_quarantine", "superseded"}


def workbooks(office: Office, tmp_path: Path) -> Iterator[Path]:
    assert office.finsam("review", "export", tmp_path / "ut.xlsx").status == 0
    yield tmp_path / "ut.xlsx"
    yield office.home / "marts" / "current" / "marts.xlsx"
    yield from office.home.glob("reports/**/*.xlsx")
    yield office.home / "vault" / "quarantine" / "dalen" / "granskning.xlsx"


def test_no_cell_of_a_workbook_is_a_formula_or_a_link(office: Office, tmp_path: Path):
    texts: set[str] = set()
    for file in workbooks(office, tmp_path):
        book = openpyxl.load_workbook(file)
        for cell in (c for sheet in book.worksheets for row in sheet.iter_rows() for c in row):
            assert cell.data_type != "f", (file.name, cell.coordinate)
            assert cell.hyperlink is None or cell.hyperlink.target is None, (file.name, cell.coordinate)
            texts |= {cell.value} if isinstance(cell.value, str) else set()
        with zipfile.ZipFile(file) as package:
            assert not [n for n in package.namelist() if "externalLink" in n or n.endswith(".bin")]
    assert FORMULA in texts
    assert any(HTML in text for text in texts)


class _Elements(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def test_a_page_has_no_element_of_theirs(office: Office):
    pages = [*office.home.glob("reports/**/*.html")]
    assert pages
    for page in pages:
        text = page.read_text("utf-8")
        assert "&lt;script&gt;alert(1)" in text
        parser = _Elements()
        parser.feed(text)
        for tag, attributes in parser.found:
            assert tag != "script"
            assert not any(name.startswith("on") for name in attributes)
            assert not any("javascript:" in (value or "") for value in attributes.values())
            assert attributes.get("src") != "x"


def test_a_document_has_no_field_or_link_of_theirs(office: Office):
    documents = [*office.home.glob("reports/**/*.docx")]
    assert documents
    for file in documents:
        with zipfile.ZipFile(file) as package:
            for name in package.namelist():
                if name.endswith((".xml", ".rels")):
                    for element in ET.fromstring(package.read(name)).iter():  # noqa: S314 - as above
                        fields = element.text or "" if element.tag.endswith("instrText") else ""
                        assert "cmd" not in fields
                        assert "javascript" not in element.attrib.get("Target", "")


def test_a_pdf_is_made_and_holds_no_action(office: Office):
    import pikepdf  # noqa: PLC0415

    for file in office.home.glob("reports/**/*.pdf"):
        with pikepdf.open(file) as pdf:
            actions = [
                obj for obj in pdf.objects if isinstance(obj, pikepdf.Dictionary) and obj.get("/S") in ("/JavaScript", "/Launch")
            ]
        assert actions == []


def test_the_files_beside_the_marts_hold_names_as_values(office: Office):
    current = office.home / "marts" / "current"
    assert json.loads((current / "manifest.json").read_bytes())["inputs"]
    assert json.loads((current / "datapackage.json").read_bytes())
    with duckdb.connect(str(current / "marts.duckdb"), read_only=True) as connection:
        names = {row[0] for row in connection.execute("select path from quality.deliveries").fetchall()}
        views = connection.execute("select count(*) from duckdb_views() where not internal").fetchall()
    assert {Path(name).name for name in names} >= {shown(name) for name in NAMES}
    assert views == [(0,)]


def test_what_the_ui_shows_as_markdown_is_inert(office: Office):
    from finsam_pipeline.defs.describe import check_metadata  # noqa: PLC0415

    hostile = f"konto 3999, objekt 6:[x](javascript:alert(1)) {HTML} `kod` *fet* | {SCRIPT}"
    outcome = CheckOutcome("L008", "huvudbok", "B", passed=False, failed_rows=1, open_rows=1, about=(hostile,))
    text = check_metadata(outcome, office.home / "x.xlsx")["avser"].md_str
    assert not re.search(r"(?<!\\)[<\[`*_|]", text.removeprefix("- "))
    assert re.sub(r"\\(.)", r"\1", text) == f"- {hostile}"
