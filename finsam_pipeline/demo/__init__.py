"""An example workspace with published totals and no real persons."""

from finsam_pipeline.demo.misprints import misprint_pages
from finsam_pipeline.demo.workspace import write_demo

__all__ = ["misprint_pages", "write_demo"]
