"""pandas, Great Expectations and Dagster, each as its own manual does it: assets, checks on assets, a suite a source.

Run: `python -m benchmarks.peers.pandas_gx HOME OUT`

Assets hand frames on through Dagster's default (pickled files); its event log is SQLite in a temporary folder.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

os.environ |= {"GX_ANALYTICS_ENABLED": "false", "DAGSTER_DISABLE_TELEMETRY": "yes"}

import dagster as dg
import great_expectations as gx
import great_expectations.expectations as gxe
import pandas as pd

from benchmarks.peers import pandas_frames as frames
from benchmarks.peers.task import RULES, WARNINGS, main

LEDGER = {
    "L001": ("amount", gxe.ExpectColumnValuesToBeInSet(column="in_whole_voucher", value_set=[True])),
    "L002": ("amount", gxe.ExpectColumnValuesToNotBeNull(column="ore")),
    "L003": ("date", gxe.ExpectColumnValuesToNotBeNull(column="date")),
    "L004": ("account", gxe.ExpectColumnValuesToNotBeNull(column="account")),
}
LISTS = {
    "P001": ("participant", gxe.ExpectColumnValuesToNotBeNull(column="participant")),
    "P002": ("intervention_id", gxe.ExpectColumnValuesToNotBeNull(column="intervention_id")),
    "P003": ("gender", gxe.ExpectColumnValuesToNotBeNull(column="gender")),
    "P004": ("start_date", gxe.ExpectColumnValuesToNotBeNull(column="start_date")),
    "P005": ("end_date", gxe.ExpectColumnValuesToBeInSet(column="end_sound", value_set=[True])),
    "P006": ("end_date", gxe.ExpectColumnValuesToBeInSet(column="reason_has_end", value_set=[True])),
    "P007": ("exit_reason", gxe.ExpectColumnValuesToBeInSet(column="end_has_reason", value_set=[True])),
    "P008": ("exit_reason", gxe.ExpectColumnValuesToBeInSet(column="reason_known", value_set=[True])),
    "P009": ("participant", gxe.ExpectColumnValuesToBeInSet(column="stands_once", value_set=[True])),
    "P010": ("start_date", gxe.ExpectColumnValuesToBeInSet(column="start_sound", value_set=[True])),
}
Suite = dict[str, tuple[str, gxe.Expectation]]
FORMAT = {"result_format": "COMPLETE", "unexpected_index_column_names": ["place"], "exclude_unexpected_values": True}


class Folders(dg.ConfigurableResource):  # type: ignore[type-arg]
    """Where files come from and where they go."""

    home: str
    out: str

    def write(self, name: str, frame: pd.DataFrame) -> None:
        """One product."""
        frame.to_parquet(Path(self.out) / f"{name}.parquet", index=False)


def judged(rows: pd.DataFrame, suite: Suite) -> pd.DataFrame:
    """place, rule, column of every row that fails an expectation of the suite."""
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    asset = context.data_sources.add_pandas("pandas").add_dataframe_asset("rows")
    batch = asset.add_batch_definition_whole_dataframe("all").get_batch({"dataframe": rows})
    made = gx.ExpectationSuite("rules", expectations=[e for _, e in suite.values()])
    results = batch.validate(made, result_format=FORMAT)
    numbers = {e.column: (rule, column) for rule, (column, e) in suite.items()}
    found = []
    for result in results.results:
        rule, column = numbers[result.expectation_config.kwargs["column"]]
        places = [place for index in result.result.get("unexpected_index_list") or () for place in index["place"]]
        found.append(pd.DataFrame({"place": places, "rule": rule, "column": column}))
    return pd.concat(found, ignore_index=True)


def said(name: str, rows: pd.DataFrame, suite: Suite) -> Iterator[dg.Output[pd.DataFrame] | dg.AssetCheckResult]:
    """The findings as an asset, and one check a rule."""
    found = judged(rows, suite)
    yield dg.Output(found)
    for rule in suite:
        failed = int((found["rule"] == rule).sum())
        severity = dg.AssetCheckSeverity.WARN if rule in WARNINGS else dg.AssetCheckSeverity.ERROR
        yield dg.AssetCheckResult(
            passed=failed == 0, check_name=rule, asset_key=name, severity=severity, metadata={"rows": failed}
        )


def specs(name: str, suite: Suite) -> list[dg.AssetCheckSpec]:
    return [dg.AssetCheckSpec(rule, asset=name) for rule in suite]


def held(found: pd.DataFrame) -> pd.Series:
    return found.loc[~found["rule"].isin(WARNINGS), "place"]


@dg.asset
def typed_ledger(folders: Folders) -> pd.DataFrame:
    return frames.typed_ledger(Path(folders.home))


@dg.asset
def typed_participations(folders: Folders) -> pd.DataFrame:
    return frames.typed_participations(Path(folders.home))


@dg.asset(check_specs=specs("ledger_findings", LEDGER))
def ledger_findings(typed_ledger: pd.DataFrame):  # noqa: ANN201 - Dagster reads the annotation of a generator otherwise
    yield from said("ledger_findings", typed_ledger, LEDGER)


@dg.asset(check_specs=specs("participation_findings", LISTS))
def participation_findings(typed_participations: pd.DataFrame):  # noqa: ANN201 - as above
    yield from said("participation_findings", typed_participations, LISTS)


@dg.asset
def quarantine(
    folders: Folders,
    typed_ledger: pd.DataFrame,
    ledger_findings: pd.DataFrame,
    typed_participations: pd.DataFrame,
    participation_findings: pd.DataFrame,
) -> None:
    columns = ["place", "association", "source", "path", "row"]
    parts = [
        found[~found["rule"].isin(WARNINGS)].merge(typed.loc[typed["place"].isin(found["place"]), columns], on="place")
        for found, typed in ((ledger_findings, typed_ledger), (participation_findings, typed_participations))
    ]
    whole = pd.concat(parts).sort_values(["path", "row", "rule"])
    folders.write("quarantine", whole[["association", "source", "path", "row", "rule", "column"]])


@dg.asset
def months(folders: Folders, typed_ledger: pd.DataFrame, ledger_findings: pd.DataFrame) -> pd.DataFrame:
    accepted = typed_ledger[~typed_ledger["place"].isin(held(ledger_findings))]
    return frames.months(Path(folders.home), accepted)


@dg.asset
def ledger_month(folders: Folders, months: pd.DataFrame) -> None:
    written = months.assign(amount_kr=frames.kr(months["ore"]), month=months["month"].dt.strftime("%Y-%m"))
    folders.write("ledger_month", written[[*frames.MONTHS, "amount_kr", "rows"]])


@dg.asset
def participations(folders: Folders, typed_participations: pd.DataFrame, participation_findings: pd.DataFrame) -> pd.DataFrame:
    accepted = frames.accepted_participations(
        typed_participations[~typed_participations["place"].isin(held(participation_findings))]
    )
    folders.write("participations", accepted)
    return accepted


@dg.asset
def periods(months: pd.DataFrame, participations: pd.DataFrame, typed_participations: pd.DataFrame) -> pd.DataFrame:
    return frames.periods(months, participations, typed_participations)


@dg.asset
def active(folders: Folders, periods: pd.DataFrame) -> pd.DataFrame:
    return frames.active(Path(folders.home), periods)


@dg.asset
def counted(active: pd.DataFrame, participations: pd.DataFrame) -> pd.DataFrame:
    return frames.counted(active, participations)


@dg.asset
def participant_flow(folders: Folders, active: pd.DataFrame, counted: pd.DataFrame) -> None:
    folders.write("participant_flow", frames.participant_flow(active, counted))


@dg.asset
def exit_reasons(folders: Folders, active: pd.DataFrame, counted: pd.DataFrame) -> None:
    folders.write("exit_reasons", frames.exit_reasons(Path(folders.home), active, counted))


@dg.asset
def income_statement(folders: Folders, periods: pd.DataFrame, months: pd.DataFrame) -> None:
    folders.write("income_statement", frames.income_statement(Path(folders.home), periods, months))


ASSETS = [
    typed_ledger, typed_participations, ledger_findings, participation_findings, quarantine, months, ledger_month, participations,
    periods, active, counted, participant_flow, exit_reasons, income_statement,
]  # fmt: skip


def make(home: Path, out: Path) -> dict[str, object]:
    """Materialize every asset in this process; the verdict is asked of the findings."""
    with tempfile.TemporaryDirectory(dir=out.parent) as scratch, dg.DagsterInstance.local_temp(scratch) as instance:
        done = dg.materialize(ASSETS, instance=instance, resources={"folders": Folders(home=str(home), out=str(out))})
        made = (
            ("huvudbok", typed_ledger, ledger_findings),
            ("deltagaruppfoljning", typed_participations, participation_findings),
        )
        failed, sources = dict.fromkeys(RULES, 0), {}
        for source, typed, found in made:
            rows, findings = len(done.asset_value(typed.key)), done.asset_value(found.key)
            failed |= findings["rule"].value_counts().to_dict()
            bad = held(findings).nunique()
            sources[source] = {"rows": rows, "accepted": rows - bad, "quarantined": bad}
    return {"sources": sources, "rules": failed}


if __name__ == "__main__":
    main(make)
