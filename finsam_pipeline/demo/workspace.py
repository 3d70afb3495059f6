"""The example workspace: which file lies where.

Belongs here: paths and the writing. The figures and the files' contents stand in the modules beside this one.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from importlib.resources import files as package_files
from pathlib import Path

from finsam_pipeline.demo import economy, figures, files, followup, sie, sus, texts
from finsam_pipeline.demo.figures import Report
from finsam_pipeline.demo.files import Cell, Sheet
from finsam_pipeline.demo.participants import Participation, participations
from finsam_pipeline.register.errors import ConfigurationError

CONFIGURATION = (
    "association.yaml", "interventions.csv", "targets.csv", "report_lines.csv", "line_rules.csv",
    "codes/exit_reason.csv", "codes/education.csv", "codes/referrer.csv", "codes/income.csv", "codes/occupation.csv",
)  # fmt: skip


def write_demo(home: Path) -> None:
    """Writes `config/` and `landing/` of the example association into the workspace `home`.

    The same bytes every time. Raises ConfigurationError, before anything is written, when one of the files is there
    with other content: a real association's files are never overwritten.
    """
    contents = demo_files()
    for path, content in contents.items():
        target = home / path
        if target.exists() and target.read_bytes() != content:
            raise ConfigurationError(path, None, "finns redan med annat innehåll: välj en tom mapp med --home.")
    for path, content in contents.items():
        target = home / path
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)


def demo_files() -> dict[str, bytes]:
    """Path relative to the workspace -> content, of every file of the example."""
    association = figures.setting("association")
    source = package_files("finsam_pipeline.demo") / "config"
    out = {f"config/{association}/{name}": (source / name).read_bytes() for name in CONFIGURATION}
    for report in figures.reports():
        landed = _every_report(report) | _SYSTEMS[report.setting("systems")](report)
        out |= {f"landing/{association}/{path}": content for path, content in landed.items()}
    return out


def _every_report(report: Report) -> dict[str, bytes]:
    day = report.setting("delivered")
    return {
        **{f"budget/{path}": content for path, content in economy.budgets(report).items()},
        f"prognos/{day}/helårsprognos.csv": economy.forecast(report),
        f"aktiviteter/{day}/Öppna aktiviteter.xlsx": _activities(report),
        f"nyckeltal/{day}/nyckeltal.csv": _key_figures(report),
        **{f"texter/{day}/{name}": content for name, content in texts.answers(report).items()},
    }


def _kept_locally(report: Report) -> dict[str, bytes]:
    """Participants in the association's own workbooks, the ledger as a voucher list."""
    day = report.setting("delivered")
    return {
        **{f"deltagaruppfoljning/{day}/{name}": content for name, content in _participant_files(report).items()},
        f"uppfoljning_finsam/{day}/Uppföljning Finsam {report.name}.xlsx": followup.agency_counts(report),
        f"huvudbok/{day}/verifikationer.csv": economy.voucher_list(report, _drawing(report, "ledger")),
        f"huvudbok/{day}/ingående balanser.csv": economy.opening_balances(report),
        f"programtrohet/{day}/programtrohet.csv": _fidelity(report),
    }


def _from_sus_and_sie(report: Report) -> dict[str, bytes]:
    """Participants as saved from SUS before it was closed, the ledger as SIE 4."""
    day, archived = report.setting("delivered"), report.setting("participants_delivered")
    return {
        f"sus_deltagare/{archived}/Deltagarrapport.xlsx": sus.participant_export(report, _drawing(report, "participants")),
        f"sus_insatser/{archived}/insatsrapport.txt": sus.count_export(report),
        f"huvudbok/{day}/bokföring.se": sie.sie_file(report, _drawing(report, "ledger")),
    }


_SYSTEMS: dict[str, Callable[[Report], dict[str, bytes]]] = {"local": _kept_locally, "sus_sie": _from_sus_and_sie}


def _drawing(report: Report, what: str) -> random.Random:
    return random.Random(f"{figures.setting('seed')} {report.name} {what}")  # noqa: S311 - an example, not a secret


def _participant_files(report: Report) -> dict[str, bytes]:
    people = participations(report, _drawing(report, "participants"))
    held: dict[tuple[str, str], dict[str, list[Participation]]] = {}
    for row in report.plan("cohorts"):
        held.setdefault((row["file"], row["hand"]), {})[row["intervention"]] = people[row["intervention"]]
    return {name: followup.HANDS[hand](kept) for (name, hand), kept in held.items()}


def _activities(report: Report) -> bytes:
    rows: list[list[Cell]] = [["Aktivitet", "Typ", "Datum", "Antal deltagare", "Arrangör"]]
    rows += [
        [r["name"], r["type"], dt.date.fromisoformat(r["date"]), int(r["attendees"]), r["organiser"]]
        for r in report.plan("activities")
    ]
    return files.workbook([Sheet("Aktiviteter", rows)])


def _fidelity(report: Report) -> bytes:
    rows: list[list[Cell]] = [["Insats", "Datum", "Poäng", "Maxpoäng", "Gräns", "Andel i aktivitet (procent)"]]
    for r in report.published("fidelity"):
        named = figures.intervention(r["intervention"])["short_name"]
        rows.append([named, r["date"], r["points"], r["max_points"], r["threshold"], r["active_share"]])
    return files.text(rows)


def _key_figures(report: Report) -> bytes:
    rows: list[list[Cell]] = [["Period", "Insats", "Nyckeltal", "Värde", "Enhet", "Källa"]]
    for r in report.published("key_figures"):
        named = figures.intervention(r["intervention"])["name"]
        rows.append([report.name, named, r["key"], r["value"], r["unit"], "Halvårsrapporten"])
    return files.text(rows)
