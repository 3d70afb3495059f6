"""The register of processing activities (GDPR article 30.1) of one association, made from the contracts and its configuration.

Belongs here: what the program itself knows: which columns of which sources speak of persons, what becomes of them, how long they are
kept, how they are protected. Does not: legal judgement. What only the office can say (legal basis, contact, recipients of its own)
stands as a place to fill in.
"""

from __future__ import annotations

from collections.abc import Iterable

from finsam_pipeline.contracts.sources import SOURCES
from finsam_pipeline.contracts.types import Column, Kind, SourceContract
from finsam_pipeline.register.model import Register
from finsam_pipeline.register.retention import Archive, Retention, archive_policy, retention_settings

_FILL_IN = "[fylls i av förbundet]"
_ARCHIVE_SV = {
    Archive.KEEP: "original bevaras",
    Archive.UNTIL_SUPERSEDED: "original tas bort när en nyare leverans har ersatt alla deras rader",
    Archive.HASH_ONLY: "original bevaras inte i arkivet, bara deras kontrollsumma",
}
_KEPT_SV = (
    ("landing_days", "Filer i landing", "dagar efter att de lästs in"),
    ("originals_years", "Original i vault/archive och deras rader i marts", "hela kalenderår efter leveransåret"),
    ("snapshots_days", "Äldre ögonblicksbilder (antal, inga rader)", "dagar"),
    ("errors_days", "Sparade oväntade fel i vault/errors", "dagar"),
)


def processing_register(register: Register) -> str:
    """The register as Markdown, in Swedish. The same configuration gives the same text."""
    return "\n".join([*_head(register), *_data(), *_recipients(), *_kept(register), *_protection(), ""])


def _head(register: Register) -> Iterable[str]:
    contact = register.settings.get("report") or {}
    asked = str(contact.get("contact") or _FILL_IN) if isinstance(contact, dict) else _FILL_IN
    return (
        f"# Register över behandling: {register.name}",
        "",
        (
            "Enligt artikel 30.1 i dataskyddsförordningen. Gjort av `finsam processing` ur programmets kontrakt och förbundets"
            f" konfiguration; det som står som {_FILL_IN} kan bara förbundet svara på."
        ),
        "",
        "| | |",
        "|---|---|",
        f"| Personuppgiftsansvarig | {register.name}, organisationsnummer {register.organisation_number or _FILL_IN} |",
        f"| Kontakt | {asked} |",
        f"| Dataskyddsombud | {_FILL_IN} |",
        (
            "| Ändamål | Uppföljning och redovisning av finansierade insatser: vilka som deltagit, med vilket resultat och till vilken"
            " kostnad, per period (lag 2003:1210 om finansiell samordning) |"
        ),
        f"| Rättslig grund | {_FILL_IN} |",
        "| Registrerade | Deltagare i insatser. Ekonomins källor avser inte personer; ett personnummer där är ett fynd (P012) |",
        "",
    )


def _data() -> Iterable[str]:
    yield from ("## Uppgifter", "", "| källa | uppgift | vad som händer med den |", "|---|---|---|")
    for contract in SOURCES.values():
        for column in contract.columns:
            if contract.personal or column.sensitive:
                yield f"| {contract.title_sv} | {column.description_sv} | {_fate(contract, column)} |"
    yield ""
    yield (
        "Uppgifter om försörjning, sysselsättning och avslutsorsak kan avslöja hälsa (artikel 9). Samma person följs inte mellan"
        " källor eller insatser: pseudonymen är olika i varje källa."
    )
    yield ""


def _fate(contract: SourceContract, column: Column) -> str:
    if column.kind is Kind.PARTICIPANT:
        return "ersätts av en nyckelskyddad pseudonym innan något skrivs; publiceras aldrig"
    if column.kind is Kind.IGNORED:
        return "läses förbi och lagras aldrig utanför originalet"
    if contract.personal:
        return "räknas; publiceras bara som antal"
    return "räknas"


def _recipients() -> Iterable[str]:
    return (
        "## Mottagare och överföring",
        "",
        f"- Marts (antal, små tal omaskerade) läses inom förbundet. Andra mottagare: {_FILL_IN}",
        "- Rapporten är allmän handling; små tal maskeras enligt `disclosure:` i association.yaml.",
        (
            "- Programmet för inget över till tredje land och anropar inga tjänster utanför den egna maskinen"
            " (undantag: aviseringar utan uppgifter om enskilda, om `alerts:` är satt, och databasen som `finsam export --to` pekar ut)."
        ),
        "",
    )


def _kept(register: Register) -> Iterable[str]:
    keep = retention_settings(register.settings) or Retention()
    yield from ("## Tidsfrister för gallring", "", "| vad | hur länge |", "|---|---|")
    for name, what, unit in _KEPT_SV:
        days = getattr(keep, name)
        yield f"| {what} | {f'{days} {unit}' if days is not None else 'tills vidare: ingen gallring är beslutad'} |"
    yield f"| Arkivet | {_ARCHIVE_SV[archive_policy(register.settings)]} |"
    yield "| Utgåvor av rapporten | bevaras (antal, inga rader) |"
    yield "| Granskningsloggen | bevaras (beslut, exporter och raderingar; inga uppgifter om deltagare) |"
    yield ""


def _protection() -> Iterable[str]:
    return (
        "## Skydd",
        "",
        "- Allt som kan peka ut någon ligger i `vault/` (0700, filer 0600) och i `landing/`. Pseudonymnyckeln kan ligga på en annan"
        " disk (`FINSAM_PSEUDONYM_KEY_FILE`). Diskkryptering och säkerhetskopior: " + _FILL_IN,
        "- Varje cell söks igenom efter personnummer och samordningsnummer; en rad med ett sådant stoppas (P012).",
        (
            "- Inga värden ur deltagarrader står i loggar, felmeddelanden, kontroller eller Dagsters händelselogg; ett prov med 1 000"
            " påhittade nummer hör till programmets tester."
        ),
        "- Beslut, exporter, importer, raderingar och gallring står i en kedjad logg som `finsam status` kontrollerar.",
        "- En registrerad raderas med `finsam erase`, med kvitto.",
        "",
    )
