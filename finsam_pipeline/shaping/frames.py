"""The columns every typed row has, whatever its source (docs/architecture.md, "Typed rows").

Belongs here: putting a typed frame together. Does not: parsing cells or reading headers.
"""

from __future__ import annotations

from decimal import Decimal

import pandas as pd
import pyarrow as pa

from finsam_pipeline.contracts.types import Column, Kind, SourceContract
from finsam_pipeline.privacy import Pseudonymiser, rows_with_personnummer
from finsam_pipeline.shaping.arrow import constant, joined, mapped, to_arrow, to_series
from finsam_pipeline.shaping.cells import CellContext, type_column
from finsam_pipeline.shaping.types import DAY, MONEY, DeliveryRef

CONTROL_COLUMNS = (
    "row_id", "association", "source", "path", "sha256", "delivered_on", "sheet", "row", "label", "column", "declared", "actual",
    "judged",
)  # fmt: skip
_BATCH = 1 << 14  # rows whose joined text stands in memory at a time
ControlRow = tuple[str | None, int, str, str, Decimal, Decimal, bool]  # sheet, row, label, column, declared, actual, judged


def with_delivery(typed: pd.DataFrame, ref: DeliveryRef, sheet: str | None) -> pd.DataFrame:
    """The typed columns with the delivery's and the place's before them; `row` is the frame's index."""
    index = typed.index
    place = pd.DataFrame(
        {
            "row_id": pd.Series(range(len(index)), index=index, dtype="int64"),
            "association": constant(ref.association, index),
            "source": constant(ref.source, index),
            "path": constant(ref.path, index),
            "sha256": constant(ref.sha256, index),
            "delivered_on": pd.Series(pd.Timestamp(ref.delivered_on), index=index, dtype=DAY),
            "sheet": constant(sheet, index),
            "row": pd.Series(index, index=index, dtype="int64"),
        },
        copy=False,
    )
    return pd.concat([place, typed], axis=1).reset_index(drop=True)


def stacked(frames: list[pd.DataFrame]) -> pd.DataFrame:
    """Several sheets' rows as one frame, `row_id` 0..n-1."""
    out = frames[0] if len(frames) == 1 else pd.concat(frames, ignore_index=True)
    return out.assign(row_id=pd.Series(range(len(out)), index=out.index, dtype="int64"))


def typed_columns(text: pd.DataFrame, contract: SourceContract, context: CellContext) -> pd.DataFrame:
    """Every contract column but the ignored ones, with `<name>_given` for the flagged ones.

    Args:
        text: tidy text, one column a contract column.
        contract: the source.
        context: how cells are read.
    """
    out: dict[str, pd.Series] = {}
    for column in contract.columns:
        if column.kind is Kind.IGNORED:
            continue
        out[column.name] = type_column(column, text[column.name], context).values
        out |= given(column, text)
    return pd.DataFrame(out, index=text.index)


def given(column: Column, text: pd.DataFrame) -> dict[str, pd.Series]:
    """`<name>_given` of a flagged column: whether the cell was not blank."""
    return {f"{column.name}_given": text[column.name].notna()} if column.flagged else {}


def personnummer_in(raw: pd.DataFrame, labels: dict[int, str], allowed: set[int]) -> pd.Series:
    """The name of the column of each row in which a personnummer stands; null where none does.

    Args:
        raw: the cells as read, columns 0..n-1.
        labels: what each column is called where it is shown, masked.
        allowed: columns in which a personnummer is expected and replaced.
    """
    scanned = [n for n in range(raw.shape[1]) if n not in allowed]
    found = rows_with_personnummer(raw[scanned])
    return mapped(found, {str(n): labels[n] for n in scanned}.get, pa.large_string(), "str")


def contents(cells: dict[str, pd.Series], ref: DeliveryRef, pseudonymiser: Pseudonymiser, index: pd.Index) -> pd.Series:
    """The keyed hash of each row's cells by column name: the same in any column order and under any alias."""
    arrays = {name: to_arrow(column) for name, column in cells.items()}
    made = []
    for start in range(0, len(index), _BATCH):
        part = joined({name: array[start : start + _BATCH] for name, array in arrays.items()}, min(_BATCH, len(index) - start))
        made.append(to_arrow(pseudonymiser.contents(ref.association, ref.source, part)))
    return to_series(pa.chunked_array(made, pa.large_string()).combine_chunks(), index, "str")


def controls_frame(rows: list[ControlRow], ref: DeliveryRef) -> pd.DataFrame:
    """The control totals of one file, `row_id` 0..m-1."""
    sheets, numbers, labels, columns, declared, actual, judged = zip(*rows, strict=True) if rows else ([],) * 7
    index = pd.RangeIndex(len(rows))
    return pd.DataFrame(
        {
            "row_id": pd.Series(index, dtype="int64"),
            "association": constant(ref.association, index),
            "source": constant(ref.source, index),
            "path": constant(ref.path, index),
            "sha256": constant(ref.sha256, index),
            "delivered_on": pd.Series(pd.Timestamp(ref.delivered_on), index=index, dtype=DAY),
            "sheet": pd.Series(list(sheets), dtype="str"),
            "row": pd.Series(list(numbers), dtype="int64"),
            "label": pd.Series(list(labels), dtype="str"),
            "column": pd.Series(list(columns), dtype="str"),
            "declared": _money(list(declared)),
            "actual": _money(list(actual)),
            "judged": pd.Series(list(judged), dtype=bool),
        }
    )[list(CONTROL_COLUMNS)]


def _money(values: list[Decimal]) -> pd.Series:
    return pd.Series(pa.array(values, pa.decimal128(18, 2)), dtype=MONEY)
