"""The commands of interface 2. Each one parses its options and calls one function of the way."""

from __future__ import annotations

import datetime as dt
import gc
import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from typer.exceptions import TyperException

from finsam_pipeline import machine
from finsam_pipeline.cli import say
from finsam_pipeline.pipeline.summary import ExitStatus

HomeOption = Annotated[Path, typer.Option("--home", envvar="FINSAM_HOME", help="The workspace.", show_default=True)]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object on standard output and nothing else there.")]
AssociationOption = Annotated[str | None, typer.Option("--association", help="One association; without it, all of them.")]
AssociationName = Annotated[str, typer.Option("--association", help="Its id: the name of its folder in config/.")]
DEFAULT_HOME = Path("finsam-home")

app = typer.Typer(
    name="finsam",
    help="From a samordningsförbund's exports to published marts and the half-year report.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
review = typer.Typer(
    help="The stewards' work: list, export, decide, withdraw, import.", no_args_is_help=True, rich_markup_mode=None
)
app.add_typer(review, name="review")


@app.command()
def demo(home: HomeOption = DEFAULT_HOME, json: JsonOption = False) -> None:
    """Write a complete example workspace, run it, and say where marts, report and UI are."""
    machine.require_memory()
    from finsam_pipeline.cli import running  # noqa: PLC0415 - each command imports what it needs, so that --help is quick

    _exit(running.demo(home, say.Voice(json=json)))


@app.command()
def init(association: str, home: HomeOption = DEFAULT_HOME, json: JsonOption = False) -> None:
    """Write an empty, commented configuration ready to edit."""
    from finsam_pipeline.cli import actions  # noqa: PLC0415

    _exit(actions.init(home, association, say.Voice(json=json)))


@app.command()
def run(
    home: HomeOption = DEFAULT_HOME,
    association: AssociationOption = None,
    as_of: Annotated[
        str | None, typer.Option("--as-of", help="Ignore deliveries and decisions after this day (YYYY-MM-DD).")
    ] = None,
    json: JsonOption = False,
) -> None:
    """Take in new files, validate, build, publish, report."""
    machine.require_memory()
    from finsam_pipeline.cli import running  # noqa: PLC0415

    _exit(running.run(home, association, _day(as_of, "--as-of"), say.Voice(json=json)))


@app.command()
def check(
    file: Path,
    association: AssociationName,
    source: Annotated[str, typer.Option("--source", help="The landing folder the file belongs in.")],
    home: HomeOption = DEFAULT_HOME,
    json: JsonOption = False,
) -> None:
    """Validate one file, change nothing, say which rows fail which rule."""
    from finsam_pipeline.cli import actions  # noqa: PLC0415

    _exit(actions.check(home, file, association, source, say.Voice(json=json)))


@app.command()
def status(home: HomeOption = DEFAULT_HOME, json: JsonOption = False) -> None:
    """Deliveries, last snapshot, open review items, what is late."""
    from finsam_pipeline.cli import actions  # noqa: PLC0415

    _exit(actions.status(home, say.Voice(json=json)))


@app.command()
def report(
    association: AssociationName,
    period: Annotated[str, typer.Option("--period", help="2025H1, 2025T1, 2025Q1, 2025")],
    home: HomeOption = DEFAULT_HOME,
    format: Annotated[str, typer.Option("--format", help="Of html, docx, xlsx, pdf.")] = "html,docx,xlsx,pdf",  # noqa: A002 - the option's name is fixed
    edition: Annotated[str | None, typer.Option("--edition", help="Freeze the report under this name.")] = None,
    draft: Annotated[bool, typer.Option("--draft", help="Make it although the period is not complete.")] = False,
    json: JsonOption = False,
) -> None:
    """Make the half-year report from the published marts."""
    from finsam_pipeline.cli import actions  # noqa: PLC0415

    voice = say.Voice(json=json)
    _exit(actions.report(home, association, period, tuple(f.strip() for f in format.split(",")), edition, draft, voice))


@app.command()
def proofread(
    file: Path,
    association: Annotated[str | None, typer.Option("--association", help="Compare with this association's marts too.")] = None,
    period: Annotated[str | None, typer.Option("--period", help="With --association: 2025H1, 2025T1, 2025Q1, 2025")] = None,
    home: HomeOption = DEFAULT_HOME,
    json: JsonOption = False,
) -> None:
    """Check the arithmetic of a written report (DOCX, PDF or TXT)."""
    from finsam_pipeline.cli import proofreading  # noqa: PLC0415

    _exit(proofreading.proofread_file(file, home, association, period, say.Voice(json=json)))


@app.command()
def explain(
    mart: Annotated[str | None, typer.Argument(metavar="MART", help="economy/income_statement, or its name alone")] = None,
    keys: Annotated[list[str] | None, typer.Argument(metavar="KEY=VALUE ...")] = None,
    measure: Annotated[str | None, typer.Option("--measure", help="One figure of the row; without it, every one.")] = None,
    row: Annotated[tuple[str, int] | None, typer.Option("--row", help="The other way: FILE and ROW.", metavar="PATH ROW")] = None,
    sheet: Annotated[str | None, typer.Option("--sheet", help="With --row: the sheet, where there are several.")] = None,
    home: HomeOption = DEFAULT_HOME,
    json: JsonOption = False,
) -> None:
    """The rows of files behind a mart's figures, or the figures that a row of a file is in."""
    from finsam_pipeline.cli import exploring  # noqa: PLC0415

    voice = say.Voice(json=json)
    if (mart is None) == (row is None):
        _exit(exploring.wrong_question(voice))
    if row is not None:
        _exit(exploring.trace(home, row[0], row[1], sheet, voice))
    _exit(exploring.explain(home, str(mart), keys or [], measure, voice))


@app.command()
def export(
    to: Annotated[str, typer.Option("--to", envvar="FINSAM_EXPORT_URL", help="SQLAlchemy URL of a database.", show_envvar=True)],
    schema: Annotated[str | None, typer.Option("--schema", help="The schema the tables stand in.")] = None,
    home: HomeOption = DEFAULT_HOME,
    json: JsonOption = False,
) -> None:
    """Load the published marts into a database, in one transaction."""
    from finsam_pipeline.cli import exploring  # noqa: PLC0415

    _exit(exploring.export(home, to, schema, say.Voice(json=json)))


@app.command()
def erase(
    association: AssociationName,
    by: Annotated[str, typer.Option("--by", help="Who decided it.")],
    reason: Annotated[str, typer.Option("--reason", help="Why, without naming the person.")],
    source: Annotated[str, typer.Option("--source", help="Only in this source.")] = "",
    intervention: Annotated[str, typer.Option("--intervention", help="Only in this intervention (its id).")] = "",
    keep_landing: Annotated[bool, typer.Option("--keep-landing", help="Leave files in landing; remove them yourself.")] = False,
    home: HomeOption = DEFAULT_HOME,
    json: JsonOption = False,
) -> None:
    """Erase one participant everywhere, with a receipt; the number is asked for, or read from standard input."""
    machine.require_memory()
    from finsam_pipeline.cli import keeping  # noqa: PLC0415
    from finsam_pipeline.pipeline.erasing import Wanted  # noqa: PLC0415

    wanted = Wanted(association, keeping.identity_asked(), by, reason, source, intervention)
    _exit(keeping.erase(home, wanted, keep_landing, say.Voice(json=json)))


@app.command()
def retention(
    apply: Annotated[bool, typer.Option("--apply", help="Remove it now instead of after the next run.")] = False,
    today: Annotated[str | None, typer.Option("--today", help="As if it were this day (YYYY-MM-DD).")] = None,
    home: HomeOption = DEFAULT_HOME,
    json: JsonOption = False,
) -> None:
    """What `retention:` and `archive:` in association.yaml ask to be removed."""
    from finsam_pipeline.cli import keeping  # noqa: PLC0415

    _exit(keeping.show_retention(home, apply, _day(today, "--today"), say.Voice(json=json)))


@app.command()
def processing(
    association: AssociationName,
    home: HomeOption = DEFAULT_HOME,
    json: JsonOption = False,
) -> None:
    """The register of processing activities (GDPR article 30), made from contracts and configuration, as Markdown."""
    from finsam_pipeline.cli import keeping  # noqa: PLC0415

    _exit(keeping.processing(home, association, say.Voice(json=json)))


@app.command()
def rollback(
    snapshot: Annotated[str | None, typer.Argument(metavar="[SNAPSHOT]", help="Its id; without it, the list.")] = None,
    release: Annotated[bool, typer.Option("--release", help="Let the next run publish again.")] = False,
    by: Annotated[str, typer.Option("--by", help="Who does it.")] = "",
    reason: Annotated[str, typer.Option("--reason", help="Why.")] = "",
    home: HomeOption = DEFAULT_HOME,
    json: JsonOption = False,
) -> None:
    """Hold the marts at an earlier snapshot, or list those there are."""
    from finsam_pipeline.cli import keeping  # noqa: PLC0415

    _exit(keeping.rollback(home, snapshot, release, by, reason, say.Voice(json=json)))


@app.command()
def ui(
    home: HomeOption = DEFAULT_HOME,
    port: Annotated[int, typer.Option("--port", help="Where it listens.")] = 3000,
    read_only: Annotated[bool, typer.Option("--read-only", help="Look, but start nothing.")] = False,
) -> None:
    """Open the Dagster UI on this workspace; it listens on 127.0.0.1 only."""
    from finsam_pipeline.cli import serving  # noqa: PLC0415

    _exit(serving.ui(home, port, read_only, say.Voice(json=False)))


@review.command("list")
def review_list(
    home: HomeOption = DEFAULT_HOME,
    association: AssociationOption = None,
    all_items: Annotated[bool, typer.Option("--all", help="Also W findings and decided ones.")] = False,
    json: JsonOption = False,
) -> None:
    """Open E and B findings."""
    from finsam_pipeline.cli import reviewing  # noqa: PLC0415

    _exit(reviewing.list_items(home, association, all_items, say.Voice(json=json)))


@review.command("export")
def review_export(
    file: Path, home: HomeOption = DEFAULT_HOME, association: AssociationOption = None, json: JsonOption = False
) -> None:
    """Write the open items with their values to a workbook for a steward (handle it as personal data)."""
    from finsam_pipeline.cli import reviewing  # noqa: PLC0415

    _exit(reviewing.export(home, association, file, say.Voice(json=json)))


@review.command("decide")
def review_decide(
    items: list[str],
    decision: Annotated[str, typer.Option("--decision", help="correct, accept or drop")],
    by: Annotated[str, typer.Option("--by", help="Who decides.")],
    reason: Annotated[str, typer.Option("--reason", help="Why.")],
    set_value: Annotated[str | None, typer.Option("--set", help="correct: COLUMN=VALUE")] = None,
    expires: Annotated[str | None, typer.Option("--expires", help="accept: last day it holds (YYYY-MM-DD)")] = None,
    home: HomeOption = DEFAULT_HOME,
    json: JsonOption = False,
) -> None:
    """Record a decision on one or several items; the next run applies it."""
    from finsam_pipeline.cli import reviewing  # noqa: PLC0415

    voice = say.Voice(json=json)
    _exit(reviewing.decide(home, items, decision, by, reason, set_value, _day(expires, "--expires"), voice))


@review.command("withdraw")
def review_withdraw(
    decision_id: Annotated[str, typer.Argument(metavar="DECISION_ID", help="As finsam review list --all shows it.")],
    by: Annotated[str, typer.Option("--by", help="Who takes it back.")],
    home: HomeOption = DEFAULT_HOME,
    json: JsonOption = False,
) -> None:
    """Take a decision back; nothing is deleted, the next run does without it."""
    from finsam_pipeline.cli import reviewing  # noqa: PLC0415

    _exit(reviewing.withdraw_decision(home, decision_id, by, say.Voice(json=json)))


@review.command("import")
def review_import(file: Path, home: HomeOption = DEFAULT_HOME, json: JsonOption = False) -> None:
    """Take in the decisions of a returned workbook."""
    from finsam_pipeline.cli import reviewing  # noqa: PLC0415

    _exit(reviewing.import_file(home, file, say.Voice(json=json)))


def main() -> NoReturn:
    """Run the console script. Wrong options are told like wrong usage; unexpected errors become an id, never a value."""
    gc.set_threshold(10_000, 20, 50)  # what large libraries make stays: looking less often saves a tenth of a run
    machine.be_thrifty()
    voice = say.Voice(json="--json" in sys.argv)
    try:
        sys.exit(app(standalone_mode=False) or 0)
    except TyperException as wrong:
        from finsam_pipeline.privacy import mask  # noqa: PLC0415

        wrong.show()  # type: ignore[attr-defined] # every error Typer itself raises shows its usage
        message = mask(wrong.format_message())
        voice.result({"error": "usage", "message": message, "exit_status": int(ExitStatus.USAGE)})
        sys.exit(int(ExitStatus.USAGE))
    except machine.TooLittleMemory as little:
        voice.problem(str(little))
        voice.result({"error": "memory", "message": str(little), "exit_status": int(ExitStatus.FAILED)})
        sys.exit(int(ExitStatus.FAILED))
    except Exception as error:  # noqa: BLE001 - the one boundary of the command line
        from finsam_pipeline.cli import answers  # noqa: PLC0415

        sys.exit(answers.unexpected(error, voice))


def _day(text: str | None, option: str) -> dt.date | None:
    if text is None:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter("a day is written YYYY-MM-DD", param_hint=option) from None


def _exit(status: ExitStatus | int) -> NoReturn:
    raise typer.Exit(int(status))
