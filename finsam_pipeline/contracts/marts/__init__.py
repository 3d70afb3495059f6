"""The published marts of interface 7, one declaration each, a module a family.

Belongs here: names, types, units, keys and descriptions. Does not: how a figure comes about (that is the SQL's), what may be
shown in public (that is the report's).
"""

from finsam_pipeline.contracts.marts.economy import ECONOMY
from finsam_pipeline.contracts.marts.participants import PARTICIPANTS
from finsam_pipeline.contracts.marts.quality import QUALITY
from finsam_pipeline.contracts.marts.reference import REFERENCE
from finsam_pipeline.contracts.types import MartContract

__all__ = ["MARTS"]

MARTS: dict[str, MartContract] = {m.path: m for m in (*PARTICIPANTS, *ECONOMY, *REFERENCE, *QUALITY)}
