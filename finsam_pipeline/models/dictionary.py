"""The pages of `docs/` that say what the declarations say: rules, sources, marts.

`python -m finsam_pipeline.models.dictionary` writes them, `--check` fails when they are out of date. The pages are read by the
office, so they are in Swedish, with the English words of the contracts beside them.

Belongs here: declarations → Markdown. Does not: a word about a rule, a column or a mart that its declaration lacks. Stands in this room
because the marts' page says which input columns each figure comes from, which is read from the SQL.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from finsam_pipeline.contracts.marts import MARTS
from finsam_pipeline.contracts.rules import RULES, USES, severity_of
from finsam_pipeline.contracts.sources import SOURCES, canonical_name
from finsam_pipeline.contracts.types import Kind, Severity
from finsam_pipeline.models.generate import model_name
from finsam_pipeline.models.lineage import Lineage, column_lineage
from finsam_pipeline.models.project import packaged_project

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from finsam_pipeline.contracts.types import Column, MartColumn, MartContract, Rule, SourceContract

FOLDER = Path(__file__).resolve().parents[2] / "docs"
_MADE = "<!-- Made from {made_from} by `make generate`. Do not edit. -->\n"
_DOES = {
    Severity.ERROR: "raden hålls i karantän till dess att den rättats eller någon beslutat om den",
    Severity.WARNING: "raden räknas ändå; avvikelsen visas",
    Severity.BLOCKING: "förbundets tabeller i samma område publiceras inte; den senaste goda versionen står kvar",
}
_REPORT_WAITS = "rapporten görs bara som utkast; tabellerna publiceras som vanligt"  # a rule no source's rows are judged by
_BATCHES = {
    "rows": "raderna",
    "controls": "kontrollsummorna",
    "coverage": "åren en leverans ersätter",
    "ledgers": "filer utan verifikationer",
    "lines": "kontona i resultatrapporten",
    "financing": "medlemmarnas bidrag",
    "reconciliation": "avstämningen mellan källor",
    "flows": "deltagarflödet per insats och period",
    "placements": "utfall och budget per insats",
    "versions": "budgetversionerna",
}
_KINDS = {
    Kind.TEXT: "text",
    Kind.DATE: "datum",
    Kind.INTEGER: "heltal",
    Kind.AMOUNT: "belopp med öre",
    Kind.DECIMAL: "decimaltal",
    Kind.YES_NO: "ja eller nej",
    Kind.GENDER: "kön: kvinna/k, man/m, annan köns-ID/annan",
    Kind.INTERVENTION: "insats ur registret",
    Kind.CODE: "kod ur listan `{code_list}`",
    Kind.AGE_GROUP: "åldersgrupp",
    Kind.PERIOD: "period: 2025H1, 2025T1, 2025Q1, 2025-03 eller 2025",
    Kind.ACCOUNT: "konto, 4–6 siffror",
    Kind.PARTICIPANT: "deltagarnummer",
    Kind.CHOICE: "{choices}",
    Kind.IGNORED: "läses förbi, lagras aldrig",
}
_TYPES = {
    "string": "text",
    "int64": "heltal",
    "bool": "ja/nej",
    "date": "datum",
    "money": "kronor, två decimaler",
    "percent": "procent, en decimal",
    "share": "andel, fyra decimaler",
    "points": "tal, två decimaler",
    "figure": "tal, fyra decimaler",
}
_RULES_INTRO = """\
Varje rad som läses prövas mot de här reglerna. `finsam review list` visar öppna fynd, `finsam check` prövar en fil utan att ändra något.
Every rule, what follows when it strikes, and what the steward does.
"""
_SOURCES_INTRO = """\
En mapp per källa: `landing/<förbund>/<källa>/[ÅÅÅÅ-MM-DD/]fil`. Rubriker jämförs utan hänsyn till stora och små bokstäver, blanksteg,
punkter och bindestreck; kolumnernas ordning är fri. Okända kolumner anges som avvikelse och lagras inte.
One folder a source; headers match by alias.

- **Filer**: XLSX, eller CSV med semikolon, tabb eller komma, i UTF-8 eller som Excel sparar den (Windows-1252). Huvudboken också som
  SIE 1–4. Rubriken behöver inte stå överst: en titel, tomma rader och en `Summa`-rad går bra. En `Summa`-rad är en kontrollsumma, inte
  en rad. Ett blad bredvid tabellen, till exempel listor att välja ur eller en kontoplan, läses förbi och nämns.
- **Datum**: ÅÅÅÅ-MM-DD, ÅÅÅÅMMDD, DD.MM.ÅÅÅÅ, DD/MM/ÅÅÅÅ eller Excels egna datum.
- **Belopp**: med eller utan mellanrum mellan tusental, komma eller punkt före ören.
- **Krävs**: rubriken måste finnas i filen; annars avvisas hela filen och det sägs varför. Celler får vara tomma där ingen regel säger
  annat.
- **Insats**: namnet i cellen, annars en rad `Insats: …` ovanför, annars bladets namn, jämfört med namn och alias i `interventions.csv`.
- **Dag**: mappen ÅÅÅÅ-MM-DD är dagen filen lämnades. För deltagare ersätter den senaste leveransen av en insats de tidigare: lämna hela
  listan. För huvudboken gäller senaste versionen av varje verifikation. Filer från samma dag räknas tillsammans.
"""
_MARTS_INTRO = """\
De publicerade tabellerna i `marts/current/`, en Parquetfil var, sorterade efter nyckeln (fet stil). Beskrivning och enhet står också i
varje kolumns metadata. *Kommer ur* är de kolumner i källor och register som värdet räknas fram ur; kolumner som bara väljer ut rader står
inte där. The published marts; key columns in bold.
"""
_FAMILIES = {"participants": "Deltagare", "economy": "Ekonomi", "reference": "Register", "quality": "Kvalitet"}


def pages() -> dict[str, str]:
    """File name → Markdown of every page, the same bytes for the same declarations."""
    return {"rules.md": rules_page(), "sources.md": sources_page(), "marts.md": marts_page(column_lineage(packaged_project()))}


def rules_page() -> str:
    """Every rule: what fails, what follows, what the steward does, and where it is judged."""
    head = [
        _MADE.format(made_from="finsam_pipeline/contracts/rules.py"),
        "# Regler\n",
        _RULES_INTRO,
        "".join(f"- **{severity}**: {does}.\n" for severity, does in _DOES.items()),
        _table(["Regel", "", "Vad som är fel"], [[_link(r), r.severity.value, r.title_sv] for r in RULES.values()]),
    ]
    return _page([*head, *(_rule(r) for r in RULES.values())])


def sources_page() -> str:
    """Every landing folder: what a row is, its columns and the headers they are known by."""
    head = [
        _MADE.format(made_from="finsam_pipeline/contracts/sources.py"),
        "# Källor\n",
        _SOURCES_INTRO,
        _table(["Källa", "Vad", "En rad är"], [[f"[{s.name}](#{s.name})", s.title_sv, s.row_sv] for s in SOURCES.values()]),
    ]
    return _page([*head, *(_source(s) for s in SOURCES.values())])


def marts_page(lineage: Lineage) -> str:
    """Every mart: what a row is, its columns, units and the input columns they come from."""
    head = [
        _MADE.format(made_from="finsam_pipeline/contracts/marts/ and dbt_like_sql/"),
        "# Tabeller\n",
        _MARTS_INTRO,
        _table(
            ["Tabell", "Vad", "En rad är"],
            [[f"[{path}](#{_anchor(path)})", mart.title_sv, mart.row_sv] for path, mart in MARTS.items()],
        ),
    ]
    parts: list[str] = []
    for family, title in _FAMILIES.items():
        parts += [f"## {title}\n", *(_mart(m, lineage) for m in MARTS.values() if m.family == family)]
    return _page([*head, *parts])


def _rule(rule: Rule) -> str:
    judged = [
        [
            f"[{source}](sources.md#{source})",
            _BATCHES[batch],
            ", ".join(f"`{canonical_name(source, c)}`" for c in columns),
            severity.value,
        ]
        for source, batch, severity, columns in _judged(rule)
    ]
    follows = _DOES[rule.severity] if judged else _REPORT_WAITS
    where = (
        _table(["Källa", "Prövas på", "Kolumn", ""], judged)
        if judged
        else "Prövas när rapporten görs, inte på en källas rader.\n"
    )
    return (
        f"## {rule.id}\n\n**{rule.title_sv}.** {rule.title_en}.\n\n"
        f"{rule.severity.value}: {follows}.\n\nGör så här: {rule.remedy_sv}\n\n{where}"
    )


def _judged(rule: Rule) -> list[tuple[str, str, Severity, list[str]]]:
    """Source, table, severity and columns of each place where the rule is judged."""
    found: dict[tuple[str, str, Severity], list[str]] = {}
    for use in USES:
        if use.rule == rule.id:
            columns = found.setdefault((use.source, use.batch, severity_of(use)), [])
            if use.column and use.column not in columns:
                columns.append(use.column)
    return [(*key, columns) for key, columns in found.items()]


def _source(source: SourceContract) -> str:
    said = [f"En rad är {source.row_sv}. One row is {source.row_en}.", f"Område: {_FAMILIES[source.family.value].lower()}."]
    if source.supersedes_by:
        key = " och ".join(f"`{canonical_name(source.name, c)}`" for c in source.supersedes_by)
        said.append(f"En nyare leverans ersätter rader med samma {key}.")
    said += [f"Minst en av {_either(group)} måste finnas." for group in source.needs_any]
    rows = [_source_column(c) for c in source.columns]
    table = _table(["Kolumn", "Rubriker som känns igen", "Innehåll", "Krävs", "Beskrivning", "Description"], rows)
    return f"## {source.name}\n\n{source.title_sv}. {' '.join(said)}\n\n{table}"


def _source_column(column: Column) -> list[str]:
    choices = ", ".join(f"{text} → `{code}`" for text, code in column.choices)
    kind = _KINDS[column.kind].format(code_list=column.code_list, choices=choices)
    kind += f" ({column.unit})" if column.unit else ""
    kind += ", personuppgift" if column.sensitive else ""
    required = "ja" if column.required else ""
    return [f"`{column.canonical}`", ", ".join(column.headers), kind, required, column.description_sv, column.description_en]


def _mart(mart: MartContract, lineage: Lineage) -> str:
    model = model_name(mart)
    rows = [_mart_column(c, mart, _origins(lineage, model, c.name)) for c in mart.columns]
    table = _table(["Kolumn", "Typ", "Enhet", "Beskrivning", "Description", "Kommer ur"], rows)
    return f"### {mart.path}\n\n{mart.title_sv}. En rad är {mart.row_sv}. One row is {mart.row_en}.\n\n{table}"


def _mart_column(column: MartColumn, mart: MartContract, origins: Iterable[str]) -> list[str]:
    name = f"**`{column.name}`**" if column.name in mart.key else f"`{column.name}`"
    kind = _TYPES[column.arrow] + (", kan vara tomt" if column.nullable else "")
    return [name, kind, column.unit, column.description_sv, column.description_en, ", ".join(f"`{o}`" for o in origins)]


def _origins(lineage: Lineage, model: str, column: str) -> list[str]:
    """The columns of sources and register tables a model's column comes from, through every model between."""
    found: set[str] = set()
    waiting, seen = [(model, column)], set()
    while waiting:
        at = waiting.pop()
        if at in seen:
            continue
        seen.add(at)
        if at[0] in lineage:
            waiting += lineage[at[0]].get(at[1], [])
        else:
            found.add(f"{at[0].removeprefix('accepted.')}.{at[1]}")
    return sorted(found)


def _either(names: Sequence[str]) -> str:
    return " och ".join(f"`{n}`" for n in names)


def _link(rule: Rule) -> str:
    return f"[{rule.id}](#{rule.id.lower()})"


def _anchor(heading: str) -> str:
    """The anchor Git forges give a heading: lower case, slashes dropped."""
    return heading.lower().replace("/", "")


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *([cell.replace("|", "\\|") for cell in row] for row in rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _page(parts: Iterable[str]) -> str:
    return "\n".join(parts).rstrip() + "\n"


def drift(folder: Path = FOLDER) -> list[str]:
    """Names of the pages that do not say what the declarations say."""
    return [n for n, text in pages().items() if not (folder / n).is_file() or (folder / n).read_text("utf-8") != text]


def write(folder: Path = FOLDER) -> list[str]:
    """Bring the pages up to date; the names of those that changed."""
    wanted = pages()
    changed = [n for n, text in wanted.items() if not (folder / n).is_file() or (folder / n).read_text("utf-8") != text]
    for name in changed:
        (folder / name).write_text(wanted[name], "utf-8")
    return changed


def main(arguments: Sequence[str]) -> int:
    """`--check` names the pages that are out of date and gives 1; without it they are written."""
    checking = "--check" in arguments
    changed = drift() if checking else write()
    said = "is not what the declarations say; run `make generate`" if checking else "written"
    sys.stderr.writelines(f"docs/{name}: {said}\n" for name in changed)
    return 1 if checking and changed else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
