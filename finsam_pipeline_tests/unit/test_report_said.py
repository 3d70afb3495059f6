"""A figure keeps its origin from the mart into the sentence, and loses it where it would say too much or something else."""

from __future__ import annotations

from decimal import Decimal

import pytest

from finsam_pipeline.report.numbers import number, percent, percent_text
from finsam_pipeline.report.origin import Origin, origin, together
from finsam_pipeline.report.said import Sentence, sentence, told
from finsam_pipeline.report.traced import Counted, Trace, known, one, unmarked
from finsam_pipeline.report.wording import plural

MART = "participants/participant_flow"


def of(gender: str, intervention: str = "bron", measure: str = "ended") -> Origin:
    return origin(MART, measure, intervention_id=intervention, gender=gender)


def count(value: int, cell: str, from_: Origin | None, trace: Trace) -> Counted:
    trace.values[cell] = value
    made = known(Counted(value, one(cell), trace), from_)
    assert isinstance(made, Counted)
    return made


@pytest.fixture
def trace() -> Trace:
    return Trace()


def read(text: str, *, hidden: bool = False) -> str:
    return sentence(unmarked(text, lambda _: hidden))


def test_a_text_is_the_same_with_and_without_its_marks():
    figure = known(Decimal(1234567), of("woman"))
    text = read(f"Det blev {number(figure)} kr ({told(figure, 'drygt en miljon')}).")
    assert text == "Det blev 1\u00a0234\u00a0567 kr (drygt en miljon)."
    assert isinstance(text, Sentence)
    assert [text[f.start : f.end] for f in text.said] == ["1\u00a0234\u00a0567", "drygt en miljon"]
    assert text.origins == (of("woman"), of("woman"))


def test_a_text_without_known_figures_is_plain():
    assert type(read(f"{number(Decimal(3))} av 4")) is str


def test_a_hidden_figure_says_nothing_of_itself(trace: Trace):
    women = count(3, "w", of("woman"), trace)
    assert isinstance(read(plural(women, "kvinna", "kvinnor")), Sentence)
    assert type(read(plural(women, "kvinna", "kvinnor"), hidden=True)) is str
    share = percent_text(percent(women, count(9, "all", of("man"), trace)))
    assert type(read(share, hidden=True)) is str


def test_a_sum_comes_from_both_where_they_differ_in_one_key(trace: Trace):
    women, men = count(3, "w", of("woman"), trace), count(4, "m", of("man"), trace)
    assert (women + men).origin == origin(MART, "ended", intervention_id="bron", gender=("woman", "man"))
    assert sum([women, men]) == 7


@pytest.mark.parametrize(
    "other",
    [
        of("woman"),  # the same rows twice
        of("man", intervention="mote"),  # not all of both keys
        of("man", measure="started"),
        origin("participants/exit_reasons", "ended", intervention_id="bron", gender="man"),
        origin(MART, "ended", gender="man"),
        None,
    ],
    ids=["same", "two keys", "measure", "mart", "fewer keys", "none"],
)
def test_a_sum_of_unlike_figures_has_no_origin(other: Origin | None):
    assert together(of("woman"), other) is None
    assert together(other, of("woman")) is None


def test_a_share_is_made_of_two_and_of_nothing_when_one_is_not_known(trace: Trace):
    part, whole = count(3, "w", of("woman"), trace), count(9, "m", of("man"), trace)
    text = read(percent_text(percent(part, whole)))
    assert isinstance(text, Sentence)
    assert [(p.origin, p.count) for p in text.said[0].parts] == [(of("woman"), 3), (of("man"), 9)]
    assert type(read(percent_text(percent(part, count(9, "u", None, trace))))) is str
