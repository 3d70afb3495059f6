"""The published marts of interface 7, one declaration each.

Belongs here: names, types, units, keys and descriptions. Does not: how a figure comes about (that is the SQL's), what may be
shown in public (that is the report's).
"""

from __future__ import annotations

from finsam_pipeline.contracts.types import MartColumn, MartContract


def _text(name: str, sv: str, en: str, *, nullable: bool = False) -> MartColumn:
    return MartColumn(name, "string", sv, en, nullable=nullable)


def _day(name: str, sv: str, en: str, *, nullable: bool = False) -> MartColumn:
    return MartColumn(name, "date", sv, en, nullable=nullable)


def _flag(name: str, sv: str, en: str) -> MartColumn:
    return MartColumn(name, "bool", sv, en)


def _count(name: str, sv: str, en: str, unit: str = "deltagare", *, nullable: bool = False) -> MartColumn:
    return MartColumn(name, "int64", sv, en, unit, nullable)


def _kr(name: str, sv: str, en: str, *, nullable: bool = False) -> MartColumn:
    return MartColumn(name, "money", sv, en, "kr", nullable)


def _tkr(name: str, sv: str, en: str, *, nullable: bool = False) -> MartColumn:
    return MartColumn(name, "int64", sv, en, "tkr", nullable)


def _percent(name: str, sv: str, en: str, *, nullable: bool = False) -> MartColumn:
    return MartColumn(name, "percent", sv, en, "procent", nullable)


_ASSOCIATION = _text("association", "Samordningsförbundets id", "Id of the association")
_PERIOD = _text("period", "Perioden: 2025H1, 2025T1, 2025Q1 eller 2025", "The period: 2025H1, 2025T1, 2025Q1 or 2025")
_YEAR = _count("year", "Kalenderår", "Calendar year", "år")
_INTERVENTION = _text("intervention_id", "Insatsens id i insatsregistret", "Id of the intervention in the register")
_GENDER = _text(
    "gender",
    "Kön: woman, man, other (annan köns-ID) eller anonymous",
    "Gender: woman, man, other (registered otherwise) or anonymous",
)
_LINE_ORDER = _count("line_order", "Radens plats", "Place of the line", "ordning")

_INTERVENTION_OR_ALL = _text(
    "intervention_id",
    "Insatsens id i insatsregistret; tomt när raden gäller alla individinriktade insatser",
    "Id of the intervention in the register; null where the row is about all individual interventions",
    nullable=True,
)
_GENDER_OR_TOTAL = _text(
    "gender",
    "Kön: woman, man, other (annan köns-ID) eller total (alla)",
    "Gender: woman, man, other (registered otherwise) or total (all)",
)
_GENDER_ANONYMOUS_OR_TOTAL = _text(
    "gender",
    "Kön: woman, man, other (annan köns-ID), anonymous eller total (alla)",
    "Gender: woman, man, other (registered otherwise), anonymous or total (all)",
)
_YEAR_BEFORE = _text("year_before", "Samma period året före", "The same period a year before")
_OF_ENDED = _count("of_ended", "Alla avslutade i gruppen (nämnare)", "All who ended in the group (denominator)")

_FLOW = (
    _count("carried_in", "Kvar från före perioden", "Started before the period and still in it at its first day"),
    _count("started", "Började i perioden", "Started in the period"),
    _count("participants", "Deltagare i perioden", "Participants of the period, by the intervention's basis of counting"),
    _count("ended", "Avslutade i perioden", "Ended in the period"),
    _count(
        "carried_out",
        "Kvar efter perioden: deltagare minus avslutade (kan vara negativt när insatsen räknas på händelser)",
        "Participants minus ended; may be negative where the intervention counts events",
    ),
)

_PARTICIPANTS = (
    MartContract(
        family="participants",
        name="participant_flow",
        title_sv="Deltagarflöde",
        row_sv="en insats, en period och ett kön",
        row_en="one intervention, period and gender",
        key=("association", "period", "intervention_id", "gender"),
        columns=(_ASSOCIATION, _PERIOD, _INTERVENTION, _GENDER, *_FLOW),
    ),
    MartContract(
        family="participants",
        name="exit_reasons",
        title_sv="Avslutsorsaker",
        row_sv="en avslutsorsak i en insats, en period och ett kön",
        row_en="one exit reason of one intervention, period and gender",
        key=("association", "period", "intervention_id", "gender", "exit_reason"),
        columns=(
            _ASSOCIATION,
            _PERIOD,
            _INTERVENTION,
            _GENDER,
            _text("exit_reason", "Avslutsorsak, eller uppgift_saknas", "Code of the exit reason, or uppgift_saknas"),
            _count("ended", "Avslutade i perioden", "Ended in the period"),
        ),
    ),
    MartContract(
        family="participants",
        name="targets",
        title_sv="Mål och utfall",
        row_sv="ett årsmål för en insats, vid slutet av en period",
        row_en="one yearly target of an intervention, as it stands at the end of a period",
        key=("association", "year", "period", "intervention_id", "measure"),
        columns=(
            _ASSOCIATION,
            _YEAR,
            _PERIOD,
            _INTERVENTION,
            _text("measure", "Mått: participants, started eller ended", "Measure: participants, started or ended"),
            _count("target", "Årets mål", "Target of the year"),
            _count("actual", "Utfall från 1 januari till periodens slut", "Actual from 1 January to the end of the period"),
        ),
    ),
    MartContract(
        family="participants",
        name="background",
        title_sv="Deltagarnas bakgrund",
        row_sv="ett värde av en bakgrundsuppgift i en insats, en period och ett kön",
        row_en="one value of one background dimension in one intervention, period and gender",
        key=("association", "period", "intervention_id", "gender", "dimension", "value"),
        columns=(
            _ASSOCIATION,
            _PERIOD,
            _INTERVENTION,
            _GENDER,
            _text(
                "dimension",
                "Uppgift: age_group, education, referrer eller months_in_public_support",
                "Dimension: age_group, education, referrer or months_in_public_support",
            ),
            _text("value", "Klass eller kod; unknown när uppgift saknas", "Class or code; unknown where nothing is stated"),
            _count("participants", "Deltagare i perioden", "Participants of the period"),
            _count("started", "Började i perioden", "Started in the period"),
        ),
    ),
    MartContract(
        family="participants",
        name="progression",
        title_sv="Förändring från start till avslut",
        row_sv="ett läge vid start och ett vid avslut i en insats, en period och ett kön",
        row_en="one state at start and one at end in one intervention, period and gender",
        key=("association", "period", "intervention_id", "gender", "dimension", "before", "after"),
        columns=(
            _ASSOCIATION,
            _PERIOD,
            _INTERVENTION,
            _GENDER,
            _text(
                "dimension", "Uppgift: occupation (sysselsättning) eller income (försörjning)", "Dimension: occupation or income"
            ),
            _text("before", "Läge vid start; unknown när uppgift saknas", "State at start; unknown where nothing is stated"),
            _text("after", "Läge vid avslut; unknown när uppgift saknas", "State at end; unknown where nothing is stated"),
            _count("ended", "Avslutade i perioden", "Ended in the period"),
        ),
    ),
    MartContract(
        family="participants",
        name="registration_lag",
        title_sv="Eftersläpning i registreringen",
        row_sv="ett mått för en period, som det såg ut efter en leveransdag",
        row_en="one measure of a period as it stood after a day of delivery",
        key=("association", "period", "delivered_on", "measure"),
        columns=(
            _ASSOCIATION,
            _PERIOD,
            _day("delivered_on", "Leveransdag", "Day of delivery"),
            _text("measure", "Mått: participants, started eller ended", "Measure: participants, started or ended"),
            _count("value", "Antal, alla individinriktade insatser", "Count over all individual interventions"),
        ),
    ),
    MartContract(
        family="participants",
        name="reconciliation",
        title_sv="Avstämning mot Uppföljning Finsam",
        row_sv="en insats, en period och ett kön i två källor",
        row_en="one intervention, period and gender in two sources",
        key=("association", "period", "intervention_id", "left_source", "right_source", "gender"),
        columns=(
            _ASSOCIATION,
            _PERIOD,
            _INTERVENTION,
            _text("left_source", "Källan till vänster", "The source to the left"),
            _text("right_source", "Källan till höger: den lokala uppföljningen", "The source to the right: the local follow-up"),
            _text("gender", "Kön: woman, man, other eller total", "Gender: woman, man, other or total"),
            _count("left_value", "Deltagare i källan till vänster", "Participants in the source to the left", nullable=True),
            _count("right_value", "Deltagare i källan till höger", "Participants in the source to the right", nullable=True),
            _count("difference", "Vänster minus höger", "Left minus right", nullable=True),
        ),
    ),
    MartContract(
        family="participants",
        name="volume",
        title_sv="Volyminsatser",
        row_sv="en insats ett kalenderår",
        row_en="one intervention in one calendar year",
        key=("association", "year", "intervention_id"),
        columns=(
            _ASSOCIATION,
            _YEAR,
            _INTERVENTION,
            _count(
                "women", "Kvinnor; tomt när någon rad saknar uppgiften", "Women; null where a row does not say", nullable=True
            ),
            _count("men", "Män; tomt när någon rad saknar uppgiften", "Men; null where a row does not say", nullable=True),
            _count("total", "Totalt", "Total"),
        ),
    ),
    MartContract(
        family="participants",
        name="activities",
        title_sv="Strukturövergripande aktiviteter",
        row_sv="en typ av aktivitet i en period",
        row_en="one type of event in one period",
        key=("association", "period", "type"),
        columns=(
            _ASSOCIATION,
            _PERIOD,
            _text("type", "Typ av aktivitet", "Type of event"),
            _count("events", "Antal aktiviteter", "Number of events", "aktiviteter"),
            _count("attendees", "Antal deltagare", "Number of attendees", "personer"),
        ),
    ),
    MartContract(
        family="participants",
        name="programme_fidelity",
        title_sv="Programtrohet",
        row_sv="en mätning i en insats",
        row_en="one measurement in one intervention",
        key=("association", "date", "intervention_id"),
        columns=(
            _ASSOCIATION,
            _day("date", "Mätningens dag", "Day of the measurement"),
            _INTERVENTION,
            MartColumn("points", "points", "Poäng", "Points", "poäng"),
            MartColumn("max_points", "points", "Högsta möjliga poäng", "Highest possible points", "poäng", nullable=True),
            MartColumn(
                "threshold", "points", "Gräns för god programtrohet", "Threshold of good fidelity", "poäng", nullable=True
            ),
            MartColumn("active_share", "points", "Andel i aktivitet", "Share in activity", "procent", nullable=True),
        ),
    ),
    MartContract(
        family="participants",
        name="key_figures",
        title_sv="Nyckeltal",
        row_sv="ett handfört nyckeltal",
        row_en="one hand-kept figure",
        key=("association", "period", "intervention_id", "key"),
        columns=(
            _ASSOCIATION,
            _PERIOD,
            _text(
                "intervention_id",
                "Insatsens id; tomt när talet gäller hela förbundet",
                "Intervention; null for the association",
                nullable=True,
            ),
            _text("key", "Nyckeltal", "Key figure"),
            MartColumn("value", "figure", "Värde, i den enhet som anges", "Value, in the unit stated", ""),
            _text("unit", "Enhet", "Unit", nullable=True),
        ),
    ),
    MartContract(
        family="participants",
        name="results",
        title_sv="Resultat för avslutade",
        row_sv="vad avsluten i en period ledde till, för en insats och ett kön eller för alla",
        row_en="what the exits of one period led to, for one intervention and gender or for all",
        key=("association", "period", "intervention_id", "gender"),
        columns=(
            _ASSOCIATION,
            _PERIOD,
            _INTERVENTION_OR_ALL,
            _GENDER_OR_TOTAL,
            _text(
                "basis",
                "Vad resultatet bedöms på: exit_reason (avslutsorsak), occupation (sysselsättning, SUS) eller mixed; "
                "tomt utan avslutade",
                "What the result is judged by: exit_reason, occupation (SUS) or mixed; null without exits",
                nullable=True,
            ),
            _count("ended", "Avslutade i perioden", "Ended in the period"),
            _count("work", "Avslutade till arbete", "Ended to work"),
            _count("study", "Avslutade till studier", "Ended to study"),
            _count(
                "work_or_study",
                "Avslutade till arbete eller studier; enligt SUS: påbörjat eller ökat",
                "Ended to work or study; by SUS: started or increased",
            ),
            _count(
                "positive_other",
                "Avslutade till annan lösning närmare arbete (kodgrupp closer_to_work eller positive_other)",
                "Ended to another solution closer to work (code group closer_to_work or positive_other)",
            ),
            _percent(
                "share_of_ended_percent",
                "Andel till arbete eller studier av de avslutade av samma kön (work_or_study av ended)",
                "Share to work or study of those of the same gender who ended (work_or_study of ended)",
                nullable=True,
            ),
            _count(
                "work_or_study_all_genders",
                "Avslutade till arbete eller studier, alla kön",
                "Ended to work or study, all genders",
            ),
            _percent(
                "gender_split_percent",
                "Könets andel av alla som gick till arbete eller studier (work_or_study av work_or_study_all_genders)",
                "The gender's share of all who went to work or study (work_or_study of work_or_study_all_genders)",
                nullable=True,
            ),
            _count(
                "occupation_known",
                "Avslutade med känd sysselsättning vid både start och avslut",
                "Ended with a known occupation both at start and at end",
            ),
            _count(
                "work_or_study_after",
                "Avslutade som arbetar eller studerar vid avslut",
                "Ended who work or study at the end",
            ),
            _count(
                "started_or_increased",
                "Därav har påbörjat eller ökat arbete eller studier sedan start",
                "Of these, started or increased work or study since the start",
            ),
        ),
    ),
    MartContract(
        family="participants",
        name="throughput",
        title_sv="Genomströmning",
        row_sv="avslutade av deltagare i en period, för en insats och ett kön eller för alla",
        row_en="ended of participants in one period, for one intervention and gender or for all",
        key=("association", "period", "intervention_id", "gender"),
        columns=(
            _ASSOCIATION,
            _PERIOD,
            _INTERVENTION_OR_ALL,
            _GENDER_ANONYMOUS_OR_TOTAL,
            _count("ended", "Avslutade i perioden (täljare)", "Ended in the period (numerator)"),
            _count("participants", "Deltagare i perioden (nämnare)", "Participants of the period (denominator)"),
            _percent(
                "ended_percent",
                "Andel avslutade av deltagarna; kan vara över 100 när insatsen räknas på händelser",
                "Share of the participants who ended; may pass 100 where the intervention counts events",
                nullable=True,
            ),
        ),
    ),
    MartContract(
        family="participants",
        name="duration",
        title_sv="Tid i insatsen",
        row_sv="en tidsklass bland avslutade i en period, för en insats och ett kön eller för alla",
        row_en="one time class among those who ended in one period, for one intervention and gender or for all",
        key=("association", "period", "intervention_id", "gender", "class_order", "days_class"),
        columns=(
            _ASSOCIATION,
            _PERIOD,
            _INTERVENTION_OR_ALL,
            _GENDER_OR_TOTAL,
            _count("class_order", "Tidsklassens plats", "Place of the time class", "ordning"),
            _text(
                "days_class",
                "Tid i insatsen i dagar, första och sista dagen medräknade: 1-90, 91-180, 181-365, 366-730 eller 731-",
                "Time in the intervention in days, first and last included: 1-90, 91-180, 181-365, 366-730 or 731-",
            ),
            _count("ended", "Avslutade i klassen", "Ended in the class"),
            _OF_ENDED,
            _percent("share_percent", "Klassens andel av de avslutade", "The class's share of those who ended", nullable=True),
            MartColumn(
                "mean_days_of_ended",
                "points",
                "Medeltid i insatsen för alla avslutade i gruppen",
                "Mean time in the intervention of all who ended in the group",
                "dagar",
                nullable=True,
            ),
        ),
    ),
    MartContract(
        family="participants",
        name="background_shares",
        title_sv="Deltagarnas bakgrund i procent",
        row_sv="ett värde som någon har av en bakgrundsuppgift i en period, för en insats och ett kön eller för alla",
        row_en="one value somebody has of one background dimension in one period, for one intervention and gender or for all",
        key=("association", "period", "intervention_id", "gender", "dimension", "value"),
        columns=(
            _ASSOCIATION,
            _PERIOD,
            _INTERVENTION_OR_ALL,
            _GENDER_ANONYMOUS_OR_TOTAL,
            _text(
                "dimension",
                "Uppgift: age_group, education, referrer eller months_in_public_support",
                "Dimension: age_group, education, referrer or months_in_public_support",
            ),
            _text("value", "Klass eller kod; unknown när uppgift saknas", "Class or code; unknown where nothing is stated"),
            _count("participants", "Deltagare i perioden (täljare)", "Participants of the period (numerator)"),
            _count("of_participants", "Alla deltagare i gruppen (nämnare)", "All participants of the group (denominator)"),
            _count(
                "of_known",
                "Deltagare i gruppen med känd uppgift (nämnare)",
                "Participants of the group whose value is known (denominator)",
            ),
            _percent("share_percent", "Andel av alla i gruppen", "Share of all in the group", nullable=True),
            _percent(
                "share_of_known_percent",
                "Andel av dem i gruppen vars uppgift är känd; tomt för unknown",
                "Share of those in the group whose value is known; null for unknown",
                nullable=True,
            ),
        ),
    ),
    MartContract(
        family="participants",
        name="before_and_after",
        title_sv="Läge vid start och avslut",
        row_sv="ett läge som någon av de avslutade i en period var i, för en insats och ett kön eller för alla",
        row_en="one state among those who ended in one period, for one intervention and gender or for all",
        key=("association", "period", "intervention_id", "gender", "dimension", "value"),
        columns=(
            _ASSOCIATION,
            _PERIOD,
            _INTERVENTION_OR_ALL,
            _GENDER_OR_TOTAL,
            _text(
                "dimension",
                "Uppgift: occupation (sysselsättning), occupation_status (SUS:s grupper) eller income (försörjning)",
                "Dimension: occupation, occupation_status (SUS's groups) or income",
            ),
            _text("value", "Kod eller grupp; unknown när uppgift saknas", "Code or group; unknown where nothing is stated"),
            _count("at_start", "Avslutade som var i läget vid start", "Ended who were in the state at the start"),
            _count("at_end", "Avslutade som var i läget vid avslut", "Ended who were in the state at the end"),
            _count("change", "Vid avslut minus vid start", "At the end minus at the start"),
            _OF_ENDED,
            _percent(
                "at_start_percent", "Andel av de avslutade vid start", "Share of those who ended, at the start", nullable=True
            ),
            _percent("at_end_percent", "Andel av de avslutade vid avslut", "Share of those who ended, at the end", nullable=True),
        ),
    ),
    MartContract(
        family="participants",
        name="period_comparison",
        title_sv="Deltagare jämfört med året före",
        row_sv="ett mått i en period och samma period året före, för en insats och ett kön eller för alla",
        row_en="one measure of one period and the same a year before, for one intervention and gender or for all",
        key=("association", "period", "intervention_id", "gender", "measure"),
        columns=(
            _ASSOCIATION,
            _PERIOD,
            _INTERVENTION_OR_ALL,
            _GENDER_ANONYMOUS_OR_TOTAL,
            _text(
                "measure",
                "Mått: participants, started, ended eller work_or_study",
                "Measure: participants, started, ended or work_or_study",
            ),
            _YEAR_BEFORE,
            _count("value", "Perioden", "The period"),
            _count(
                "value_year_before",
                "Samma period året före, enligt de leveranser som gäller nu; tomt när ingen räknas då",
                "The same period a year before, by the deliveries that count now; null where nobody is counted then",
                nullable=True,
            ),
            _count("change", "Perioden minus året före", "The period minus the year before", nullable=True),
        ),
    ),
    MartContract(
        family="participants",
        name="goals",
        title_sv="Måluppfyllelse",
        row_sv="ett årsmål för en insats eller för alla, vid slutet av en period",
        row_en="one yearly goal of an intervention or of all, as it stands at the end of a period",
        key=("association", "year", "period", "intervention_id", "measure"),
        columns=(
            _ASSOCIATION,
            _YEAR,
            _PERIOD,
            _INTERVENTION_OR_ALL,
            _text(
                "measure",
                "Mått: antal (participants, started, ended, work, study, work_or_study, positive_other) eller andel i procent "
                "(samma ord med _share: av avslutade; ended_share: av deltagare)",
                "Measure: a count (participants, started, ended, work, study, work_or_study, positive_other) or a share in percent "
                "(the same words with _share: of the ended; ended_share: of the participants)",
            ),
            _text("unit", "Målets enhet: participants eller percent", "Unit of the target: participants or percent"),
            _count("target", "Årets mål, i målets enhet", "Target of the year, in its unit", ""),
            _count("numerator", "Utfall från 1 januari till periodens slut", "Outcome from 1 January to the end of the period"),
            _count("denominator", "Nämnare; tomt när målet är ett antal", "Denominator; null for a count", nullable=True),
            _percent("outcome_percent", "Andelen; tom när målet är ett antal", "The share; null for a count", nullable=True),
            _percent(
                "of_target_percent",
                "Hur stor del av årets mål som är nådd",
                "How much of the year's target is reached",
                nullable=True,
            ),
            _text(
                "status",
                "met (nått), near (nära) eller not_met (inte nått); tomt när det inte finns något att mäta",
                "met, near or not_met; null where there is nothing to measure",
                nullable=True,
            ),
        ),
    ),
)

_OUTCOME = "Utfall"
_BUDGET = "Budget; tomt när ingen budget finns för perioden"
_DIFFERENCE = "Utfall minus budget, avräknade insatser borträknade"
_DIFFERENCE_EN = "Outcome minus budget, settled interventions left out"

_ECONOMY = (
    MartContract(
        family="economy",
        name="income_statement",
        title_sv="Resultatrapport",
        row_sv="en rad i resultatrapporten i en period",
        row_en="one line of the income statement in one period",
        key=("association", "period", "line_order", "line_id"),
        columns=(
            _ASSOCIATION,
            _PERIOD,
            _LINE_ORDER,
            _text("line_id", "Radens id", "Id of the line"),
            _text("label", "Radens text", "Label of the line"),
            _text(
                "kind",
                "Radtyp: section, line, subtotal, total, result, memo",
                "Kind of line: section, line, subtotal, total, result, memo",
            ),
            _text("block", "Block", "Block of lines"),
            _kr("outcome_kr", _OUTCOME, "Outcome", nullable=True),
            _kr("budget_kr", _BUDGET, "Budget; null where none is delivered for the period", nullable=True),
            _kr("difference_kr", _DIFFERENCE, _DIFFERENCE_EN, nullable=True),
            _tkr("outcome_tkr", _OUTCOME, "Outcome, rounded half up on its own", nullable=True),
            _tkr("budget_tkr", _BUDGET, "Budget, rounded half up on its own", nullable=True),
            _tkr("difference_tkr", _DIFFERENCE, f"{_DIFFERENCE_EN}; rounded half up on its own", nullable=True),
        ),
    ),
    MartContract(
        family="economy",
        name="intervention_budget",
        title_sv="Utfall och budget per insats",
        row_sv="en insats i en period",
        row_en="one intervention in one period",
        key=("association", "period", "orientation", "intervention_id"),
        columns=(
            _ASSOCIATION,
            _PERIOD,
            _text("orientation", "Inriktning: individual eller structural", "Orientation: individual or structural"),
            _INTERVENTION,
            _kr("outcome_kr", "Utfall på rader utanför intäkterna", "Outcome on lines outside block income"),
            _kr("budget_kr", _BUDGET, "Budget; null where none is delivered for the period", nullable=True),
            _kr(
                "difference_kr",
                "Utfall minus budget; tomt för avräknade insatser",
                "Outcome minus budget; null if settled",
                nullable=True,
            ),
        ),
    ),
    MartContract(
        family="economy",
        name="cost_distribution",
        title_sv="Kostnadsfördelning",
        row_sv="en kostnadsgrupp i en period",
        row_en="one cost category in one period",
        key=("association", "period", "category"),
        columns=(
            _ASSOCIATION,
            _PERIOD,
            _text("category", "Grupp: individual, structural eller office", "Category: individual, structural or office"),
            _kr("cost_kr", "Kostnad, utan avräknade insatser", "Cost, settled interventions left out"),
            _percent("share_percent", "Andel av kostnaderna", "Share of the costs; null where there are none", nullable=True),
        ),
    ),
    MartContract(
        family="economy",
        name="full_year_forecast",
        title_sv="Helårsprognos",
        row_sv="en rad i helårsprognosen",
        row_en="one line of the twelve-month forecast",
        key=("association", "period", "line_order"),
        columns=(
            _ASSOCIATION,
            _PERIOD,
            _LINE_ORDER,
            _text("label", "Radens text", "Label of the line"),
            _text(
                "kind",
                "Radtyp: cost, income, outcome, total, result, equity",
                "Kind: cost, income, outcome, total, result, equity",
            ),
            _tkr("amount_tkr", "Belopp, räknat på de tryckta talen", "Amount, added up from the printed figures", nullable=True),
        ),
    ),
    MartContract(
        family="economy",
        name="financing",
        title_sv="Medlemmarnas bidrag",
        row_sv="en medlem i en period",
        row_en="one member in one period",
        key=("association", "period", "member_id"),
        columns=(
            _ASSOCIATION,
            _PERIOD,
            _text("member_id", "Medlemmens id", "Id of the member"),
            _kr("outcome_kr", "Bidrag i perioden", "Contribution of the period"),
            _percent(
                "share_percent", "Andel av bidragen", "Share of the contributions; null where there are none", nullable=True
            ),
            _percent("agreed_share_percent", "Överenskommen andel", "Agreed share"),
        ),
    ),
    MartContract(
        family="economy",
        name="equity",
        title_sv="Eget kapital",
        row_sv="en period",
        row_en="one period",
        key=("association", "period"),
        columns=(
            _ASSOCIATION,
            _PERIOD,
            _kr("opening_kr", "Eget kapital vid periodens början", "Equity at the start of the period", nullable=True),
            _kr("result_kr", "Periodens resultat", "Result of the period"),
            _kr("closing_kr", "Eget kapital vid periodens slut", "Equity at the end of the period", nullable=True),
            _percent(
                "share_of_member_funds_percent",
                "Andel av medlemmarnas bidrag, uppräknade till helår",
                "Closing equity as a share of the members' contributions, as of a whole year",
                nullable=True,
            ),
        ),
    ),
    MartContract(
        family="economy",
        name="cost_per_participant",
        title_sv="Kostnad per deltagare",
        row_sv="en individinriktad insats i en period",
        row_en="one individual intervention in one period",
        key=("association", "period", "intervention_id"),
        columns=(
            _ASSOCIATION,
            _PERIOD,
            _INTERVENTION,
            _kr("outcome_kr", _OUTCOME, "Outcome"),
            _count("participants", "Deltagare i perioden", "Participants of the period"),
            _count("ended", "Avslutade i perioden", "Ended in the period"),
            _count("work_or_study", "Avslutade till arbete eller studier", "Ended to work or study"),
            _kr("cost_per_participant_kr", "Kostnad per deltagare", "Cost per participant; null without any", nullable=True),
            _kr(
                "cost_per_work_or_study_kr",
                "Kostnad per avslutad till arbete eller studier",
                "Cost per participant ended to work or study; null without any",
                nullable=True,
            ),
        ),
    ),
    MartContract(
        family="economy",
        name="ledger_month",
        title_sv="Huvudbok per månad",
        row_sv="ett konto, en insats och en rad i en månad",
        row_en="one account, intervention and line in one month",
        key=("association", "month", "account", "intervention_id", "line_id"),
        columns=(
            _ASSOCIATION,
            _text("month", "Månad, 2025-03", "Month, 2025-03"),
            _text("account", "Konto", "Account"),
            _text("intervention_id", "Insatsens id; tomt utan insats", "Intervention; null without one", nullable=True),
            _text("line_id", "Rad i resultatrapporten; tomt på balanskonton", "Line; null for balance accounts", nullable=True),
            _kr("amount_kr", "Belopp med huvudbokens tecken: debet positivt", "Amount with the ledger's sign: debit positive"),
            _count("rows", "Antal transaktioner", "Number of voucher rows", "rader"),
        ),
    ),
    MartContract(
        family="economy",
        name="period_comparison",
        title_sv="Resultatrapport jämförd med året före",
        row_sv="en rad i resultatrapporten i en period och samma period året före",
        row_en="one line of the income statement in one period and the same a year before",
        key=("association", "period", "line_order", "line_id"),
        columns=(
            _ASSOCIATION,
            _PERIOD,
            _LINE_ORDER,
            _text("line_id", "Radens id", "Id of the line"),
            _text("label", "Radens text", "Label of the line"),
            _text("kind", "Radtyp: line, subtotal, total, result, memo", "Kind of line: line, subtotal, total, result, memo"),
            _YEAR_BEFORE,
            _kr("outcome_kr", _OUTCOME, "Outcome", nullable=True),
            _kr(
                "year_before_kr",
                "Utfall samma period året före; tomt när huvudboken inte når till dess slut",
                "Outcome of the same period a year before; null where the ledger does not reach its end",
                nullable=True,
            ),
            _kr("change_kr", "Utfall minus året före", "Outcome minus the year before", nullable=True),
            _tkr("outcome_tkr", _OUTCOME, "Outcome, rounded half up on its own", nullable=True),
            _tkr(
                "year_before_tkr",
                "Utfall samma period året före",
                "Outcome of the same period a year before, rounded half up on its own",
                nullable=True,
            ),
            _tkr(
                "change_tkr", "Utfall minus året före", "Outcome minus the year before, rounded half up on its own", nullable=True
            ),
        ),
    ),
    MartContract(
        family="economy",
        name="cost_kinds",
        title_sv="Kostnadsslag per insats",
        row_sv="ett kostnadsslag i en insats i en period",
        row_en="one kind of cost in one intervention and period",
        key=("association", "period", "intervention_id", "kind_order", "kind"),
        columns=(
            _ASSOCIATION,
            _PERIOD,
            _text("intervention_id", "Insatsens id; tomt utan insats", "Intervention; null without one", nullable=True),
            _count("kind_order", "Kostnadsslagets plats", "Place of the kind", "ordning"),
            _text("kind", "Kostnadsslag", "Kind of cost"),
            _text("label", "Kostnadsslagets text", "Label of the kind"),
            _kr("outcome_kr", "Utfall på rader utanför intäkterna", "Outcome on lines outside block income"),
        ),
    ),
    MartContract(
        family="economy",
        name="balance_sheet",
        title_sv="Balansrapport",
        row_sv="en rad i balansrapporten i en period",
        row_en="one line of the balance sheet in one period",
        key=("association", "period", "line_order", "line_id"),
        columns=(
            _ASSOCIATION,
            _PERIOD,
            _LINE_ORDER,
            _text("line_id", "Radens id", "Id of the line"),
            _text("label", "Radens text", "Label of the line"),
            _text("side", "Sida: asset, equity eller liability", "Side: asset, equity or liability"),
            _kr("opening_kr", "Ingående vid periodens början", "At the start of the period"),
            _kr("change_kr", "Förändring i perioden", "Change in the period"),
            _kr("closing_kr", "Utgående vid periodens slut", "At the end of the period"),
        ),
    ),
)

_REFERENCE = (
    MartContract(
        family="reference",
        name="interventions",
        title_sv="Insatser",
        row_sv="en insats i registret",
        row_en="one intervention of the register",
        key=("association", "intervention_id"),
        columns=(
            _ASSOCIATION,
            _INTERVENTION,
            _text("name", "Insatsens namn", "Name"),
            _text("short_name", "Kortnamn", "Short name"),
            _text("orientation", "Inriktning: individual eller structural", "Orientation: individual or structural"),
            _flag("esf", "Finansierad av ESF", "Funded by ESF"),
            _flag("settled", "Avräknad: redovisas brutto men inte i avvikelser", "Settled: shown gross, left out of differences"),
            _text("count_basis", "Räknesätt: interval, event eller started", "Basis of counting: interval, event or started"),
            _day("starts_on", "Första dag", "First day; null when open", nullable=True),
            _day("ends_on", "Sista dag", "Last day; null when open", nullable=True),
            _count("sort_order", "Ordning", "Order", "ordning"),
        ),
    ),
    MartContract(
        family="reference",
        name="codes",
        title_sv="Kodlistor",
        row_sv="en kod i en kodlista",
        row_en="one code of a list",
        key=("association", "list", "code"),
        columns=(
            _ASSOCIATION,
            _text("list", "Kodlista", "Code list"),
            _text("code", "Kod", "Code"),
            _text("label", "Text", "Label"),
            _text("group", "Grupp; tomt utan grupp", "Group; null without one", nullable=True),
            _count("sort_order", "Ordning", "Order", "ordning"),
        ),
    ),
    MartContract(
        family="reference",
        name="members",
        title_sv="Medlemmar",
        row_sv="en medlem",
        row_en="one member",
        key=("association", "member_id"),
        columns=(
            _ASSOCIATION,
            _text("member_id", "Medlemmens id", "Id of the member"),
            _text("name", "Medlemmens namn", "Name"),
            MartColumn(
                "share", "share", "Överenskommen andel av bidragen, 0–1", "Agreed share of the contributions, 0–1", "andel"
            ),
            _count("sort_order", "Ordning", "Order", "ordning"),
        ),
    ),
    MartContract(
        family="reference",
        name="periods",
        title_sv="Perioder",
        row_sv="en period",
        row_en="one period",
        key=("association", "period"),
        columns=(
            _ASSOCIATION,
            _PERIOD,
            _day("starts_on", "Första dag", "First day"),
            _day("ends_on", "Sista dag", "Last day"),
            _text("previous", "Perioden närmast före", "The period just before"),
            _text("year_before", "Samma period året före", "The same period a year before"),
            _day(
                "participants_through", "Senaste leveransdag för deltagare", "Latest day of a participant delivery", nullable=True
            ),
            _day("ledger_through", "Dag som huvudboken når till", "Day the ledger reaches to", nullable=True),
            _flag(
                "complete",
                "Huvudbok och deltagare når till periodens slut",
                "Ledger and participants reach the end of the period",
            ),
        ),
    ),
)

_QUALITY = (
    MartContract(
        family="quality",
        name="deliveries",
        title_sv="Leveranser",
        row_sv="en levererad fil",
        row_en="one delivered file",
        key=("association", "source", "sha256"),
        columns=(
            _ASSOCIATION,
            _text("source", "Källa", "Source"),
            _text("sha256", "Filens kontrollsumma", "SHA-256 of the file"),
            _text("path", "Filens plats i arbetsytan", "Path relative to the workspace"),
            _day("delivered_on", "Leveransdag", "Day of delivery"),
            _count("rows", "Lästa rader", "Rows read", "rader"),
            _count("accepted", "Godkända rader", "Accepted rows", "rader"),
            _count("quarantined", "Rader i karantän", "Rows in quarantine", "rader"),
            _count("superseded", "Rader som en nyare leverans ersätter", "Rows replaced by a newer delivery", "rader"),
            _text("status", "Status", "Status of the delivery"),
        ),
    ),
    MartContract(
        family="quality",
        name="rules",
        title_sv="Regler",
        row_sv="en regel i en källa",
        row_en="one rule of one source",
        key=("association", "source", "rule"),
        columns=(
            _ASSOCIATION,
            _text("source", "Källa", "Source"),
            _text("rule", "Regel", "Rule"),
            _text("severity", "E karantän, W varning, B stoppar publicering", "E quarantines, W warns, B blocks publication"),
            _count("failed_rows", "Rader som inte uppfyller regeln", "Rows that fail the rule", "rader"),
        ),
    ),
)

MARTS: dict[str, MartContract] = {m.path: m for m in (*_PARTICIPANTS, *_ECONOMY, *_REFERENCE, *_QUALITY)}
"""Every published mart by its path, `participants/participant_flow`."""
