"""How the counts of the wider marts hang together with the flow and the exit reasons (cells.py).

Each row is told at the level a report prints: the flow's own cells where it says the same, else cells of its own and what everybody
knows of them (parts make their whole, a part is no larger than its whole). A row at another level is never shown in a report that
masks: what a reader could add up there has not been thought through.

Belongs here: rows of those marts → traced rows. Does not: which cell is hidden.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any

from finsam_pipeline.contracts.marts import MARTS
from finsam_pipeline.register.charts import STUDY, WORK, WORK_OR_STUDY, status_of
from finsam_pipeline.report.disclosure.cells import MEASURES, Cells, Row, exit_cell_of, key_of
from finsam_pipeline.report.traced import Counted, Share, Terms, one, summed, value_of

if TYPE_CHECKING:
    from finsam_pipeline.register.model import Code

Who = tuple[str, str, str]  # period, intervention, gender

RESULTS, THROUGHPUT, DURATION = "participants/results", "participants/throughput", "participants/duration"
BEFORE_AND_AFTER = "participants/before_and_after"
COMPARISON, GOALS = "participants/period_comparison", "participants/goals"
POSITIVE = ("closer_to_work", "positive_other")  # groups of exit reasons
OUTCOMES = (WORK, STUDY, WORK_OR_STUDY, "positive_other")


@dataclass
class WiderCells:
    """The wider marts of one association. `codes`: its code lists, before any of them is put together."""

    cells: Cells
    codes: Mapping[str, Sequence[Code]] = field(repr=False)

    def traces(self, mart: str) -> bool:
        """Whether the mart is declared here."""
        return mart in self._how

    def rows(self, mart: str, rows: Iterable[Mapping[str, Any]]) -> list[Row]:
        """The rows with their counts of persons traced, and their shares with the counts they give away."""
        return [_with_shares(self._how[mart](dict(row))) for row in rows]

    @cached_property
    def _how(self) -> Mapping[str, Callable[[Row], Row]]:
        return {
            RESULTS: self._result, THROUGHPUT: self._throughput, DURATION: self._duration,
            BEFORE_AND_AFTER: self._states, COMPARISON: self._compared, GOALS: self._goal,
        }  # fmt: skip

    def _told(self, whos: Iterable[Who], measure: str) -> Terms:
        """A measure of the flow, or what the exits led to, over so many of the flow's rows."""
        return summed(
            (self.cells.flow(*who, measure) if measure in MEASURES else self._outcomes(who).get(measure, frozenset()), 1)
            for who in whos
        )

    def _counted(self, mart: str, row: Row, column: str, told: Terms) -> None:
        row[column] = self.cells.alike(row[column], (told,), _own_key(mart, column, row))

    def _result(self, row: Row) -> Row:
        whos = self._who(row)
        for measure in ("ended", *OUTCOMES):
            self._counted(RESULTS, row, measure, self._told(whos, measure))
        everybody = self.cells.who(row["period"], row["intervention_id"], "total")
        self._counted(RESULTS, row, "work_or_study_all_genders", self._told(everybody, WORK_OR_STUDY))
        for column in ("occupation_known", "work_or_study_after", "started_or_increased"):
            row[column] = self.cells.untold_count(row[column], row, column)
        return row

    def _throughput(self, row: Row) -> Row:
        for measure in ("ended", "participants"):
            self._counted(THROUGHPUT, row, measure, self._told(self._who(row), measure))
        return row

    def _duration(self, row: Row) -> Row:
        if row["intervention_id"] is not None:
            return self.cells.untold_row(MARTS[DURATION], row)
        genders = [g for p, g in self._classes if p == row["period"] and row["gender"] in ("total", g)]
        own = (self._classes[row["period"], g].get(row["days_class"], frozenset()) for g in genders)
        self._counted(DURATION, row, "ended", summed((terms, 1) for terms in own))
        self._counted(DURATION, row, "of_ended", self._told(self._who(row), "ended"))
        return row

    @cached_property
    def _classes(self) -> dict[tuple[str, str], dict[str, Terms]]:
        """(period, gender) -> time class -> a cell, over all interventions; the classes make all who ended."""
        found: dict[tuple[str, str], dict[str, Terms]] = defaultdict(dict)
        for row in self.cells.read(DURATION):
            if row["intervention_id"] is None and row["gender"] != "total":
                cell = self.cells.cell(_own_key(DURATION, "ended", row), row["ended"])
                found[row["period"], row["gender"]][row["days_class"]] = cell
        for (period, gender), classes in found.items():
            self.cells.split([(cell, 1) for cell in classes.values()], self._told(self.cells.who(period, None, gender), "ended"))
        return found

    def _states(self, row: Row) -> Row:
        if (row["intervention_id"], row["gender"]) != (None, "total"):
            return self.cells.untold_row(MARTS[BEFORE_AND_AFTER], row)
        for side in ("at_start", "at_end"):
            row[side] = self.cells.count(self._sides[_own_key(BEFORE_AND_AFTER, side, row)])
        row["change"] = row["at_end"] - row["at_start"]
        self._counted(BEFORE_AND_AFTER, row, "of_ended", self._told(self._who(row), "ended"))
        return row

    @cached_property
    def _sides(self) -> dict[str, Terms]:
        """The states at start and at end, over all interventions and genders; those of either side make all who ended."""
        cells: dict[str, Terms] = {}
        parts: dict[tuple[str, str, str], list[tuple[Terms, int]]] = defaultdict(list)
        for row in self.cells.read(BEFORE_AND_AFTER):
            if (row["intervention_id"], row["gender"]) != (None, "total"):
                continue
            for side in ("at_start", "at_end"):
                key = _own_key(BEFORE_AND_AFTER, side, row)
                cells[key] = self.cells.cell(key, row[side])
                parts[row["period"], row["dimension"], side].append((cells[key], 1))
                self._at_least_those_who_got_there(row, cells[key])
        for (period, _, _), own in parts.items():
            self.cells.split(own, self._told(self.cells.who(period, None, "total"), "ended"))
        return cells

    def _at_least_those_who_got_there(self, row: Row, at_end: Terms) -> None:
        """Where results are judged by occupation, whoever ended to work is in work at the end."""
        judged = self._results.get((row["period"], None, "total"), {}).get("basis")
        if judged == "occupation" and row["dimension"] == "occupation_status" and row["value"] in (WORK, STUDY):
            whos = self.cells.who(row["period"], None, "total")
            self._floor(summed(((at_end, 1), (self._told(whos, row["value"]), -1))))

    def _compared(self, row: Row) -> Row:
        for column, period in (("value", row["period"]), ("value_year_before", row["year_before"])):
            whos = self.cells.who(period, row["intervention_id"], row["gender"])
            self._counted(COMPARISON, row, column, self._told(whos, row["measure"]))
        if row["change"] is not None:
            row["change"] = row["value"] - row["value_year_before"]
        return row

    def _goal(self, row: Row) -> Row:
        measure, share = row["measure"].removesuffix("_share"), row["unit"] == "percent"
        self._since(row, "numerator", measure)
        if share:
            self._since(row, "denominator", "participants" if measure == "ended" else "ended")
            self._floor(summed(((row["denominator"].terms, 1), (row["numerator"].terms, -1))))
        return row

    def _since(self, row: Row, column: str, measure: str) -> None:
        def told(period: str, measure: str) -> Terms:
            return self._told(self.cells.who(period, row["intervention_id"], "total"), measure)

        candidates = self.cells.since_new_year(row["period"], measure, told)
        row[column] = self.cells.alike(row[column], candidates, _own_key(GOALS, column, row))

    @cached_property
    def _results(self) -> dict[tuple[str, str | None, str], Row]:
        return {(r["period"], r["intervention_id"], r["gender"]): r for r in self.cells.read(RESULTS)}

    def _outcomes(self, who: Who) -> dict[str, Terms]:
        """What the exits of one intervention and gender led to: their exit reasons where these say so, else cells of its own."""
        if who not in self._found:
            self._found[who] = self._outcomes_of(who) if who in self._results else {}
        return self._found[who]

    @cached_property
    def _found(self) -> dict[Who, dict[str, Terms]]:
        return {}

    def _outcomes_of(self, who: Who) -> dict[str, Terms]:
        row, told = self._results[who], {}
        for measure in OUTCOMES:
            reasons = self._reasons(who, measure)
            same = value_of(reasons, self.cells.trace.values) == row[measure]
            told[measure] = reasons if same else self.cells.cell(_own_key(RESULTS, measure, row), row[measure])
        self._floor(summed(((told[WORK_OR_STUDY], 1), (told[WORK], -1), (told[STUDY], -1))))
        rest = ((self.cells.flow(*who, "ended"), 1), (told[WORK_OR_STUDY], -1), (told["positive_other"], -1))
        self._floor(summed(rest))
        return told

    def _reasons(self, who: Who, measure: str) -> Terms:
        """The exit reasons that mean the outcome, by the code list."""
        return summed(
            (one(cell), 1)
            for code in self.codes.get("exit_reason", ())
            if _means(code, measure) and (cell := exit_cell_of(code.code, who)) in self.cells.trace.values
        )

    def _floor(self, terms: Terms) -> None:
        """Notes a sum that is not below 0, unless it cannot be."""
        if any(n < 0 for _, n in terms) and value_of(terms, self.cells.trace.values) >= 0:
            self.cells.floors.add(terms)

    def _who(self, row: Row) -> list[Who]:
        return self.cells.who(row["period"], row["intervention_id"], row["gender"])


def _means(code: Code, measure: str) -> bool:
    if measure == "positive_other":
        return code.group in POSITIVE
    return status_of(code) in ((WORK, STUDY, WORK_OR_STUDY) if measure == WORK_OR_STUDY else (measure,))


def _with_shares(row: Row) -> Row:
    """A share, a mean or a part of a target gives away the counts it stands beside."""
    counts = [value for value in row.values() if isinstance(value, Counted)]
    return {name: Share.of(value, counts) if isinstance(value, Decimal) else value for name, value in row.items()}


def _own_key(mart: str, column: str, row: Mapping[str, Any]) -> str:
    return key_of(mart, column, (str(row.get(k) or "") for k in MARTS[mart].key))
