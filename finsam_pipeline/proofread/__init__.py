"""A written report to what in it does not add up.

Belongs here: reading DOCX, PDF and text into tables and paragraphs, finding their figures, and checking sums, differences, shares and
repeated figures. Knows no association and no marts; figures to compare with are handed in.
"""

from finsam_pipeline.proofread.model import Document, Finding, Kind, Sureness
from finsam_pipeline.proofread.proofreading import Proof, proofread
from finsam_pipeline.proofread.reading import Unreadable, read_report

__all__ = ["Document", "Finding", "Kind", "Proof", "Sureness", "Unreadable", "proofread", "read_report"]
