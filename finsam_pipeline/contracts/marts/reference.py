"""The marts of the family `reference`: labels, groups, members and periods."""

from __future__ import annotations

from finsam_pipeline.contracts.marts.columns import ASSOCIATION, INTERVENTION, PERIOD, count, day, flag, text
from finsam_pipeline.contracts.types import MartColumn, MartContract

REFERENCE = (
    MartContract(
        family="reference",
        name="interventions",
        title_sv="Insatser",
        row_sv="en insats i registret",
        row_en="one intervention of the register",
        key=("association", "id"),
        columns=(
            ASSOCIATION,
            text("id", "Insatsens id, samma som intervention_id", "Id of the intervention, the same as intervention_id"),
            INTERVENTION,
            text("name", "Insatsens namn", "Name"),
            text("short_name", "Kortnamn", "Short name"),
            text("orientation", "Inriktning: individual eller structural", "Orientation: individual or structural"),
            flag("esf", "Finansierad av ESF", "Funded by ESF"),
            flag("settled", "Avräknad: redovisas brutto men inte i avvikelser", "Settled: shown gross, left out of differences"),
            text("count_basis", "Räknesätt: interval, event eller started", "Basis of counting: interval, event or started"),
            day("starts_on", "Första dag", "First day; null when open", nullable=True),
            day("ends_on", "Sista dag", "Last day; null when open", nullable=True),
            count("sort_order", "Ordning", "Order", "ordning"),
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
            ASSOCIATION,
            text("list", "Kodlista", "Code list"),
            text("code", "Kod", "Code"),
            text("label", "Text", "Label"),
            text("group", "Grupp; tomt utan grupp", "Group; null without one", nullable=True),
            count("sort_order", "Ordning", "Order", "ordning"),
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
            ASSOCIATION,
            text("member_id", "Medlemmens id", "Id of the member"),
            text("name", "Medlemmens namn", "Name"),
            MartColumn(
                "share", "share", "Överenskommen andel av bidragen, 0–1", "Agreed share of the contributions, 0–1", "andel"
            ),
            count("sort_order", "Ordning", "Order", "ordning"),
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
            ASSOCIATION,
            PERIOD,
            day("starts_on", "Första dag", "First day"),
            day("ends_on", "Sista dag", "Last day"),
            text("previous", "Perioden närmast före", "The period just before"),
            text("year_before", "Samma period året före", "The same period a year before"),
            day(
                "participants_through", "Senaste leveransdag för deltagare", "Latest day of a participant delivery", nullable=True
            ),
            day("ledger_through", "Dag som huvudboken når till", "Day the ledger reaches to", nullable=True),
            flag(
                "complete",
                "Huvudbok och deltagare når till periodens slut",
                "Ledger and participants reach the end of the period",
            ),
        ),
    ),
)
