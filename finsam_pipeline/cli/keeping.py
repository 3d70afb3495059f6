"""`finsam erase`, `retention`, `processing`, `rollback`: what a workspace keeps, for how long, and which snapshot stands."""

from __future__ import annotations

import datetime as dt
import getpass
import sys
from collections import Counter
from dataclasses import asdict
from pathlib import Path

from finsam_pipeline.cli.answers import guarded, usage
from finsam_pipeline.cli.running import run_all
from finsam_pipeline.cli.say import Voice
from finsam_pipeline.hints import command
from finsam_pipeline.pipeline import associations, clock, erasing, retention
from finsam_pipeline.pipeline.holding import Hold
from finsam_pipeline.pipeline.receipts import Receipt, unfinished
from finsam_pipeline.pipeline.summary import ExitStatus
from finsam_pipeline.register import load_register
from finsam_pipeline.register.processing import processing_register
from finsam_pipeline.review import audit
from finsam_pipeline.store import shelf
from finsam_pipeline.store.database import Database
from finsam_pipeline.store.workspace import Workspace

_KINDS = {
    "landing": "filer i landing",
    "original": "original i arkivet",
    "unkept": "original som inte ska bevaras",
    "snapshot": "äldre ögonblicksbilder",
    "error": "sparade fel",
}


def erase(home: Path, wanted: erasing.Wanted, keep_landing: bool, voice: Voice) -> ExitStatus:
    """Erase one participant, make the marts anew, say what was removed and what was not."""

    def work() -> ExitStatus:
        if wanted.association not in associations(home):
            return usage(voice, f"{wanted.association} har ingen mapp i {home / 'config'}.")
        if not (wanted.identity.strip() and wanted.by.strip() and wanted.reason.strip()):
            return usage(voice, "Ange vem som ska raderas (på standard in), --by och --reason.")
        if shelf.pinned(Workspace(home)) is not None:
            release = command(home, "rollback", "--release", "--by", "NAMN")
            return usage(voice, f"Ögonblicksbilden hålls kvar vid en äldre. Släpp den först: {release}")
        try:
            receipt = erasing.erase(home, wanted, keep_landing=keep_landing)
        except erasing.EraseRefused as refused:
            return usage(voice, refused.message_sv)
        summary = run_all(home, wanted.association, None, voice)
        if summary.failures or summary.faults:
            again = command(home, "run")
            voice.problem(f"Raderingen är inte klar: marts och rapporter måste göras om. Rätta felet och kör: {again}")
            voice.result(asdict(receipt) | {"exit_status": int(summary.exit_status)})
            return summary.exit_status
        done = erasing.finish(Workspace(home), receipt, wanted.identity)
        _tell(done, home, voice)
        voice.result(asdict(done) | {"exit_status": int(ExitStatus.CLEAN)})
        return ExitStatus.CLEAN

    return guarded(voice, work)


def finish_erasures(home: Path, voice: Voice) -> None:
    """Close the erasures that a run has now followed upon; for `finsam run` after one was cut off."""
    workspace = Workspace(home)
    if waiting := unfinished(workspace):
        with Hold(workspace):
            for receipt in waiting:
                erasing.finish(workspace, receipt)
                voice.line(f"Raderingen {receipt.id} är nu klar.")


def apply_retention(home: Path, voice: Voice) -> None:
    """Remove what is due after a run, and say how much; nothing, and why, when the clock cannot be believed."""
    try:
        counts = Counter(old.kind for old in retention.remove_due(home))
    except clock.ClockDoubted as doubted:
        voice.problem(str(doubted))
        return
    for kind, number in counts.items():
        if kind != "unkept":
            voice.line(f"Gallrat: {number} {_KINDS[kind]}.")


def show_retention(home: Path, apply: bool, today: dt.date | None, voice: Voice) -> ExitStatus:
    """What retention asks to be removed today; with `apply` it is removed, with `today` also when the clock is doubted."""

    def work() -> ExitStatus:
        doubted = clock.doubt(Workspace(home), clock.today()) if today is None and (home / "vault").is_dir() else None
        if doubted and apply:
            return usage(voice, str(doubted))
        if doubted:
            voice.problem(str(doubted))
        old = retention.remove_due(home, today) if apply else retention.due(home, today or clock.today())
        shown = [o for o in old if o.kind != "unkept"]
        title = "Gallrat" if apply else "Ska gallras vid nästa körning"
        rows = [[o.association or "alla", _KINDS[o.kind], o.what, o.since.isoformat(), o.rule] for o in shown]
        voice.table(title, ["förbund", "vad", "vilken", "sedan", "regel"], rows)
        if not shown:
            voice.line("Inget är så gammalt att det ska gallras.")
        voice.result({"removed": apply, "due": [asdict(o) | {"since": o.since.isoformat()} for o in old]})
        return ExitStatus.CLEAN

    return guarded(voice, work)


def processing(home: Path, association: str, voice: Voice) -> ExitStatus:
    """The association's register of processing activities."""

    def work() -> ExitStatus:
        if association not in associations(home):
            return usage(voice, f"{association} har ingen mapp i {home / 'config'}.")
        text = processing_register(load_register(home / "config" / association))
        for line in text.splitlines():
            voice.line(line)
        voice.result({"association": association, "markdown": text})
        return ExitStatus.CLEAN

    return guarded(voice, work)


def rollback(home: Path, snapshot_id: str | None, release: bool, by: str, reason: str, voice: Voice) -> ExitStatus:
    """List snapshots, hold `current` at an earlier one, or let it go."""

    def work() -> ExitStatus:
        workspace = Workspace(home)
        if release or snapshot_id:
            if not by.strip() or (snapshot_id and not reason.strip()):
                return usage(voice, "Ange vem med --by" + (" och varför med --reason." if snapshot_id else "."))
            with Hold(workspace):
                _switch(workspace, None if release else snapshot_id, by.strip(), reason.strip(), voice)
        _tell_shelf(workspace, voice)
        return ExitStatus.CLEAN

    return guarded(voice, work)


def identity_asked() -> str:
    """Whom to erase: asked for at a terminal (nothing is shown), else the first line of standard input.

    Never an option: a command line is seen by others and kept in a history.
    """
    if sys.stdin.isatty():
        return getpass.getpass("Deltagarnummer eller personnummer: ").strip()
    return sys.stdin.readline().strip()


def _switch(workspace: Workspace, snapshot_id: str | None, by: str, reason: str, voice: Voice) -> None:
    about: dict[str, str | int | bool | None]
    if snapshot_id is None:
        if not shelf.unpin(workspace):
            voice.line("Ögonblicksbilden hålls inte kvar av någon.")
            return
        action, about = "release", {}
        voice.line(f"Nästa körning publicerar igen: {command(workspace.home, 'run')}")
    else:
        at = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
        shelf.pin(workspace, shelf.Pin(snapshot_id, by, reason, at))
        action, about = "rollback", {"snapshot": snapshot_id}
        release_it = command(workspace.home, "rollback", "--release", "--by", "NAMN")
        voice.line(f"marts/current är nu {snapshot_id} och hålls kvar där tills: {release_it}")
    with Database.of(workspace).writing() as connection:
        audit.append(connection, by, action, about)


def _tell_shelf(workspace: Workspace, voice: Voice) -> None:
    held, every = shelf.pinned(workspace), shelf.shelved(workspace)
    rows = [
        [
            s.id,
            s.created_at.isoformat(sep=" "),
            s.as_of or "–",
            str(s.status),
            f"{s.size / 1e6:.1f}",
            "gäller" if s.current else "",
        ]
        for s in every
    ]
    voice.table("Ögonblicksbilder", ["id", "gjord", "uppgifter till", "# status", "# MB", ""], rows)
    if held:
        voice.line(f"Hålls kvar vid {held.snapshot_id} av {held.by} sedan {held.at}: {held.reason}")
    snapshots = [
        asdict(s) | {"created_at": s.created_at.isoformat(), "replaced_at": s.replaced_at and s.replaced_at.isoformat()}
        for s in every
    ]
    voice.result({"snapshots": snapshots, "pinned": asdict(held) if held else None})


def _tell(receipt: Receipt, home: Path, voice: Voice) -> None:
    voice.line(f"Raderingen är klar. Kvitto: {home / 'vault' / 'removed' / 'receipts' / f'{receipt.id}.json'}")
    voice.table("Rader tömda i arkivets original", ["fil", "# rader"], [[p, str(n)] for p, n in receipt.rows.items()])
    lines = {
        "Numret överstruket i": receipt.struck_out,
        "Borttaget ur landing": receipt.landing_removed,
        "Ligger KVAR i landing, ta bort eller byt ut": receipt.landing_kept,
        "Utgåvor (bara antal, ändras aldrig)": receipt.editions,
        "Numret hittades fortfarande i": receipt.still_held,
    }
    for what, paths in lines.items():
        for path in paths:
            voice.line(f"  {what}: {path}")
    voice.line(
        f"{receipt.decisions} beslut tömda på värden, {receipt.findings} fynd, {receipt.errors} sparade fel och"
        f" {receipt.snapshots_removed} äldre ögonblicksbilder borttagna. Säkerhetskopior nås inte härifrån."
    )
