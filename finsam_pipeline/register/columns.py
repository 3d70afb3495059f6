"""The configuration's CSV files: which there are, what a row is, and what every column says.

Belongs here: names and words, one declaration from which headers are checked and docs/settings.md and INSTRUKTION.md are made. Does
not: how a cell becomes a value (tables.py, load.py, charts.py).
"""

from __future__ import annotations

from dataclasses import dataclass

from finsam_pipeline.register.tables import Columns


@dataclass(frozen=True, slots=True)
class Cell:
    """One column: its header and what stands in it, in Swedish. `needed`: the header must be there."""

    name: str
    words_sv: str
    needed: bool = False


@dataclass(frozen=True, slots=True)
class TableFile:
    """One CSV file of `config/<association>/`."""

    name: str
    row_sv: str
    cells: tuple[Cell, ...]
    optional: bool = False  # the association may do without the file

    @property
    def header(self) -> Columns:
        """The header the file must have."""
        needed = tuple(c.name for c in self.cells if c.needed)
        return Columns(needed, tuple(c.name for c in self.cells if not c.needed))


INTERVENTIONS = TableFile("interventions.csv", "en insats", (
    Cell("intervention_id", "Insatsens eget id: kort, utan mellanslag, och aldrig ändrat. Det står i alla tabeller.", needed=True),
    Cell("name", "Insatsens namn, som det står i rapporten.", needed=True),
    Cell("short_name", "Kort namn för smala tabeller och figurer. Tomt: namnet."),
    Cell("aliases", "Andra namn som förekommer i filerna, skilda med `|`. Stora och små bokstäver och mellanslag spelar ingen roll."),
    Cell("orientation", "`individual` (individinriktad: har deltagare) eller `structural` (strukturövergripande).", needed=True),
    Cell("esf", "`yes` när insatsen får medel ur ESF, annars `no` eller tomt."),
    Cell("settled", "`yes` när insatsens kostnader möts av egna intäkter (avräknad, till exempel ett projekt): den räknas in i utfall "
                    "och resultat men inte i avvikelse mot budget eller kostnadsfördelning. Annars `no` eller tomt."),
    Cell("count_basis", "Vilka som är deltagare i en period: `interval` alla som var inskrivna någon dag (också när cellen är tom), "
                        "`event` alla som började, med avslut efter slutdatum, `started` bara de som började."),
    Cell("starts_on", "Första dagen insatsen finns. Tomt: den har alltid funnits."),
    Cell("ends_on", "Sista dagen. Tomt: den pågår. Insatsen står i rapporten för perioder som de här dagarna berör."),
    Cell("ledger_objects", "Objekten i bokföringen som dimension:objekt, skilda med `|`. Projekt är dimension 6 och kostnadsställe 1: "
                           "projekt 101 skrivs `6:101`. Ett objekt hör till en enda insats."),
    Cell("order", "Ordning i tabellerna. Tomt: som i filen."),
))  # fmt: skip

TARGETS = TableFile("targets.csv", "ett mål för ett år", (
    Cell("year", "Kalenderår.", needed=True),
    Cell("intervention_id", "Insatsen. Tomt: alla individinriktade insatser tillsammans.", needed=True),
    Cell("measure", "Ett antal: `participants`, `started`, `ended`, `work`, `study`, `work_or_study`, `positive_other`. Eller en andel i "
                    "procent av de avslutade: `work_share`, `study_share`, `work_or_study_share`, `positive_other_share`, eller av "
                    "deltagarna: `ended_share`.", needed=True),
    Cell("target", "Målet: ett heltal för hela året, eller procent.", needed=True),
), optional=True)  # fmt: skip

REPORT_LINES = TableFile("report_lines.csv", "en rad i resultatrapporten", (
    Cell("valid_from", "Från vilken dag uppställningen gäller. Alla rader med samma dag är en uppställning; den senaste före periodens "
                       "slut används, så en ny uppställning läggs till utan att den gamla ändras.", needed=True),
    Cell("order", "Radens plats, ett heltal.", needed=True),
    Cell("line_id", "Radens eget id. En medlems bidragsrad heter som medlemmens `id` i association.yaml.", needed=True),
    Cell("label", "Texten i rapporten.", needed=True),
    Cell("kind", "`section` rubrik utan belopp, `line` bokförd rad, `subtotal`, `total` och `result` summor, `memo` ingående balans på "
                 "radens konton.", needed=True),
    Cell("block", "`income` vänder tecknet, så att intäkter blir positiva. Andra block väljer ni namn på; de håller samman rader. Måste "
                  "fyllas i för `line`.", needed=True),
    Cell("sum_of", "För summor: de `line_id` som läggs ihop, skilda med `|`. Minus framför drar av: `intakter|-kostnader`."),
))  # fmt: skip

LINE_RULES = TableFile("line_rules.csv", "en regel för vilka bokförda rader som hör till en rapportrad", (
    Cell("priority", "Lägst prövas först, och första regel som passar gäller.", needed=True),
    Cell("line_id", "Raden i report_lines.csv (`line` eller `memo`).", needed=True),
    Cell("account_from", "Första konto. Två siffror jämförs med kontots två första, så `70`–`76` är 7000–7699. Tomt: alla."),
    Cell("account_to", "Sista konto, på samma sätt."),
    Cell("objects", "Bara rader med något av objekten, skrivna som i interventions.csv. Tomt: alla."),
    Cell("orientation", "Bara rader vars objekt hör till en insats med den inriktningen: `individual` eller `structural`. Tomt: alla."),
    Cell("settled", "Bara rader vars insats är avräknad (`yes`) eller inte är det (`no`). Tomt: alla."),
    Cell("valid_from", "Bara verifikationer från och med den dagen. Tomt: alla."),
    Cell("valid_to", "Bara verifikationer till och med den dagen. Tomt: alla."),
))  # fmt: skip

CODES = TableFile("codes/<lista>.csv", "en kod i listan `exit_reason`, `education`, `referrer`, `income` eller `occupation`", (
    Cell("code", "Kodens eget id, aldrig ändrat.", needed=True),
    Cell("label", "Texten i rapporten. Den känns också igen i filerna.", needed=True),
    Cell("aliases", "Andra skrivsätt som förekommer i filerna, skilda med `|`."),
    Cell("group", "I `exit_reason` vad avslutet ledde till: `work`, `study`, `work_or_study`, `closer_to_work` (närmare arbete); andra "
                  "ord är fria. I `occupation` `work`, `study`, `work_or_study` eller `job_seeking`; tomt: texten avgör. I övriga "
                  "listor fritt."),
    Cell("order", "Ordning i tabellerna. Tomt: som i filen."),
))  # fmt: skip

_ACCOUNTS = (
    Cell("account_from", "Första konto, skrivet som i line_rules.csv."),
    Cell("account_to", "Sista konto."),
)
COST_KINDS = TableFile("cost_kinds.csv", "ett kontointervall som är ett kostnadsslag; första intervall som passar gäller. Utan filen "
                       "används kontoplanens grupper", (
    Cell("kind", "Kostnadsslagets id. Flera rader med samma id är flera intervall.", needed=True),
    Cell("label", "Texten i tabellerna, lika på alla rader med samma id.", needed=True),
    *_ACCOUNTS,
), optional=True)  # fmt: skip

BALANCE_LINES = TableFile("balance_lines.csv", "ett kontointervall på en rad i balansrapporten; första intervall som passar gäller. Utan "
                          "filen används kontoplanens grupper", (
    Cell("line_id", "Radens id. Flera rader med samma id är flera intervall.", needed=True),
    Cell("label", "Texten i tabellen, lika på alla rader med samma id.", needed=True),
    Cell("side", "`asset` tillgång, `equity` eget kapital eller `liability` skuld.", needed=True),
    *_ACCOUNTS,
), optional=True)  # fmt: skip

FILES = (INTERVENTIONS, TARGETS, REPORT_LINES, LINE_RULES, CODES, COST_KINDS, BALANCE_LINES)
