"""The example workspace: which file lies where.

Belongs here: paths and the writing. The figures and the files' contents stand in the modules beside this one.
"""

from __future__ import annotations

import datetime as dt
import random
from importlib.resources import files as package_files
from pathlib import Path

from finsam_pipeline.demo import economy, figures, files, followup
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
    association, period = figures.setting("association"), figures.setting("period")
    source = package_files("finsam_pipeline.demo") / "config"
    out = {f"config/{association}/{name}": (source / name).read_bytes() for name in CONFIGURATION}
    day, seed = figures.setting("delivered"), figures.setting("seed")
    first_budget = figures.setting("budget_delivered")
    landed = {
        **{f"deltagaruppfoljning/{day}/{name}": content for name, content in _participant_files(seed).items()},
        f"uppfoljning_finsam/{day}/Uppföljning Finsam {period}.xlsx": followup.agency_counts(),
        f"huvudbok/{day}/verifikationer.csv": economy.voucher_list(random.Random(f"{seed} ledger")),  # noqa: S311
        f"huvudbok/{day}/ingående balanser.csv": economy.opening_balances(),
        f"budget/{first_budget}/Budget beslutad.csv": economy.budget(),
        f"prognos/{day}/helårsprognos.csv": economy.forecast(),
        f"aktiviteter/{day}/Öppna aktiviteter.xlsx": _activities(),
        f"programtrohet/{day}/programtrohet.csv": _fidelity(),
        f"nyckeltal/{day}/nyckeltal.csv": _key_figures(),
    }
    return out | {f"landing/{association}/{path}": content for path, content in landed.items()}


def _participant_files(seed: str) -> dict[str, bytes]:
    people = participations(random.Random(f"{seed} participants"))  # noqa: S311 - an example, not a secret
    held: dict[tuple[str, str], dict[str, list[Participation]]] = {}
    for row in figures.table("plan/cohorts.csv"):
        held.setdefault((row["file"], row["hand"]), {})[row["intervention"]] = people[row["intervention"]]
    return {name: followup.HANDS[hand](kept) for (name, hand), kept in held.items()}


def _activities() -> bytes:
    rows: list[list[Cell]] = [["Aktivitet", "Typ", "Datum", "Antal deltagare", "Arrangör"]]
    rows += [
        [r["name"], r["type"], dt.date.fromisoformat(r["date"]), int(r["attendees"]), r["organiser"]]
        for r in figures.table("plan/activities.csv")
    ]
    return files.workbook([Sheet("Aktiviteter", rows)])


def _fidelity() -> bytes:
    rows: list[list[Cell]] = [["Insats", "Datum", "Poäng", "Maxpoäng", "Gräns", "Andel i aktivitet (procent)"]]
    for r in figures.table("published/fidelity.csv"):
        named = figures.intervention(r["intervention"])["short_name"]
        rows.append([named, r["date"], r["points"], r["max_points"], r["threshold"], r["active_share"]])
    return files.text(rows)


def _key_figures() -> bytes:
    rows: list[list[Cell]] = [["Period", "Insats", "Nyckeltal", "Värde", "Enhet", "Källa"]]
    for r in figures.table("published/key_figures.csv"):
        named = figures.intervention(r["intervention"])["name"]
        rows.append([figures.setting("period"), named, r["key"], r["value"], r["unit"], "Halvårsrapporten"])
    return files.text(rows)
