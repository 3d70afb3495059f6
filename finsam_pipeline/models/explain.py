"""From a mart's figure to the rows of files behind it, and back: runs `dbt_like_sql/analyses/explain/` on built models.

An analysis gives, for one mart, one row per figure and row of a file: the mart's key columns, `figure` (the mart's column),
`term`, `role`, `contribution` in the figure's unit, and the place (`source, path, sheet, row`). Contributions of one term are added
and rounded to the figure's decimals, then the terms are added; the terms `numerator` and `denominator` are divided instead.

Belongs here: rendering and running the analyses, and the arithmetic above. Does not: which snapshot stands, what a person reads.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from finsam_pipeline.contracts.marts import MARTS
from finsam_pipeline.contracts.types import ARROW
from finsam_pipeline.models.engines import EngineError
from finsam_pipeline.models.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from finsam_pipeline.contracts.types import MartColumn, MartContract
    from finsam_pipeline.models.project import Project
    from finsam_pipeline.models.runner import Built

Value = Decimal | int | None
NUMERATOR, DENOMINATOR = "numerator", "denominator"
_NUMBERS = ("int64", "money", "percent", "points", "figure")


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one row of a file adds to a figure. `sheet` is null outside workbooks, `row` for what the configuration states."""

    term: str
    role: str
    amount: Decimal
    source: str
    path: str
    sheet: str | None
    row: int | None


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a mart's row, and all that is in it. An empty figure (`value` None) has no contributions."""

    column: MartColumn
    value: Value
    contributions: tuple[Contribution, ...]

    @property
    def total(self) -> Decimal | None:
        """What the contributions come to; None where the figure is empty."""
        return None if self.value is None else combined(self.column, self.contributions)

    @property
    def holds(self) -> bool:
        """Whether the contributions come to the figure."""
        return self.total == self.value

    @property
    def parts(self) -> dict[tuple[str, str], Decimal]:
        """(term, role) → the sum of its contributions, before any rounding."""
        sums: dict[tuple[str, str], Decimal] = {}
        for c in self.contributions:
            sums[c.term, c.role] = sums.get((c.term, c.role), Decimal(0)) + c.amount
        return sums


@dataclass(frozen=True, slots=True)
class Use:
    """One figure that a row of a file is in. `key` holds the mart's key as text, an empty text where it is null."""

    mart: str
    key: tuple[tuple[str, str], ...]
    column: MartColumn
    term: str
    role: str
    amount: Decimal
    sheet: str | None


def explained_marts() -> list[str]:
    """Paths of the marts that are made from rows of files, in the contract's order."""
    return [path for path, contract in MARTS.items() if contract.family in ("participants", "economy")]


def measures(contract: MartContract) -> list[MartColumn]:
    """The columns of a mart that are figures."""
    return [c for c in contract.columns if c.name not in contract.key and c.arrow in _NUMBERS]


def explain(built: Built, mart: str, row: Mapping[str, object], wanted: Sequence[MartColumn]) -> list[Figure]:
    """The figures of one row of a mart with their contributions, in the order wanted.

    Args:
        built: the models, built on the rows the mart was published from.
        mart: its path.
        row: the published row: key and figures.
        wanted: of `measures`.

    Raises:
        ModelError: an analysis does not run.
    """
    contract = MARTS[mart]
    where = " and ".join(f'found."{k}" is not distinct from ?' for k in contract.key)
    names = ", ".join("?" for _ in wanted)
    rows = in_analysis(
        built,
        contract,
        f"select figure, term, role, cast(contribution as decimal(28, 5)), source, path, sheet, row from {{analysis}} as found"
        f" where {where} and figure in ({names}) and contribution <> 0"
        " order by figure, term desc, role, path, sheet nulls first, row nulls first",
        [*(row[k] for k in contract.key), *(c.name for c in wanted)],
    )
    found: dict[str, list[Contribution]] = {}
    for name, *rest in rows:
        found.setdefault(name, []).append(Contribution(*rest))
    return [_figure(c, row[c.name], found.get(c.name, [])) for c in wanted]


def uses(built: Built, path: str, row: int, sheet: str | None = None) -> list[Use]:
    """Every published figure that a row of a file is in, by mart and key; without a sheet, on whichever sheet.

    Raises:
        ModelError: an analysis does not run.
    """
    return [use for mart in explained_marts() for use in _uses(built, MARTS[mart], path, row, sheet)]


def combined(column: MartColumn, contributions: Iterable[Contribution]) -> Decimal:
    """What contributions come to in a column: terms added up, or numerator over denominator; rounded half up."""
    terms: dict[str, Fraction] = {}
    for c in contributions:
        terms[c.term] = terms.get(c.term, Fraction(0)) + Fraction(c.amount)
    decimals = _decimals(column)
    if terms.get(DENOMINATOR):
        scale = 100 if column.arrow == "percent" else 1
        return _half_up(scale * terms.get(NUMERATOR, Fraction(0)) / terms[DENOMINATOR], decimals)
    return sum((_half_up(t, decimals) for t in terms.values()), _half_up(Fraction(0), decimals))


def _figure(column: MartColumn, value: object, contributions: Sequence[Contribution]) -> Figure:
    if value is None:
        return Figure(column, None, ())
    if not isinstance(value, (int, Decimal)):
        raise TypeError(f"{column.name} is no figure")
    return Figure(column, value, tuple(contributions))


def _uses(built: Built, contract: MartContract, path: str, row: int, sheet: str | None) -> list[Use]:
    keys = [f'cast(found."{k}" as varchar)' for k in contract.key]
    same = " and ".join(f'mart."{k}" is not distinct from found."{k}"' for k in contract.key)
    columns = {c.name: c for c in measures(contract)}
    shown = " ".join(f"when '{name}' then mart.\"{name}\" is not null" for name in columns)
    rows = in_analysis(
        built,
        contract,
        f"select {', '.join(keys)}, figure, term, role, cast(sum(contribution) as decimal(28, 5)), sheet from {{analysis}} as found"
        f" where path = ? and row = ?{' and sheet = ?' if sheet else ''} and contribution <> 0"
        f' and exists (select 1 from "{_model(built.project, contract)}" as mart where {same} and case figure {shown} end)'
        f" group by {', '.join(keys)}, figure, term, role, sheet order by all",
        [path, row, *([sheet] if sheet else [])],
    )
    out = []
    for found in rows:
        key = tuple((k, "" if v is None else str(v)) for k, v in zip(contract.key, found, strict=False))
        figure, term, role, amount, on_sheet = found[len(contract.key) :]
        out.append(Use(contract.path, key, columns[figure], term, role, amount, on_sheet))
    return out


def in_analysis(built: Built, contract: MartContract, sql: str, bound: Sequence[object]) -> list[tuple[Any, ...]]:
    """The rows of a query on the analysis behind a mart, which stands in `sql` as `{analysis}`.

    Raises:
        ModelError: it does not run.
    """
    name = analysis_name(contract)
    file = built.project.folder / "analyses" / "explain" / f"{name}.sql"
    analysis = built.project.renderer.render(name, file.read_text(encoding="utf-8")).sql
    try:
        return built.fetch(sql.format(analysis=f"(\n{analysis}\n)"), bound)
    except EngineError as error:
        raise ModelError(name, None, error.message) from None


def analysis_name(contract: MartContract) -> str:
    """`economy__equity`: the analysis behind a mart."""
    return f"{contract.family}__{contract.name}"


def _model(project: Project, contract: MartContract) -> str:
    return next(m.name for m in project.models if m.mart == contract.path)


def _decimals(column: MartColumn) -> int:
    kind = ARROW[column.arrow]
    return kind.scale if pa.types.is_decimal(kind) else 0


def _half_up(amount: Fraction, decimals: int) -> Decimal:
    """A tie goes away from zero, as in the models' own macro."""
    whole = (2 * abs(amount) * 10**decimals + 1) // 2
    return Decimal(int(whole if amount >= 0 else -whole)).scaleb(-decimals)
