"""The landing folders of interface 4, one declaration each.

Belongs here: headers, kinds, units, sensitivity. Does not: how a cell is parsed, what a rule means.
"""

from __future__ import annotations

from finsam_pipeline.contracts.types import Column, Family, Kind, SourceContract

_INTERVENTION = Column(
    "intervention_id", Kind.INTERVENTION, ("Insats",), "Insatsen, ur insatsregistret", "The intervention, by the register", flagged=True,
    called="intervention",
)  # fmt: skip
_GENDER = Column(
    "gender", Kind.GENDER, ("Kön",), "Kön", "Gender: woman, man or other", required=True, flagged=True, sensitive=True
)


def _code(name: str, headers: tuple[str, ...], code_list: str, sv: str, en: str) -> Column:
    return Column(name, Kind.CODE, headers, sv, en, code_list=code_list, flagged=True, sensitive=True)


DELTAGARUPPFOLJNING = SourceContract(
    name="deltagaruppfoljning",
    family=Family.PARTICIPANTS,
    title_sv="Deltagaruppföljning",
    row_sv="ett deltagande: en person i en insats från start till avslut",
    row_en="one participation: one person in one intervention from start to end",
    personal=True,
    counts_total_row=True,
    columns=(
        Column(
            "participant", Kind.PARTICIPANT, ("Löpnummer", "Lnr", "Nr", "Deltagar-ID", "Deltagarnummer"),
            "Löpnummer, ersatt av en nyckelskyddad pseudonym", "Running number, replaced by a keyed pseudonym",
            required=True, flagged=True, sensitive=True, called="participant_no",
        ),
        _INTERVENTION,
        Column("team", Kind.TEXT, ("Team", "Delinsats", "Ort"), "Team, delinsats eller ort", "Team, sub-intervention or place"),
        _GENDER,
        Column("age", Kind.INTEGER, ("Ålder",), "Ålder vid start", "Age at start", unit="år", sensitive=True),
        Column("birth_year", Kind.INTEGER, ("Födelseår",), "Födelseår", "Year of birth", unit="år", sensitive=True),
        Column("age_group", Kind.AGE_GROUP, ("Åldersgrupp",), "Åldersgrupp vid start", "Age group at start", sensitive=True),
        _code("education", ("Utbildning", "Utbildningsnivå"), "education", "Utbildningsnivå", "Education level"),
        _code("referrer", ("Anmälande part", "Anvisande part", "Remittent"), "referrer", "Anmälande part", "Referrer"),
        _code("income_before", ("Försörjning vid start",), "income", "Försörjning vid start", "Income at start"),
        _code("income_after", ("Försörjning vid avslut",), "income", "Försörjning vid avslut", "Income at end"),
        _code("occupation_before", ("Sysselsättning vid start",), "occupation", "Sysselsättning vid start", "Occupation at start"),
        _code("occupation_after", ("Sysselsättning vid avslut",), "occupation", "Sysselsättning vid avslut", "Occupation at end"),
        Column("start_date", Kind.DATE, ("Startdatum", "Start", "Inskriven"), "Startdatum", "First day", required=True, flagged=True),
        Column("end_date", Kind.DATE, ("Slutdatum", "Avslutad", "Utskriven"), "Slutdatum", "Last day", required=True, flagged=True),
        _code("exit_reason", ("Avslutsorsak",), "exit_reason", "Avslutsorsak", "Exit reason"),
        Column("followup_3m", Kind.IGNORED, ("Uppföljning 3 mån",), "Uppföljning 3 mån", "Follow-up, 3 months", sensitive=True),
        Column("followup_6m", Kind.IGNORED, ("Uppföljning 6 mån", "6 mån"), "Uppföljning 6 mån", "Follow-up, 6 months", sensitive=True),
        Column("followup_12m", Kind.IGNORED, ("Uppföljning 12 mån", "12 mån"), "Uppföljning 12 mån", "Follow-up, 12 months", sensitive=True),
        Column("comment", Kind.IGNORED, ("Kommentar", "Anteckning"), "Fritext, lagras aldrig", "Free text, never stored", sensitive=True),
    ),
)  # fmt: skip

SUS_DELTAGARE = SourceContract(
    name="sus_deltagare",
    family=Family.PARTICIPANTS,
    title_sv="SUS deltagare",
    row_sv="en registrering i SUS",
    row_en="one registration in SUS",
    personal=True,
    counts_total_row=True,
    columns=(
        Column(
            "participant", Kind.PARTICIPANT, ("Deltagar-ID", "Personnummer"),
            "Deltagar-ID eller personnummer, ersatt av en nyckelskyddad pseudonym",
            "Participant id or personnummer, replaced by a keyed pseudonym", required=True, flagged=True, sensitive=True,
            called="participant_no",
        ),
        _INTERVENTION,
        _GENDER,
        Column("birth_year", Kind.INTEGER, ("Födelseår",), "Födelseår", "Year of birth", unit="år", sensitive=True),
        _code("education", ("Utbildningsnivå",), "education", "Utbildningsnivå", "Education level"),
        _code("referrer", ("Remitterande part",), "referrer", "Remitterande part", "Referrer"),
        Column(
            "months_in_public_support", Kind.INTEGER, ("Tid i offentlig försörjning (mån)", "Tid i offentlig försörjning"),
            "Tid i offentlig försörjning före insatsen", "Time in public support before the intervention",
            unit="månader", sensitive=True,
        ),
        Column("start_date", Kind.DATE, ("Inregistreringsdatum",), "Inregistreringsdatum", "Registered in", required=True, flagged=True),
        Column("end_date", Kind.DATE, ("Utregistreringsdatum",), "Utregistreringsdatum", "Registered out", required=True, flagged=True),
        Column(
            "exit_cause", Kind.CHOICE, ("Avslutsanledning", "Avslutningsanledning"), "Avslutsanledning i SUS: bara felregistrering hålls isär",
            "SUS exit cause: only misregistration is kept apart", choices=(("felregistrering", "misregistered"),), flagged=True,
            sensitive=True,
        ),
        _code("income_before", ("Försörjning före", "Försörjning före insats"), "income", "Försörjning före", "Income before"),
        _code("income_after", ("Försörjning efter", "Försörjning efter insats"), "income", "Försörjning efter", "Income after"),
        _code("occupation_before", ("Sysselsättning före", "Sysselsättning före insats"), "occupation", "Sysselsättning före", "Occupation before"),
        _code("occupation_after", ("Sysselsättning efter", "Sysselsättning efter insats"), "occupation", "Sysselsättning efter", "Occupation after"),
        Column("comment", Kind.IGNORED, ("Kommentar", "Anteckning"), "Fritext, lagras aldrig", "Free text, never stored", sensitive=True),
    ),
)  # fmt: skip

SUS_INSATSER = SourceContract(
    name="sus_insatser",
    family=Family.PARTICIPANTS,
    title_sv="SUS insatser (anonyma och volym)",
    row_sv="ett antal anonyma deltagare eller en volym i en insats ett år",
    row_en="a count of anonymous participants, or a volume, in one intervention and year",
    supersedes_by=("year",),
    columns=(
        _INTERVENTION,
        Column("year", Kind.INTEGER, ("År",), "Kalenderår", "Calendar year", required=True, flagged=True),
        Column(
            "registration", Kind.CHOICE, ("Deltagarregistrering",), "Anonym eller volym", "Anonymous or volume", required=True,
            choices=(("anonym", "anonymous"), ("anonyma", "anonymous"), ("volym", "volume"), ("endast antal (volyminsats)", "volume")),
            flagged=True,
        ),
        Column("women", Kind.INTEGER, ("Kvinnor",), "Kvinnor", "Women", unit="deltagare", flagged=True),
        Column("men", Kind.INTEGER, ("Män",), "Män", "Men", unit="deltagare", flagged=True),
        Column("total", Kind.INTEGER, ("Totalt",), "Totalt", "Total", unit="deltagare", required=True, flagged=True),
    ),
)  # fmt: skip

UPPFOLJNING_FINSAM = SourceContract(
    name="uppfoljning_finsam",
    family=Family.PARTICIPANTS,
    title_sv="Uppföljning Finsam",
    row_sv="antal deltagare i en insats under en period",
    row_en="counts of one intervention in one period",
    supersedes_by=("period_from", "period_to"),
    columns=(
        _INTERVENTION,
        Column(
            "orientation", Kind.CHOICE, ("Inriktning",), "Inriktning", "Orientation",
            choices=(("individinriktad", "individual"), ("strukturövergripande", "structural"), ("strukturinriktad", "structural")),
        ),
        Column("esf", Kind.YES_NO, ("ESF-finansiering",), "ESF-finansierad", "Funded by ESF"),
        Column("period_from", Kind.DATE, ("Från",), "Från och med", "From", required=True, flagged=True),
        Column("period_to", Kind.DATE, ("Till",), "Till och med", "To", required=True, flagged=True),
        Column("women", Kind.INTEGER, ("Kvinnor",), "Kvinnor", "Women", unit="deltagare", required=True, flagged=True),
        Column("men", Kind.INTEGER, ("Män",), "Män", "Men", unit="deltagare", required=True, flagged=True),
        Column("other", Kind.INTEGER, ("Annan", "Annan köns-ID"), "Annan köns-ID", "Other gender", unit="deltagare", flagged=True),
        Column("total", Kind.INTEGER, ("Totalt",), "Totalt", "Total", unit="deltagare", required=True, flagged=True),
        Column(
            "planned_participants", Kind.INTEGER, ("Budgeterat antal deltagare",), "Budgeterat antal deltagare", "Planned participants",
            unit="deltagare",
        ),
        Column("budget", Kind.AMOUNT, ("Budget",), "Budget", "Budget", unit="kr"),
        Column("outcome", Kind.AMOUNT, ("Utfall",), "Utfall", "Outcome", unit="kr"),
    ),
)  # fmt: skip

HUVUDBOK = SourceContract(
    name="huvudbok",
    family=Family.ECONOMY,
    title_sv="Huvudbok",
    row_sv="en transaktion på en verifikation, eller en ingående balans",
    row_en="one voucher row, or one opening balance",
    needs_any=(("debit", "amount"),),
    columns=(
        Column(
            "account", Kind.ACCOUNT, ("Konto", "Kontonr", "Kontonummer", "Konto nr", "konto_nr"), "Konto", "Account", required=True,
            flagged=True,
        ),
        Column(
            "account_name", Kind.TEXT, ("Kontonamn", "Benämning", "Kontobenämning", "Namn", "konto_text", "Kontotext"), "Kontots namn",
            "Account name",
        ),
        Column("series", Kind.TEXT, ("Serie", "Ver.serie", "Verifikationsserie"), "Verifikationsserie", "Voucher series"),
        Column(
            "number", Kind.TEXT,
            ("Ver", "Ver.nr", "Vernr", "Ver nr", "Verifikation", "Verifikationsnr", "Verifikationsnummer", "Nummer"),
            "Verifikationsnummer", "Voucher number", flagged=True,
        ),
        Column(
            "date", Kind.DATE, ("Datum", "Bokföringsdatum", "Bokf.datum", "Verifikationsdatum", "Ver.datum", "Trans.datum", "bokforingsdatum"),
            "Bokföringsdatum", "Booking date", required=True, flagged=True,
        ),
        Column("reg_date", Kind.IGNORED, ("Registreringsdatum", "Reg.datum"), "Registreringsdatum", "Registration date"),
        Column("period", Kind.IGNORED, ("Period", "Per"), "Period", "Period"),
        Column(
            "text", Kind.IGNORED, ("Text", "Vertext", "Verifikationstext", "Transaktionsinfo", "Beskrivning", "Transtext"),
            "Text, lagras aldrig", "Text, never stored",
        ),
        Column("debit", Kind.AMOUNT, ("Debet", "Deb"), "Debet", "Debit", unit="kr", flagged=True),
        Column("credit", Kind.AMOUNT, ("Kredit", "Kre", "Kred"), "Kredit", "Credit", unit="kr", flagged=True),
        Column("amount", Kind.AMOUNT, ("Belopp", "Nettobelopp", "Utfall", "Summa"), "Belopp, debet positivt", "Amount, debit positive", unit="kr", flagged=True),
        Column("balance", Kind.IGNORED, ("Saldo", "Ack saldo", "Utgående saldo"), "Saldo, aldrig ett belopp", "Balance, never an amount"),
        Column("dim_1", Kind.TEXT, ("Ks", "Kst", "Kostnadsställe", "Resultatenhet", "Re", "Ansvar"), "Kostnadsställe", "Cost centre"),
        Column("dim_6", Kind.TEXT, ("Projekt", "Proj", "Projnr", "Projektnr", "Proj.nr"), "Projekt", "Project"),
        Column("dim_20", Kind.TEXT, ("Verksamhet", "Vht"), "Verksamhet", "Activity area"),
        Column("dim_21", Kind.TEXT, ("Aktivitet", "Akt"), "Aktivitet", "Activity"),
        Column("dim_22", Kind.TEXT, ("Motpart", "Mpt"), "Motpart", "Counterparty"),
        Column("dim_23", Kind.TEXT, ("Objekt",), "Objekt", "Object"),
        Column("dim_2", Kind.TEXT, ("Kostnadsbärare", "Kb"), "Kostnadsbärare", "Cost bearer"),
    ),
)  # fmt: skip

BUDGET = SourceContract(
    name="budget",
    family=Family.ECONOMY,
    title_sv="Budget",
    row_sv="ett budgetbelopp, med rapportens tecken",
    row_en="one budget amount, signs as printed in a report",
    supersedes_by=("version",),
    needs_any=(("account", "line_id"),),
    columns=(
        Column("version", Kind.TEXT, ("Version",), "Budgetversion", "Budget version", required=True, flagged=True),
        Column("decided_on", Kind.DATE, ("Beslutad",), "Beslutsdag", "Day of decision", flagged=True),
        Column("period", Kind.PERIOD, ("Period",), "Period", "Period", required=True, flagged=True),
        Column("account", Kind.ACCOUNT, ("Konto",), "Konto", "Account", flagged=True),
        Column("line_id", Kind.TEXT, ("Rad",), "Radens id eller text i report_lines.csv",
               "Line of the income statement: its id or label", flagged=True),
        Column("object", Kind.TEXT, ("Projekt",), "Projekt (dimension 6), som i interventions.csv", "Project (dimension 6)", flagged=True),
        Column("amount", Kind.AMOUNT, ("Belopp",), "Belopp", "Amount", unit="kr", required=True, flagged=True),
    ),
)  # fmt: skip

PROGNOS = SourceContract(
    name="prognos",
    family=Family.ECONOMY,
    title_sv="Helårsprognos",
    row_sv="en rad i tolvmånadersprognosen",
    row_en="one line of the twelve-month forecast",
    supersedes_by=("period",),
    columns=(
        Column("period", Kind.PERIOD, ("Period",), "Period", "Period", required=True, flagged=True),
        Column("line_order", Kind.INTEGER, ("Ordning",), "Ordning", "Order", required=True, flagged=True, called="order"),
        Column("label", Kind.TEXT, ("Rad",), "Rad", "Line", required=True, flagged=True, called="line"),
        Column("amount_tkr", Kind.INTEGER, ("Belopp tkr",), "Belopp", "Amount", unit="tkr", required=True, flagged=True),
        Column(
            "kind", Kind.CHOICE, ("Typ",), "Kostnad, intäkt eller utfall", "Cost, income or outcome", required=True,
            choices=(("kostnad", "cost"), ("intäkt", "income"), ("utfall", "outcome")), flagged=True,
        ),
    ),
)  # fmt: skip

AKTIVITETER = SourceContract(
    name="aktiviteter",
    family=Family.PARTICIPANTS,
    title_sv="Aktiviteter",
    row_sv="en strukturövergripande aktivitet",
    row_en="one structural event",
    supersedes_by=("year",),
    columns=(
        Column("date", Kind.DATE, ("Datum",), "Datum", "Date", required=True, flagged=True),
        Column("name", Kind.TEXT, ("Aktivitet",), "Aktivitet", "Event", required=True),
        Column("type", Kind.TEXT, ("Typ",), "Typ", "Type", required=True),
        Column("attendees", Kind.INTEGER, ("Antal deltagare",), "Antal deltagare", "Attendees", unit="personer", required=True, flagged=True),
        Column("organiser", Kind.IGNORED, ("Arrangör",), "Arrangör", "Organiser"),
    ),
)  # fmt: skip

NYCKELTAL = SourceContract(
    name="nyckeltal",
    family=Family.PARTICIPANTS,
    title_sv="Nyckeltal",
    row_sv="ett handfört tal som inget system har",
    row_en="one hand-kept figure that no system holds",
    supersedes_by=("period",),
    columns=(
        Column("period", Kind.PERIOD, ("Period",), "Period", "Period", required=True, flagged=True),
        _INTERVENTION,
        Column("key", Kind.TEXT, ("Nyckeltal",), "Nyckeltal", "Key figure", required=True),
        Column("value", Kind.DECIMAL, ("Värde",), "Värde", "Value", required=True, flagged=True),
        Column("unit", Kind.TEXT, ("Enhet",), "Enhet", "Unit"),
        Column("origin", Kind.IGNORED, ("Källa",), "Källa", "Origin", called="source"),
    ),
)  # fmt: skip

PROGRAMTROHET = SourceContract(
    name="programtrohet",
    family=Family.PARTICIPANTS,
    title_sv="Programtrohet",
    row_sv="en mätning av programtrohet",
    row_en="one fidelity measurement",
    supersedes_by=("intervention_id", "year"),
    columns=(
        Column("date", Kind.DATE, ("Datum",), "Datum", "Date", required=True, flagged=True),
        _INTERVENTION,
        Column("points", Kind.DECIMAL, ("Poäng",), "Poäng", "Points", unit="poäng", required=True, flagged=True),
        Column("max_points", Kind.DECIMAL, ("Maxpoäng",), "Högsta möjliga poäng", "Highest possible points", unit="poäng", flagged=True),
        Column("threshold", Kind.DECIMAL, ("Gräns",), "Gräns för god programtrohet", "Threshold for good fidelity", unit="poäng", flagged=True),
        Column(
            "active_share", Kind.DECIMAL, ("Andel i aktivitet", "Andel i aktivitet (procent)"), "Andel i aktivitet", "Share in activity",
            unit="procent", flagged=True,
        ),
    ),
)  # fmt: skip

SOURCES: dict[str, SourceContract] = {
    s.name: s
    for s in (
        DELTAGARUPPFOLJNING,
        SUS_DELTAGARE,
        SUS_INSATSER,
        UPPFOLJNING_FINSAM,
        HUVUDBOK,
        BUDGET,
        PROGNOS,
        AKTIVITETER,
        NYCKELTAL,
        PROGRAMTROHET,
    )
}
PARTICIPANT_SOURCES = (DELTAGARUPPFOLJNING.name, SUS_DELTAGARE.name)


def canonical_name(source: str, column: str) -> str:
    """What people outside call a typed column; as it is when the source has none of that name."""
    contract = SOURCES.get(source)
    return next((c.canonical for c in contract.columns if c.name == column), column) if contract else column


def column_title(source: str, column: str) -> str:
    """A canonical column as the file's header calls it."""
    contract = SOURCES.get(source)
    headers = next((c.headers for c in contract.columns if c.name == column), ()) if contract else ()
    return headers[0] if headers else column
