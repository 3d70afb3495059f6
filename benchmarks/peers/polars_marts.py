"""Reading, typing and counting in polars.

Belongs here: expressions. Does not: rules (`polars_dataframely`).
"""

from __future__ import annotations

import hashlib
import hmac
from pathlib import Path

import polars as pl

from benchmarks.peers.task import KEY

MONEY = pl.Decimal(18, 2)
GENDERS = {"kvinna": "woman", "k": "woman", "man": "man", "m": "man", "annan köns-id": "other", "annan": "other"}
_SPAN = ("association", "period", "intervention_id")
_MEASURES = ("carried_in", "started", "participants", "ended", "carried_out")


def scan(home: Path, pattern: str, level: int = 2) -> pl.LazyFrame:
    """Every file of a pattern as text; the association stands `level` folders above the file, as counted from it."""
    frame = pl.scan_csv(f"{home}/{pattern}", separator=";", infer_schema=False, include_file_paths="path", glob=True)
    parts = pl.col("path").str.split("/")
    return frame.with_columns(
        association=parts.list.get(-level),
        day=parts.list.get(-2),
        path=pl.col("path").str.strip_prefix(f"{home}/"),
        row=pl.int_range(2, pl.len() + 2, dtype=pl.Int64).over("path"),
    )


def fold(word: pl.Expr) -> pl.Expr:
    return word.str.replace_all(r"\s+", " ").str.strip_chars().str.to_lowercase()


def day_of(cell: pl.Expr) -> pl.Expr:
    return pl.coalesce(cell.str.to_date("%Y-%m-%d", strict=False), cell.str.to_date("%Y%m%d", strict=False))


def kr_of(cell: pl.Expr) -> pl.Expr:
    text = cell.str.replace_all(" ", "", literal=True)
    plain = pl.when(text.str.contains(r"^\d+(,\d{1,2})?$")).then(text)
    return plain.str.replace(",", ".", literal=True).cast(MONEY)


def spellings(register: pl.LazyFrame, key: str, columns: list[str]) -> pl.LazyFrame:
    """association, word, key: every way a cell may name it."""
    words = pl.concat_str(*columns, pl.col("aliases").fill_null(""), separator="|").str.split("|")
    words = register.select("association", key, word=words).explode("word").with_columns(fold(pl.col("word")))
    return words.filter(pl.col("word") != "").unique()


def ledger(home: Path) -> pl.LazyFrame:
    debit, credit = kr_of(pl.col("Debet")), kr_of(pl.col("Kredit"))
    unreadable = pl.any_horizontal(
        debit.is_null() & pl.col("Debet").is_not_null(), credit.is_null() & pl.col("Kredit").is_not_null()
    )
    both = (debit != 0).fill_null(value=False) & (credit != 0).fill_null(value=False)
    missing = pl.col("Debet").is_null() & pl.col("Kredit").is_null()
    zero = pl.lit(0).cast(MONEY)
    amount = pl.when(~(unreadable | both | missing)).then(debit.fill_null(zero) - credit.fill_null(zero)).cast(MONEY)
    return scan(home, "landing/*/huvudbok/*/*.csv", 4).select(
        "association",
        "path",
        "row",
        source=pl.lit("huvudbok"),
        series="Serie",
        number="Verifikationsnr",
        date=day_of(pl.col("Datum")),
        account=pl.when(pl.col("Konto").str.contains(r"^\d{4,6}$")).then("Konto"),
        amount=amount,
        object="6:" + pl.col("Projekt"),
    )


def participations(home: Path) -> pl.LazyFrame:
    names = spellings(scan(home, "config/*/interventions.csv"), "intervention_id", ["intervention_id", "name", "short_name"])
    reasons = spellings(scan(home, "config/*/codes/exit_reason.csv", 3), "code", ["code", "label"])
    rows = scan(home, "landing/*/deltagaruppfoljning/*/*.csv", 4).select(
        "association",
        "path",
        "row",
        source=pl.lit("deltagaruppfoljning"),
        delivered_on=pl.col("day").str.to_date(),
        participant="Löpnummer",
        gender=fold(pl.col("Kön")).replace_strict(GENDERS, default=None).cast(pl.Enum(["woman", "man", "other"])),
        birth_year=pl.col("Födelseår").cast(pl.Int64),
        start_date=day_of(pl.col("Startdatum")),
        end_date=day_of(pl.col("Slutdatum")),
        end_given=pl.col("Slutdatum").is_not_null(),
        reason_given=pl.col("Avslutsorsak").is_not_null(),
        name=fold(pl.col("Insats")),
        word=fold(pl.col("Avslutsorsak")),
    )
    rows = rows.join(names.rename({"word": "name"}), on=["association", "name"], how="left", maintain_order="left")
    reasons = reasons.rename({"code": "exit_reason"})
    return rows.join(reasons, on=["association", "word"], how="left", maintain_order="left")


def all_marts(home: Path, rows: pl.DataFrame, accepted: pl.DataFrame, lists: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Name → table, as the task names its columns."""
    sums, kept = months(home, rows), published(accepted)
    spans = periods(sums, kept, lists)
    active = _active(home, spans)
    counts = _counted(active, kept)
    return {
        "participations": kept,
        "ledger_month": sums.with_columns(month=pl.col("month").dt.strftime("%Y-%m")),
        "participant_flow": _participant_flow(active, counts),
        "exit_reasons": _exit_reasons(home, active, counts),
        "income_statement": _income_statement(home, spans, sums),
    }


def published(accepted: pl.DataFrame) -> pl.DataFrame:
    secret = pl.col("participant").map_elements(lambda name: hmac.new(KEY, name.encode(), hashlib.sha256).hexdigest(), pl.String)
    return accepted.select(
        "association", secret, "intervention_id", pl.col("gender").cast(pl.String), "birth_year", "start_date", "end_date",
        pl.col("exit_reason").fill_null("uppgift_saknas"),
    )  # fmt: skip


def months(home: Path, rows: pl.DataFrame) -> pl.DataFrame:
    """One account, intervention and line in one month; the rules are asked once for each account and object."""
    names = ("association", "intervention_id", "orientation")
    register = scan(home, "config/*/interventions.csv").select(*names, object="ledger_objects").collect()
    keys = ["association", "account", "object"]
    sums = rows.group_by(*keys, month=pl.col("date").dt.truncate("1mo")).agg(pl.col("amount").sum(), rows=pl.len().cast(pl.Int64))
    sums = sums.join(register, on=["association", "object"], how="left")
    asked = sums.select(*keys, "orientation").unique()
    rules = scan(home, "config/*/line_rules.csv").select(pl.exclude("path", "row", "day")).collect()
    pairs = asked.join(rules, on="association", suffix="_wanted").filter(
        pl.col("account").str.slice(0, 1).is_between(pl.lit("3"), pl.lit("8")) & ~pl.col("account").str.starts_with("8999"),
        pl.col("account").str.slice(0, pl.col("account_from").str.len_chars()) >= pl.col("account_from"),
        pl.col("account").str.slice(0, pl.col("account_to").str.len_chars()) <= pl.col("account_to"),
        pl.col("orientation_wanted").is_null() | (pl.col("orientation") == pl.col("orientation_wanted")),
        pl.col("objects").is_null() | pl.col("objects").str.split("|").list.contains(pl.col("object")),
    )
    first = pairs.sort(pl.col("priority").cast(pl.Int64)).unique(keys, keep="first", maintain_order=True).select(*keys, "line_id")
    sums = sums.join(first, on=keys, how="left", nulls_equal=True)
    keys = ["association", "month", "account", "intervention_id", "line_id"]
    return sums.group_by(keys).agg(pl.col("amount").sum().cast(MONEY).alias("amount_kr"), pl.col("rows").sum()).sort(keys)


def periods(sums: pl.DataFrame, kept: pl.DataFrame, lists: pl.DataFrame) -> pl.DataFrame:
    """Half-years and years, from the first accepted row to the day of delivery."""
    days = pl.concat([sums.select("association", day="month"), kept.select("association", day="start_date")])
    bounds = days.group_by("association").agg(first=pl.col("day").min().dt.year())
    bounds = bounds.join(lists.group_by("association").agg(last=pl.col("delivered_on").max().dt.year()), on="association")
    years = bounds.with_columns(year=pl.int_ranges("first", pl.col("last") + 1)).explode("year")
    parts = pl.DataFrame({"suffix": ["H1", "H2", ""], "begin": [1, 7, 1], "end": [6, 12, 12]})
    return years.join(parts, how="cross").select(
        "association",
        "year",
        period=pl.col("year").cast(pl.String) + pl.col("suffix"),
        starts_on=pl.date("year", "begin", 1),
        ends_on=pl.date("year", "end", 1).dt.month_end(),
    )


def _active(home: Path, spans: pl.DataFrame) -> pl.DataFrame:
    register = scan(home, "config/*/interventions.csv").filter(pl.col("orientation") == "individual")
    days = {"since": pl.col("starts_on").str.to_date(), "until": pl.col("ends_on").str.to_date()}
    pairs = spans.join(register.select("association", "intervention_id", "count_basis", **days).collect(), on="association")
    begun, there = pl.col("since") <= pl.col("ends_on"), pl.col("until") >= pl.col("starts_on")
    return pairs.filter(begun.fill_null(value=True), there.fill_null(value=True))


def _counted(active: pl.DataFrame, kept: pl.DataFrame) -> pl.DataFrame:
    """Measures of every span, gender and exit reason; joined and summed as a stream, for all pairs are many."""
    pairs = active.lazy().join(kept.lazy().drop("participant"), on=["association", "intervention_id"])
    pairs = pairs.filter(
        pl.col("start_date") <= pl.col("ends_on"), (pl.col("end_date") >= pl.col("starts_on")).fill_null(value=True)
    )
    started, by_start = pl.col("start_date") >= pl.col("starts_on"), pl.col("count_basis") == "started"
    carried = (pl.col("count_basis") == "interval") & ~started
    ended = ~by_start & (pl.col("end_date") <= pl.col("ends_on")).fill_null(value=False)
    there = (carried | started).cast(pl.Int64)
    left = pl.when(by_start).then(0).otherwise(there - ended.cast(pl.Int64))
    measures = {name: m.cast(pl.Int64).sum() for name, m in zip(_MEASURES, (carried, started, there, ended, left), strict=True)}
    return pairs.group_by(*_SPAN, "gender", "exit_reason").agg(**measures).collect(engine="streaming")


def _grid(active: pl.DataFrame) -> pl.DataFrame:
    genders = pl.DataFrame({"gender": ["woman", "man", "other", "anonymous"]})
    return active.select(_SPAN).join(genders, how="cross")


def _participant_flow(active: pl.DataFrame, counts: pl.DataFrame) -> pl.DataFrame:
    sums = counts.group_by(*_SPAN, "gender").agg(pl.col(_MEASURES).sum())
    return _grid(active).join(sums, on=[*_SPAN, "gender"], how="left").with_columns(pl.col(_MEASURES).fill_null(0))


def _exit_reasons(home: Path, active: pl.DataFrame, counts: pl.DataFrame) -> pl.DataFrame:
    codes = scan(home, "config/*/codes/exit_reason.csv", 3).select("association", exit_reason="code").collect()
    codes = pl.concat([codes, codes.select("association", exit_reason=pl.lit("uppgift_saknas")).unique()])
    keys = [*_SPAN, "gender", "exit_reason"]
    joined = _grid(active).join(codes, on="association").join(counts.select(*keys, "ended"), on=keys, how="left")
    return joined.select(*keys, pl.col("ended").fill_null(0))


def _income_statement(home: Path, spans: pl.DataFrame, sums: pl.DataFrame) -> pl.DataFrame:
    said = ("association", "line_id", "label", "kind", "block", "sum_of")
    lines = scan(home, "config/*/report_lines.csv").select(*said, line_order=pl.col("order").cast(pl.Int64)).collect()
    booked = sums.select("association", year=pl.col("month").dt.year().cast(pl.Int64)).unique()
    rows = (
        spans.with_columns(pl.col("year").cast(pl.Int64)).join(booked, on=["association", "year"]).join(lines, on="association")
    )
    own = rows.join(sums, on=["association", "line_id"]).filter(pl.col("month").is_between("starts_on", "ends_on"))
    ore = (pl.col("amount_kr") * 100).cast(pl.Int64) * pl.when(pl.col("block") == "income").then(-1).otherwise(1)
    sums = own.group_by("association", "period", "line_id").agg(ore.sum().alias("ore"))
    outcome = {row[:3]: row[3] for row in sums.iter_rows()}
    parts = {
        (a, line): terms.split("|") for a, line, terms in lines.select("association", "line_id", "sum_of").iter_rows() if terms
    }

    def total(association: str, period: str, line: str) -> int:
        terms = parts.get((association, line))
        if terms is None:
            return int(outcome.get((association, period, line), 0))
        return sum(-total(association, period, t[1:]) if t[0] == "-" else total(association, period, t) for t in terms)

    asked = rows.select("association", "period", "line_id", "kind").iter_rows()
    found = [None if kind == "section" else total(a, p, line) for a, p, line, kind in asked]
    kr = pl.Series("ore", found, pl.Int64)
    tkr = kr.sign() * ((kr.abs() + 50_000) // 100_000)
    exact = kr.cast(pl.Decimal(20, 2)) / pl.lit(100).cast(pl.Decimal(20, 2))
    kept = rows.select("association", "period", "line_order", "line_id", "label", "kind", "block")
    return kept.with_columns(outcome_kr=exact.cast(MONEY), outcome_tkr=tkr)
