"""How the command line speaks: results on standard output, progress and sentences on standard error, JSON alone when asked."""

from __future__ import annotations

import json
import re
import sys
import time
from dataclasses import dataclass, field
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

_WIDE = 200
# Names of files, sheets and headers are shown: what would move a terminal's cursor, or turn the order of reading, is spelt out.
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def _results() -> Console:
    """Standard output; into a pipe nothing is wrapped at a width nobody has."""
    return Console(highlight=False, emoji=False, soft_wrap=True, width=None if sys.stdout.isatty() else _WIDE)


def tame(text: str) -> str:
    """A text as a terminal may have it: control characters as escapes."""
    return _CONTROLS.sub(lambda found: found.group().encode("unicode_escape").decode(), text)


@dataclass(slots=True)
class Voice:
    """One command's voice. Quiet for pipes: progress is shown only when standard error is a terminal."""

    json: bool
    _err: Console = field(default_factory=lambda: Console(stderr=True, highlight=False, emoji=False))
    _out: Console = field(default_factory=_results)
    _began: float = field(default_factory=time.perf_counter)

    def result(self, data: dict[str, Any]) -> None:
        """The command's one JSON object; silent unless --json."""
        if self.json:
            sys.stdout.write(json.dumps(data, ensure_ascii=False, indent=2, default=str) + "\n")

    def line(self, text: str = "") -> None:
        """A sentence of the result for a person; silent with --json."""
        if not self.json:
            self._out.print(tame(text), markup=False)

    def table(self, title: str, columns: list[str], rows: list[list[str]]) -> None:
        """A small table of the result for a person; silent with --json. A cell may have several lines."""
        if self.json or not rows:
            return
        table = Table(title=title, title_justify="left", box=None, pad_edge=False, header_style="bold")
        for column in columns:
            table.add_column(column, justify="right" if column.startswith("#") else "left", overflow="fold")
        for row in rows:
            table.add_row(*(Text(tame(cell)) for cell in row))
        self._out.print(table)

    def progress(self, step: str) -> None:
        """A step of long work, on a terminal only."""
        if self._err.is_terminal:
            self._err.print(f"[dim]{time.perf_counter() - self._began:6.1f} s[/dim]  {step}")

    def problem(self, text: str) -> None:
        """What went wrong and what to do, on standard error."""
        self._err.print(tame(text), markup=False, soft_wrap=True)
