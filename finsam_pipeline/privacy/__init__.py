"""Personnummer detection and masking, keyed pseudonyms. Knows no source and no file."""

from finsam_pipeline.privacy.personnummer import contains_personnummer, mask, rows_with_personnummer, struck_out, ten_digits
from finsam_pipeline.privacy.pseudonym import Pseudonymiser

__all__ = ["Pseudonymiser", "contains_personnummer", "mask", "rows_with_personnummer", "struck_out", "ten_digits"]
