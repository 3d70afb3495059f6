"""datapackage.json: what stands in a snapshot's folder, in the form of a Frictionless Data Package.

Belongs here: contracts → descriptor. Does not: a description of its own. Descriptions are in Swedish with the English beside
(`description_en`), units in `unit`: properties the standard leaves to the publisher. No moment of creation stands in it: the same
snapshot has the same bytes whenever it is made.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from finsam_pipeline.contracts.marts import MARTS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from finsam_pipeline.contracts.types import MartColumn, MartContract

_TYPES = {"string": "string", "int64": "integer", "bool": "boolean", "date": "date"}  # everything else is a number


def datapackage(manifest: Mapping[str, Any], sizes: Mapping[str, int]) -> bytes:
    """The descriptor of a snapshot.

    Args:
        manifest: as in manifest.json, with `marts`.
        sizes: mart path → bytes of its file.
    """
    package = {
        "profile": "data-package",
        "name": "finsam-marts",
        "id": manifest["snapshot_id"],
        "title": "Samordningsförbundens publicerade tabeller",
        "title_en": "The published marts of the coordination associations",
        "description": "Intern: små tal står omaskerade.",
        "description_en": "Internal: small counts stand unmasked.",
        "version": manifest["code_version"],
        "resources": [_resource(MARTS[m["name"]], m, sizes[m["name"]]) for m in manifest["marts"]],
    }
    return (json.dumps(package, ensure_ascii=False, indent=1) + "\n").encode()


def _resource(contract: MartContract, mart: Mapping[str, Any], size: int) -> dict[str, Any]:
    return {
        "profile": "data-resource",
        "name": f"{contract.family}-{contract.name}".replace("_", "-"),
        "title": contract.title_sv,
        "description": f"En rad är {contract.row_sv}.",
        "description_en": f"One row is {contract.row_en}.",
        "path": mart["path"],
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
        "bytes": size,
        "hash": f"sha256:{mart['sha256']}",
        "rows": mart["rows"],
        "schema": {"fields": [_field(c) for c in contract.columns], **_key(contract)},
    }


def _field(column: MartColumn) -> dict[str, Any]:
    said: dict[str, Any] = {
        "name": column.name,
        "type": _TYPES.get(column.arrow, "number"),
        "description": column.description_sv,
        "description_en": column.description_en,
    }
    if column.unit:
        said["unit"] = column.unit
    return said if column.nullable else said | {"constraints": {"required": True}}


def _key(contract: MartContract) -> dict[str, Sequence[str] | Sequence[Sequence[str]]]:
    """A primary key holds no null; a key that may is only unique."""
    nullable = {c.name for c in contract.columns if c.nullable}
    key = list(contract.key)
    return {"uniqueKeys": [key]} if nullable & set(key) else {"primaryKey": key}
