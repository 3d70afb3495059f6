"""The built marts as they are published: exactly the contract's columns and types, sorted by key.

Belongs here: the last cast and the order. Does not: any figure, writing files.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from finsam_pipeline.contracts.marts import MARTS
from finsam_pipeline.models.errors import ModelError

if TYPE_CHECKING:
    from finsam_pipeline.contracts.types import MartContract
    from finsam_pipeline.models.runner import Built


def export(built: Built) -> dict[str, pa.Table]:
    """Mart path -> table with the contract's schema, its descriptions and units in the fields' metadata.

    Raises ModelError when a mart's columns or types are not those of its contract, or a column that is never null holds one.
    """
    return {path: _export(built, contract) for path, contract in MARTS.items()}


def _export(built: Built, contract: MartContract) -> pa.Table:
    table = built.table(next(m.name for m in built.project.models if m.mart == contract.path))
    schema = contract.schema
    if table.column_names != schema.names:
        raise ModelError(
            contract.name, None, f"has the columns {', '.join(table.column_names)}; wanted {', '.join(schema.names)}"
        )
    empty_in = [f.name for f in schema if not f.nullable and table.column(f.name).null_count]
    if empty_in:
        raise ModelError(contract.name, None, f"holds null in {', '.join(empty_in)}")
    try:
        table = table.cast(schema)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        raise ModelError(contract.name, None, "has a column that does not fit the contract's type") from None
    return table.sort_by([(name, "ascending") for name in contract.key]).combine_chunks()
