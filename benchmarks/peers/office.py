"""The configuration of the compared associations: what their interventions, lines, rules and codes are called.

Belongs here: configuration, written as a user would write it. Does not: rows, which `data` makes. All of it is made up.
"""

from __future__ import annotations

from pathlib import Path

FIRST_YEAR = 2030
BASES = ("interval", "event", "started")
INDIVIDUAL = tuple(f"i{n}" for n in range(1, 7))
STRUCTURAL = ("s1", "s2")
REASONS = ("work", "studies", "job_seeker", "care", "moved", "other")
COST_ACCOUNTS = ("4010", "4610", "5010", "6110", "6412", "6421", "6540", "7010", "7510", "7810", "8410")
INCOME_ACCOUNTS = ("3981", "3982", "3983", "3990")
BALANCE_ACCOUNT = "1930"

_INTERVENTIONS = (
    "intervention_id;name;short_name;aliases;orientation;esf;settled;count_basis;starts_on;ends_on;ledger_objects;order\n"
)
_LINES = """valid_from;order;line_id;label;kind;block;sum_of
2000-01-01;1;income;Intäkter;section;income;
2000-01-01;2;m1;Medlem ett;line;income;
2000-01-01;3;m2;Medlem två;line;income;
2000-01-01;4;m3;Medlem tre;line;income;
2000-01-01;5;other_income;Övrigt;line;income;
2000-01-01;6;total_income;Intäkter tillsammans;total;income;m1|m2|m3|other_income
2000-01-01;7;costs;Kostnader;section;cost;
2000-01-01;8;information;Att nå ut;line;activities;
2000-01-01;9;structural;Stöd till parterna;line;activities;
2000-01-01;10;individual;Stöd till personer;line;activities;
2000-01-01;11;activities;Verksamhet;subtotal;activities;information|structural|individual
2000-01-01;12;board;Ledamöter;line;office;
2000-01-01;13;audit;Granskning;line;office;
2000-01-01;14;premises;Hus och hyra;line;office;
2000-01-01;15;services;Köpta tjänster;line;office;
2000-01-01;16;salaries;Anställda;line;office;
2000-01-01;17;depreciation;Värdeminskning;line;office;
2000-01-01;18;interest;Räntor;line;office;
2000-01-01;19;office;Kansli;subtotal;office;board|audit|premises|services|salaries|depreciation|interest
2000-01-01;20;total_costs;Kostnader tillsammans;total;cost;activities|office
2000-01-01;21;result;Resultat;result;result;total_income|-total_costs
"""
_RULES = """priority;line_id;account_from;account_to;objects;orientation;settled;valid_from;valid_to
10;information;40;79;6:202;;;;
20;structural;4000;7999;;structural;;;
30;individual;4000;7999;;individual;;;
40;m1;3981;3981;;;;;
50;m2;3982;3982;;;;;
60;m3;3983;3983;;;;;
70;other_income;3;3;;;;;
80;board;6410;6419;;;;;
90;audit;642;642;;;;;
100;premises;50;50;;;;;
110;services;51;69;;;;;
120;services;4;4;;;;;
130;salaries;70;76;;;;;
140;depreciation;78;78;;;;;
150;interest;83;84;;;;;
"""
_REASONS = """code;label;aliases;group;order
work;Arbete;Anställning|Jobb;work_or_study;1
studies;Studier;Utbildning;work_or_study;2
job_seeker;Arbetssökande;Söker arbete;closer_to_work;3
care;Vård;Utredning;care;4
moved;Flytt;Flyttat;other;5
other;Annat;Annan orsak;other;6
"""
_ABOUT = """id: {id}
name: Jämfört förbund {id}
period_kind: half_year
chart_of_accounts: bas
members:
  - {{id: m1, name: Medlem ett, share: 0.50}}
  - {{id: m2, name: Medlem två, share: 0.25}}
  - {{id: m3, name: Medlem tre, share: 0.25}}
"""


def spellings(intervention: str) -> tuple[str, ...]:
    """How participant lists name it: by name, short name, alias, in any case."""
    number = intervention[1:]
    return f"Insats nummer {number}", f"IN{number}", f"insats  {number}", f"INSATS NUMMER {number}"


def ledger_object(intervention: str) -> str:
    """The project a voucher row names it by."""
    return ("1" if intervention in INDIVIDUAL else "2") + intervention[1:].zfill(2)


def write_configuration(folder: Path, association: str, years: int) -> None:
    """`config/<association>/` as the project's interface describes it."""
    rows = []
    for order, name in enumerate((*INDIVIDUAL, *STRUCTURAL), 1):
        individual, number = name in INDIVIDUAL, name[1:]
        starts = f"{FIRST_YEAR + min(1, years - 1)}-03-01" if name == INDIVIDUAL[1] else ""
        ends = f"{FIRST_YEAR + years - 1}-06-30" if name == INDIVIDUAL[2] else ""
        words = f"Insats nummer {number};IN{number};Insats {number}" if individual else f"Stöd nummer {number};ST{number};"
        basis = BASES[order % 3] if individual else "interval"
        orientation = "individual" if individual else "structural"
        rows.append(f"{name};{words};{orientation};no;no;{basis};{starts};{ends};6:{ledger_object(name)};{order}\n")
    files = {
        "association.yaml": _ABOUT.format(id=association),
        "interventions.csv": _INTERVENTIONS + "".join(rows),
        "report_lines.csv": _LINES,
        "line_rules.csv": _RULES,
        "targets.csv": "year;intervention_id;measure;target\n",
        "codes/exit_reason.csv": _REASONS,
        **{f"codes/{name}.csv": "code;label;aliases;group;order\n" for name in ("education", "referrer", "income", "occupation")},
    }
    for name, text in files.items():
        path = folder / "config" / association / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
