"""Every rule, and where it is used.

Belongs here: a rule's severity, its words, and which table and column of which source it judges (interface 5). Does not:
how a rule decides; that is one Expectation class in `validation/expectations/`, or one of Great Expectations' own.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from finsam_pipeline.contracts.sources import PARTICIPANT_SOURCES, SOURCES
from finsam_pipeline.contracts.types import Column, Kind, Rule, RuleUse, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

E, W, B = Severity.ERROR, Severity.WARNING, Severity.BLOCKING

RULES: dict[str, Rule] = {
    r.id: r
    for r in (
        Rule("P001", E, "deltagarnummer_saknas", "Deltagarnummer saknas", "Participant number missing",
             "Fyll i deltagarens löpnummer i insatsens lista och lämna hela filen på nytt."),
        Rule("P002", E, "insats_okand", "Insats saknas eller finns inte i registret",
             "Intervention missing or not in the register",
             "Rätta insatsens namn i filen, eller lägg till namnet som alias i interventions.csv."),
        Rule("P003", E, "kon_okant", "Kön saknas eller är okänt", "Gender missing or unknown",
             "Skriv kvinna (k), man (m) eller annan köns-ID (annan) i kolumnen Kön."),
        Rule("P004", E, "startdatum_saknas", "Startdatum saknas eller går inte att läsa", "Start date missing or unreadable",
             "Skriv startdatum som ÅÅÅÅ-MM-DD i insatsens lista."),
        Rule("P005", E, "slutdatum_fel", "Slutdatum går inte att läsa eller ligger före start",
             "End date unreadable or before the start date",
             "Rätta slutdatum (ÅÅÅÅ-MM-DD), eller startdatum om det är det som är fel."),
        Rule("P006", E, "avslutsorsak_utan_slutdatum", "Avslutsorsak utan slutdatum", "Exit reason without an end date",
             "Fyll i slutdatum, eller ta bort avslutsorsaken om deltagandet pågår."),
        Rule("P007", W, "slutdatum_utan_avslutsorsak", "Slutdatum utan avslutsorsak", "End date without an exit reason",
             "Fyll i avslutsorsak. Till dess räknas avslutet under Uppgift saknas."),
        Rule("P008", E, "avslutsorsak_okand", "Avslutsorsaken finns inte i kodlistan", "Exit reason not in the code list",
             "Välj en orsak ur listan, eller lägg till skrivsättet som alias i codes/exit_reason.csv."),
        Rule("P009", E, "samma_deltagande_tva_ganger", "Samma deltagande står två gånger", "The same participation stands twice",
             "Behåll den rad som stämmer och ta bort den andra. Är det två personer, ge dem var sitt löpnummer. Lika rader räknas "
             "redan en gång."),
        Rule("P010", E, "startdatum_orimligt", "Startdatum efter leveransdagen eller före 1990",
             "Start date after the day of delivery or before 1990",
             "Rätta startdatum; ett deltagande förs in när det har börjat. Stämmer datumet är leveransmappens dag för tidig."),
        Rule("P011", W, "alder_orimlig", "Ålder vid start utanför 16–67 år", "Age at start outside 16–67",
             "Kontrollera ålder eller födelseår i insatsens lista. Stämmer de behöver inget göras."),
        Rule("P012", E, "personnummer", "Personnummer i raden", "A personnummer in the row",
             "Ta bort personnumret ur filen hos den som lämnade den, också ur kommentarer, och lämna filen på nytt. Bara kolumnen "
             "Personnummer i sus_deltagare får ha det."),
        Rule("P013", W, "deltaganden_overlappar", "Deltaganden i samma insats överlappar varandra",
             "Overlapping participations in one intervention",
             "Kontrollera om det första deltagandet borde ha avslutats innan det andra började."),
        Rule("P014", B, "leverans_tommer_ar", "En ny leverans tömmer ett år som hade deltaganden",
             "A new delivery empties a year that had participations",
             "Lämna en lista som även har det årets deltaganden. Ska de bort, godkänn posten."),
        Rule("P015", W, "varde_utanfor_kodlistan", "Värdet finns inte i kodlistan", "Value not in the code list",
             "Välj ett värde ur listan, eller lägg till skrivsättet som alias i kodlistan. Till dess räknas det som okänt."),
        Rule("P016", W, "fler_avslutade_an_deltagare", "Fler har avslutats än som deltog", "More ended than took part",
             "Kontrollera start- och slutdatum. Räknas insatsen per start, se om avsluten hör till dem som började tidigare."),
        Rule("P017", W, "flodet_gar_inte_ihop", "Deltagarflödet går inte ihop", "The flow of participants does not close",
             "Periodens kvarstående ska vara förra periodens kvar. Byttes källa, lämna en lista där även de som redan var med står."),
        Rule("L001", E, "verifikation_i_obalans", "Verifikationen går inte jämnt ut", "The voucher does not sum to zero",
             "Exportera huvudboken på nytt med hela verifikationer. Är en rad fel, rätta den i ekonomisystemet. Till dess väntar "
             "alla verifikationens rader."),
        Rule("L002", E, "belopp_oklart", "Belopp saknas eller går inte att läsa entydigt",
             "Amount missing, unreadable or ambiguous",
             "Rätta beloppet. En rad har debet eller kredit, inte båda, och ett enda decimaltecken."),
        Rule("L003", E, "datum_fel", "Datum saknas eller ligger utanför räkenskapsåret",
             "Date missing or outside the fiscal year",
             "Rätta bokföringsdatum, eller exportera rätt räkenskapsår: det som SIE-filen anger, annars kalenderåret."),
        Rule("L004", E, "konto_fel", "Konto saknas eller har inte 4–6 siffror", "Account missing or not 4–6 digits",
             "Rätta kontot i ekonomisystemet eller kolumnen Konto i exporten, och exportera på nytt."),
        Rule("L005", W, "lucka_i_nummerserien", "Lucka i verifikationsnumren", "Gap in the voucher numbers",
             "Kontrollera i ekonomisystemet om en verifikation saknas i exporten. Är numret makulerat behöver inget göras."),
        Rule("L006", W, "verifikation_andrad", "Verifikationen har levererats på nytt med annat innehåll",
             "Voucher delivered again with other content",
             "Kontrollera varför verifikationen ändrats. Den senaste gäller."),
        Rule("L007", B, "kontrollsumma_fel", "Kontrollsumman stämmer inte med raderna", "Control total does not match the rows",
             "Exportera filen på nytt, hel och utan filter. Kontrollera om rader lagts till efter summeringen."),
        Rule("L008", B, "konto_utan_rapportrad", "Konto eller objekt saknar rad i resultatrapporten",
             "Account or object without a report line",
             "Lägg till en regel för kontot eller objektet i line_rules.csv; körningen säger vilka. Filen behöver inte lämnas om."),
        Rule("L009", B, "huvudbok_for_kort", "Huvudboken når inte periodens slut",
             "The ledger does not reach the end of the period",
             "Lämna en huvudbok som omfattar hela perioden, eller gör rapporten som utkast."),
        Rule("L010", W, "bidrag_mot_andelar", "Medlemmarnas bidrag följer inte de avtalade andelarna",
             "Contributions not in the agreed shares",
             "Kontrollera bokförda bidrag mot avtalet, och andelarna i association.yaml. Ett bidrag som ännu inte bokförts syns också "
             "här."),
        Rule("L011", W, "huvudbok_utan_verifikationer", "Räkenskapsåret har inga verifikationer",
             "The ledger file's fiscal year has no vouchers",
             "Filen har bara saldon och ger inget utfall. Exportera SIE typ 4, eller lämna årets huvudbok eller verifikationslista."),
        Rule("U001", E, "kon_mot_total", "Antalen per kön går inte ihop med totalen",
             "Counts by gender do not add up to the total",
             "Rätta antalet kvinnor, män, annan eller totalt så att de går ihop."),
        Rule("U002", W, "uppfoljningarna_skiljer_sig", "Uppföljning Finsam och den lokala uppföljningen skiljer sig åt",
             "Uppföljning Finsam and the local follow-up disagree",
             "Jämför de två källorna för insatsen och rätta den som är fel. Räknas insatsen på olika sätt (count_basis i "
             "interventions.csv) skiljer de sig också."),
        Rule("G001", E, "budgetrad_fel", "Budgetraden går inte att placera eller läsa", "Budget row cannot be placed or read",
             "Rätta rad, konto, projekt, period eller belopp i budgetfilen. Rad är ett id eller en text ur report_lines.csv, projekt "
             "ett objekt ur interventions.csv."),
        Rule("G002", W, "utfall_och_budget_skilda_at", "Utfall och budget står på olika insatser",
             "Outcome and budget stand under different interventions",
             "Kontrollera projektkoden i huvudboken och i budgeten: en insats har bara utfall, en annan bara budget."),
        Rule("G003", W, "budgetversioner_skiljer_sig", "Resultatrapportens och insatstabellens budget skiljer sig åt",
             "The budgets of the income statement and of the interventions disagree",
             "Stäm av de två budgetversionerna, eller ange i association.yaml vilken version som gäller (budget_versions)."),
        Rule("R001", W, "varde_saknas", "Värdet saknas eller går inte att läsa", "Value missing or unreadable",
             "Rätta cellen i filen. Till dess saknas uppgiften i tabellerna."),
    )
}  # fmt: skip

NOT_NULL = "expect_column_values_to_not_be_null"
NULL = "expect_column_values_to_be_null"
IN_SET = "expect_column_values_to_be_in_set"
BETWEEN = "expect_column_values_to_be_between"
READABLE = "expect_given_values_to_be_readable"
KNOWN = "expect_given_values_to_be_known"
WAIVED = "waived"  # the rules a steward has waived for the row, `|P010|`; `judge` adds the column

_COUNTS = ("uppfoljning_finsam", "women"), ("uppfoljning_finsam", "men"), ("uppfoljning_finsam", "total")
_LOOSE_SOURCES = ("uppfoljning_finsam", "sus_insatser", "prognos", "aktiviteter", "nyckeltal", "programtrohet")
# Columns whose missing or unreadable value another expectation judges.
_JUDGED_ELSEWHERE = frozenset({*_COUNTS, ("prognos", "amount_tkr")})


def _values(rule: str, source: str, column: str, expectation: str = NOT_NULL, **kwargs: object) -> RuleUse:
    """A rule that looks at one column of a source's rows."""
    return RuleUse(rule, source, "rows", column, expectation, tuple({"column": column, **kwargs}.items()))


def _rows(rule: str, source: str, column: str, expectation: str, *columns: str) -> RuleUse:
    """A rule that compares columns of a source's rows; `column` is the one a finding names."""
    return RuleUse(rule, source, "rows", column, expectation, (("column_list", columns),))


def _resting(rule: str, source: str, column: str, expectation: str, *columns: str) -> RuleUse:
    """A rule that leaves out the rows another E rule of the source holds, unless that rule is waived for the row."""
    use = _rows(rule, source, column, expectation, *columns, WAIVED)
    return replace(use, kwargs=(*use.kwargs, ("source", source)))


def _batch(rule: str, source: str, batch: str, column: str, expectation: str, *columns: str) -> RuleUse:
    """A rule that compares columns of a table made for it."""
    return RuleUse(rule, source, batch, column, expectation, (("column_list", columns),))


def _given(rule: str, source: str, column: str) -> RuleUse:
    """What stands in the cell must have become a value."""
    return _rows(rule, source, column, READABLE, f"{column}_given", column)


def _control_totals(source: str) -> RuleUse:
    return _batch("L007", source, "controls", "declared", "expect_control_total_to_match", "judged", "declared", "actual")


def _counted_rows(source: str) -> RuleUse:
    """The Summa row of a participant list counts rows; nothing waits for it."""
    return replace(
        _control_totals(source),
        severity=W,
        title_sv="Summaraden stämmer inte med antalet rader",
        remedy_sv="Kontrollera att listan är hel och ofiltrerad, och att Summa räknar alla rader med deltagare.",
    )


def typed_columns(source: str) -> tuple[str, ...]:
    """The contract columns a typed frame of the source holds, in contract order."""
    return tuple(c.name for c in SOURCES[source].columns if c.kind is not Kind.IGNORED)


def _participations(source: str) -> Iterator[RuleUse]:
    columns = typed_columns(source)
    age = tuple(c for c in ("age", "birth_year") if c in columns)
    misregistration = tuple(c for c in ("exit_cause",) if c in columns)
    yield _values("P001", source, "participant")
    yield _values("P002", source, "intervention_id")
    yield _values("P003", source, "gender")
    yield _values("P004", source, "start_date")
    yield _rows(
        "P005", source, "end_date", "expect_end_date_readable_and_not_before_start", "start_date", "end_date", "end_date_given"
    )
    if "exit_reason" in columns:
        yield _rows("P006", source, "end_date", "expect_exit_reason_only_with_end_date", "exit_reason_given", "end_date_given")
        yield _rows("P007", source, "exit_reason", "expect_exit_reason_with_end_date", "exit_reason_given", "end_date")
        yield _given("P008", source, "exit_reason")
    yield _rows("P010", source, "start_date", "expect_start_date_within_reason", "start_date", "delivered_on")
    yield _rows("P011", source, age[0], "expect_age_at_start_in_range", "start_date", *age)
    yield _values("P012", source, "personnummer_in", NULL)
    yield _resting("P009", source, "participant", "expect_participation_once", *columns)
    yield _resting(
        "P013", source, "start_date", "expect_participations_not_to_overlap",
        "intervention_id", "participant", "start_date", "end_date", *misregistration,
    )  # fmt: skip
    for column in SOURCES[source].columns:
        if column.kind is Kind.CODE and column.name != "exit_reason":
            yield _given("P015", source, column.name)
    yield _counted_rows(source)
    yield _batch("P014", source, "coverage", "year", "expect_year_not_to_be_emptied", "before", "after")
    yield _batch("P016", source, "flows", "ended", "expect_no_more_ended_than_took_part", "participants", "ended")
    yield _batch(
        "P017", source, "flows", "carried_in", "expect_flow_to_close",
        "count_basis", "carried_in", "started", "ended", "carried_out", "carried_out_before",
    )  # fmt: skip


def _ledger(source: str = "huvudbok") -> Iterator[RuleUse]:
    yield _rows("L002", source, "amount", "expect_amount_to_be_stated", "amount_state", "amount")
    yield _rows("L003", source, "date", "expect_date_within_fiscal_year", "date", "year_from", "year_to")
    yield _values("L004", source, "account")
    yield _values("P012", source, "personnummer_in", NULL)
    yield _resting("L001", source, "amount", "expect_voucher_to_balance", "kind", "voucher", "amount")
    yield _rows("L005", source, "number", "expect_voucher_numbers_without_gaps", "kind", "fiscal_year", "series", "number_int")
    yield RuleUse("L006", source, "rows", "number", IN_SET, (("column", "redelivered_changed"), ("value_set", (False,))))
    yield _control_totals(source)
    yield RuleUse("L011", source, "ledgers", "number", BETWEEN, (("column", "vouchers"), ("min_value", 1)))
    yield RuleUse("L008", source, "lines", "account", NOT_NULL, (("column", "line_id"),))
    yield _batch("L010", source, "financing", "outcome_kr", "expect_contributions_in_agreed_shares", "outcome_kr", "expected_kr")


def _budget(source: str = "budget") -> Iterator[RuleUse]:
    yield _values("P012", source, "personnummer_in", NULL)
    for column in ("version", "period", "amount"):
        yield _values("G001", source, column)
    yield _rows("G001", source, "line_id", "expect_line_or_account", "line_id_given", "account_given")
    yield _rows("G001", source, "line_id", KNOWN, "line_id_given", "line_known")
    yield _given("G001", source, "account")
    yield _rows("G001", source, "account", KNOWN, "account_given", "line_known")
    yield _rows("G001", source, "object", KNOWN, "object_given", "object_known")
    yield _given("G001", source, "decided_on")
    yield _batch(
        "G002", source, "placements", "intervention_id", "expect_outcome_where_the_budget_is", "period", "outcome_kr", "budget_kr"
    )
    yield _batch(
        "G003",
        source,
        "versions",
        "amount",
        "expect_budget_versions_to_agree",
        "income_statement_kr",
        "intervention_budget_kr",
        "lines",
    )


def _loose(source: str) -> Iterator[RuleUse]:
    """Hand-kept counts and figures: no personnummer, a known intervention, readable values."""
    yield _values("P012", source, "personnummer_in", NULL)
    for column in SOURCES[source].columns:
        yield from _loose_column(source, column)
    if source == "prognos":
        yield _rows("R001", source, "amount_tkr", "expect_amount_unless_outcome", "kind", "amount_tkr")
    if source == "uppfoljning_finsam":
        yield _rows("U001", source, "total", "expect_genders_to_add_up", "women", "men", "other", "total")
        yield RuleUse("U002", source, "reconciliation", "difference", IN_SET, (("column", "difference"), ("value_set", (0,))))
    if source == "sus_insatser":
        yield _rows("U001", source, "total", "expect_known_genders_to_add_up", "women", "men", "total")


def _loose_column(source: str, column: Column) -> Iterator[RuleUse]:
    if column.kind is Kind.INTERVENTION:  # a key figure may stand for the association as a whole
        yield _given("P002", source, column.name) if source == "nyckeltal" else _values("P002", source, column.name)
    elif column.required and (source, column.name) not in _JUDGED_ELSEWHERE:
        yield _values("R001", source, column.name)
    elif column.flagged and not column.required:
        yield _given("R001", source, column.name)


USES: tuple[RuleUse, ...] = (
    *(use for source in PARTICIPANT_SOURCES for use in _participations(source)),
    *_ledger(),
    *_budget(),
    *(use for source in _LOOSE_SOURCES for use in _loose(source)),
)


def uses_of(source: str, batch: str = "rows") -> tuple[RuleUse, ...]:
    """The expectations of one judged table, in order."""
    return tuple(u for u in USES if u.source == source and u.batch == batch)


def words_of(rule: str, source: str) -> tuple[str, str]:
    """What is wrong and what to do, in Swedish: in the words of the rule's use on the source, else in the rule's own."""
    use = next((u for u in USES if (u.rule, u.source) == (rule, source)), None)
    declared = RULES[rule]
    return (use and use.title_sv) or declared.title_sv, (use and use.remedy_sv) or declared.remedy_sv


def severity_of(use: RuleUse) -> Severity:
    """What a failure of this use does: its own severity, else the rule's."""
    return use.severity or RULES[use.rule].severity
