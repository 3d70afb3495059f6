"""The stewards' workbook, out and back: `export` makes it, `parse` takes the decisions in."""

from finsam_pipeline.review.workbook_export import export
from finsam_pipeline.review.workbook_import import Problem, WorkbookError, parse

__all__ = ["Problem", "WorkbookError", "export", "parse"]
