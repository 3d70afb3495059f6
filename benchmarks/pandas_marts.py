"""The core marts once more in pandas, the way one would write them in a notebook: a peer to measure against.

Belongs here: participant_flow, exit_reasons, income_statement and intervention_budget from the same Parquet files, with the same
figures (`benchmarks/models.py` compares them). Does not: anything the project uses. It is written for pandas: whole
columns, merges and group-bys; money is counted in whole öre as in the SQL.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

_STAY = ["association", "source", "intervention_id", "gender", "start_date", "end_date"]
_LEDGER = ["association", "kind", "account", "objects", "date", "amount", "year_from", "fiscal_year", "delivered_on"]
_NOWHERE, _MANY = 99, 100_000
_GRID = ["association", "period", "intervention_id", "gender"]


def pandas_marts(sources: Path) -> dict[str, pd.DataFrame]:
    """Mart name -> frame with the key and the measures, money in öre."""
    stays = _counted_stays(sources)
    active = _active(sources)
    economy = _Economy(sources)
    return {
        "participant_flow": _participant_flow(sources, stays, active),
        "exit_reasons": _exit_reasons(sources, stays, active),
        "income_statement": economy.income_statement(),
        "intervention_budget": economy.intervention_budget(active),
    }


def _read(sources: Path, name: str, columns: list[str] | None = None) -> pd.DataFrame:
    table = pq.read_table(sources / f"{name}.parquet", columns=columns)
    # Text as categories: a column of ten million repeated words is otherwise compared letter by letter.
    words = [f.name for f in table.schema if pa.types.is_string(f.type) and table.num_rows > _MANY]
    for name_ in words:
        table = table.set_column(table.column_names.index(name_), name_, table.column(name_).dictionary_encode())
    frame = table.to_pandas(types_mapper=lambda t: pd.ArrowDtype(t) if pa.types.is_decimal(t) else None)
    for day in [f.name for f in table.schema if pa.types.is_date(f.type)]:
        frame[day] = pd.to_datetime(frame[day])
    return frame


def _ore(amounts: pd.Series) -> pd.Series:
    return (amounts * 100).astype(pd.ArrowDtype(pa.int64())).astype("int64")


def _active(sources: Path) -> pd.DataFrame:
    pairs = _read(sources, "register/periods").merge(
        _read(sources, "register/interventions"), on="association", suffixes=("", "_i")
    )
    begun = pairs["starts_on_i"].isna() | (pairs["starts_on_i"] <= pairs["ends_on"])
    ended = pairs["ends_on_i"].notna() & (pairs["ends_on_i"] < pairs["starts_on"])
    return pairs.loc[begun & ~ended, ["association", "period", "intervention_id", "orientation", "settled"]]


def _counted_stays(sources: Path) -> pd.DataFrame:
    """Each participation in each period it overlaps, from the source that counts, with its measures."""
    local = _read(sources, "accepted/deltagaruppfoljning", [*_STAY, "exit_reason"])
    sus = _read(sources, "accepted/sus_deltagare", [*_STAY, "exit_cause"])
    stays = pd.concat([local, sus[sus["exit_cause"] != "misregistered"].drop(columns="exit_cause")]).astype(
        dict.fromkeys(_STAY[:4], str)
    )
    stays["exit_reason"] = stays["exit_reason"].astype(object).fillna("uppgift_saknas")
    stays = stays.merge(_read(sources, "register/interventions")[["association", "intervention_id", "count_basis"]])
    stays = stays.merge(_read(sources, "register/associations")[["association", "counts_from"]])
    place = {
        (counts_from, source): counts_from.split("|").index(source) if source in counts_from.split("|") else _NOWHERE
        for counts_from in stays["counts_from"].unique()
        for source in stays["source"].unique()
    }
    stays["place"] = [place[pair] for pair in zip(stays["counts_from"], stays["source"], strict=True)]
    periods = _read(sources, "register/periods")[["association", "period", "starts_on", "ends_on"]]
    # One association at a time: all its participations times all its periods fit in memory, those of all do not.
    by_association = dict(list(periods.groupby("association")))
    return pd.concat([_measured(own, by_association[name]) for name, own in stays.groupby("association")])


def _measured(stays: pd.DataFrame, periods: pd.DataFrame) -> pd.DataFrame:
    pairs = stays.merge(periods, on="association")
    pairs = pairs[(pairs["start_date"] <= pairs["ends_on"]) & ~(pairs["end_date"] < pairs["starts_on"])]
    first = pairs.groupby(["period", "intervention_id"])["place"].transform("min")
    pairs = pairs[(pairs["place"] == first) & (first < _NOWHERE)]
    started = pairs["start_date"] >= pairs["starts_on"]
    carried_in = (pairs["count_basis"] == "interval") & ~started
    ended = (pairs["count_basis"] != "started") & (pairs["end_date"] <= pairs["ends_on"])
    measures = {"carried_in": carried_in.astype(int), "started": started.astype(int), "ended": ended.astype(int)}
    pairs = pairs.assign(**measures, participants=(carried_in | started).astype(int))
    carried_out = np.where(pairs["count_basis"] == "started", 0, pairs["participants"] - pairs["ended"])
    return pairs.assign(carried_out=carried_out)[
        [*_GRID, "exit_reason", "carried_in", "started", "participants", "ended", "carried_out"]
    ]


def _participant_flow(sources: Path, stays: pd.DataFrame, active: pd.DataFrame) -> pd.DataFrame:
    measures = ["carried_in", "started", "participants", "ended", "carried_out"]
    counts = stays.groupby(_GRID, observed=True)[measures].sum().reset_index()
    sus = _read(sources, "accepted/sus_insatser")
    sus["total"] = sus["total"].fillna(sus["women"].fillna(0) + sus["men"].fillna(0))
    sus = sus[sus["registration"] == "anonymous"].groupby(["association", "intervention_id", "year"])["total"].sum().reset_index()
    periods = _read(sources, "register/periods").assign(year=lambda p: p["starts_on"].dt.year)
    anonymous = (
        periods.merge(sus, on=["association", "year"]).assign(gender="anonymous").rename(columns={"total": "participants"})
    )
    counts = pd.concat([counts, anonymous[[*_GRID, "participants"]]])
    return (
        _grid(active)
        .merge(counts, on=_GRID, how="left")
        .fillna(dict.fromkeys(measures, 0))
        .astype(dict.fromkeys(measures, "int64"))
    )


def _exit_reasons(sources: Path, stays: pd.DataFrame, active: pd.DataFrame) -> pd.DataFrame:
    codes = _read(sources, "register/codes")
    reasons = codes.loc[codes["list"] == "exit_reason", ["association", "code"]].rename(columns={"code": "exit_reason"})
    missing = reasons[["association"]].drop_duplicates().assign(exit_reason="uppgift_saknas")
    reasons = pd.concat([reasons, missing]).drop_duplicates()
    counts = stays.groupby([*_GRID, "exit_reason"], observed=True)["ended"].sum().reset_index()
    grid = _grid(active).merge(reasons, on="association")
    return grid.merge(counts, on=[*_GRID, "exit_reason"], how="left").fillna({"ended": 0}).astype({"ended": "int64"})


def _grid(active: pd.DataFrame) -> pd.DataFrame:
    genders = pd.DataFrame({"gender": ["woman", "man", "other", "anonymous"]})
    return active.loc[active["orientation"] == "individual", ["association", "period", "intervention_id"]].merge(
        genders, how="cross"
    )


class _Economy:
    """What the two economy marts share: the periods with an economy, outcomes and budgets by line and intervention."""

    def __init__(self, sources: Path) -> None:
        self.sources = sources
        self.interventions = _read(sources, "register/interventions")
        self.objects = _read(sources, "register/intervention_objects").merge(
            self.interventions[["association", "intervention_id", "orientation", "settled", "sort_order"]]
        )
        rules = _read(sources, "register/line_rules")
        wanted = _read(sources, "register/line_rule_objects")
        self.rules = {
            name: list(own.itertuples()) for name, own in rules.sort_values(["priority", "rule_no"]).groupby("association")
        }
        self.rule_objects = {key: set(own["object"]) for key, own in wanted.groupby(["association", "rule_no"])}
        self.by_object = {key: list(own.itertuples()) for key, own in self.objects.groupby(["association", "object"])}
        self.matched: dict[tuple[str, str, str, dt.datetime], str | None] = {}
        ledger = _read(sources, "accepted/huvudbok", _LEDGER)
        budget = _read(sources, "accepted/budget")
        self.periods = self._periods(ledger, budget)
        self.lines = self._lines()
        self.openings = self._openings(ledger[ledger["kind"] == "opening"])
        self.outcomes = self._outcomes(ledger[ledger["kind"] == "transaction"])
        self.versions = self._versions(budget)
        self.budgets = self._budgets(budget)

    def _periods(self, ledger: pd.DataFrame, budget: pd.DataFrame) -> pd.DataFrame:
        booked = pd.DataFrame({"association": ledger["association"], "year": ledger["date"].dt.year}).drop_duplicates()
        planned = pd.DataFrame({"association": budget["association"], "year": budget["period_from"].dt.year}).drop_duplicates()
        years = pd.concat([booked.astype({"association": str}), planned.astype({"association": str})]).drop_duplicates()
        periods = _read(self.sources, "register/periods").drop(columns="kind")
        return periods.assign(year=periods["starts_on"].dt.year).merge(years)

    def _lines(self) -> pd.DataFrame:
        pairs = self.periods.merge(_read(self.sources, "register/report_lines"), on="association")
        pairs = pairs[pairs["valid_from"] <= pairs["ends_on"]]
        latest = pairs.groupby(["association", "period"])["valid_from"].transform("max")
        return pairs[pairs["valid_from"] == latest]

    def _intervention(self, association: str, objects: str) -> tuple[str | None, str | None, bool]:
        carried = [(o, i) for o in objects.strip("|").split("|") for i in self.by_object.get((association, o), ())]
        if not carried:
            return None, None, False
        _, best = min(carried, key=lambda c: (not c[0].startswith("6:"), c[1].sort_order, c[1].intervention_id, c[0]))
        return best.intervention_id, best.orientation, bool(best.settled)

    def _line(self, association: str, account: str, objects: str, day: dt.datetime) -> str | None:
        _, orientation, settled = self._intervention(association, objects)
        carried = set(objects.strip("|").split("|"))
        for rule in self.rules[association]:
            wanted = self.rule_objects.get((association, rule.rule_no))
            if (
                (not isinstance(rule.account_from, str) or account[: len(rule.account_from)] >= rule.account_from)
                and (not isinstance(rule.account_to, str) or account[: len(rule.account_to)] <= rule.account_to)
                and (not isinstance(rule.orientation, str) or rule.orientation == orientation)
                and (rule.settled is None or rule.settled == settled)
                and not rule.valid_from > day
                and not rule.valid_to < day
                and (wanted is None or wanted & carried)
            ):
                return str(rule.line_id)
        return None

    def _outcomes(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Outcome by association, period, line and intervention: first summed by day, since that is what rules tell apart."""
        keys = ["association", "account", "objects", "date"]
        days = rows.assign(ore=_ore(rows["amount"])).groupby(keys, observed=True)["ore"].sum().reset_index()
        days = days.astype({"association": str, "account": str, "objects": str})
        charts = _read(self.sources, "register/associations").set_index("association")["chart_of_accounts"]
        days = days[days["account"].str[0].between("3", "8") & ~days["account"].str.startswith("8999")]
        days = days[~((days["association"].map(charts) == "kommun-bas") & days["account"].str.startswith("89"))]
        months = self._mapped(days).assign(month=lambda d: d["date"].dt.to_period("M").dt.start_time)
        keys = ["association", "month", "line_id", "intervention_id", "settled"]
        months = months.groupby(keys, dropna=False)["ore"].sum().reset_index()
        pairs = months.merge(
            self.lines[["association", "period", "starts_on", "ends_on", "line_id", "block"]], on=["association", "line_id"]
        )
        pairs = pairs[(pairs["month"] >= pairs["starts_on"]) & (pairs["month"] <= pairs["ends_on"])]
        pairs["ore"] = np.where(pairs["block"] == "income", -pairs["ore"], pairs["ore"])
        keys = ["association", "period", "line_id", "block", "intervention_id", "settled"]
        return pairs.groupby(keys, dropna=False)["ore"].sum().reset_index()

    def _mapped(self, days: pd.DataFrame) -> pd.DataFrame:
        """The rows with their line and intervention; the rules are asked once for each span of days they do not change in."""
        rules = _read(self.sources, "register/line_rules")
        turns = (
            pd.concat([rules["valid_from"], rules["valid_to"] + pd.Timedelta(days=1)]).dropna().drop_duplicates().sort_values()
        )
        starts = np.concatenate([[np.datetime64("1900-01-01")], turns.to_numpy().astype("datetime64[ns]")])
        days = days.assign(
            span=starts[np.searchsorted(starts, days["date"].to_numpy().astype("datetime64[ns]"), side="right") - 1]
        )
        keys = ["association", "account", "objects", "span"]
        asked = days[keys].drop_duplicates()
        asked["line_id"] = [self._line(*row) for row in asked.itertuples(index=False)]
        carried = asked[["association", "objects"]].drop_duplicates()
        found = [self._intervention(*row) for row in carried.itertuples(index=False)]
        carried[["intervention_id", "settled"]] = [(name, settled) for name, _, settled in found]
        return days.merge(asked, on=keys).merge(carried, on=["association", "objects"])

    def _openings(self, rows: pd.DataFrame) -> pd.DataFrame:
        rows = rows.astype({"association": str, "account": str}).assign(ore=_ore(rows["amount"]))
        keys = ["association", "fiscal_year", "account"]
        latest = rows.groupby(keys)["delivered_on"].transform("max")
        sums = rows[rows["delivered_on"] == latest].groupby([*keys, "year_from"])["ore"].sum().reset_index()
        sums["line_id"] = [self._line(r.association, r.account, "", r.year_from) for r in sums.itertuples()]
        return sums.groupby(["association", "fiscal_year", "line_id"], dropna=False)["ore"].sum().reset_index()

    def _versions(self, budget: pd.DataFrame) -> pd.DataFrame:
        pairs = self.periods.merge(budget, on="association", suffixes=("", "_b"))
        pairs = pairs[(pairs["period_from"] <= pairs["ends_on"]) & (pairs["period_to"] >= pairs["starts_on"])]
        keys = ["association", "period", "ends_on", "version"]
        found = pairs.groupby(keys)[["decided_on", "delivered_on"]].max().reset_index()
        tables = pd.DataFrame({"table_name": ["income_statement", "intervention_budget"]})
        named = _read(self.sources, "register/budget_versions").rename(columns={"version": "named"})
        found = found.merge(tables, how="cross").merge(named, on=["association", "period", "table_name"], how="left")
        standing = found["named"].isna() & ~(found["decided_on"] > found["ends_on"])
        found = found[(found["version"] == found["named"]) | standing]
        found = found.sort_values(["decided_on", "delivered_on", "version"], na_position="first")
        return found.groupby(["association", "period", "table_name"])["version"].last().reset_index()

    def _budgets(self, budget: pd.DataFrame) -> pd.DataFrame:
        budget = budget.assign(
            ore=_ore(budget["amount"]),
            months=(budget["period_to"].dt.year - budget["period_from"].dt.year) * 12
            + (budget["period_to"].dt.month - budget["period_from"].dt.month + 1),
        )
        objects = [f"|6:{o}|" if isinstance(o, str) else "" for o in budget["object"]]
        budget["line_id"] = [
            r.line_id if isinstance(r.line_id, str) else self._line(r.association, r.account, o, r.period_from)
            for r, o in zip(budget.itertuples(), objects, strict=True)
        ]
        columns = ["association", "version", "period_from", "period_to", "months", "line_id", "intervention_id", "ore"]
        pairs = self.periods[["association", "period", "starts_on", "ends_on"]].merge(self.versions, on=["association", "period"])
        pairs = pairs.merge(budget[columns], on=["association", "version"])
        pairs = pairs[(pairs["period_from"] <= pairs["ends_on"]) & (pairs["period_to"] >= pairs["starts_on"])]
        first, last = pairs[["period_from", "starts_on"]].max(axis=1), pairs[["period_to", "ends_on"]].min(axis=1)
        shared = (last.dt.year - first.dt.year) * 12 + last.dt.month - first.dt.month + 1
        pairs["ore"] = _half_up(pairs["ore"] * shared, pairs["months"])
        pairs = pairs.merge(self.lines[["association", "period", "line_id", "block"]], on=["association", "period", "line_id"])
        pairs = pairs.merge(
            self.interventions[["association", "intervention_id", "settled"]], on=["association", "intervention_id"], how="left"
        )
        pairs["settled"] = pairs["settled"].eq(True)
        keys = ["association", "period", "table_name", "line_id", "block", "intervention_id", "settled"]
        return pairs.groupby(keys, dropna=False)["ore"].sum().reset_index()

    def income_statement(self) -> pd.DataFrame:
        """Outcome, budget and difference of every line; sums follow their lines down to those that hold amounts."""
        keys = ["association", "period", "line_id"]
        planned = self.budgets[self.budgets["table_name"] == "income_statement"]
        planned = planned.assign(settled=planned["settled"] | self._only_settled(planned))
        sums = {
            "outcome": self.outcomes.groupby(keys)["ore"].sum(),
            "budget": planned.groupby(keys)["ore"].sum(),
            "open_outcome": self.outcomes[~self.outcomes["settled"]].groupby(keys)["ore"].sum(),
            "open_budget": planned[~planned["settled"]].groupby(keys)["ore"].sum(),
        }
        leaves = self.lines[self.lines["kind"].isin(["line", "memo"])].merge(
            pd.DataFrame(sums).reset_index(), on=keys, how="left"
        )
        versions = self.versions[self.versions["table_name"] == "income_statement"].assign(has_budget=True)
        leaves = leaves.merge(versions[["association", "period", "has_budget"]], on=["association", "period"], how="left")
        leaves = leaves.merge(
            self.openings,
            left_on=["association", "year", "line_id"],
            right_on=["association", "fiscal_year", "line_id"],
            how="left",
        )
        memo, planned_period = leaves["kind"] == "memo", leaves["has_budget"].eq(True)
        opened = pd.MultiIndex.from_frame(leaves[["association", "year"]]).isin(
            pd.MultiIndex.from_frame(self.openings[["association", "fiscal_year"]])
        )
        amounts = leaves[["outcome", "budget", "open_outcome", "open_budget"]].fillna(0)
        leaves["outcome_ore"] = np.where(memo, np.where(opened, -leaves["ore"].fillna(0), np.nan), amounts["outcome"])
        leaves["budget_ore"] = np.where(~memo & planned_period, amounts["budget"], np.nan)
        untouched = leaves["open_outcome"].isna() & leaves["open_budget"].isna()
        only_settled = untouched & (leaves["outcome"].notna() | leaves["budget"].notna() | self._only_settled(leaves))
        difference = amounts["open_outcome"] - amounts["open_budget"]
        leaves["difference_ore"] = np.where(~memo & planned_period & ~only_settled, difference, np.nan)
        return self._summed(leaves)

    def _only_settled(self, rows: pd.DataFrame) -> NDArray[np.bool_]:
        """Whether only rules for settled interventions lead to each row's line."""
        rules = _read(self.sources, "register/line_rules")
        only = rules.assign(settled=rules["settled"].eq(True)).groupby(["association", "line_id"])["settled"].all()
        return only.reindex(pd.MultiIndex.from_frame(rows[["association", "line_id"]]), fill_value=False).to_numpy(dtype=bool)

    def _summed(self, leaves: pd.DataFrame) -> pd.DataFrame:
        figures = ["outcome_ore", "budget_ore", "difference_ore"]
        holds = self._leaves_of_sums()
        keys = ["association", "valid_from", "leaf_id"]
        pairs = holds.merge(leaves.rename(columns={"line_id": "leaf_id"})[[*keys, "period", *figures]], on=keys)
        pairs[figures] = pairs[figures].mul(pairs["sign"], axis=0)
        sums = pairs.groupby(["association", "valid_from", "line_id", "period"])[figures].sum(min_count=1).reset_index()
        shown = self.lines[["association", "period", "valid_from", "line_order", "line_id", "kind"]]
        return shown.merge(sums, on=["association", "valid_from", "line_id", "period"], how="left")

    def _leaves_of_sums(self) -> pd.DataFrame:
        keys = ["association", "valid_from", "leaf_id"]
        terms = _read(self.sources, "register/report_line_terms").rename(columns={"line_id": "leaf_id", "sign": "term_sign"})
        lines = _read(self.sources, "register/report_lines")
        holds = lines.loc[lines["kind"] != "section", ["association", "valid_from", "line_id"]].assign(sign=1)
        holds["leaf_id"], done = holds["line_id"], []
        while len(holds):
            holds = holds.merge(terms, on=keys, how="left")
            done.append(holds.loc[holds["term_line_id"].isna(), [*keys, "line_id", "sign"]])
            holds = holds[holds["term_line_id"].notna()].assign(sign=lambda h: h["sign"] * h["term_sign"].astype(int))
            holds = holds.drop(columns=["leaf_id", "term_sign"]).rename(columns={"term_line_id": "leaf_id"})
        return pd.concat(done)

    def intervention_budget(self, active: pd.DataFrame) -> pd.DataFrame:
        """Outcome, budget and difference of every intervention that is active or has amounts."""
        keys = ["association", "period", "intervention_id"]
        costs = self.outcomes[(self.outcomes["block"] != "income") & self.outcomes["intervention_id"].notna()]
        planned = self.budgets[(self.budgets["table_name"] == "intervention_budget") & (self.budgets["block"] != "income")]
        sums = pd.DataFrame(
            {"outcome_ore": costs.groupby(keys)["ore"].sum(), "budget": planned.groupby(keys)["ore"].sum()}
        ).reset_index()
        shown = active.merge(self.periods[["association", "period"]])[keys]
        shown = pd.concat([shown, sums[keys]]).drop_duplicates()
        shown = shown.merge(self.interventions[["association", "intervention_id", "orientation", "settled"]])
        versions = self.versions[self.versions["table_name"] == "intervention_budget"].assign(has_budget=True)
        shown = shown.merge(sums, on=keys, how="left").merge(
            versions[["association", "period", "has_budget"]], on=keys[:2], how="left"
        )
        shown["outcome_ore"] = shown["outcome_ore"].fillna(0)
        shown["budget_ore"] = np.where(shown["has_budget"].eq(True), shown["budget"].fillna(0), np.nan)
        shown["difference_ore"] = (shown["outcome_ore"] - shown["budget_ore"]).where(~shown["settled"])
        return shown[["association", "period", "orientation", "intervention_id", "outcome_ore", "budget_ore", "difference_ore"]]


def _half_up(numerator: pd.Series, denominator: pd.Series) -> pd.Series:
    """Whole numbers divided and rounded half up, a tie away from zero."""
    return np.sign(numerator) * ((2 * numerator.abs() + denominator) // (2 * denominator))
