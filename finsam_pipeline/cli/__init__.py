"""The console script `finsam`: words in, calls to the way, words out. No rule, no SQL, no file format lives here."""

from finsam_pipeline.cli.app import main

__all__ = ["main"]
