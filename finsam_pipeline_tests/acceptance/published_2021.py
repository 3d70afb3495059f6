"""Figures printed in a published half-year report (January-June 2021), as facts to come out of the marts.

Interventions and lines are named as the report prints them. Where two printed figures contradict each other the right one stands
here and the note says so. Differences of the income statement are budget − outcome here, as that report prints them.
"""

from __future__ import annotations

PERIOD = "2021H1"
YEAR = 2021

# gender -> printed in the text; no flow, exit reasons or targets are printed
PARTICIPANTS = {"woman": 281, "man": 321, "other": 0, "anonymous": 74}
STARTED = {"woman": 111, "man": 104, "other": 0, "anonymous": 0}
ENDED = {"woman": 88, "man": 108, "other": 0, "anonymous": 0}

# intervention -> (women, men, anonymous). The eight add up to 277, 292 and 2, not to the printed totals.
PARTICIPANTS_BY_INTERVENTION = {
    "Aktivitetsplatsen": (82, 24, 2),
    "FINSAM-team": (47, 48, 0),
    "Arbetsträning genom Samordningsförbundet": (13, 4, 0),
    "Integrering av IPS i psykosvården": (27, 76, 0),
    "Samordnat stöd": (26, 27, 0),
    "MIA Vidare Stockholm": (38, 37, 0),
    "Rätt stöd för mig!": (34, 61, 0),
    "Arbetslagshälsan": (10, 15, 0),
}
# intervention -> started, women and men together
STARTED_BY_INTERVENTION = {"Arbetsträning genom Samordningsförbundet": 17, "MIA Vidare Stockholm": 25, "FINSAM-team": 75}

# label -> (budget, outcome, difference) in tkr, cell by cell; None is an empty cell or a dash. A line without a budget has none
# printed: the marts hold 0 there. Sums hold the settled project in the outcome, not in the difference.
INCOME_STATEMENT: dict[str, tuple[int | None, int, int | None]] = {
    "Försäkringskassan inkl Arbetsförmedlingen": (8000, 8000, 0),
    "Region Stockholm": (4000, 4000, 0),
    "Stockholms stad": (4000, 4000, 0),
    "Fakturerade kostnader, ESF-ersättning": (1876, 1635, 241),
    "Övriga rörelseintäkter": (0, 15, -15),
    "Intäkter Projekt Rätt stöd för mig": (None, 2039, None),
    "Summa intäkter": (17876, 19689, 226),
    "Finansiering strukturella insatser": (770, 603, 167),
    "Kommunikation/ information": (135, 62, 73),
    "Finansiering individinriktade insatser": (14031, 11498, 2533),
    "Utvärdering (individinriktade insatser)": (250, 85, 165),
    "Kostnader Projekt Rätt stöd för mig": (None, 2039, None),
    "Summa Aktiviteter/Insatser": (15186, 14286, 2938),
    "Styrelse": (200, 75, 125),
    "Revision": (30, 25, 5),
    "Hyra kontorslokal": (263, 229, 34),
    "Övriga lokalkostnader (eL m.m.)": (25, 19, 6),
    "Lokalvård": (35, 26, 9),
    "Övriga externa tjänster": (400, 470, -70),
    "Löner inkl. sociala avgifter, pension m.m": (2076, 1967, 108),
    "Summa styrelse och kansli": (3028, 2812, 216),
    "Summa kostnader totalt": (18214, 17098, 3154),
    "Årets Resultat": (-338, 2590, -2928),
}
SECTIONS = ("Intäkter", "Kostnader", "Aktiviteter/Insatser", "Styrelse och kansli", "Personalkostnader")
OPENING_EQUITY_TKR = 7730
SETTLED = "Rätt stöd för mig!"
SETTLED_KR = 2038729  # on the income line and on the cost line

# intervention -> (outcome, budget, difference = outcome − budget) in kr
INTERVENTION_BUDGET = {
    "Aktivitetsplatsen": (4419482, 5520000, -1100518),
    "MIA vidare och arbetsträning": (1954926, 2381500, -426574),
    "FINSAM-team": (1116408, 1360000, -243592),
    "Integrering av IPS i psykosvården": (1815535, 1930500, -114965),
    "Samordnat stöd, Alternativ SFI": (260550, 331500, -70950),
    "Arbetslagshälsan": (198800, 265000, -66200),
    "DEV makerspace": (1865170, 1750000, 115170),
    "BRON": (0, 150000, -150000),
    "Prolog": (-133251, 550000, -683251),
    "Uppföljning och utvärdering": (85000, 250000, -165000),
    "Kunskapsdialoger och workshops": (0, 100000, -100000),
    "Insatskatalog och hemsida": (62499, 135000, -72501),
    "Rehabiliteringsbanan": (6253, 7500, -1247),
    "Egenmakt arbetsrehabilitering med digitalt stöd": (596323, 469500, 126823),
}
# orientation -> the printed subtotal, the settled project left out
INTERVENTION_SUMS = {"individual": (11582620, 14488500, -2905880), "structural": (665075, 712000, -46925)}
INTERVENTION_TOTAL = (12247695, 15200500, -2952805)

# category -> (tkr, percent); the total of the text
COST_DISTRIBUTION = {"individual": (11583, "76.9"), "structural": (665, "4.4"), "office": (2812, "18.7")}
COST_TOTAL_TKR = 15059
# (label, tkr) in order, then result and equity of the text
FORECAST = [
    ("Finansiering insatser 2:a halvåret", 15170),
    ("Finansiering beslutade under 2021", 1258),
    ("Insatser som upphör i förtid", -1100),
    ("Lönekostnader 2:a halvåret (kansli och styrelse)", 2276),
    ("Kansli, övriga kostnader 2:a halvåret", 753),
    ("Utfall 1:a halvåret", 15059),
]
FORECAST_SUMS = {"total": 33416, "income": 35752, "result": 2336, "equity": 10066}
# of the text: without the settled project, and for the whole year
INCOME_WITHOUT_SETTLED_TKR = 17650
BUDGETED_INCOME_OF_THE_YEAR_TKR = 35752
MEMBERS_OF_THE_YEAR_TKR = 32000
WEBINARS, WEBINAR_ATTENDEES = 6, 800
# intervention, key -> value
KEY_FIGURES = {
    ("FINSAM-team", "Team"): 6,
    ("FINSAM-team", "I kö"): 50,
    ("Arbetsträning genom Samordningsförbundet", "Anordnare"): 12,
    ("Arbetsträning genom Samordningsförbundet", "Platser"): 100,
    ("Integrering av IPS i psykosvården", "Psykosmottagningar"): 5,
    ("Insatskatalog och hemsida", "Publicerade insatser"): 130,
}
