"""The pages that say every setting and every command, from where they are declared.

`python -m finsam_pipeline.cli.reference` writes docs/settings.md, docs/commands.md and the INSTRUKTION.md that `finsam init` lays
beside a new configuration; `--check` fails when they are out of date. Settings are the office's, so that page is in Swedish.

Belongs here: declarations → Markdown. Does not: a word about a key, a column or an option that its declaration lacks. Environment variables
are declared here, since each is read in the room that needs it and no room knows them all.
"""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Iterator, Sequence
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from types import UnionType
from typing import Annotated, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefinedType
from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption
from typer.main import get_command

from finsam_pipeline.cli.app import app
from finsam_pipeline.register.association import AssociationIn
from finsam_pipeline.register.columns import FILES, TableFile

ROOT = Path(__file__).resolve().parents[2]
_MADE = "<!-- Made from {made_from} by `make generate`. Do not edit. -->\n"
_EVERYWHERE = {"--home", "--json"}  # said once, above the commands
_TEMPLATE = "finsam_pipeline/register/template_files/INSTRUKTION.md"

VARIABLES = {
    "FINSAM_HOME": "Arbetsytan, när kommandot inte har `--home`. Utan båda: `finsam-home` i mappen där kommandot ges.",
    "FINSAM_PSEUDONYM_KEY_FILE": "Var pseudonymnyckeln ligger. Utan: `vault/pseudonym.key`.",
    "FINSAM_DATABASE_URL": "Databasen för leveranser, fynd, beslut och granskningslogg, `postgresql://…`. Utan: `finsam.sqlite` i "
    "arbetsytan.",
    "FINSAM_DAGSTER_URL": "Databasen för Dagsters körningar, `postgresql://…`. Utan: SQLite i arbetsytans `dagster/`.",
    "FINSAM_ENGINE": "Vad tabellerna räknas med: `duckdb` (också utan variabeln) eller `spark`, som behöver PySpark och Java.",
    "FINSAM_RUN_HISTORY_DAYS": "Hur många dagar Dagster minns körningar. Utan: 90. 0: för alltid.",
    "FINSAM_EXPORT_URL": "Vart `finsam export` skriver, när kommandot inte har `--to`.",
    "DAGSTER_HOME": "Bara när `dagster` körs utan `finsam ui`: alltid arbetsytans `dagster/`.",
}
_TYPES: dict[object, str] = {str: "text", int: "heltal", bool: "`true` eller `false`", dt.date: "datum", Decimal: "tal"}

_SETTINGS_INTRO = """\
Allt som ställs in för ett förbund ligger i `config/<förbund>/`: filen `association.yaml` och några CSV-tabeller. `finsam init` skriver en
början. Ett fel sägs med fil och rad, och det förbundets filer läses inte förrän det är rättat; de andra förbunden körs ändå. En ändring
gäller från nästa `finsam run`: rader som hölls i karantän för att ett namn saknades prövas då om, utan att filen lämnas på nytt.

Every setting: association.yaml, the configuration's tables, environment variables.
"""
_VARIABLES_INTRO = """\
Sätts på ett ställe som varje kommando läser; se [operation.md](operation.md#settings). Hemligheter för `alerts:` ligger i variabler som
ni själva namnger.
"""
_TABLES_INTRO = """\
Semikolon mellan kolumner, `|` mellan flera värden i en cell, teckenkodning UTF-8 (i Excel: *CSV UTF-8*). Första raden är rubriker, och
kolumnernas ordning är fri. Datum skrivs ÅÅÅÅ-MM-DD. **Fet** rubrik måste finnas. När ett namn eller en kod
känns igen i en fil spelar stora och små bokstäver, mellanslag i början och slutet och dubbla mellanslag ingen roll; allt annat gör det.
"""
_INSTRUCTION_INTRO = """\
# Så fyller du i konfigurationen

1. `association.yaml`: namn, medlemmar, andelar. Kommentarerna i filen förklarar varje nyckel.
2. `interventions.csv`: en rad per insats. Tabellen är tom från början, och utan den känns ingen deltagarrad igen.
3. `line_rules.csv` och `report_lines.csv`: det som står där är exempel för BAS. Ändra till era egna rader och konton.
4. `codes/*.csv`: lägg till de skrivsätt som förekommer i era filer som `aliases`.
5. Lägg en fil i `landing/{{association}}/<källa>/ÅÅÅÅ-MM-DD/` (dagen den lämnades) och pröva den utan att ändra något:
   `finsam check FIL --association {{association}} --source KÄLLA`. Kör sedan `finsam run`.

Exempelrad i `interventions.csv` (projekt 101 i bokföringen):

    vagen;Vägen vidare;Vägen;Vägen framåt|Vägen 2.0;individual;no;no;interval;2024-01-01;;6:101;1

## Egna texter i rapporten

Projektledarnas svar och kansliets egna avsnitt lämnas som `.docx` eller `.md` i `landing/{{association}}/texter/ÅÅÅÅ-MM-DD/`. Första
rubriken är insatsens namn, eller en del av rapporten (Inledning, Sammanfattning, Ekonomi med flera). Rubrikerna under den är frågorna.
I Word är det formatmallarna *Rubrik 1* och *Rubrik 2*.

    # Vägen vidare

    Period: 2025H1

    ## Vad har fungerat bra?

    Några meningar, med **fetstil** och listor där det behövs.

## Tabellerna

"""
_COMMANDS_INTRO = """\
# Commands

`.venv/bin/finsam COMMAND`. Options stand after the command. Every command takes `--home DIR` (or `FINSAM_HOME`), the workspace; without
either it is `finsam-home` in the current folder, so set `FINSAM_HOME` once. Every command but `ui` takes `--json`: one JSON object on
standard output and nothing else there; logs go to standard error.

| exit status | means |
|---|---|
| 0 | clean |
| 2 | wrong usage or configuration: file, line and what is wrong are said |
| 3 | everything is published; rows wait in quarantine, or a file was rejected |
| 4 | a blocking finding holds a slice back: its last good version stands, the rest is new |
| 5 | another run holds the workspace |
| 10 | an unexpected error, kept whole in `vault/errors/`, or a workspace that needs mending |
"""


def pages() -> dict[str, str]:
    """Path in the repository → text, the same bytes for the same declarations."""
    return {"docs/settings.md": settings_page(), "docs/commands.md": commands_page(), _TEMPLATE: instruction_page()}


def settings_page() -> str:
    """Every key of association.yaml, every column of the tables, every environment variable."""
    keys = [[f"`{path}`", kind, default, words] for path, kind, default, words in settings()]
    variables = [[f"`{name}`", words] for name, words in VARIABLES.items()]
    return _page([
        _MADE.format(made_from="finsam_pipeline/register/ and finsam_pipeline/cli/reference.py"),
        "# Inställningar\n",
        _SETTINGS_INTRO,
        "## association.yaml\n",
        "`[]` betyder en lista, `<…>` ett namn ni själva skriver. Perioder skrivs 2025H1, 2025T1, 2025Q1, 2025-03 eller 2025.\n",
        _table(["Nyckel", "Värde", "Utan inställning", "Vad den gör"], keys),
        "## Tabellerna\n",
        _TABLES_INTRO,
        *(f"### {file.name}\n\n{_file(file)}" for file in FILES),
        "## Miljövariabler\n",
        _VARIABLES_INTRO,
        _table(["Variabel", "Vad"], variables),
    ])  # fmt: skip


def instruction_page() -> str:
    """What `finsam init` lays beside the tables: where to begin, and every column."""
    files = (f"### {file.name}\n\n{_file(file)}" for file in FILES)
    return _page([_INSTRUCTION_INTRO + _TABLES_INTRO, *files])


def commands_page() -> str:
    """Every command with its arguments and options, as `--help` says them."""
    made = _MADE.format(made_from="finsam_pipeline/cli/app.py")
    return _page([made, _COMMANDS_INTRO, *_commands("finsam", get_command(app))])


def settings() -> Iterator[tuple[str, str, str, str]]:
    """Path, value, default and words of every key of association.yaml, outer keys before their inner ones."""
    return _keys(AssociationIn, "")


def _keys(model: type[BaseModel], above: str) -> Iterator[tuple[str, str, str, str]]:
    for name, field in model.model_fields.items():
        path = above + (field.alias or name)
        inner, ending = _inner(field.annotation)
        yield path + ending, "" if inner else _kind(field.annotation), _default(field, inner), field.description or ""
        if inner:
            yield from _keys(inner, f"{path}{ending}.")


def _inner(annotation: object) -> tuple[type[BaseModel] | None, str]:
    """The settings that stand below a key, and what the path shows of a list or a mapping between."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation, ""
    parts, origin = get_args(annotation), get_origin(annotation)
    ending = "[]" if origin is tuple else ".<period>" if origin is dict else ""
    for part in parts:
        inner, _ = _inner(part)
        if inner:
            return inner, ending
    return None, ""


def _kind(annotation: object) -> str:
    origin, parts = get_origin(annotation), [p for p in get_args(annotation) if p not in (Ellipsis, type(None))]
    if origin is Literal:
        return ", ".join(f"`{word}`" for word in parts)
    if origin is tuple:
        return f"lista av {_kind(parts[0])}"
    if origin is dict:
        return f"{_kind(parts[0])}: {_kind(parts[1])}"
    if origin in (Annotated, Union, UnionType):
        return _kind(parts[0])
    if isinstance(annotation, type) and issubclass(annotation, StrEnum):
        return ", ".join(f"`{word}`" for word in annotation)
    return _TYPES[annotation]


def _default(field: FieldInfo, inner: type[BaseModel] | None) -> str:
    if field.is_required():
        return "**måste anges**"
    value = field.default
    if inner or value in (None, "", ()) or isinstance(value, PydanticUndefinedType):
        return ""
    if isinstance(value, tuple):
        return ", ".join(f"`{word}`" for word in value)
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def _file(file: TableFile) -> str:
    rows = [[f"**`{c.name}`**" if c.needed else f"`{c.name}`", c.words_sv] for c in file.cells]
    may_lack = " Förbundet kan vara utan filen." if file.optional else ""
    return f"En rad är {file.row_sv}.{may_lack}\n\n{_table(['Kolumn', 'Vad'], rows)}"


def _commands(path: str, command: object) -> Iterator[str]:
    if isinstance(command, TyperGroup):
        for name, inner in command.commands.items():
            yield from _commands(f"{path} {name}", inner)
    elif isinstance(command, TyperCommand):
        usage = " ".join([path, *(_argument(p) for p in command.params if isinstance(p, TyperArgument))])
        options = [p for p in command.params if isinstance(p, TyperOption) and not _EVERYWHERE.intersection(p.opts)]
        rows = [[f"`{' '.join(p.opts)}`", p.help or "", _default_of(p)] for p in options]
        table = f"\n{_table(['Option', 'What', 'Default'], rows)}" if rows else ""
        yield f"## {path}\n\n{command.help}\n\n    {usage}\n{table}"


def _argument(argument: TyperArgument) -> str:
    return argument.metavar or (argument.name or "").upper() + (" ..." if argument.nargs == -1 else "")


def _default_of(option: TyperOption) -> str:
    if option.required:
        return "required"
    shown = "" if option.default in (None, False, "") else f"`{option.default}`"
    variable = f"`{option.envvar}`" if option.envvar else ""
    return ", else ".join(filter(None, (variable, shown)))


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *([cell.replace("|", "\\|") for cell in row] for row in rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _page(parts: Sequence[str]) -> str:
    return "\n".join(parts).rstrip() + "\n"


def drift(root: Path = ROOT) -> list[str]:
    """The pages that do not say what the declarations say."""
    return [n for n, text in pages().items() if not (root / n).is_file() or (root / n).read_text("utf-8") != text]


def write(root: Path = ROOT) -> list[str]:
    """Bring the pages up to date; those that changed."""
    changed = drift(root)
    for name in changed:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(pages()[name], "utf-8")
    return changed


def main(arguments: Sequence[str]) -> int:
    """`--check` names the pages that are out of date and gives 1; without it they are written."""
    checking = "--check" in arguments
    changed = drift() if checking else write()
    said = "is not what the declarations say; run `make generate`" if checking else "written"
    sys.stderr.writelines(f"{name}: {said}\n" for name in changed)
    return 1 if checking and changed else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
