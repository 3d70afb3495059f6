"""`finsam run` and `finsam demo`: the associations that have something new, one after another, and what came of it.

Belongs here: which ones are run, what a person is told of the outcome. Does not: the run itself (`defs`, `pipeline`).
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from pathlib import Path

from finsam_pipeline.cli.answers import guarded, no_association, usage
from finsam_pipeline.cli.say import Voice
from finsam_pipeline.hints import command
from finsam_pipeline.pipeline import associations
from finsam_pipeline.pipeline.newness import last_summary, new_and_faulty
from finsam_pipeline.pipeline.summary import ExitStatus, RunSummary, merge
from finsam_pipeline.register import ConfigurationErrors
from finsam_pipeline.store.errors import WorkspaceFault
from finsam_pipeline.store.lock import WorkspaceBusy
from finsam_pipeline.store.workspace import Workspace

NO_FILES = "Det finns inga filer att läsa. Lägg dem i {landing}/<förbund>/<källa>/ och kör igen: {run}"


def demo(home: Path, voice: Voice) -> ExitStatus:
    """Write the example workspace and run it."""
    from finsam_pipeline.demo import misprint_pages, write_demo  # noqa: PLC0415

    def work() -> ExitStatus:
        voice.progress("writing the example workspace")
        write_demo(home)
        _write_env(home)
        summary = run_all(home, None, None, voice)
        _tell(home, summary, voice)
        voice.line()
        voice.line(f"Marts:    {home / 'marts' / 'current'}")
        voice.line(f"Dagster:  {command(home, 'ui')}")
        for report_path in summary.reports:
            voice.line(f"Rapport:  {home / report_path}")
        for page in misprint_pages(home):
            voice.line(f"Tryckt:   {page} (vad de publicerade rapporterna fick fel)")
        voice.result(summary.to_json())
        return summary.exit_status

    return guarded(voice, work)


def run(home: Path, association: str | None, as_of: dt.date | None, voice: Voice) -> ExitStatus:
    """The main job."""

    def work() -> ExitStatus:
        known = associations(home)
        if association is not None and association not in known:
            create = command(home, "init", association)
            return usage(voice, f"{association} har ingen mapp i {home / 'config'}. Skapa den med: {create}")
        if not known:
            return _nobody_configured(home, voice)
        summary = run_all(home, association, as_of, voice)
        _tell(home, summary, voice)
        _tell_unread(home, known, voice)
        _tell_what_next(home, summary, voice)
        if as_of is None and not summary.failures:
            from finsam_pipeline.cli import keeping  # noqa: PLC0415 - it runs, too

            keeping.finish_erasures(home, voice)
            keeping.apply_retention(home, voice)
        nothing = _nothing_to_read(home, summary)
        voice.result(summary.to_json() | ({"message": nothing} if nothing else {}))
        return summary.exit_status

    return guarded(voice, work)


def _nobody_configured(home: Path, voice: Voice) -> ExitStatus:
    """An empty workspace is told how to begin; a folder that is not there, or files nobody can read, are a mistake."""
    if not home.is_dir() or Workspace(home).unknown_associations(()):
        return usage(voice, no_association(home))
    told = f"{no_association(home)} {NO_FILES.format(landing=home / 'landing', run=command(home, 'run'))}"
    voice.line(told)
    voice.result(RunSummary(None, published=False, changed=False).to_json() | {"message": told})
    return ExitStatus.CLEAN


def run_all(home: Path, association: str | None, as_of: dt.date | None, voice: Voice) -> RunSummary:
    """Run the associations that have something new; the others answer with what stands.

    An association whose configuration is wrong is left out, with its faults; the others are published all the same.
    """
    from finsam_pipeline.pipeline.alerting import Failure, tell  # noqa: PLC0415
    from finsam_pipeline.pipeline.holding import Hold  # noqa: PLC0415
    from finsam_pipeline.store.shelf import note_passing  # noqa: PLC0415

    wanted = [association] if association else associations(home)
    new, faults = new_and_faulty(home, wanted, as_of)
    if new:
        from finsam_pipeline.models import chosen_engine  # noqa: PLC0415 - a run without anything new needs none

        chosen_engine()  # a fault is told before anything is taken in
        began = dt.datetime.now(dt.UTC)
        with Hold(Workspace(home).ensure()):
            parts = [_run_one(home, name, as_of, voice) if name in new else _standing(home, name) for name in wanted]
            note_passing(Workspace(home), [p.snapshot_id for p in parts if p.changed and p.snapshot_id], began)
    else:
        parts = [_standing(home, name) for name in wanted]
    for name in wanted:
        if as_of is None and name not in new:  # a run tells by itself; what has become late needs no new file
            tell(Workspace(home), name, Failure("configuration", "") if name in faults else None)
    return dataclasses.replace(merge(parts), faults=tuple(faults.items()))


def _standing(home: Path, association: str) -> RunSummary:
    summary = last_summary(home, association) or RunSummary(None, published=False, changed=False)
    return dataclasses.replace(summary, changed=False, snapshot_id=_snapshot_id(home))


def _snapshot_id(home: Path) -> str | None:
    from finsam_pipeline.store.reader import NoSnapshotError, open_snapshot  # noqa: PLC0415

    try:
        return open_snapshot(home).id
    except NoSnapshotError:
        return None


def _run_one(home: Path, association: str, as_of: dt.date | None, voice: Voice) -> RunSummary:
    """One Dagster job in this process. Known errors are raised again; an unexpected one is a failure with its id."""
    from finsam_pipeline.defs.instance import StepProgress, run_job  # noqa: PLC0415 - Dagster costs a second to import

    def heard(step: StepProgress) -> None:
        voice.progress(str(step))

    job = run_job(home, association, as_of, heard)
    if isinstance(job.error, ConfigurationErrors | WorkspaceBusy):
        raise job.error
    if isinstance(job.error, WorkspaceFault):
        voice.problem(f"Arbetsytan behöver lagas: {job.error}")
    if job.outcome == "failed":
        return dataclasses.replace(_standing(home, association), failures=((association, job.error_id or "okänt"),))
    return last_summary(home, association) or RunSummary(None, published=False, changed=False)


def _missing(home: Path) -> set[tuple[str, str]]:
    """Slices held back that never stood: (association, family)."""
    from finsam_pipeline.store.reader import NoSnapshotError, open_snapshot  # noqa: PLC0415

    try:
        slices = open_snapshot(home).manifest["slices"]
    except NoSnapshotError:
        return set()
    return {(s["association"], s["family"]) for s in slices if s["missing"]}


def _tell(home: Path, summary: RunSummary, voice: Voice) -> None:
    """The outcome for a person: what came in, what failed, what stands."""
    for association, error_id in summary.failures:
        voice.problem(f"Körningen för {association} avbröts av ett fel: {home / 'vault' / 'errors' / error_id}")
    for _, what in summary.faults:
        voice.problem(what)
    if nothing := _nothing_to_read(home, summary):
        voice.line(nothing)
        return
    rows = [
        [d.association, d.source, Path(d.path).name, str(d.rows), str(d.accepted), str(d.quarantined), d.status]
        for d in summary.deliveries
    ]
    voice.table("Leveranser", ["förbund", "källa", "fil", "# rader", "# godkända", "# i karantän", "status"], rows)
    for d in summary.deliveries:
        if d.message:
            voice.line(f"  {d.path}: {d.message}")
        if d.drift:
            voice.line(f"  {d.path}: okända kolumner, inte lagrade: {', '.join(d.drift)}")
        if d.remarks:
            voice.line(f"  {d.path}: anmärkningar: {', '.join(f'{r.message} ({r.count})' for r in d.remarks)}")
    _tell_checks(summary, voice)
    missing = _missing(home)
    for s in summary.slices:
        if not s.published:
            never = (s.association, s.family) in missing
            stands = "Ingen tidigare version finns." if never else "Den senaste goda versionen står kvar."
            voice.line(f"Hålls tillbaka: {s.association}/{s.family} ({', '.join(s.reasons)}). {stands}")
    _tell_what_stands(summary, voice)


def _tell_what_stands(summary: RunSummary, voice: Voice) -> None:
    if not summary.snapshot_id:
        return voice.line("Ingen ögonblicksbild finns ännu.")
    voice.line("" if summary.changed else "Inget nytt: samma ögonblicksbild står kvar.")
    return voice.line(f"Ögonblicksbild {summary.snapshot_id}")


def _tell_checks(summary: RunSummary, voice: Voice) -> None:
    """The rules that failed, and what they speak of where that is no cell: accounts and objects, years, totals."""
    failed = [[c.name, c.severity, str(c.failed_rows), str(c.open_rows)] for c in summary.checks if c.failed_rows or c.errored]
    voice.table("Kontroller som slog till", ["kontroll", "allvar", "# rader", "# öppna"], failed)
    for subject, name in ((subject, c.name) for c in summary.checks for subject in c.about):
        voice.line(f"  {name}: {subject}")


def _nothing_to_read(home: Path, summary: RunSummary) -> str:
    """Where files go, when there are none; else nothing."""
    if summary.deliveries or summary.failures or summary.faults:
        return ""
    return NO_FILES.format(landing=home / "landing", run=command(home, "run"))


def _tell_unread(home: Path, known: list[str], voice: Voice) -> None:
    """Folders in landing that no association's configuration answers to; said with --json too, since their files count for nobody."""
    from finsam_pipeline.pipeline.standing import not_read  # noqa: PLC0415

    for name in Workspace(home).unknown_associations(known):
        voice.problem(not_read(home, name))


def _tell_what_next(home: Path, summary: RunSummary, voice: Voice) -> None:
    """Where the report lies, and the command for what waits."""
    for folder in dict.fromkeys(Path(path).parent for path in summary.reports):
        voice.line(f"Rapport: {home / folder}")
    if summary.exit_status in (ExitStatus.FINDINGS, ExitStatus.HELD):
        voice.line(f"Det som väntar, och vad man gör åt det: {command(home, 'review list')}")


def _write_env(home: Path) -> None:
    """`.env` beside workspace.yaml, so that `dagster dev` in the repository shows the same history as `finsam ui`.

    Only for a workspace inside the repository: an example written elsewhere must not change what the repository shows.
    """
    here = Path.cwd()
    if (here / "workspace.yaml").is_file() and home.resolve().is_relative_to(here):
        lines = [f"FINSAM_HOME={home.resolve()}", f"DAGSTER_HOME={(home / 'dagster').resolve()}"]
        (here / ".env").write_text("\n".join(lines) + "\n", encoding="utf-8")
