"""Which mart figure stands behind each quantitative statement of two published reports, or why none does.

One entry a metric: a query against the marts of the period, by the statement's dimension, or a reason. No value of a report stands here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from finsam_pipeline.proofread.amounts import half_up
from finsam_pipeline.proofread.vocabulary import folded
from finsam_pipeline.store.reader import Snapshot

GENDERS = {"kvinnor": "woman", "män": "man", "annan köns-ID": "other", "anonyma": "anonymous"}
WORK_OR_STUDY = ("arbete", "studier")


@dataclass(frozen=True)
class Marts:
    """The marts of one period."""

    snapshot: Snapshot
    period: str

    def rows(self, mart: str, **wanted: str) -> Iterator[dict[str, Any]]:
        for row in self.snapshot.table(mart).to_pylist():
            if row.get("period", self.period) == wanted.get("period", self.period) and all(
                row[k] == v for k, v in wanted.items()
            ):
                yield row

    def intervention(self, name: str) -> str:
        """The id of an intervention a report names; the longest name it is, or begins, or begins with."""
        own = folded(name)
        found = []
        for row in self.snapshot.table("reference/interventions").to_pylist():
            for label in (row["name"], row["short_name"]):
                other = folded(label or "")
                if other and (own == other or own.startswith(other) or other.startswith(own)):
                    found.append((own == other, len(other), row["intervention_id"]))
        return str(max(found)[2])

    def flow(self, measure: str, dimension: str = "") -> int:
        """Participants by intervention and gender; the dimension names either, both or none."""
        names = [p.strip() for p in dimension.split(";") if p.strip()]
        gender = [GENDERS[n] for n in names if n in GENDERS]
        own = [self.intervention(n) for n in names if n not in GENDERS]
        rows = self.rows("participants/participant_flow")
        return sum(r[measure] for r in rows if (not gender or r["gender"] in gender) and (not own or r["intervention_id"] in own))

    def exits(self, dimension: str = "", *, reasons: tuple[str, ...] = ()) -> int:
        """Ended for a reason, by intervention or gender; without a reason named, for those given."""
        names = [p.strip() for p in dimension.split(";") if p.strip()]
        codes = {
            r["code"]
            for r in self.snapshot.table("reference/codes").to_pylist()
            if r["list"] == "exit_reason" and (folded(r["label"]) in {folded(n) for n in names} or r["code"] in reasons)
        }
        gender = [GENDERS[n] for n in names if n in GENDERS]
        own = [self.intervention(n) for n in names[1:] if n not in GENDERS]
        return sum(
            r["ended"]
            for r in self.rows("participants/exit_reasons")
            if r["exit_reason"] in codes and (not gender or r["gender"] in gender) and (not own or r["intervention_id"] in own)
        )

    def line(self, column: str, *, kind: str, block: str | None = None, period: str | None = None) -> int:
        rows = self.rows("economy/income_statement", period=period or self.period)
        return next(r[column] for r in rows if r["kind"] == kind and (block is None or r["block"] == block))

    def cost(self, category: str, column: str = "cost_kr") -> Decimal:
        return next(r[column] for r in self.rows("economy/cost_distribution", category=category))

    def forecast(self, kind: str) -> int:
        return sum(r["amount_tkr"] for r in self.rows("economy/full_year_forecast", kind=kind))

    def key(self, key: str, dimension: str = "") -> Decimal:
        own = self.intervention(dimension) if dimension else None
        return next(
            r["value"] for r in self.rows("participants/key_figures", key=key) if own is None or r["intervention_id"] == own
        )

    def account(self, prefix: str) -> int:
        """Income booked on accounts that begin so, in thousands; the ledger's sign turned."""
        months = [f"{self.period[:4]}-{m:02d}" for m in range(1, 7)]
        rows = self.snapshot.table("economy/ledger_month").to_pylist()
        return tkr(-sum(r["amount_kr"] for r in rows if str(r["month"])[:7] in months and str(r["account"]).startswith(prefix)))

    def members(self, column: str) -> int:
        """The members' contributions of a period, in thousands."""
        ids = {r["member_id"] for r in self.rows("economy/financing")}
        whole = self.period[:4] if column == "year" else self.period
        cell = "budget_kr" if column == "year" else "outcome_kr"
        return tkr(sum(r[cell] for r in self.rows("economy/income_statement", period=whole) if r["line_id"] in ids))

    def settled(self) -> int:
        own = {r["intervention_id"] for r in self.snapshot.table("reference/interventions").to_pylist() if r["settled"]}
        return tkr(sum(r["outcome_kr"] for r in self.rows("economy/intervention_budget") if r["intervention_id"] in own))

    def budgeted_year(self) -> int:
        return self.line("budget_tkr", kind="total", block="income", period=self.period[:4])

    def budget_gap(self, dimension: str) -> int:
        own = self.intervention(dimension)
        return tkr(next(r["difference_kr"] for r in self.rows("economy/intervention_budget", intervention_id=own)))

    def fidelity(self, column: str, back: int = 1) -> Decimal:
        return sorted(self.snapshot.table("participants/programme_fidelity").to_pylist(), key=lambda r: r["date"])[-back][column]


def tkr(kronor: Decimal | int) -> int:
    return int(half_up(Decimal(kronor) / 1000))


def percent(part: Decimal | int, whole: Decimal | int) -> Decimal:
    return half_up(Decimal(part) * 100 / Decimal(whole))


def esf_year(m: Marts) -> int:
    return m.budgeted_year() - m.members("year")


Query = Callable[[Marts, str], Decimal | int]
MADE: dict[str, Query] = {
    # participants
    "participants_total": lambda m, d: m.flow("participants", d),
    "participants": lambda m, d: m.flow("participants", d),
    "started_total": lambda m, d: m.flow("started", d),
    "started": lambda m, d: m.flow("started", d),
    "ended_total": lambda m, d: m.flow("ended", d),
    "opening_total": lambda m, d: m.flow("carried_in", d),
    "carried_over": lambda m, d: m.flow("carried_in", d),
    "closing_total": lambda m, d: m.flow("carried_out", d),
    "met_team_and_got_plan": lambda m, d: m.flow("started", d),
    "participants_share": lambda m, d: percent(m.flow("participants", d), m.flow("participants")),
    "individual_insatser_count": lambda m, _: len(
        {r["intervention_id"] for r in m.rows("participants/participant_flow") if r["participants"]}
        - {r["intervention_id"] for r in m.rows("reference/interventions") if "inte fördelar" in r["name"]}
    ),
    "exit_reason": lambda m, d: m.exits(d),
    "exit_reason_share": lambda m, d: percent(m.exits(d), m.flow("ended")),
    "exit_work_or_study_share": lambda m, d: percent(m.exits(f";{d}", reasons=WORK_OR_STUDY), m.exits(reasons=WORK_OR_STUDY)),
    "target": lambda m, d: next(r["target"] for r in m.rows("participants/targets") if r["intervention_id"] == m.intervention(d)),
    # hand-kept figures, events, programme fidelity
    "teams": lambda m, d: m.key("Team", d),
    "clinics": lambda m, d: m.key("Psykosmottagningar", d),
    "providers": lambda m, d: m.key("Anordnare", d),
    "work_training_places_or_providers": lambda m, d: m.key("Anordnare", d),
    "capacity_places": lambda m, d: m.key("Platser", d),
    "waiting": lambda m, d: m.key("I kö", d),
    "insatser_in_insatskatalogen": lambda m, _: m.key("Publicerade insatser"),
    "staff_arbetskonsulenter": lambda m, d: m.key("Arbetskonsulenter", d),
    "staff": lambda m, d: m.key("Medarbetare", d),
    "knowledge_dialogues": lambda m, _: sum(r["events"] for r in m.rows("participants/activities", type="Kunskapsdialog")),
    "webinars": lambda m, _: sum(r["events"] for r in m.rows("participants/activities", type="Webbinarium")),
    "webinar_participants": lambda m, _: sum(r["attendees"] for r in m.rows("participants/activities", type="Webbinarium")),
    "seminar_participants": lambda m, _: sum(r["attendees"] for r in m.rows("participants/activities")),
    "fidelity_score": lambda m, _: m.fidelity("points"),
    "fidelity_score_max": lambda m, _: m.fidelity("max_points"),
    "fidelity_score_threshold": lambda m, _: m.fidelity("threshold"),
    "share_with_activity": lambda m, _: m.fidelity("active_share"),
    "share_with_activity_previous": lambda m, _: m.fidelity("active_share", 2),
    # economy
    "total_cost": lambda m, _: m.line("outcome_tkr", kind="total", block="cost"),
    "total_income": lambda m, _: m.line("outcome_tkr", kind="total", block="income"),
    "member_contributions": lambda m, _: m.members("period"),
    "esf_income": lambda m, _: m.account("3981"),
    "other_income": lambda m, _: m.line("outcome_tkr", kind="total", block="income") - m.members("period") - m.account("3981"),
    "opening_equity": lambda m, _: tkr(next(m.rows("economy/equity"))["opening_kr"]),
    "result": lambda m, _: m.line("outcome_tkr", kind="result"),
    "result_budget": lambda m, _: m.line("budget_tkr", kind="result"),
    "result_vs_budget": lambda m, _: m.line("difference_tkr", kind="result"),
    "income_below_budget": lambda m, _: -m.line("difference_tkr", kind="total", block="income"),
    "cost_below_budget": lambda m, _: -m.line("difference_tkr", kind="total", block="cost"),
    "cost_individ": lambda m, _: tkr(m.cost("individual")),
    "cost_struktur": lambda m, _: tkr(m.cost("structural")),
    "cost_office": lambda m, _: tkr(m.cost("office")),
    "cost_share_individ": lambda m, _: m.cost("individual", "share_percent"),
    "cost_share_struktur": lambda m, _: m.cost("structural", "share_percent"),
    "cost_share_office": lambda m, _: m.cost("office", "share_percent"),
    "total_cost_excl_pass_through": lambda m, _: m.forecast("outcome"),
    "pass_through_income_and_cost": lambda m, _: m.settled(),
    "income_excl_pass_through": lambda m, _: m.line("outcome_tkr", kind="total", block="income") - m.settled(),
    "budget_deviation_called_overskott": lambda m, d: -m.budget_gap(d),
    "budget_deviation_called_underskott": lambda m, d: abs(m.budget_gap(d)),
    "budgeted_income_full_year": lambda m, _: m.budgeted_year(),
    "member_contributions_full_year": lambda m, _: m.members("year"),
    "esf_income_full_year": lambda m, _: esf_year(m),
    "income_left_for_h2": lambda m, _: m.budgeted_year() - m.line("outcome_tkr", kind="total", block="income") + m.settled(),
    "forecast_income_full_year": lambda m, _: m.forecast("income"),
    "forecast_income_below_budget": lambda m, _: m.budgeted_year() - m.forecast("income"),
    "forecast_cost_full_year": lambda m, _: m.forecast("total"),
    "forecast_result_full_year": lambda m, _: m.forecast("result"),
    "forecast_closing_equity": lambda m, _: m.forecast("equity"),
    "financing_room": lambda m, _: m.forecast("equity"),
    "income_plus_equity_full_year": lambda m, _: m.forecast("income") + tkr(next(m.rows("economy/equity"))["opening_kr"]),
}

METHOD = "how an insats works (length, group size, ages, follow-up): described, not measured; no source carries it"
STAFF = "staffing that nobody keeps as a key figure (source `nyckeltal` would carry it)"
ORGANISATION = "how work is organised with others: described, not measured; no source carries it"
DATE = "a date or a number of a document, a plan or a decision, not a figure of the period"
REASONS: dict[str, str] = {
    **dict.fromkeys(
        [
            "follow_up_after",
            "exit_registered_after",
            "programme_length",
            "programme_length_min",
            "programme_length_max",
            "group_size",
            "meeting_length",
            "age_min",
            "age_max",
            "participant_age_most_above",
            "lots_follow_up_after",
            "control_group_wait",
            "health_activities_per_week",
        ],
        METHOD,
    ),
    **dict.fromkeys(
        [
            "staff_verksamhetsledare",
            "staff_samordnare",
            "staff_koordinator",
            "staff_lots",
            "staff_loaned",
            "staff_case_managers",
            "staff_projektledare",
            "added_staff",
            "added_staff_half_time",
            "added_staff_full_time",
            "work_training_coordinators",
            "process_leaders_half_time",
            "added_lots_functions",
            "staff_share",
        ],
        STAFF,
    ),
    **dict.fromkeys(
        [
            "ips_projects",
            "largest_initiatives_count",
            "insatser_in_app_development",
            "subprojects",
            "subprojects_all",
            "subprojects_funded_by_forbund",
            "teams_before",
            "group_start_districts",
            "steering_group_meetings_min",
            "steering_group_meetings_max",
            "partner_forbund",
            "partner_municipalities",
            "sites",
            "isf_evaluation_part",
            "evaluation_forms",
            "conference_organisers",
            "forbund_in_county",
            "seminars_with_own_speakers",
            "films_other",
            "forbund_in_insatskatalogen",
            "work_environment_handbook_parts",
            "thematic_areas",
            "fidelity_measurement_number",
        ],
        ORGANISATION,
    ),
    **dict.fromkeys(
        [
            "law_number",
            "document_date",
            "document_number",
            "end_date",
            "start_date",
            "team_change_date",
            "added_lots_start",
            "added_staff_start",
            "procurement_work_training",
            "new_premises",
            "intake_pause",
            "isf_participation_end",
            "isf_report_planned",
            "lots_evaluation_year",
            "finsam_conference_date",
            "funding_end",
            "report_due",
            "forecast_months",
        ],
        DATE,
    ),
}
# Statements of a metric that has a query, but of something narrower than any mart's key.
NARROWER: dict[tuple[str, str, str], str] = {
    ("2021H1", "staff_arbetskonsulenter", "Aktivitetsplatsen"): STAFF,
    ("2025H1", "seminar_participants", "Conecto"): "activities are counted by type, not by who arranged them",
}
# Printed otherwise than the marts have it, which are right: the contradiction in the published report.
CONTRADICTED: dict[tuple[str, str, str], str] = {
    ("2025H1", "budget_deviation_called_overskott", "Aktivitetsplatsen"): "B8: the text says 1 098, its own table 1 096",
}
