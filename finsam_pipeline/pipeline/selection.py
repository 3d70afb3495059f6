"""Which rows count: a newer delivery replaces an older one (interface 4, "Which delivery counts").

Works on the typed rows of every delivery of one source of one association; decides by day of delivery and content, never by
arrival. A superseded row is neither accepted nor quarantined.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from finsam_pipeline.contracts.sources import HUVUDBOK, PARTICIPANT_SOURCES
from finsam_pipeline.contracts.types import SourceContract


@dataclass(frozen=True, slots=True)
class Mention:
    """One delivery names one intervention, in a cell, a title row or a sheet name."""

    delivery: int
    intervention_id: str
    delivered_on: pd.Timestamp


def superseded(rows: pd.DataFrame, contract: SourceContract, mentions: Sequence[Mention], coverage: str = "") -> pd.Series:
    """True for every row a newer delivery replaces.

    Args:
        rows: typed rows of all deliveries of the source, with `delivery` (int, unique per delivery) and `delivered_on`.
        contract: the source.
        mentions: which delivery names which intervention (participant sources only).
        coverage: `year` when only participations active in the years a file speaks of are replaced.
    """
    if rows.empty:
        return pd.Series([], dtype=bool, index=rows.index)
    if contract.name in PARTICIPANT_SOURCES:
        keyed, gone = _participants(rows, mentions, coverage)
    elif contract.name == HUVUDBOK.name:
        keyed, gone = _ledger(rows)
    else:
        keyed, gone = _by_key(rows, contract.supersedes_by)
    return _with_their_file(rows, keyed, gone)


def _with_their_file(rows: pd.DataFrame, keyed: pd.Series, gone: pd.Series) -> pd.Series:
    """Rows without a key go with their file: when every keyed row of it is superseded, so are they."""
    left = (keyed & ~gone).groupby(rows["delivery"]).transform("any")
    replaced = (keyed & gone).groupby(rows["delivery"]).transform("any")
    return gone.where(keyed, replaced & ~left).astype(bool)


def _by_key(rows: pd.DataFrame, columns: tuple[str, ...]) -> tuple[pd.Series, pd.Series]:
    keyed = rows[list(columns)].notna().all(axis=1)
    newest = rows[keyed].groupby(list(columns))["delivered_on"].transform("max")
    return keyed, (rows["delivered_on"] < newest.reindex(rows.index)).astype(bool)


def _participants(rows: pd.DataFrame, mentions: Sequence[Mention], coverage: str) -> tuple[pd.Series, pd.Series]:
    return rows["intervention_id"].notna(), superseded_on(rows, mentions, coverage).notna()


def superseded_on(rows: pd.DataFrame, mentions: Sequence[Mention], coverage: str = "") -> pd.Series:
    """The day each participation was replaced; null while it stands, and where its intervention is not known.

    That is the next day of delivery that names its intervention, with `coverage` the next that also speaks of its years.
    """
    on = pd.Series(pd.NaT, index=rows.index, dtype="datetime64[s]")
    days: dict[str, set[pd.Timestamp]] = {}
    for mention in mentions:
        days.setdefault(mention.intervention_id, set()).add(mention.delivered_on)
    for intervention, own in rows[rows["intervention_id"].notna()].groupby("intervention_id"):
        named_on = sorted(days.get(str(intervention), set()) | set(own["delivered_on"]))
        following = dict(zip(named_on, [*named_on[1:], pd.NaT], strict=True))
        on.loc[own.index] = _replaced_in_years(own, named_on) if coverage == "year" else own["delivered_on"].map(following)
    return on


def _replaced_in_years(own: pd.DataFrame, named_on: list[pd.Timestamp]) -> pd.Series:
    on = pd.Series(pd.NaT, index=own.index, dtype="datetime64[s]")
    for day in named_on:
        years = years_spoken_of(own[own["delivered_on"] == day])
        older = own[(own["delivered_on"] < day) & on.isna()]
        on.loc[older.index[active_in_years(older, years) | older["start_date"].isna()]] = day
    return on


def years_spoken_of(file_rows: pd.DataFrame) -> range:
    """The calendar years a participant file speaks of.

    From the year of the first exit it lists (who left earlier is not in the file; a file without exits speaks of its
    latest start) to the year of its last start or exit. People carried over keep their old start dates, so start years alone
    would say too much.
    """
    starts, ends = file_rows["start_date"].dropna(), file_rows["end_date"].dropna()
    if starts.empty:
        return range(0)
    last = max(int(starts.dt.year.max()), int(ends.dt.year.max()) if len(ends) else 0)
    first = int(ends.dt.year.min()) if len(ends) else last
    return range(first, last + 1)


def active_in_years(rows: pd.DataFrame, years: range) -> pd.Series:
    """Whether a participation has a day in any of the years; an open one runs to its day of delivery."""
    if not len(years):
        return pd.Series(False, index=rows.index)
    last = rows["end_date"].fillna(rows["delivered_on"])
    active: pd.Series[bool] = (rows["start_date"].dt.year <= years[-1]) & (last.dt.year >= years[0])
    return active


def _ledger(rows: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """The latest version of each voucher; of opening balances the latest of each account and year."""
    opening = rows["kind"].eq("opening")
    key = _ledger_keys(rows, opening)
    keyed = key.ge(0) & rows["fiscal_year"].notna()
    gone = _opened_twice(rows, key, opening)
    if rows["delivery"].eq(rows["delivery"].iloc[0]).all():  # one file replaces nothing
        return keyed, gone
    newest = rows.loc[keyed, "delivered_on"].groupby(key[keyed]).transform("max").reindex(rows.index)
    gone |= (rows["delivered_on"] < newest).astype(bool)
    standing = keyed & ~gone
    files = rows.loc[standing, "delivery"].groupby(key[standing])
    contested = (files.transform("min") < files.transform("max")).reindex(rows.index, fill_value=False)
    if contested.any():
        gone |= _same_day_versions(rows[contested], key[contested], opening[contested]).reindex(rows.index, fill_value=False)
    return keyed, gone


def _ledger_keys(rows: pd.DataFrame, opening: pd.Series) -> pd.Series:
    """A number for each voucher, and for each account's opening balance of a year; -1 where neither is known."""
    key = rows["voucher"]
    if opening.any():
        own = rows[opening]
        stated = "IB|" + own["fiscal_year"].astype("string") + "|" + own["account"].astype("string")
        key = key.astype("string").where(~opening, stated.reindex(rows.index))
    codes, _ = pd.factorize(key)
    return pd.Series(codes, index=rows.index)


def _opened_twice(rows: pd.DataFrame, key: pd.Series, opening: pd.Series) -> pd.Series:
    """Opening balances booked as a voucher in a file that also states them by themselves: the statement counts, once."""
    booked = opening & rows["number"].notna()
    if not booked.any():
        return booked.astype(bool)
    stated = (opening & ~booked).groupby([key, rows["delivery"]]).transform("any")
    return (booked & stated).astype(bool)


def _same_day_versions(rows: pd.DataFrame, key: pd.Series, opening: pd.Series) -> pd.Series:
    """The same voucher in two files of one day.

    Where each file's rows balance by themselves they are two versions, and the last file counts; where none does, one
    voucher was cut in two and its parts belong together. Opening balances: the last file counts.
    """
    per_file = rows.groupby([key, "delivery"])["amount"].sum()
    balanced = per_file.eq(0).groupby(level=0).any()
    versions = key.map(balanced).astype(bool) | opening
    last = rows["delivery"].groupby(key).transform("max")
    return versions & (rows["delivery"] < last)


def redelivered_changed(rows: pd.DataFrame, gone: pd.Series) -> pd.Series:
    """True for standing voucher rows whose voucher an older delivery held with other content (rule L006)."""
    if not gone.any():
        return pd.Series(False, index=rows.index)
    voucher = rows["voucher"].where(rows["kind"].eq("transaction"))
    again = voucher.isin(voucher[gone].dropna().unique())
    if not again.any():
        return pd.Series(False, index=rows.index)
    own = rows[again]
    line = own["account"].astype("string").fillna("")
    for column in ("amount", "objects", "date"):
        line = line + "|" + own[column].astype("string").fillna("")
    part = pd.DataFrame({"voucher": voucher[again], "delivery": own["delivery"], "line": line})
    content = part.sort_values("line").groupby(["voucher", "delivery"])["line"].agg("\n".join)
    changed = content.groupby(level=0).agg(lambda versions: len(set(versions)) > 1)
    return (~gone & voucher.map(changed).fillna(False).astype(bool)).astype(bool)


def emptied_years(rows: pd.DataFrame, gone: pd.Series) -> pd.DataFrame:
    """Calendar years per intervention with participations before and after replacement (rule P014).

    Returns:
        intervention_id, year, before (participations active in the year in superseded rows), after (in standing rows).
    """
    active = active_years(rows)
    counts = (
        active.assign(gone=gone.loc[active.index].to_numpy())
        .groupby(["intervention_id", "year"])["gone"]
        .agg(before="sum", size="size")
        .reset_index()
    )
    counts["after"] = counts.pop("size") - counts["before"]
    return counts[counts["before"] > 0].reset_index(drop=True)


def active_years(rows: pd.DataFrame) -> pd.DataFrame:
    """intervention_id and year of every calendar year in which a participation was active, on the index of `rows`, which repeats."""
    usable = rows["intervention_id"].notna() & rows["start_date"].notna()
    if "exit_cause" in rows:
        usable &= rows["exit_cause"].ne("misregistered").fillna(True)
    part = rows[usable]
    last = part["end_date"].fillna(part["delivered_on"]).dt.year
    spans = pd.DataFrame({"intervention_id": part["intervention_id"], "first": part["start_date"].dt.year, "last": last})
    spans = spans[spans["first"] <= spans["last"]]
    length = (spans["last"] - spans["first"] + 1).astype(int)
    long = spans.loc[spans.index.repeat(length)]
    return long.assign(year=long["first"].to_numpy() + _counts_up(length.to_numpy()))[["intervention_id", "year"]]


def _counts_up(lengths: np.ndarray) -> np.ndarray:
    """0..n-1 for every n, one after the other."""
    ends = np.cumsum(lengths)
    return np.asarray(np.arange(ends[-1] if len(ends) else 0) - np.repeat(ends - lengths, lengths))
