"""Tables of text to typed rows: headers by alias, line classes, cells, control totals. Knows no bytes and no rules."""

from finsam_pipeline.shaping.shape import shape
from finsam_pipeline.shaping.types import DeliveryRef, Shaped

__all__ = ["DeliveryRef", "Shaped", "shape"]
