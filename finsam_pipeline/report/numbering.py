"""The running numbers of tables and figures, handed out in reading order."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class Numbering:
    """Counts while a document is built: Tabell 1, Tabell 2, ... and Figur 1, Figur 2, ... What is missing leaves no gap."""

    tables: int = 0
    figures: int = 0

    def table(self) -> str:
        """The next table's label."""
        self.tables += 1
        return f"Tabell {self.tables}"

    def figure(self) -> str:
        """The next figure's label."""
        self.figures += 1
        return f"Figur {self.figures}"
