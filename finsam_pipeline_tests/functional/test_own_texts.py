"""Texts for the report: taken in like deliveries, placed in the report, never altered, never lost by a run."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

import docx
import pytest

from finsam_pipeline_tests.workspaces import DAY, LATER, Answer, Office

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("drafts_alone")
NUMBER = "19640823-3234"  # Skatteverket's own example person


def put(office: Office, name: str, text: str, day: str | None = DAY) -> Path:
    return office.put("texter", name, text.encode(), day)


def became(said: Answer) -> dict[str, str]:
    return {d["path"].partition("/texter/")[2]: d["status"] for d in said.json["deliveries"] if d["source"] == "texter"}


def draft(office: Office, period: str = "2025H1") -> str:
    return (office.home / "reports" / office.association / period / "draft" / "halvarsrapport.html").read_text(encoding="utf-8")


def section(page: str, title: str) -> str:
    """What stands under a heading, up to the next one of its own level or above, as plain words."""
    start = re.search(rf"<h(\d)[^>]*>(?:<span[^>]*>[\d.]*</span> )?{re.escape(title)}</h\1>", page)
    assert start, title
    rest = page[start.end() :]
    end = re.search(rf"<h[2-{start[1]}]|</main>", rest)
    assert end
    return " ".join(re.sub(r"<[^>]*>", " ", rest[: end.start()]).split())


def test_a_place_waits_for_every_insats_in_the_draft_only(office: Office):
    assert "Text från insatsen saknas: lägg en fil i landing/dalen/texter" in section(draft(office), "Verkstan")
    assert office.finsam("report", "--association", "dalen", "--period", "2025H1", "--edition", "e1").status == 0
    edition = office.home / "reports/dalen/2025H1/editions/e1/halvarsrapport.html"
    assert "Text från insatsen saknas" not in edition.read_text(encoding="utf-8")
    assert "Från insatserna" not in edition.read_text(encoding="utf-8")


def test_answers_stand_under_their_insats_and_questions(office: Office):
    put(office, "svar.md", "# Gamla verkstan\n\nInledande **ord**.\n\n## Vad gick bra?\n\n- mycket\n- annat\n")
    said = office.run()
    assert (said.status, became(said)) == (0, {f"{DAY}/svar.md": "accepted"})
    page = draft(office)
    assert section(page, "Verkstan") == "Inledande ord . Vad gick bra? mycket annat"
    assert section(page, "Vad gick bra?") == "mycket annat"
    assert "<strong>ord</strong>" in page
    assert "Text från insatsen saknas" in section(page, "Slussen")


def test_the_file_name_names_the_insats_and_word_is_read(office: Office):
    document = docx.Document()
    document.add_heading("Hur gick det?", 1)
    document.add_paragraph("Som väntat.")
    out = io.BytesIO()
    document.save(out)
    office.put("texter", "Slussen 2025H1.docx", out.getvalue())
    office.run()
    assert section(draft(office), "Slussen") == "Hur gick det? Som väntat."


def test_every_format_has_the_text(office: Office):
    put(office, "verkstan.md", "Vi har **byggt** om.")
    office.in_every_format().run()
    folder = office.home / "reports/dalen/2025H1/draft"
    word = docx.Document(str(folder / "halvarsrapport.docx"))
    (paragraph,) = [p for p in word.paragraphs if p.text == "Vi har byggt om."]
    assert [r.text for r in paragraph.runs if r.bold] == ["byggt"]
    import pdfplumber  # noqa: PLC0415 - slow

    with pdfplumber.open(folder / "halvarsrapport.pdf") as pdf:
        assert any("Vi har byggt om." in (page.extract_text() or "") for page in pdf.pages)


def test_the_office_s_own_sections(office: Office):
    put(office, "a.md", "# Inledning\n\nÅret började bra.")
    put(office, "b.md", "# Sammanfattning\n\nKort sagt.")
    put(office, "c.md", "# Verksamhetsutveckling\n\n## Nätverk\n\nTvå träffar.")
    assert office.run().status == 0
    page = draft(office)
    assert section(page, "Inledning") == "Året började bra."
    assert section(page, "Sammanfattning").startswith("Kort sagt.")
    assert section(page, "Verksamhetsutveckling och strukturella insatser") == "Nätverk Två träffar."
    assert page.index(">Sammanfattning<") < page.index("Året började bra.") < page.index("Kvar från")


def test_the_newest_day_wins_by_insats_and_heading(office: Office):
    put(office, "a.md", "# Verkstan\n\n## Ett\n\ngammalt ett\n\n## Två\n\ngammalt två")
    put(office, "b.md", "# Verkstan\n\n## TVÅ\n\nnytt två", LATER)
    assert set(became(office.run()).values()) == {"accepted"}
    assert section(draft(office), "Verkstan") == "Ett gammalt ett TVÅ nytt två"
    put(office, "c.md", "# Verkstan\n\n## Ett\n\nnytt ett", LATER)
    assert became(office.run())[f"{DAY}/a.md"] == "superseded"
    assert "gammalt" not in section(draft(office), "Verkstan")
    assert "gammalt ett" in draft_as_of(office, DAY)


def draft_as_of(office: Office, day: str) -> str:
    office.run("--as-of", day)
    return draft(office)


def test_a_file_changed_in_place_is_replaced_whole(office: Office):
    put(office, "a.md", "# Verkstan\n\n## Ett\n\nett\n\n## Två\n\ntvå", None)
    office.run()
    put(office, "a.md", "# Verkstan\n\n## Ett\n\nnytt", None)
    office.run()
    page = draft(office, last_period(office))
    assert (
        section(page, "Verkstan")
        == "Text från insatsen saknas: lägg en fil i landing/dalen/texter (.docx eller .md) med rubriken ”Verkstan”."
    )


def last_period(office: Office) -> str:
    return next(p.name for p in (office.home / "reports" / office.association).iterdir())


def test_which_period_a_text_belongs_to(office: Office):
    put(office, "a.md", "# Verkstan\n\nPeriod: 2024H2\n\nom hösten")
    put(office, "Slussen 2024H2.md", "om hösten")
    put(office, "c.md", "# Nätverket 2025H1\n\nom våren", "2026-02-01")
    put(office, "d.md", "# Inledning\n\nom året därpå", "2026-02-01")
    office.run()
    page = draft(office)
    assert "om hösten" not in page
    assert "Period:" not in page
    assert "om året därpå" not in page
    assert section(page, "Nätverket") == "om våren"
    assert office.finsam("report", "--association", "dalen", "--period", "2024H2", "--draft").status == 0
    earlier = draft(office, "2024H2")
    assert section(earlier, "Verkstan") == section(earlier, "Slussen") == "om hösten"


def test_what_cannot_be_used_says_why_and_what_to_do(office: Office):
    put(office, "okänd.md", "# Någonting annat\n\ntext")
    put(office, "verkstan.pdf", "text")
    put(office, "fel.md", "# Verkstan\n\nPeriod: i våras\n\ntext")
    said = office.run()
    assert said.status == 3
    told = {d["path"].rpartition("/")[2]: d for d in said.json["deliveries"] if d["source"] == "texter"}
    assert {name: (d["status"], d["reason"]) for name, d in told.items()} == {
        "okänd.md": ("rejected", "no_place"),
        "verkstan.pdf": ("rejected", "not_a_text"),
        "fel.md": ("rejected", "period"),
    }
    assert all("lämna" in d["message"].lower() for d in told.values())


def test_a_personnummer_keeps_a_text_out_and_is_shown_nowhere(office: Office):
    put(office, "a.md", f"# Verkstan\n\nNågon med {NUMBER} slutade.")
    said = office.run()
    (told,) = [d for d in said.json["deliveries"] if d["source"] == "texter"]
    assert (told["status"], told["reason"]) == ("rejected", "personnummer")
    assert "P012" in told["message"]
    assert NUMBER not in said.out + said.err
    assert "Någon med" not in draft(office)
    outside = [
        p for p in office.home.rglob("*") if p.is_file() and not {"vault", "landing"} & set(p.relative_to(office.home).parts)
    ]
    assert not any(NUMBER.encode() in p.read_bytes() for p in outside)


def test_a_text_is_nothing_but_text(office: Office):
    hostile = (
        "# Verkstan\n\n<script>alert(1)</script> <img src=x onerror=alert(2)> [klicka](javascript:alert(3)) {{ 7*7 }} #let x = 1"
    )
    put(office, "a.md", hostile)
    assert office.run().status == 0
    page = draft(office)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "{{ 7*7 }} #let x = 1" in page
    assert not re.search(r"<script|<img src=x|href=\"javascript", page)


def test_the_same_text_twice_is_a_duplicate(office: Office):
    put(office, "a.md", "# Verkstan\n\ntext")
    put(office, "b.md", "# Verkstan\n\ntext")
    assert became(office.run()) == {f"{DAY}/a.md": "accepted", f"{DAY}/b.md": "duplicate"}
    assert section(draft(office), "Verkstan") == "text"


def test_texts_survive_runs_and_stay_as_they_were_written(office: Office):
    file = put(office, "a.md", "# Verkstan\n\ntext")
    before = file.read_bytes()
    office.run()
    page = draft(office)
    office.amend("targets.csv", ";10", ";11")
    office.run()
    assert section(draft(office), "Verkstan") == section(page, "Verkstan") == "text"
    assert file.read_bytes() == before
    file.unlink()  # the archive has it
    office.amend("targets.csv", ";11", ";12")
    office.run()
    assert section(draft(office), "Verkstan") == "text"


def test_a_text_moves_no_figure(office: Office):
    marts = [office.snapshot().table(m) for m in office.snapshot().marts if not m.startswith("quality")]
    put(office, "a.md", "# Verkstan\n\ntext", "2027-01-01")
    office.run()
    assert [office.snapshot().table(m) for m in office.snapshot().marts if not m.startswith("quality")] == marts
    assert office.run().json["changed"] is False


def test_an_original_that_is_kept_as_a_hash_only(office: Office):
    with (office.home / "config/dalen/association.yaml").open("a", encoding="utf-8") as file:
        file.write("archive: hash_only\n")
    put(office, "a.md", "# Verkstan\n\ntext")
    office.run()
    office.finsam("retention", "apply")
    office.amend("targets.csv", ";10", ";11")
    assert office.run().status == 0
    assert section(draft(office), "Verkstan") == "text"
