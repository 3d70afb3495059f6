"""Figures printed in a published half-year report (January-June 2025), as facts to come out of the marts.

Rows in the report's order. Where two printed figures contradict each other the right one stands here and the note says so.
"""

from __future__ import annotations

PERIOD = "2025H1"
INDIVIDUAL = ("mgt", "aktivitetsplatsen", "novum", "ips_psykos", "ips_beroende")

# intervention -> (women, men, other)
PARTICIPANTS = {
    "mgt": (30, 14, 1),
    "aktivitetsplatsen": (82, 23, 0),
    "novum": (26, 36, 3),
    "ips_psykos": (40, 61, 1),
    "ips_beroende": (13, 51, 0),
}
STARTED = {
    "mgt": (30, 14, 1),
    "aktivitetsplatsen": (59, 15, 0),
    "novum": (9, 13, 1),
    "ips_psykos": (9, 13, 0),
    "ips_beroende": (3, 16, 0),
}
ENDED = {
    "mgt": (24, 17, 0),
    "aktivitetsplatsen": (46, 15, 0),
    "novum": (12, 30, 1),
    "ips_psykos": (7, 11, 0),
    "ips_beroende": (5, 22, 0),
}
FLOW = {"carried_in": 198, "started": 183, "participants": 381, "ended": 190, "carried_out": 191}

# exit reason (label) -> per intervention in the order of INDIVIDUAL
EXIT_REASONS = {
    "Arbete": (5, 0, 6, 6, 1),
    "Studier": (0, 1, 16, 1, 2),
    "Arbetsförmedlingen": (7, 0, 2, 2, 1),
    "Rehabiliteringssamverkan": (4, 13, 0, 0, 0),
    "Jobbtorg/AMF insatser": (5, 20, 5, 0, 3),
    "FINSAM-insats": (0, 0, 0, 0, 0),
    "Sysselsättning/dagligverksamhet": (4, 2, 2, 1, 1),
    "Varaktig sjukersättning": (2, 1, 0, 1, 0),
    "Medicinsk/vård/utredning": (11, 23, 2, 7, 16),
    "Övriga avslutsorsaker": (3, 1, 10, 0, 3),
}
# exit reasons whose split by gender the text states: labels -> (women, men)
EXIT_REASONS_BY_GENDER = {("Jobbtorg/AMF insatser",): (19, 14), ("Arbete", "Studier"): (12, 26)}

# intervention -> (measure, target of the year)
TARGETS = {
    "mgt": ("started", 70),
    "aktivitetsplatsen": ("participants", 140),
    "novum": ("participants", 80),
    "ips_psykos": ("participants", 130),
    "ips_beroende": ("participants", 100),
}

# label -> (outcome, budget, difference) in tkr. Avskrivningar is printed with difference 0; 36 - 73 = -37, and the sums hold only with it.
INCOME_STATEMENT = {
    "Försäkringskassan inkl Arbetsförmedlingen": (9042, 9042, 0),
    "Region Stockholm": (4521, 4521, 0),
    "Stockholms stad": (4521, 4521, 0),
    "Övriga intäkter och bidrag": (2750, 2307, 444),
    "Summa intäkter": (20834, 20391, 444),
    "Finansiering strukturella insatser": (1519, 1643, -124),
    "Kommunikation/ information": (67, 67, 0),
    "Finansiering individinriktade insatser": (13341, 15258, -1916),
    "Summa Aktiviteter/Insatser": (14927, 16967, -2040),
    "Styrelse": (250, 242, 8),
    "Revision": (49, 39, 10),
    "Lokalkostnader": (311, 312, 0),
    "Övriga externa tjänster": (637, 819, -182),
    "Avskrivningar": (36, 73, -37),
    "Finansiella poster": (-1, 0, -1),
    "Löner inkl. sociala avgifter, pension m.m": (2373, 2431, -57),
    "Summa styrelse och kansli": (3655, 3914, -259),
    "Summa kostnader": (18582, 20881, -2299),
    "Årets Resultat": (2252, -491, 2743),
}
OPENING_EQUITY_TKR = 1752

# intervention's name -> (outcome, budget, difference) in kr
INTERVENTION_BUDGET = {
    "Aktivitetsplatsen": (6623770, 7720000, -1096230),
    "Myndighetsgemensamt team": (931411, 1044000, -112589),
    "Integrering av IPS i psykosvården": (2211230, 2326500, -115270),
    "IPS för personer med beroendeproblematik": (1998560, 2148000, -149440),
    "Novum": (1576251, 1969000, -392749),
    "Utvärdering": (0, 50000, -50000),
    "Välfärdsguiden och hemsida": (67389, 67000, 389),
    "Kunskapsdialoger och workshops": (466483, 102000, 364483),
    "Finsam-konferens": (15000, 200000, -185000),
    "Förstärkt kontaktväg hälso- och sjukvården": (145377, 512000, -366623),
    "Conecto": (84000, 93000, -9000),
    "Process- och samverkansstöd": (807742, 735500, 72242),
}
# category -> (tkr, percent)
COST_DISTRIBUTION = {"individual": (13341, "71.8"), "structural": (1586, "8.5"), "office": (3655, "19.7")}
# kind -> tkr, in order
FORECAST = [
    ("cost", 15951),
    ("cost", 2672),
    ("cost", 1241),
    ("outcome", 18582),
    ("total", 38446),
    ("result", 2035),
    ("equity", 3787),
]
FORECAST_INCOME = 40481
