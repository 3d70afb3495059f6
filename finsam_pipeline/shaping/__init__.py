"""Tables of text to typed rows: headers by alias, line classes, cells, control totals. Knows no bytes and no rules."""

from finsam_pipeline.shaping.corrections import Corrections
from finsam_pipeline.shaping.shape import shape
from finsam_pipeline.shaping.types import DeliveryRef, Shaped

__all__ = ["Corrections", "DeliveryRef", "Shaped", "shape"]
