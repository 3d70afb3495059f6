"""The task in plain pandas, whole columns at a time: what a notebook would hold.

Belongs here: reading, typing and counting. Does not: Great Expectations, Dagster (`pandas_gx`). Money is whole öre.
"""

from __future__ import annotations

import glob
import hashlib
import hmac
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from benchmarks.peers.task import KEY

GENDERS = {"kvinna": "woman", "k": "woman", "man": "man", "m": "man", "annan köns-id": "other", "annan": "other"}
SAME = ["association", "intervention_id", "participant", "start_date"]
_WHOLE = [*SAME, "gender", "birth_year", "end_date", "exit_reason"]
_MEASURES = ["carried_in", "started", "participants", "ended", "carried_out"]
MONTHS = ["association", "month", "account", "intervention_id", "line_id"]


def read(home: Path, pattern: str, level: int = 2) -> pd.DataFrame:
    """Every file of a pattern, as text; the association stands `level` folders above the file, as counted from it."""
    frames = []
    for name in sorted(glob.glob(f"{home}/{pattern}")):  # noqa: PTH207 - a pattern with folders
        path = Path(name)
        frame = pd.read_csv(path, sep=";", dtype=str, keep_default_na=False)
        frames.append(
            frame.assign(
                association=path.parts[-level],
                path=str(path.relative_to(home)),
                day=path.parts[-2],
                row=np.arange(2, len(frame) + 2),
            )
        )
    return pd.concat(frames, ignore_index=True)


def fold(words: pd.Series) -> pd.Series:
    return words.str.replace(r"\s+", " ", regex=True).str.strip().str.lower()


def day_of(cells: pd.Series) -> pd.Series:
    iso = pd.to_datetime(cells, format="%Y-%m-%d", errors="coerce")
    return iso.fillna(pd.to_datetime(cells, format="%Y%m%d", errors="coerce"))


def ore_of(cells: pd.Series) -> pd.Series:
    """Whole öre, missing where the cell is no amount."""
    text = cells.str.replace(" ", "")
    text = text.where(text.str.fullmatch(r"\d+(,\d{1,2})?")).str.replace(",", ".")
    return (pd.to_numeric(text) * 100).round().astype("Int64")


def spellings(register: pd.DataFrame, key: str, columns: list[str]) -> pd.DataFrame:
    """association, word, key: every way a cell may name it."""
    words = register.assign(word=register[[*columns, "aliases"]].agg("|".join, axis=1).str.split("|")).explode("word")
    words = words.assign(word=fold(words["word"]))
    return words.loc[words["word"] != "", ["association", "word", key]].drop_duplicates()


def typed_ledger(home: Path) -> pd.DataFrame:
    raw = read(home, "landing/*/huvudbok/*/*.csv", 4)
    debit, credit = ore_of(raw["Debet"]), ore_of(raw["Kredit"])
    unreadable = debit.isna() & (raw["Debet"] != "") | credit.isna() & (raw["Kredit"] != "")
    missing = (raw["Debet"] == "") & (raw["Kredit"] == "")
    debit, credit = debit.fillna(0), credit.fillna(0)
    wrong = unreadable | missing | ((debit != 0) & (credit != 0))
    rows = raw[["association", "path", "row"]].assign(
        source="huvudbok",
        place=np.arange(len(raw)),
        voucher=raw.groupby(["path", "Serie", "Verifikationsnr"], sort=False).ngroup(),
        date=day_of(raw["Datum"]),
        account=raw["Konto"].where(raw["Konto"].str.fullmatch(r"\d{4,6}")),
        ore=(debit - credit).where(~wrong),
        object=("6:" + raw["Projekt"]).where(raw["Projekt"] != ""),
    )
    failing = rows[["ore", "date", "account"]].isna().any(axis=1)
    broken = failing.groupby(rows["voucher"]).transform("any") | rows["ore"].fillna(0).groupby(rows["voucher"]).transform(
        "sum"
    ).ne(0)
    return rows.assign(in_whole_voucher=failing | ~broken)


def typed_participations(home: Path) -> pd.DataFrame:
    raw = read(home, "landing/*/deltagaruppfoljning/*/*.csv", 4)
    names = spellings(read(home, "config/*/interventions.csv"), "intervention_id", ["intervention_id", "name", "short_name"])
    reasons = spellings(read(home, "config/*/codes/exit_reason.csv", 3), "code", ["code", "label"])
    rows = raw[["association", "path", "row"]].assign(
        source="deltagaruppfoljning",
        place=np.arange(len(raw)),
        delivered_on=pd.to_datetime(raw["day"]),
        participant=raw["Löpnummer"].where(raw["Löpnummer"] != ""),
        gender=fold(raw["Kön"]).map(GENDERS),
        birth_year=pd.to_numeric(raw["Födelseår"]).astype("Int64"),
        start_date=day_of(raw["Startdatum"]),
        end_given=raw["Slutdatum"] != "",
        end_date=day_of(raw["Slutdatum"]),
        reason_given=raw["Avslutsorsak"] != "",
        name=fold(raw["Insats"]),
        word=fold(raw["Avslutsorsak"]),
    )
    rows = rows.merge(names.rename(columns={"word": "name"}), on=["association", "name"], how="left")
    rows = rows.merge(reasons.rename(columns={"code": "exit_reason"}), on=["association", "word"], how="left")
    start, end = rows["start_date"], rows["end_date"]
    rows = rows.assign(
        end_sound=~rows["end_given"] | (end.notna() & ~(end < start)),
        reason_has_end=~rows["reason_given"] | rows["end_given"],
        end_has_reason=end.isna() | rows["reason_given"],
        reason_known=~rows["reason_given"] | rows["exit_reason"].notna(),
        start_sound=~((start > rows["delivered_on"]) | (start < pd.Timestamp("1990-01-01"))),
    )
    sound = rows[["participant", "intervention_id", "gender", "start_date"]].notna().all(axis=1)
    sound &= rows[["end_sound", "reason_has_end", "reason_known", "start_sound"]].all(axis=1)
    compared = rows[sound]
    repeated = compared.duplicated(_WHOLE)
    versions = (~repeated).groupby([compared[c] for c in SAME]).transform("sum")
    return rows.assign(stands_once=~rows["place"].isin(compared.loc[repeated | (versions > 1), "place"]))


def accepted_participations(rows: pd.DataFrame) -> pd.DataFrame:
    secret = [hmac.new(KEY, name.encode(), hashlib.sha256).hexdigest() for name in rows["participant"]]
    kept = rows[["association", "intervention_id", "gender", "birth_year", "start_date", "end_date"]]
    return kept.assign(participant=secret, exit_reason=rows["exit_reason"].fillna("uppgift_saknas"))


def months(home: Path, rows: pd.DataFrame) -> pd.DataFrame:
    """Sums in öre by account, intervention and line; the rules are asked once for each account and object."""
    register = read(home, "config/*/interventions.csv").rename(columns={"ledger_objects": "object"})
    rows = rows.merge(
        register[["association", "object", "intervention_id", "orientation"]], on=["association", "object"], how="left"
    )
    rows = rows.assign(month=rows["date"].dt.to_period("M").dt.start_time)
    keys = ["association", "month", "account", "intervention_id", "orientation", "object"]
    sums = rows.groupby(keys, dropna=False)["ore"].agg(ore="sum", rows="size").reset_index()
    rules = {name: list(own.itertuples()) for name, own in _rules(home).groupby("association")}
    asked = sums[["association", "account", "orientation", "object"]].drop_duplicates()
    asked = asked.assign(line_id=[_line(rules[a], account, o, p) for a, account, o, p in asked.itertuples(index=False)])
    sums = sums.merge(asked, on=["association", "account", "orientation", "object"], how="left")
    return sums.groupby(MONTHS, dropna=False)[["ore", "rows"]].sum().reset_index()


def _rules(home: Path) -> pd.DataFrame:
    rules = read(home, "config/*/line_rules.csv")
    return rules.astype({"priority": int}).sort_values("priority")


def _line(rules: list, account: str, orientation: object, project: object) -> str | None:  # type: ignore[type-arg]
    if not "3" <= account[0] <= "8" or account.startswith("8999"):
        return None
    for rule in rules:
        within = rule.account_from <= account[: len(rule.account_from)] and account[: len(rule.account_to)] <= rule.account_to
        if within and rule.orientation in ("", orientation) and (not rule.objects or project in rule.objects.split("|")):
            return str(rule.line_id)
    return None


def periods(ledger: pd.DataFrame, accepted: pd.DataFrame, typed: pd.DataFrame) -> pd.DataFrame:
    """Half-years and years, from the first accepted row to the day of delivery."""
    days = pd.concat([ledger[["association", "month"]].set_axis(["association", "day"], axis=1),
                      accepted[["association", "start_date"]].set_axis(["association", "day"], axis=1)])  # fmt: skip
    first, last = days.groupby("association")["day"].min().dt.year, typed.groupby("association")["delivered_on"].max().dt.year
    parts = (("H1", "01-01", "06-30"), ("H2", "07-01", "12-31"), ("", "01-01", "12-31"))
    rows = [
        (a, f"{y}{name}", f"{y}-{begin}", f"{y}-{end}")
        for a in last.index
        for y in range(first[a], last[a] + 1)
        for name, begin, end in parts
    ]
    made = pd.DataFrame(rows, columns=["association", "period", "starts_on", "ends_on"])
    return made.assign(starts_on=pd.to_datetime(made["starts_on"]), ends_on=pd.to_datetime(made["ends_on"]))


def active(home: Path, spans: pd.DataFrame) -> pd.DataFrame:
    """Individual interventions in the periods they are active in."""
    register = read(home, "config/*/interventions.csv").rename(columns={"starts_on": "since", "ends_on": "until"})
    pairs = spans.merge(register[register["orientation"] == "individual"], on="association")
    since, until = pd.to_datetime(pairs["since"], errors="coerce"), pd.to_datetime(pairs["until"], errors="coerce")
    return pairs[~(since > pairs["ends_on"]) & ~(until < pairs["starts_on"])]


def counted(pairs: pd.DataFrame, accepted: pd.DataFrame) -> pd.DataFrame:
    """Each participation in each period it overlaps, with its measures; a period at a time, for all pairs do not fit."""
    own = accepted.drop(columns="participant")
    return pd.concat([_measured(part.merge(own, on=["association", "intervention_id"])) for _, part in pairs.groupby("period")])


def _measured(stays: pd.DataFrame) -> pd.DataFrame:
    stays = stays[(stays["start_date"] <= stays["ends_on"]) & ~(stays["end_date"] < stays["starts_on"])]
    started = stays["start_date"] >= stays["starts_on"]
    carried_in = (stays["count_basis"] == "interval") & ~started
    ended = (stays["count_basis"] != "started") & (stays["end_date"] <= stays["ends_on"])
    there = (carried_in | started).astype(int)
    left = (there - ended.astype(int)).where(stays["count_basis"] != "started", 0)
    measures = dict(zip(_MEASURES, (carried_in, started, there, ended, left), strict=True))
    stays = stays.assign(**{name: column.astype("int64") for name, column in measures.items()})
    return stays.groupby(["association", "period", "intervention_id", "gender", "exit_reason"])[_MEASURES].sum().reset_index()


def participant_flow(pairs: pd.DataFrame, counts: pd.DataFrame) -> pd.DataFrame:
    keys = ["association", "period", "intervention_id", "gender"]
    sums = counts.groupby(keys)[_MEASURES].sum().reset_index()
    return (
        _grid(pairs)
        .merge(sums, on=keys, how="left")
        .fillna(dict.fromkeys(_MEASURES, 0))
        .astype(dict.fromkeys(_MEASURES, "int64"))
    )


def exit_reasons(home: Path, pairs: pd.DataFrame, counts: pd.DataFrame) -> pd.DataFrame:
    codes = read(home, "config/*/codes/exit_reason.csv", 3)[["association", "code"]]
    codes = pd.concat([codes, codes[["association"]].drop_duplicates().assign(code="uppgift_saknas")])
    grid = _grid(pairs).merge(codes.rename(columns={"code": "exit_reason"}), on="association")
    keys = ["association", "period", "intervention_id", "gender", "exit_reason"]
    return grid.merge(counts[[*keys, "ended"]], on=keys, how="left").fillna({"ended": 0}).astype({"ended": "int64"})


def _grid(pairs: pd.DataFrame) -> pd.DataFrame:
    genders = pd.DataFrame({"gender": ["woman", "man", "other", "anonymous"]})
    return pairs[["association", "period", "intervention_id"]].merge(genders, how="cross")


def income_statement(home: Path, spans: pd.DataFrame, sums: pd.DataFrame) -> pd.DataFrame:
    lines = read(home, "config/*/report_lines.csv")
    booked = sums.assign(year=sums["month"].dt.year)[["association", "year"]].drop_duplicates()
    spans = spans.assign(year=spans["starts_on"].dt.year).merge(booked, on=["association", "year"])
    rows = spans.merge(lines, on="association")
    pairs = rows.merge(sums[["association", "line_id", "month", "ore"]], on=["association", "line_id"])
    pairs = pairs[(pairs["month"] >= pairs["starts_on"]) & (pairs["month"] <= pairs["ends_on"])]
    own = pairs.assign(ore=pairs["ore"].where(pairs["block"] != "income", -pairs["ore"]))
    outcome = own.groupby(["association", "period", "line_id"])["ore"].sum().to_dict()
    parts = {(r.association, r.line_id): r.sum_of.split("|") for r in lines.itertuples() if r.sum_of}

    def ore(association: str, period: str, line: str) -> int:
        terms = parts.get((association, line))
        if terms is None:
            return int(outcome.get((association, period, line), 0))
        return sum(-ore(association, period, t[1:]) if t[0] == "-" else ore(association, period, t) for t in terms)

    found = [None if r.kind == "section" else ore(r.association, r.period, r.line_id) for r in rows.itertuples()]
    tkr = [None if o is None else (1 if o >= 0 else -1) * ((abs(o) + 50_000) // 100_000) for o in found]
    kept = rows[["association", "period", "line_id", "label", "kind", "block"]]
    ore_, tkr_ = (pd.Series(values, dtype="Int64", index=rows.index) for values in (found, tkr))
    return kept.assign(line_order=rows["order"].astype(int), outcome_kr=kr(ore_), outcome_tkr=tkr_)


def kr(ore: pd.Series) -> pd.Series:
    """Öre as kronor, a decimal with two places."""
    whole = pa.array(ore.astype("Int64")).cast(pa.decimal128(19, 0)).cast(pa.decimal128(18, 0))
    exact = pc.multiply(whole, pa.scalar(Decimal("0.01"))).cast(pa.decimal128(18, 2))
    return pd.Series(exact, index=ore.index, dtype=pd.ArrowDtype(exact.type))
