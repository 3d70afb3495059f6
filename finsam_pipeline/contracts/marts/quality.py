"""The marts of the family `quality`: what was delivered, and which rules struck."""

from __future__ import annotations

from finsam_pipeline.contracts.marts.columns import ASSOCIATION, count, day, text
from finsam_pipeline.contracts.types import MartContract

QUALITY = (
    MartContract(
        family="quality",
        name="deliveries",
        title_sv="Leveranser",
        row_sv="en levererad fil",
        row_en="one delivered file",
        key=("association", "source", "sha256"),
        columns=(
            ASSOCIATION,
            text("source", "Källa", "Source"),
            text("sha256", "Filens kontrollsumma", "SHA-256 of the file"),
            text("path", "Filens plats i arbetsytan", "Path relative to the workspace"),
            day("delivered_on", "Leveransdag", "Day of delivery"),
            count("rows", "Lästa rader", "Rows read", "rader"),
            count("accepted", "Godkända rader", "Accepted rows", "rader"),
            count("quarantined", "Rader i karantän", "Rows in quarantine", "rader"),
            count("superseded", "Rader som en nyare leverans ersätter", "Rows replaced by a newer delivery", "rader"),
            text("status", "Status", "Status of the delivery"),
        ),
    ),
    MartContract(
        family="quality",
        name="rules",
        title_sv="Regler",
        row_sv="en regel i en källa",
        row_en="one rule of one source",
        key=("association", "source", "rule"),
        columns=(
            ASSOCIATION,
            text("source", "Källa", "Source"),
            text("rule", "Regel", "Rule"),
            text("severity", "E karantän, W varning, B stoppar publicering", "E quarantines, W warns, B blocks publication"),
            count("failed_rows", "Rader som inte uppfyller regeln", "Rows that fail the rule", "rader"),
        ),
    ),
)
