"""Every figure of the page, in tables and in text, opens what it means and, within the office, the rows it was made from."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

import pytest

from finsam_pipeline.contracts.marts import MARTS

if TYPE_CHECKING:
    from pathlib import Path

    from finsam_pipeline_tests.workspaces import Office

CELL = re.compile(r'<td class="num">(.*?)</td>')
BUTTON = re.compile(r'<button popovertarget="(tal-\d+)"(?: tabindex="-1")?>(.*?)</button>')
TEXT = re.compile(r"<(p|li)(?: class=\"note[^\"]*\")?>(.*?)</\1>", re.DOTALL)
STOP = re.compile(r'<button class="listed" popovertarget="(text-\d+)">.*?</button>')
NO_FIGURE = re.compile(r"(?:första|andra) halvåret \d{4}|\d+\s\w+\s20\d\d|helåret \d{4}|halvåret \d{4}")
TOLD = re.compile(r'<div class="why" id="(tal-\d+)".*?</div>', re.DOTALL)
RANGE = re.compile(r"(\d+)(?:–(\d+))?")


def draft(office: Office) -> str:
    return (office.home / "reports/dalen/2025H1/draft/halvarsrapport.html").read_text(encoding="utf-8")


def explanations(page: str) -> dict[str, str]:
    """Id → what is said, tags left out."""
    return {m[1]: unescape(" ".join(re.sub(r"<[^>]*>", " ", m[0].replace("<wbr>", "")).split())) for m in TOLD.finditer(page)}


def rows_of(told: str) -> dict[str, set[int]]:
    """Name of a file → the rows named."""
    found: dict[str, set[int]] = {}
    for path, rows in re.findall(r"landing/(\S+?)(?:, blad [^:]*)?: rad ([\d–, ]+)", told):
        numbers = {n for first, last in RANGE.findall(rows) for n in range(int(first), int(last or first) + 1)}
        found.setdefault(path.rpartition("/")[2], set()).update(numbers)
    return found


def test_every_figure_in_a_table_opens_its_explanation(run_office: Office):
    page = draft(run_office)
    cells = CELL.findall(page)
    figures = [cell for cell in cells if re.search(r"\d", re.sub(r"<[^>]*>", "", cell))]
    assert len(figures) > 60
    assert [cell for cell in figures if not BUTTON.fullmatch(cell)] == []
    told = explanations(page)
    assert {id_ for id_, _ in BUTTON.findall(page)} == set(told)
    shares = [text for text in told.values() if text.startswith("Andel: ")]
    marts = [re.search(r"Modell (\S+?) ?,.* Nyckel association=dalen ", text) for text in told.values() if text not in shares]
    assert {found[1] for found in marts if found} <= set(MARTS)
    assert None not in marts


def texts(page: str) -> list[str]:
    """The running text of the page, as it is written in it."""
    main = page[page.index("<main") : page.index("</main>")]
    return [m[2] for m in TEXT.finditer(main)]


def unexplained(text: str) -> str:
    """What is left of a text when its figures that open something, days and periods are taken away."""
    return NO_FIGURE.sub("", unescape(re.sub(r"<[^>]*>", "", BUTTON.sub("", STOP.sub("", text)))))


def test_every_figure_in_text_opens_its_explanation(run_office: Office):
    page = draft(run_office)
    told = explanations(page)
    said = [text for text in texts(page) if BUTTON.search(text)]
    assert len(said) > 15
    assert {id_ for text in said for id_, _ in BUTTON.findall(text)} <= set(told)
    # What the report counts of itself is in no mart.
    left = [text for text in map(unexplained, texts(page)) if re.search(r"\d", text)]
    assert [text for text in left if "summor och differenser i resultaträkningen" not in text] == []


def test_a_figure_in_text_says_the_same_as_in_its_table(run_office: Office):
    page = draft(run_office)
    (text,) = [t for t in texts(page) if "tog del av" in t and "Av samtliga" in t]
    id_, shown = BUTTON.findall(text)[0]
    assert f'<td class="num"><button popovertarget="{id_}">{shown}</button></td>' in page


def test_a_share_in_text_opens_its_two_counts(run_office: Office):
    page = draft(run_office)
    told = next(text for text in explanations(page).values() if text.startswith("Andel: "))
    part, whole, share, *_ = re.match(r"Andel: (\d+) ÷ (\d+) (\d+)\sprocent \1 .*? \2 ", told).groups()  # type: ignore[union-attr]
    assert round(100 * int(part) / int(whole)) == int(share)


def test_a_text_is_one_stop_for_the_keyboard_however_many_figures_it_has(run_office: Office):
    page = draft(run_office)
    for text in texts(page):
        figures = text.count("<button popovertarget")
        stops = len(STOP.findall(text)) + len(re.findall(r'<button popovertarget="tal-\d+">', text))
        assert stops == min(figures, 1)
    ids = set(STOP.findall(page))
    assert len(ids) > 10
    for id_ in ids:
        assert f'<div class="why" id="{id_}" popover' in page


def told_of(page: str, *words: str) -> str:
    (found,) = [text for text in explanations(page).values() if all(word in text for word in words)]
    return found


def test_what_is_said_of_a_count(run_office: Office):
    told = told_of(draft(run_office), "participant_flow , participants ", "intervention_id=verkstan gender=woman Källa")
    assert told.startswith("Verkstan: Kvinnor 2 Vad Deltagare i perioden Modell participants/participant_flow")
    assert rows_of(told) == {"deltagare.csv": {2, 4}}


def test_a_sum_has_the_rows_of_its_parts(run_office: Office):
    told = told_of(
        draft(run_office), "participant_flow , participants ", "intervention_id=verkstan|slussen", "gender=woman|man|other Källa"
    )
    assert "Hur Summan av alla rader med nyckeln" in told
    assert rows_of(told) == {"deltagare.csv": {2, 3, 4, 5, 6}}


@pytest.mark.parametrize("line", ["insatser", "intakter", "resultat"])
def test_the_rows_are_those_that_explain_lists(run_office: Office, line: str):
    told = told_of(draft(run_office), "economy/income_statement", ", outcome_tkr ", f"line_id={line} ")
    answer = run_office.finsam(
        "explain", "income_statement", "period=2025H1", f"line_id={line}", "--measure", "outcome_tkr", "--json"
    )
    listed = set(map(int, re.findall(r'"row": (\d+)', answer.out)))
    assert listed
    assert rows_of(told) == {"huvudbok.csv": listed}


def test_an_edition_names_no_file(office: Office):
    assert office.finsam("report", "--association", "dalen", "--period", "2025H1", "--edition", "e1").status == 0
    page = (office.home / "reports/dalen/2025H1/editions/e1/halvarsrapport.html").read_text(encoding="utf-8")
    told = explanations(page)
    assert len(told) > 60
    assert not any("landing/" in text or "Källa" in text for text in told.values())
    assert "participants/participant_flow" in page


def test_a_draft_asked_for_later_says_the_same(office: Office):
    before = draft(office)
    assert office.finsam("report", "--association", "dalen", "--period", "2025H1", "--draft", "--format", "html").status == 0
    assert draft(office) == before
    office.amend("targets.csv", ";10", ";11")  # the rows at hand may not be those of the figures any more
    assert office.finsam("report", "--association", "dalen", "--period", "2025H1", "--draft", "--format", "html").status == 0
    assert not any("Källa" in text for text in explanations(draft(office)).values())


def test_where_small_counts_are_hidden_no_explanation_gives_one_away(office: Office):
    with (office.home / "config/dalen/association.yaml").open("a", encoding="utf-8") as file:
        file.write("disclosure: {method: mask, below: 5}\n")
    office.run()
    page = draft(office)
    told = explanations(page)
    assert told
    assert not any("Källa" in text or "··" in text for text in told.values())
    assert not any("··" in shown for _, shown in BUTTON.findall(page))
    assert '<td class="num">··</td>' in page
    assert "ett dolt antal" in page
    assert not any("dolt" in shown or "dold" in shown for _, shown in BUTTON.findall(page))


def test_a_slice_that_is_held_back_tells_no_rows_of_this_run(office: Office):
    unmapped = "Ver;Datum;Konto;Projekt;Debet;Kredit\r\nB9;2025-04-01;8310;;1,00;\r\nB9;2025-04-01;1930;;;1,00\r\n"
    office.put("huvudbok", "ny.csv", unmapped.encode(), "2025-08-01")
    assert office.run().status == 4
    told = explanations(draft(office))
    money = [text for text in told.values() if "economy/" in text]
    assert money
    assert not any("Källa" in text for text in money)
    assert any("Källa" in text for text in told.values() if "participant_flow" in text)


def test_no_row_is_named_outside_the_page_and_the_vault(run_office: Office):
    def holds(path: Path) -> bool:
        return b"deltagare.csv: rad" in path.read_bytes().replace(b"<wbr>", b"")

    found = [p.name for p in run_office.home.rglob("*") if p.is_file() and not p.is_symlink() and holds(p)]
    assert found == ["halvarsrapport.html"]
