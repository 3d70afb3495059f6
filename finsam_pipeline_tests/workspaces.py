"""A made-up association in a workspace of its own, small enough to run in a second or two, and the command line in this process.

Three insatser (`verkstan` by interval, `slussen` by event, `natverk` structural), eight report lines, a ledger, a budget, six people.
A test puts files in landing, runs, and looks at what a user would see.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import io
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

from finsam_pipeline.cli import main, running
from finsam_pipeline.cli.say import Voice
from finsam_pipeline.pipeline import open_run
from finsam_pipeline.pipeline.newness import last_summary
from finsam_pipeline.pipeline.summary import RunSummary
from finsam_pipeline.review.decisions import DecisionInput, record
from finsam_pipeline.store.database import Database
from finsam_pipeline.store.reader import Snapshot, open_snapshot
from finsam_pipeline.store.workspace import Workspace
from finsam_pipeline_tests.prepared import copied

DAY = "2025-07-10"
LATER = "2025-09-10"

_ASSOCIATION = """\
id: {name}
name: Samordningsförbundet {name}
period_kind: half_year
chart_of_accounts: bas
members:
  - {{id: staten, name: Staten, share: 0.50}}
  - {{id: regionen, name: Regionen, share: 0.25}}
  - {{id: kommunen, name: Kommunen, share: 0.25}}
"""
_ONE_FORMAT = "report: {formats: [html]}\n"
_CONFIG = {
    "interventions.csv": """\
intervention_id;name;short_name;aliases;orientation;esf;settled;count_basis;starts_on;ends_on;ledger_objects;order
verkstan;Verkstan;Verkstan;Gamla verkstan;individual;no;no;interval;;;6:11;10
slussen;Slussen;Slussen;;individual;no;no;event;;;6:12;20
natverk;Nätverket;Nätverket;;structural;no;no;interval;;;6:21;30
""",
    "targets.csv": "year;intervention_id;measure;target\n2025;verkstan;participants;10\n",
    "report_lines.csv": """\
valid_from;order;line_id;label;kind;block;sum_of
2020-01-01;10;staten;Staten;line;income;
2020-01-01;20;regionen;Regionen;line;income;
2020-01-01;30;kommunen;Kommunen;line;income;
2020-01-01;40;intakter;Summa intäkter;total;income;staten|regionen|kommunen
2020-01-01;50;insatser;Insatser;line;activities;
2020-01-01;60;kansli;Kansli;line;office;
2020-01-01;70;kostnader;Summa kostnader;total;cost;insatser|kansli
2020-01-01;80;resultat;Årets resultat;result;result;intakter|-kostnader
2020-01-01;90;eget_kapital;Ingående eget kapital;memo;equity;
""",
    "line_rules.csv": """\
priority;line_id;account_from;account_to;objects;orientation;settled;valid_from;valid_to
10;staten;3911;3911;;;;;
20;regionen;3912;3912;;;;;
30;kommunen;3913;3913;;;;;
40;insatser;4;7;;individual;;;
50;insatser;4;7;;structural;;;
60;kansli;5;7;;;;;
70;eget_kapital;20;20;;;;;
""",
    "codes/exit_reason.csv": "code;label;aliases;group;order\narbete;Arbete;Jobb;work_or_study;10\nannat;Annat;;other;20\n",
    "codes/education.csv": "code;label;aliases;group;order\ngymnasium;Gymnasium;;;10\n",
    "codes/referrer.csv": "code;label;aliases;group;order\nvarden;Vården;;;10\n",
    "codes/income.csv": "code;label;aliases;group;order\nlon;Lön;;;10\n",
    "codes/occupation.csv": "code;label;aliases;group;order\narbetar;Arbetar;;;10\n",
}

PEOPLE_HEADER = "Löpnummer;Insats;Kön;Startdatum;Slutdatum;Avslutsorsak"
PEOPLE = (
    "1;Verkstan;kvinna;2024-11-04;2025-03-14;Arbete",
    "2;Verkstan;man;2025-01-20;;",
    "3;Verkstan;kvinna;2025-02-03;2025-06-02;Annat",
    "4;Slussen;man;2025-03-05;2025-05-20;Arbete",
    "5;Slussen;kvinna;2025-04-01;;",
    "6;Slussen;annan;2024-10-01;2024-12-20;Annat",
)
LEDGER_HEADER = "Ver;Datum;Konto;Projekt;Debet;Kredit"
CONTRIBUTIONS = (
    "A1;2025-01-15;1930;;400000,00;",
    "A1;2025-01-15;3911;;;200000,00",
    "A1;2025-01-15;3912;;;100000,00",
    "A1;2025-01-15;3913;;;100000,00",
)
COSTS = (
    "A2;2025-03-31;5010;11;50000,50;",
    "A2;2025-03-31;1930;;;50000,50",
    "A3;2025-06-30;6110;;10000,00;",
    "A3;2025-06-30;1930;;;10000,00",
)
LEDGER = (*CONTRIBUTIONS, *COSTS)
BUDGET_HEADER = "Version;Beslutad;Period;Rad;Projekt;Belopp"
BUDGET = ("B25;2024-12-01;2025;staten;;400000", "B25;2024-12-01;2025;insatser;11;120000", "B25;2024-12-01;2025;kansli;;24000")


def csv_text(header: str, *rows: str) -> bytes:
    """A semicolon-separated file as an office saves it."""
    return "\r\n".join((header, *rows, "")).encode("utf-8-sig")


def people(*rows: str) -> bytes:
    """A participant list."""
    return csv_text(PEOPLE_HEADER, *rows)


def ledger(*rows: str) -> bytes:
    """A ledger with voucher rows."""
    return csv_text(LEDGER_HEADER, *rows)


def budget(*rows: str) -> bytes:
    """A budget by lines of the report."""
    return csv_text(BUDGET_HEADER, *rows)


@dataclass(frozen=True)
class Answer:
    """What one command said."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        """The one object on standard output; fails on anything else there."""
        return json.loads(self.out)


@dataclass(frozen=True)
class Office:
    """One association in one workspace."""

    home: Path
    association: str = "dalen"

    @classmethod
    def start(cls, home: Path, association: str = "dalen") -> Office:
        """A configured association with nothing in landing."""
        office = cls(home, association)
        office.configure("association.yaml", _ASSOCIATION.format(name=association) + _ONE_FORMAT)
        for name, text in _CONFIG.items():
            office.configure(name, text)
        (home / "landing" / association).mkdir(parents=True)
        return office

    def configure(self, name: str, text: str) -> Path:
        """Write one configuration file."""
        path = self.home / "config" / self.association / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def amend(self, name: str, old: str, new: str) -> None:
        """Change a configuration file as a person would."""
        path = self.home / "config" / self.association / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    def in_every_format(self) -> Office:
        """With drafts in all formats, as an association has them that says nothing; most tests look at one and do with it."""
        self.amend("association.yaml", _ONE_FORMAT, "")
        return self

    def put(self, source: str, name: str, content: bytes, day: str | None = DAY) -> Path:
        """Hand over one file."""
        folder = self.home / "landing" / self.association / source / (day or "")
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
        return folder / name

    def hand_over(self) -> Office:
        """The good files most tests begin with."""
        self.put("deltagaruppfoljning", "deltagare.csv", people(*PEOPLE))
        self.put("huvudbok", "huvudbok.csv", ledger(*LEDGER))
        self.put("budget", "budget.csv", budget(*BUDGET))
        return self

    def finsam(self, *words: object) -> Answer:
        """One command in this process; `run` takes the steps one by one, without Dagster between."""
        with mock.patch.object(running, "_run_one", _without_dagster):
            return self.finsam_with_dagster(*words)

    def finsam_with_dagster(self, *words: object) -> Answer:
        """One command in this process, as the console script takes it."""
        out, err, status = io.StringIO(), io.StringIO(), 0
        with (
            mock.patch.object(sys, "argv", ["finsam", *map(str, words), "--home", str(self.home)]),
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(err),
        ):
            try:
                main()
            except SystemExit as ended:
                status = int(ended.code or 0)
        return Answer(status, out.getvalue(), err.getvalue())

    def run(self, *words: object) -> Answer:
        """`finsam run --json`."""
        return self.finsam("run", "--json", *words)

    def snapshot(self) -> Snapshot:
        """What is published."""
        return open_snapshot(self.home)

    def mart(self, name: str, **where: object) -> list[dict[str, Any]]:
        """This association's rows of a mart that hold the given values."""
        rows = self.snapshot().table(name).to_pylist()
        return [r for r in rows if r["association"] == self.association and all(r[k] == v for k, v in where.items())]

    def participants(self, period: str, intervention: str) -> int:
        """All genders together."""
        return sum(
            r["participants"] for r in self.mart("participants/participant_flow", period=period, intervention_id=intervention)
        )

    def outcome(self, period: str, line: str) -> object:
        """Kronor on one line of the income statement; None when the mart has no such row."""
        found = self.mart("economy/income_statement", period=period, line_id=line)
        return found[0]["outcome_kr"] if found else None

    def items(self, *words: str) -> list[dict[str, Any]]:
        """`finsam review list --json`."""
        found: list[dict[str, Any]] = self.finsam("review", "list", "--json", *words).json["items"]
        return found

    def decide(self, item: dict[str, Any], decision: str, *words: object) -> Answer:
        """A steward's decision."""
        return self.finsam("review", "decide", item["id"], "--decision", decision, "--by", "Ada", "--reason", "prövat", *words)

    def decide_on(self, day: str, item: dict[str, Any], decision: str, expires_on: dt.date | None = None) -> None:
        """A steward's decision made on a given day."""
        moment = dt.datetime.fromisoformat(f"{day}T12:00:00+00:00")
        workspace = Workspace(self.home)
        with Database.of(workspace).writing() as connection:
            record(
                connection, workspace, DecisionInput(item["id"], decision, "Ada", reason="prövat", expires_on=expires_on), moment
            )

    def copy_to(self, home: Path) -> Office:
        """The whole workspace in another place, as it stands."""
        return Office(copied(self.home, home), self.association)

    def listing(self) -> dict[str, tuple[int, int, str]]:
        """Every file and folder of the workspace: size, time of change, content."""
        return {path.relative_to(self.home).as_posix(): _state(path) for path in sorted(self.home.rglob("*"))}


def statuses(answer: Answer, source: str | None = None) -> dict[str, str]:
    """File name → status of the deliveries a run names."""
    return {d["path"].rpartition("/")[2]: d["status"] for d in answer.json["deliveries"] if source in (None, d["source"])}


def _without_dagster(home: Path, association: str, as_of: dt.date | None, _voice: Voice) -> RunSummary:
    with open_run(home, association, as_of) as run:
        run.take_all()
        run.build()
        run.publish()
    summary = last_summary(home, association)
    assert summary is not None
    return summary


def _state(path: Path) -> tuple[int, int, str]:
    stat = path.lstat()
    content = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
    return stat.st_size, stat.st_mtime_ns, content
