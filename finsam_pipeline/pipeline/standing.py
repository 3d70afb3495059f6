"""`finsam status`: what stands, what waits and what is late, on one screen."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from finsam_pipeline.contracts.sources import SOURCES
from finsam_pipeline.hints import command
from finsam_pipeline.pipeline import associations, clock, whats_new
from finsam_pipeline.pipeline.alerting import Undelivered, undelivered
from finsam_pipeline.pipeline.lateness import Late, late
from finsam_pipeline.pipeline.newness import last_summary
from finsam_pipeline.pipeline.receipts import unfinished
from finsam_pipeline.pipeline.retention import has_settings
from finsam_pipeline.pipeline.summary import ExitStatus, RunSummary, merge
from finsam_pipeline.register import ConfigurationErrors, load_register
from finsam_pipeline.register.model import Register
from finsam_pipeline.review import audit
from finsam_pipeline.review.items import list_items
from finsam_pipeline.store.database import Database
from finsam_pipeline.store.reader import NoSnapshotError, open_snapshot
from finsam_pipeline.store.runs import Ran, last_run
from finsam_pipeline.store.shelf import Pin, pinned
from finsam_pipeline.store.workspace import Workspace


def not_read(home: Path, name: str) -> str:
    """A folder in landing that no association's configuration answers to."""
    return f"Inget förbund heter {name}: filerna i landing/{name} läses inte. Skapa det med: {command(home, 'init', name)}"


@dataclass(frozen=True, slots=True)
class Status:
    """The workspace at a glance."""

    home: Path
    manifest: dict[str, Any] | None
    summary: RunSummary
    open_items: dict[str, int]  # association -> open E and B items
    new: tuple[str, ...]  # associations with something a run would take in
    late: tuple[Late, ...]
    audit_entries: int
    audit_broken_at: int | None
    no_retention: tuple[str, ...]
    unknown: tuple[str, ...]
    undelivered: tuple[Undelivered, ...] = ()
    faults: tuple[tuple[str, str], ...] = ()  # association, what is wrong in its configuration
    runs: tuple[Ran, ...] = ()  # the last of each association
    pin: Pin | None = None
    erasures: tuple[str, ...] = ()  # receipts that wait for a run
    doubted: str = ""  # why nothing is removed although it is due

    @property
    def exit_status(self) -> ExitStatus:
        """The status of the standing snapshot, unless a configuration is wrong; a broken audit chain is a failure."""
        if self.audit_broken_at is not None:
            return ExitStatus.FAILED
        if self.faults:
            return ExitStatus.USAGE
        return ExitStatus(self.manifest["status"]) if self.manifest else ExitStatus.CLEAN

    def to_json(self) -> dict[str, Any]:
        """The object `finsam status --json` prints."""
        manifest = self.manifest or {}
        wrong = {"error": "configuration", "message": "\n".join(what for _, what in self.faults)} if self.faults else {}
        return wrong | {
            "snapshot_id": manifest.get("snapshot_id"),
            "created_at": manifest.get("created_at"),
            "as_of": manifest.get("as_of"),
            "exit_status": int(self.exit_status),
            "slices": manifest.get("slices", []),
            "deliveries": self.summary.to_json()["deliveries"],
            "open_items": self.open_items,
            "new": list(self.new),
            "late": [{"association": x.association, "source": x.source, "last": x.last, "due": x.due} for x in self.late],
            "undelivered_alerts": [asdict(x) for x in self.undelivered],
            "audit": {"entries": self.audit_entries, "broken_at": self.audit_broken_at},
            "runs": [
                {"association": r.association, "started": f"{r.started}Z", "ended": r.ended and f"{r.ended}Z"} for r in self.runs
            ],
            "pinned": asdict(self.pin) if self.pin else None,
            "unfinished_erasures": list(self.erasures),
            "without_retention": list(self.no_retention),
            "clock_doubted": self.doubted or None,
            "unknown_associations": list(self.unknown),
        }

    def sentences(self) -> list[str]:
        """What a person needs to know, the most important first."""
        if self.manifest is None:
            landing, run = Workspace(self.home).landing, command(self.home, "run")
            out = [f"Ingen ögonblicksbild är publicerad ännu. Lägg filer i {landing} och kör: {run}"]
        else:
            good = {0: "Allt är publicerat.", 3: "Allt är publicerat, men rader väntar i karantän.", 4: "Något hålls tillbaka."}
            m = self.manifest
            out = [
                good[m["status"]],
                f"Ögonblicksbild {m['snapshot_id']} från {m['created_at']}, uppgifter till och med {m['as_of']}.",
            ]
            out += [
                f"  {s['association']}/{s['family']} visar en äldre version: {', '.join(s['held_reason'])}."
                for s in self.manifest["slices"]
                if s["held_reason"]
            ]
        out += [
            f"Körningen för {r.association} som började {r.started:%Y-%m-%d %H:%M} UTC kom inte till slut: den pågår, eller bröts av"
            f" (felet ligger då i {Workspace(self.home).errors}). Inget behöver lagas, kör igen: {command(self.home, 'run')}"
            for r in self.runs
            if r.ended is None
        ]
        if self.pin:
            out.append(
                f"Ögonblicksbilden hålls kvar av {self.pin.by} sedan {self.pin.at}: {self.pin.reason}."
                f" Släpp den med: {command(self.home, 'rollback', '--release', '--by', 'NAMN')}"
            )
        out += [f"Raderingen {receipt} är inte klar. Kör: {command(self.home, 'run')}" for receipt in self.erasures]
        out += [f"Konfigurationen för {name} är fel och dess filer läses inte: {what}" for name, what in self.faults]
        out += [
            f"{n} poster väntar på beslut i {a}: {command(self.home, 'review list', '--association', a)}"
            for a, n in self.open_items.items()
            if n
        ]
        out += [f"Nytt att läsa in för {a}: {command(self.home, 'run', '--association', a)}" for a in self.new]
        out += [f"Försenat: {x.source} för {x.association}, väntades {x.due}, senast {x.last or 'aldrig'}." for x in self.late]
        out += [not_read(self.home, name) for name in self.unknown]
        out += [str(x) for x in self.undelivered]
        out += [self.doubted] if self.doubted else []
        if self.no_retention:
            out.append(
                f"Ingen gallring är bestämd för {', '.join(self.no_retention)} (retention: i association.yaml): inget tas bort."
            )
        if self.audit_broken_at is not None:
            out.append(
                f"Granskningsloggen är bruten vid post {self.audit_broken_at}. Återställ den ur en säkerhetskopia och utred."
            )
        return out

    def delivery_rows(self) -> list[list[str]]:
        """Per association and source: last day of delivery, files, rows, rows in quarantine."""
        out = []
        for name in sorted({d.association for d in self.summary.deliveries}):
            for source in SOURCES:
                own = [d for d in self.summary.deliveries if (d.association, d.source) == (name, source)]
                if own:
                    last = max(d.delivered_on for d in own)
                    counts = (len(own), sum(d.rows for d in own), sum(d.quarantined for d in own))
                    out.append([name, source, str(last), *map(str, counts)])
        return out


def standing_status(home: Path, today: dt.date | None = None) -> Status:
    """Read everything, write nothing. An association whose configuration is wrong is told with its faults beside the others."""
    workspace = Workspace(home)
    names = associations(home)
    registers, faults = _registers(home, names)
    summary = merge(s for name in names if (s := last_summary(home, name)) is not None)
    verdict, counts, ran = _store(workspace, names)
    return Status(
        home=home,
        manifest=_manifest(home),
        summary=summary,
        open_items=counts,
        new=tuple(name for name in whats_new(home) if name not in faults) if workspace.home.is_dir() else (),
        late=tuple(
            x for r in registers for x in late(r.id, r.settings.get("expected", {}), summary.deliveries, today or clock.today())
        ),
        audit_entries=verdict.entries,
        audit_broken_at=verdict.broken_at,
        no_retention=tuple(r.id for r in registers if not r.settings.get("retention")),
        unknown=tuple(workspace.unknown_associations(names)),
        undelivered=tuple(x for name in names for x in undelivered(workspace, name)),
        faults=tuple(faults.items()),
        runs=ran,
        pin=pinned(workspace),
        erasures=tuple(r.id for r in unfinished(workspace)),
        doubted=_doubted(workspace, today or clock.today()),
    )


def _doubted(workspace: Workspace, day: dt.date) -> str:
    if not workspace.vault.is_dir() or not has_settings(workspace):
        return ""
    return str(clock.doubt(workspace, day) or "")


def _registers(home: Path, names: list[str]) -> tuple[list[Register], dict[str, str]]:
    """The configurations that can be read, and what is wrong with the others."""
    registers: list[Register] = []
    faults: dict[str, str] = {}
    for name in names:
        try:
            registers.append(load_register(home / "config" / name))
        except ConfigurationErrors as error:
            faults[name] = str(error)
    return registers, faults


def _manifest(home: Path) -> dict[str, Any] | None:
    try:
        return open_snapshot(home).manifest
    except NoSnapshotError:
        return None


def _store(workspace: Workspace, names: list[str]) -> tuple[audit.Verdict, dict[str, int], tuple[Ran, ...]]:
    if not workspace.vault.is_dir():  # no run has been here: asking must not make a store
        return audit.Verdict(0, None), {}, ()
    with Database.of(workspace).reading() as connection:
        items = list_items(connection, names)
        ran = tuple(r for name in names if (r := last_run(connection, name)) is not None)
        return audit.verify(connection), {name: sum(i.association == name for i in items) for name in names}, ran
