"""What is read from a report and what is found in it.

Belongs here: plain values. A document is paragraphs and tables in reading order, whatever file they came from. Does not belong here:
formats, Swedish vocabulary, checks.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum


class Unit(StrEnum):
    """What a figure counts."""

    KR = "kr"
    TKR = "tkr"
    MKR = "mkr"
    PERCENT = "procent"
    PERSONS = "personer"
    WOMEN = "kvinnor"
    MEN = "män"
    OTHER = "annan könsidentitet"
    ANONYMOUS = "anonyma"

    @property
    def kronor(self) -> Decimal | None:
        """How many kronor one of it is; None for anything but money."""
        return {Unit.KR: Decimal(1), Unit.TKR: Decimal(1000), Unit.MKR: Decimal(1_000_000)}.get(self)


class Role(StrEnum):
    """What a table column holds, as far as its heading says."""

    OUTCOME = "utfall"
    BUDGET = "budget"
    DIFFERENCE = "differens"
    WOMEN = "kvinnor"
    MEN = "män"
    OTHER = "annan"
    ANONYMOUS = "anonyma"
    TOTAL = "totalt"
    SHARE = "andel"
    TARGET = "mål"
    UNKNOWN = ""


GENDER_ROLES = (Role.WOMEN, Role.MEN, Role.OTHER, Role.ANONYMOUS)


class Measure(StrEnum):
    """Which participations a count counts."""

    PARTICIPANTS = "deltagare"
    STARTED = "började"
    ENDED = "avslutade"
    CARRIED_IN = "kvar från tidigare"
    CARRIED_OUT = "kvar efter perioden"


class State(StrEnum):
    """What stands in a cell."""

    FIGURE = "figure"
    DASH = "dash"  # a dash alone: nothing, and counts as nothing
    EMPTY = "empty"
    HIDDEN = "hidden"  # masked, or words where a figure could stand: unknown


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell. `value` is 0 for a dash or an empty cell; `places` how many decimals are printed."""

    value: Decimal
    state: State = State.FIGURE
    places: int = 0

    @property
    def known(self) -> bool:
        """Whether it can stand in a sum."""
        return self.state is not State.HIDDEN

    @property
    def given(self) -> bool:
        """Whether a figure is printed."""
        return self.state is State.FIGURE


EMPTY = Cell(Decimal(0), State.EMPTY)
DASH = Cell(Decimal(0), State.DASH)
HIDDEN = Cell(Decimal(0), State.HIDDEN)


@dataclass(frozen=True, slots=True)
class Spot:
    """Where something stands: the page or line of the file, as far as the format knows, and the heading above."""

    page: int | None = None
    line: int | None = None
    heading: str = ""


class RowKind(StrEnum):
    """What a row is, by its label and its cells."""

    SECTION = "section"  # a label without figures
    LINE = "line"
    TOTAL = "total"  # Summa, Totalt, Delsumma
    RESULT = "result"  # income less cost
    MEMO = "memo"  # equity, rows that stand below the table, "varav" rows: in no sum


@dataclass(frozen=True, slots=True)
class Row:
    """A table row. `certain`: its figures surely stand in these columns."""

    label: str
    cells: tuple[Cell, ...]
    kind: RowKind
    spot: Spot = field(default_factory=Spot)
    certain: bool = True


@dataclass(frozen=True, slots=True)
class Table:
    """A table of figures: one heading and one role a column of figures, the labels apart."""

    name: str
    caption: str
    headings: tuple[str, ...]
    roles: tuple[Role, ...]
    rows: tuple[Row, ...]
    unit: Unit | None = None
    measure: Measure | None = None
    spot: Spot = field(default_factory=Spot)
    about: str = ""  # every word of its headings, for what it counts

    @property
    def width(self) -> int:
        """How many columns of figures."""
        return len(self.headings)

    def column(self, role: Role) -> int | None:
        """The one column of that role; None without one or with several."""
        found = [j for j, own in enumerate(self.roles) if own is role]
        return found[0] if len(found) == 1 else None


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text, its lines joined."""

    text: str
    spot: Spot = field(default_factory=Spot)


@dataclass(frozen=True, slots=True)
class Heading:
    """A line that names what follows."""

    text: str
    spot: Spot = field(default_factory=Spot)


Block = Paragraph | Heading | Table


@dataclass(frozen=True, slots=True)
class Document:
    """One report, in reading order."""

    blocks: tuple[Block, ...]

    @property
    def tables(self) -> list[Table]:
        """Its tables."""
        return [b for b in self.blocks if isinstance(b, Table)]

    @property
    def paragraphs(self) -> list[Paragraph]:
        """Its running text, headings too: they state figures as well."""
        return [Paragraph(b.text, b.spot) if isinstance(b, Heading) else b for b in self.blocks if not isinstance(b, Table)]


class Kind(StrEnum):
    """What kind of claim does not hold."""

    DIFFERENCE = "radens differens"
    ROW_TOTAL = "radsumma"
    SUM = "kolumnsumma"
    RESULT = "resultat"
    SHARE = "andel"
    REPEATED = "upprepat tal"
    PARTS = "delar och helhet"
    FLOW = "flöde"
    SIGN = "tecken"
    WORDING = "ordval"
    MART = "jämfört med underlaget"


class Sureness(StrEnum):
    """How sure it is that something is wrong."""

    SURE = "säker"
    LIKELY = "trolig"
    POSSIBLE = "möjlig"


@dataclass(frozen=True, slots=True)
class Printed:
    """One figure as it stands, or as it follows from others, and where."""

    text: str
    place: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One claim that does not hold.

    `printed` is the figure that is claimed, `other` what it disagrees with. `rounding`: rounding of the printed parts explains the
    whole gap, `roundings` figures being rounded in it. `explained`: the report itself says why, so that nothing is to be corrected.
    """

    kind: Kind
    sureness: Sureness
    printed: Printed
    other: Printed
    gap: str
    advice: str
    rounding: bool = False
    roundings: int = 0
    explained: bool = False
