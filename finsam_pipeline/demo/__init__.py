"""An example workspace with published totals and no real persons."""

from finsam_pipeline.demo.workspace import write_demo

__all__ = ["write_demo"]
