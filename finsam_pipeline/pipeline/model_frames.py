"""The tables made of models that rules judge: voucher rows, contributions, comparisons, flows and budgets.

Belongs here: which rows of which model a rule sees, where a finding on one stands and what it is about, in the office's words.
Does not: how a rule decides. What it is about never holds a figure: it is kept for ever in the event log.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from finsam_pipeline import models
from finsam_pipeline.contracts.sources import BUDGET, HUVUDBOK, PARTICIPANT_SOURCES, UPPFOLJNING_FINSAM
from finsam_pipeline.pipeline.assembling import accepted_rows
from finsam_pipeline.privacy import mask
from finsam_pipeline.register.model import Register

Frames = dict[tuple[str, str], pd.DataFrame]  # source, batch -> table with row_id, content, place and `about`

_MONEY = pd.ArrowDtype(pa.decimal128(18, 2))
_GENDERS = {"woman": "kvinnor", "man": "män", "other": "annan köns-ID", "anonymous": "anonyma", "total": "totalt"}
_COUNT_COLUMN = {"woman": "women", "man": "men", "other": "other", "total": "total"}
_PLACE = ["path", "sha256", "sheet", "row"]


def frames_of(built: models.Built, accepted: Mapping[str, Path], register: Register) -> Frames:
    """Every table a rule judges on built models, by the source its findings belong to."""
    names = {i.id: i.name for i in register.interventions}
    flows = _flows(built, register, names)
    return {
        (HUVUDBOK.name, "lines"): _lines(built, accepted),
        (HUVUDBOK.name, "financing"): _financing(built, register),
        (UPPFOLJNING_FINSAM.name, "reconciliation"): _reconciliation(built, accepted, names),
        **{(source, "flows"): _numbered(flows[flows["source"].eq(source)]) for source in PARTICIPANT_SOURCES},
        (BUDGET.name, "placements"): _placements(built, register, names),
        (BUDGET.name, "versions"): _versions(built),
    }


def _lines(built: models.Built, accepted: Mapping[str, Path]) -> pd.DataFrame:
    """Voucher rows of the result accounts with the line they land on, and the content a decision belongs to.

    Only a row without a line can become a finding: the others need no place and no content, and a large ledger has a million of them.
    """
    told = [*_PLACE, "account", "objects"]
    needed = ", ".join(f'case when line_id is null then "{name}" end as "{name}"' for name in told)
    query = f"select {needed}, line_id from int_ledger_lines"
    lines: pd.DataFrame = built.query(query).to_pandas()
    if lines.empty:
        return lines
    unmapped = lines[lines["line_id"].isna()]
    key = ["sha256", "sheet", "row"]
    content = _contents(accepted, unmapped[key]).set_axis(unmapped.index)
    about = [_account_and_objects(a, o) for a, o in zip(unmapped["account"], unmapped["objects"], strict=True)]
    return lines.assign(
        row_id=range(len(lines)),
        content=content.reindex(lines.index, fill_value=""),
        about=pd.Series(about, index=unmapped.index, dtype="str").reindex(lines.index, fill_value=""),
    )


def _contents(accepted: Mapping[str, Path], places: pd.DataFrame) -> pd.Series:
    """The content of the ledger rows at these places, in their order."""
    if places.empty:
        return pd.Series([], dtype="str")
    there = pc.field("row").isin(places["row"].unique().tolist())
    ledger = accepted_rows(accepted, HUVUDBOK.name, [*places.columns, "content"], there)
    found: pd.Series = places.merge(ledger.to_pandas(), on=list(places.columns), how="left")["content"]
    return found


def _account_and_objects(account: str, objects: str) -> str:
    """`konto 5010, objekt 6:77`; an object can be an employee's number."""
    named = " ".join(objects.strip("|").split("|"))
    return mask(f"konto {account}, objekt {named}" if named else f"konto {account}, utan objekt")


def _financing(built: models.Built, register: Register) -> pd.DataFrame:
    """Each member's contribution beside what the agreed shares say of the total, in periods the ledger reaches to the end."""
    shares = {m.id: m.share for m in register.members}
    names = {m.id: m.name for m in register.members}
    reached = _reached(built)
    rows = [
        r for r in built.table("financing").select(["period", "member_id", "outcome_kr"]).to_pylist() if r["period"] in reached
    ]
    totals: dict[str, Decimal] = {}
    for row in rows:
        totals[row["period"]] = totals.get(row["period"], Decimal(0)) + (row["outcome_kr"] or Decimal(0))
    frame = pd.DataFrame(
        {
            "period": [r["period"] for r in rows],
            "member_id": [r["member_id"] for r in rows],
            "outcome_kr": _money([r["outcome_kr"] for r in rows]),
            "expected_kr": _money([_share(totals[r["period"]], shares.get(r["member_id"])) for r in rows]),
        }
    )
    about = [f"{names.get(r['member_id'], r['member_id'])} {r['period']}" for r in rows]
    return _numbered(_placeless(frame, "financing", ["period", "member_id"], about))


def _reconciliation(built: models.Built, accepted: Mapping[str, Path], names: Mapping[str, str]) -> pd.DataFrame:
    """The two counts of each intervention, period and gender, placed at the reported row."""
    frame: pd.DataFrame = built.table("reconciliation").to_pandas(types_mapper={pa.int64(): pd.Int64Dtype()}.get)
    key = ["period", "intervention_id", "gender"]
    frame = _placeless(frame, "reconciliation", key, _said(frame, names)).drop(columns=_PLACE)
    reported = ["intervention_id", "period_from", "period_to", *_PLACE]
    places = accepted_rows(accepted, UPPFOLJNING_FINSAM.name, reported).to_pandas()
    days = built.table("reference_periods").select(["period", "starts_on", "ends_on"]).to_pandas()
    placed = days.merge(places, left_on=["starts_on", "ends_on"], right_on=["period_from", "period_to"])
    placed = placed.drop_duplicates(["period", "intervention_id"])[["period", "intervention_id", *_PLACE]]
    frame = frame.merge(placed, on=["period", "intervention_id"], how="left").fillna({"path": "", "sha256": ""})
    return _numbered(frame.assign(named=frame["gender"].map(_COUNT_COLUMN)))


def _flows(built: models.Built, register: Register, names: Mapping[str, str]) -> pd.DataFrame:
    """The flow of each intervention, period and gender by the source it is counted from, beside what the period before left.

    `carried_out_before` is null where no period before is in the mart: then there is nothing to follow upon.
    """
    key = ["period", "intervention_id", "gender"]
    flow: pd.DataFrame = built.table("participant_flow").to_pandas(types_mapper={pa.int64(): pd.Int64Dtype()}.get)
    counted = built.table("int_counted_sources").select(["period", "intervention_id", "source"]).to_pandas()
    periods = built.table("reference_periods").select(["period", "previous"]).to_pandas()
    before = flow[[*key, "carried_out"]].rename(columns={"period": "previous", "carried_out": "carried_out_before"})
    frame = flow.merge(counted, on=["period", "intervention_id"]).merge(periods, on="period")
    frame = frame.merge(before, on=["previous", "intervention_id", "gender"], how="left")
    frame["count_basis"] = frame["intervention_id"].map({i.id: i.count_basis for i in register.interventions}).astype("str")
    return _placeless(frame, "flows", key, _said(frame, names))


def _placements(built: models.Built, register: Register, names: Mapping[str, str]) -> pd.DataFrame:
    """Outcome and budget of each intervention that is not settled, in periods with a budget that the ledger reaches to the end."""
    settled = {i.id for i in register.interventions if i.settled}
    frame: pd.DataFrame = built.table("intervention_budget").to_pandas(types_mapper=pd.ArrowDtype)
    judged = frame["budget_kr"].notna() & frame["period"].isin(_reached(built)) & ~frame["intervention_id"].isin(settled)
    frame = frame[judged]
    about = [f"{names.get(i, i)} {p}" for i, p in zip(frame["intervention_id"], frame["period"], strict=True)]
    return _numbered(_placeless(frame, "placements", ["period", "intervention_id"], about))


def _versions(built: models.Built) -> pd.DataFrame:
    """For each period whose two tables follow different versions: their budgets on the lines that interventions stand on."""
    tables = ("income_statement", "intervention_budget")
    chosen: dict[str, dict[str, str]] = {}
    for row in built.table("int_budget_versions").to_pylist():
        chosen.setdefault(row["period"], {})[row["table_name"]] = row["version"]
    periods = sorted(p for p, versions in chosen.items() if len(set(versions.values())) == len(tables))
    budgets = built.table("int_period_budgets").to_pandas()
    budgets = budgets[budgets["block"].ne("income") & ~budgets["settled"] & budgets["period"].isin(periods)]
    on_interventions = budgets[budgets["intervention_id"].notna()][["period", "line_id"]].drop_duplicates()
    compared = budgets.merge(on_interventions, on=["period", "line_id"])
    kr = {t: _kr_by_period(compared[compared["table_name"].eq(t)], periods) for t in tables}
    frame = pd.DataFrame(
        {
            "period": pd.Series(periods, dtype="str"),
            "lines": [int(on_interventions["period"].eq(p).sum()) for p in periods],
            **{f"{t}_kr": _money(kr[t]) for t in tables},
        }
    )
    about = [f"{' och '.join(mask(chosen[p][t]) for t in tables)}, {p}" for p in periods]
    return _numbered(_placeless(frame, "versions", ["period"], about))


def _kr_by_period(budgets: pd.DataFrame, periods: Sequence[str]) -> list[Decimal | None]:
    """Exact sums of öre; a table without any of the lines has no sum to compare."""
    ore = budgets.groupby("period")["budget_ore"].sum()
    return [Decimal(int(ore[p])) / 100 if p in ore.index else None for p in periods]


def _reached(built: models.Built) -> set[str]:
    """The periods the ledger reaches to the end; in others an outcome may still come."""
    periods = built.table("reference_periods").to_pylist()
    return {p["period"] for p in periods if p["ledger_through"] and p["ledger_through"] >= p["ends_on"]}


def _said(frame: pd.DataFrame, names: Mapping[str, str]) -> list[str]:
    """`Verkstan 2025H1, kvinnor`."""
    parts = zip(frame["intervention_id"], frame["period"], frame["gender"], strict=True)
    return [f"{names.get(i, i)} {period}, {_GENDERS[gender]}" for i, period, gender in parts]


def _placeless(frame: pd.DataFrame, batch: str, key: Iterable[str], about: Sequence[str]) -> pd.DataFrame:
    """With what a finding needs where the rows are sums that stand in no file."""
    cells = zip(*(frame[name].astype("str") for name in key), strict=True)
    content = pd.Series(["|".join((batch, *row)) for row in cells], index=frame.index, dtype="str")
    said = pd.Series(about, index=frame.index, dtype="str")
    return frame.assign(content=content, about=said, path="", sha256="", sheet=None, row=None)


def _numbered(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(row_id=range(len(frame)))


def _share(total: Decimal, share: Decimal | None) -> Decimal:
    return (total * (share or Decimal(0))).quantize(Decimal("0.01"), ROUND_HALF_UP)


def _money(values: Sequence[Decimal | None]) -> pd.Series:
    return pd.Series(pa.array(values, pa.decimal128(18, 2)), dtype=_MONEY)
