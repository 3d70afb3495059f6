"""`finsam init`, `check`, `status`, `report`: what they do with their options.

Sentences for people in Swedish where the office reads them, JSON for machines.
"""

from __future__ import annotations

from pathlib import Path

from finsam_pipeline.cli.answers import guarded, no_association, usage
from finsam_pipeline.cli.say import Voice
from finsam_pipeline.hints import command
from finsam_pipeline.pipeline import associations
from finsam_pipeline.pipeline.summary import ExitStatus
from finsam_pipeline.register import load_register, write_template
from finsam_pipeline.store.workspace import TEXTS_SOURCE, Workspace

ROWS_SHOWN = 10


def init(home: Path, association: str, voice: Voice) -> ExitStatus:
    """Write an empty, commented configuration."""

    def work() -> ExitStatus:
        folder = write_template(Workspace(home).config, association)  # first: a name that will not do leaves no workspace
        workspace = Workspace(home).ensure()
        from finsam_pipeline.contracts.sources import SOURCES  # noqa: PLC0415

        for source in (*SOURCES, TEXTS_SOURCE):
            (workspace.landing / association / source).mkdir(parents=True, exist_ok=True)
        voice.line(f"Konfigurationen ligger i {folder}. Börja med {folder / 'INSTRUKTION.md'}.")
        voice.line(f"Lägg sedan filer i {workspace.landing / association}/<källa>/<leveransdag>/ och kör:")
        voice.line(f"  {command(home, 'run', '--association', association)}")
        voice.result({"association": association, "config": str(folder), "landing": str(workspace.landing / association)})
        return ExitStatus.CLEAN

    return guarded(voice, work)


def check(home: Path, file: Path, association: str, source: str, voice: Voice) -> ExitStatus:
    """Validate one file and change nothing."""
    from finsam_pipeline.contracts.rules import words_of  # noqa: PLC0415
    from finsam_pipeline.contracts.sources import SOURCES  # noqa: PLC0415
    from finsam_pipeline.pipeline.checking import check_file  # noqa: PLC0415

    def work() -> ExitStatus:
        if association not in associations(home):
            return usage(voice, f"{association} har ingen mapp i {home / 'config'}.")
        if source not in SOURCES:
            return usage(voice, f"{source} är ingen källa. Källorna är {', '.join(SOURCES)}.")
        if not file.is_file():
            return usage(voice, f"{file} {'är en mapp: ange filen' if file.is_dir() else 'finns inte'}.")
        found = check_file(home, file, association, source)
        voice.result(found.to_json())
        if found.delivery.status == "rejected":
            voice.line(f"Avvisad: {found.delivery.message}")
        else:
            voice.line(
                f"{found.delivery.rows} rader, {found.delivery.accepted} godkända, {found.delivery.quarantined} till karantän."
            )
        voice.table(
            "", ["regel", "allvar", "blad", "# rad", "kolumn", "vad"], [list(map(str, f.as_row())) for f in found.findings]
        )
        for rule in sorted({f.rule for f in found.findings}):
            voice.line(f"{rule}: {words_of(rule, source)[1]}")
        if found.delivery.drift:
            voice.line(f"Okända kolumner, inte lagrade: {', '.join(found.delivery.drift)}")
        remarks = [[r.message, str(r.count), _first_rows(r.rows)] for r in found.delivery.remarks]
        voice.table("Anmärkningar, som inte stoppar något", ["vad", "# antal", "rad"], remarks)
        return found.exit_status

    return guarded(voice, work)


def _first_rows(rows: tuple[int, ...]) -> str:
    return ", ".join(map(str, rows[:ROWS_SHOWN])) + (" …" if len(rows) > ROWS_SHOWN else "")


def status(home: Path, voice: Voice) -> ExitStatus:
    """Deliveries, last snapshot, open review items, what is late."""
    from finsam_pipeline.pipeline.standing import standing_status  # noqa: PLC0415

    def work() -> ExitStatus:
        found = standing_status(home)
        voice.result(found.to_json())
        if not associations(home):
            voice.line(no_association(home))
        for sentence in found.sentences():
            voice.line(sentence)
        voice.table("Leveranser", ["förbund", "källa", "senast", "# filer", "# rader", "# i karantän"], found.delivery_rows())
        return found.exit_status

    return guarded(voice, work)


def report(
    home: Path, association: str, period: str, formats: tuple[str, ...], edition: str | None, draft: bool, voice: Voice
) -> ExitStatus:
    """Make the half-year report."""
    from finsam_pipeline.pipeline.reporting import ReportRefused, make_report  # noqa: PLC0415

    def work() -> ExitStatus:
        if association not in associations(home):
            return usage(voice, f"{association} har ingen mapp i {home / 'config'}.")
        try:
            made = make_report(home, load_register(home / "config" / association), period, formats, edition, draft=draft)
        except ReportRefused as refused:
            voice.problem(refused.message_sv)
            voice.result({"error": refused.reason, "message": refused.message_sv, "exit_status": int(refused.exit_status)})
            return refused.exit_status
        for path in made:
            voice.line(str(home / path))
        voice.result({"association": association, "period": period, "edition": edition, "reports": list(made)})
        return ExitStatus.CLEAN

    return guarded(voice, work)
