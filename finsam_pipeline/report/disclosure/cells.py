"""Which columns of the marts count persons, and how those counts hang together.

A count is told as a sum of base cells, the finest there are: a total and its parts, a flow and its ends, one figure in two
tables rest on the same base cells, so whoever hides one of them knows what else would give it away. An identity is used only
where the figures at hand keep it. A mart that is not declared here has its counts traced and never shown in a report that
masks: forgetting one hides too much, not too little.

Belongs here: marts → traced rows. Does not: which cell is hidden.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any

from finsam_pipeline.contracts.folding import fold
from finsam_pipeline.contracts.marts import MARTS
from finsam_pipeline.register.periods import Period, parse_period
from finsam_pipeline.report.traced import Counted, Share, Terms, Trace, one, summed, value_of

if TYPE_CHECKING:
    from finsam_pipeline.contracts.types import MartContract

Row = dict[str, Any]
Read = Callable[[str], list[Row]]  # mart -> the association's rows of every period

FLOW = "participants/participant_flow"
EXITS = "participants/exit_reasons"
RECONCILIATION = "participants/reconciliation"
MEASURES = ("carried_in", "started", "participants", "ended", "carried_out")
# Marts whose rows split a measure of the flow over the values of a dimension.
SPLITS = {"participants/background": ("participants", "started"), "participants/progression": ("ended",)}
# Not counts of persons one could know: attendances at open events, targets, a difference's two sides are taken up below.
OPEN = {"participants/activities": ("attendees",), "participants/targets": ("target",)}
PERSONS = ("deltagare", "personer")


@dataclass
class Cells:
    """The base cells of one association's marts. `relations` are sums of cells that are 0, beside what substitution says."""

    trace: Trace
    read: Read
    interval: frozenset[str]  # interventions counted by interval: nobody can have left who was not there
    open_figures: frozenset[str] = frozenset()  # key figures, folded, that count no participants
    relations: set[Terms] = field(default_factory=set)
    splits: dict[Terms, frozenset[str]] = field(default_factory=dict)  # relations that need one of these cells to be told
    floors: set[Terms] = field(default_factory=set)  # sums everybody knows to be at least 0
    untold: set[str] = field(default_factory=set)  # cells of undeclared marts

    def rows(self, mart: str, rows: Iterable[Mapping[str, Any]]) -> list[Row]:
        """The rows with their counts of persons traced."""
        how = {FLOW: self._flow_row, EXITS: self._exit_row, "participants/targets": self._target_row}
        how |= {RECONCILIATION: self._reconciled_row, "participants/key_figures": self._key_figure_row}
        how |= {"economy/cost_per_participant": self._cost_row}
        contract = MARTS.get(mart)
        if mart in how:
            return [how[mart](dict(row)) for row in rows]
        if mart in SPLITS:
            return [self._split_row(mart, dict(row)) for row in rows]
        return [dict(row) for row in rows] if contract is None else [self.untold_row(contract, dict(row)) for row in rows]

    def who(self, period: str, intervention: str | None, gender: str) -> list[tuple[str, str, str]]:
        """The flow's rows behind a row that may be about all interventions (None) and all genders (total)."""
        return [(p, i, g) for p, i, g in self._by_period[period] if intervention in (None, i) and gender in ("total", g)]

    def flow(self, period: str, intervention: str, gender: str, measure: str) -> Terms:
        """A measure of the flow in base cells; nothing when the mart has no such row."""
        return self._flows.get((period, intervention, gender), {}).get(measure, frozenset())

    def over_genders(self, period: str, intervention: str, measure: str) -> Terms:
        """The same, all genders together."""
        genders = self._genders[period, intervention]
        return summed((self.flow(period, intervention, gender, measure), 1) for gender in genders)

    def derived(self, period: str) -> set[Terms]:
        """Every measure of the flow, of each gender and together: printed or not, a reader gets it by subtraction."""
        here = [(i, genders) for (p, i), genders in self._genders.items() if p == period]
        own = {self.flow(period, i, gender, m) for i, genders in here for gender in genders for m in MEASURES}
        return (own | {self.over_genders(period, i, m) for i, _ in here for m in MEASURES}) - {frozenset()}

    def between_periods(self, periods: Iterable[str]) -> None:
        """Adds what holds between the flows of these periods: a year is its parts, and what is left over is carried in."""
        known = {name: parse_period(name) for name in periods}
        for period, intervention, gender in list(self._flows):
            if period in known:
                self._after(known[period], intervention, gender)
                self._parts(known[period], intervention, gender)

    @cached_property
    def _by_period(self) -> dict[str, list[tuple[str, str, str]]]:
        found: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
        for own in self._flows:
            found[own[0]].append(own)
        return found

    @cached_property
    def _genders(self) -> dict[tuple[str, str], list[str]]:
        found: dict[tuple[str, str], list[str]] = defaultdict(list)
        for period, intervention, gender in self._flows:
            found[period, intervention].append(gender)
        return found

    @cached_property
    def _flows(self) -> dict[tuple[str, str, str], dict[str, Terms]]:
        """(period, intervention, gender) -> measure -> base cells."""
        exits: dict[tuple[str, str, str], list[tuple[str, int]]] = defaultdict(list)
        for row in self.read(EXITS):
            exits[who_of(row)].append((exit_cell(row), row["ended"] or 0))
        return {who_of(row): self._told(row, exits[who_of(row)]) for row in self.read(FLOW)}

    def _told(self, row: Row, exits: list[tuple[str, int]]) -> dict[str, Terms]:
        """One row of the flow: what follows from other measures is told by them, the rest is a base cell of its own."""
        n = {m: row[m] or 0 for m in MEASURES}
        told = {m: self.cell(key_of(FLOW, m, who_of(row)), n[m]) for m in ("carried_in", "started")}
        told["participants"] = self._follows(row, "participants", n, ((told["carried_in"], 1), (told["started"], 1)))
        told["ended"] = self._follows(row, "ended", n, [(self.cell(cell, count), 1) for cell, count in exits])
        told["carried_out"] = self._follows(row, "carried_out", n, ((told["participants"], 1), (told["ended"], -1)))
        if row["intervention_id"] in self.interval:
            self.floors.add(told["carried_out"])
        return told

    def _follows(self, row: Row, measure: str, n: Mapping[str, int], parts: Iterable[tuple[Terms, int]]) -> Terms:
        terms = summed(parts)
        if value_of(terms, self.trace.values) == n[measure]:
            return terms
        return self.cell(key_of(FLOW, measure, who_of(row)), n[measure])

    def cell(self, key: str, value: int) -> Terms:
        """A base cell of its own."""
        self.trace.values[key] = value
        return one(key)

    def count(self, terms: Terms, *, persons: bool = True) -> Counted:
        """The count that the terms come to."""
        return Counted(value_of(terms, self.trace.values), terms, self.trace, persons=persons)

    def _flow_row(self, row: Row) -> Row:
        return row | {m: self.count(self._flows[who_of(row)][m]) for m in MEASURES}

    def _exit_row(self, row: Row) -> Row:
        return row | {"ended": self.count(self.cell(exit_cell(row), row["ended"] or 0))}

    def _target_row(self, row: Row) -> Row:
        """What was reached is the flow from 1 January, by one period or by several after another."""
        if row["actual"] is None:
            return row
        measure = row["measure"]
        if measure not in MEASURES:
            return row | {"actual": self.untold_count(row["actual"], row)}
        told = self.since_new_year(row["period"], measure, lambda p, m: self.over_genders(p, row["intervention_id"], m))
        return row | {"actual": self.alike(row["actual"], told, key_of("target", measure, who_of(row)))}

    def since_new_year(self, period: str, measure: str, told: Callable[[str, str], Terms]) -> tuple[Terms, ...]:
        """A measure from 1 January to the end of the period, as the sums it may be told by; `told`: period and measure -> terms."""
        last, months = parse_period(period).last, parse_period(period).months
        since = sorted(
            (p for p in self._periods if p.first.year == last.year and p.last <= last), key=lambda p: (p.last, p.first)
        )
        whole = [told(p.name, measure) for p in since if p.last == last and p.first.month == 1]
        same_kind = [p for p in since if p.months == months]
        later = "started" if measure == "participants" else measure
        return (*whole, summed((told(p.name, later if n else measure), 1) for n, p in enumerate(same_kind)))

    @cached_property
    def _periods(self) -> list[Period]:
        return [parse_period(name) for name in sorted({period for period, *_ in self._flows})]

    def _reconciled_row(self, row: Row) -> Row:
        """Two sources that agree say the same figure twice; a source's total is its genders."""
        for side in ("left", "right"):
            row[f"{side}_value"] = self._side(row, side)
        if row["difference"] is not None:
            row["difference"] = row["left_value"] - row["right_value"]
        return row

    def _side(self, row: Row, side: str) -> Counted | None:
        period, intervention, gender = who_of(row)
        key = key_of(f"{RECONCILIATION} {side}", row[f"{side}_source"], who_of(row))
        if gender != "total":
            return self.alike(row[f"{side}_value"], (self.flow(period, intervention, gender, "participants"),), key)
        own = [self._side(r, side) for r in self._compared[period, intervention, row["left_source"]]]
        parts = summed((count.terms, 1) for count in own if count is not None)
        return self.alike(row[f"{side}_value"], (self.over_genders(period, intervention, "participants"), parts), key)

    @cached_property
    def _compared(self) -> dict[tuple[str, str, str], list[Row]]:
        found: dict[tuple[str, str, str], list[Row]] = defaultdict(list)
        for row in self.read(RECONCILIATION):
            if row["gender"] != "total":
                found[row["period"], row["intervention_id"], row["left_source"]].append(row)
        return found

    def _key_figure_row(self, row: Row) -> Row:
        """A hand-kept number of persons stands alone; it is whole when it is small."""
        unit, value = str(row["unit"] or "").strip().casefold(), row["value"]
        if fold(row["key"]) in self.open_figures or unit not in (*PERSONS, "person") or value is None or value != int(value):
            return row
        key = key_of("key_figures", row["key"], (row["period"], row["intervention_id"] or ""))
        return row | {"value": self.count(self.cell(key, int(value)))}

    def _cost_row(self, row: Row) -> Row:
        """A cost per person gives the persons away to whoever knows the cost."""
        for measure in ("participants", "ended"):
            terms = self.over_genders(row["period"], row["intervention_id"], measure)
            row[measure] = self.alike(row[measure], (terms,), key_of("cost", measure, who_of(row)))
        if row["work_or_study"] is not None:
            row["work_or_study"] = self.untold_count(row["work_or_study"], row)
        for column, count in (("cost_per_participant_kr", "participants"), ("cost_per_work_or_study_kr", "work_or_study")):
            row[column] = row[column] and Share.of(row[column], (row[count],))
        return row

    def _split_row(self, mart: str, row: Row) -> Row:
        for measure in SPLITS[mart]:
            row[measure] = self.count(self._splits(mart)[_split_key(mart, measure, row)])
        return row

    def _splits(self, mart: str) -> dict[str, Terms]:
        if mart not in self._split_cells:
            self._split_cells[mart] = self._split(mart)
        return self._split_cells[mart]

    @cached_property
    def _split_cells(self) -> dict[str, dict[str, Terms]]:
        return {}

    def _split(self, mart: str) -> dict[str, Terms]:
        cells: dict[str, Terms] = {}
        parts: dict[tuple[str, tuple[str, str, str], str], list[tuple[Terms, int]]] = defaultdict(list)
        for row in self.read(mart):
            for measure in SPLITS[mart]:
                key = _split_key(mart, measure, row)
                cells[key] = self.cell(key, row[measure] or 0)
                parts[row["dimension"], who_of(row), measure].append((cells[key], 1))
        for (_, who, measure), own in parts.items():
            self.split(own, self.flow(*who, measure))
        return cells

    def split(self, parts: Sequence[tuple[Terms, int]], whole: Terms) -> None:
        """Notes that the parts make the whole, if they do."""
        terms = summed((*parts, (whole, -1)))
        if value_of(terms, self.trace.values) == 0:
            self.splits[terms] = frozenset(cell for part, _ in parts for cell, _ in part)

    def relate(self, terms: Terms) -> None:
        """Notes a sum that is 0, if it is."""
        if terms and value_of(terms, self.trace.values) == 0:
            self.relations.add(terms)

    def alike(self, value: int | None, candidates: Iterable[Terms], key: str) -> Counted | None:
        """The count told as the first candidate that comes to it, else as a cell of its own."""
        if value is None:
            return None
        told = next((t for t in candidates if t and value_of(t, self.trace.values) == value), None)
        return self.count(told if told is not None else self.cell(key, value))

    def untold_row(self, contract: MartContract, row: Row) -> Row:
        """A row whose counts are never shown in a report that masks."""
        open_ = OPEN.get(contract.path, ())
        counts = [c.name for c in contract.columns if c.unit in PERSONS and c.name not in open_]
        if counts:
            for name in counts:
                row[name] = row[name] if row[name] is None else self.untold_count(int(row[name]), row, name)
            for name, value in row.items():
                row[name] = Share.of(value, [row[c] for c in counts]) if isinstance(value, Decimal) else value
        return row

    def untold_count(self, value: int, row: Row, name: str = "") -> Counted:
        """A count that is never shown in a report that masks."""
        key = key_of("untold", name, [str(v) for v in row.values() if isinstance(v, str)] + [str(len(self.untold))])
        self.untold.add(key)
        return self.count(self.cell(key, value), persons=False)

    def _after(self, period: Period, intervention: str, gender: str) -> None:
        before = self.flow(period.previous.name, intervention, gender, "carried_out")
        if before:
            self.relate(summed(((self.flow(period.name, intervention, gender, "carried_in"), 1), (before, -1))))

    def _parts(self, year: Period, intervention: str, gender: str) -> None:
        parts = [p for p in self._periods if year.months == 12 and p.first.year == year.first.year and p.months < 12]  # noqa: PLR2004
        if sum(p.months for p in parts) != year.months:
            return
        for measure in ("started", "ended"):
            own = ((self.flow(p.name, intervention, gender, measure), -1) for p in parts)
            self.relate(summed(((self.flow(year.name, intervention, gender, measure), 1), *own)))
        first = min(parts, key=lambda p: p.first)
        start = [(self.flow(p.name, intervention, gender, "carried_in"), sign) for p, sign in ((year, 1), (first, -1))]
        self.relate(summed(start))
        self._parts_of_exits(year, parts, intervention, gender)

    def _parts_of_exits(self, year: Period, parts: list[Period], intervention: str, gender: str) -> None:
        for cell, _ in self.flow(year.name, intervention, gender, "ended"):
            own = [cell.replace(f"\t{year.name}\t", f"\t{p.name}\t") for p in parts]
            if cell.startswith(EXITS) and all(c in self.trace.values for c in own):
                self.relate(summed(((one(cell), 1), *((one(c), -1) for c in own))))


def who_of(row: Mapping[str, Any]) -> tuple[str, str, str]:
    """Whom a row is about: period, intervention and gender."""
    return row["period"], row["intervention_id"], row.get("gender", "")


def key_of(mart: str, measure: str, parts: Iterable[str]) -> str:
    """The name of a base cell."""
    return "\t".join((mart, measure, *parts))


def exit_cell(row: Mapping[str, Any]) -> str:
    """The base cell of a row of the exit reasons."""
    return exit_cell_of(row["exit_reason"], who_of(row))


def exit_cell_of(reason: str, who: tuple[str, str, str]) -> str:
    """The same, by its key."""
    return key_of(EXITS, reason, who)


def _split_key(mart: str, measure: str, row: Mapping[str, Any]) -> str:
    return key_of(mart, measure, (*who_of(row), *(str(row.get(c, "")) for c in ("dimension", "value", "before", "after"))))
