"""What is wrong with a configuration, said so that the office can mend it.

Belongs here: the errors and their collector. Does not: the checks themselves.
"""

from __future__ import annotations

from pathlib import Path


class ConfigurationError(Exception):
    """One fault in one configuration file.

    `file` is the path as the user knows it, `line` the line in it (1 = first; None when the whole file is meant),
    `message_sv` says in Swedish what is wrong and what to do.
    """

    def __init__(self, file: str, line: int | None, message_sv: str) -> None:
        place = file if line is None else f"{file}, rad {line}"
        super().__init__(f"{place}: {message_sv}")
        self.file = file
        self.line = line
        self.message_sv = message_sv


class ConfigurationErrors(Exception):  # noqa: N818 - the plural of the error above
    """Every fault found in one association's configuration, in order of file and line. Never empty."""

    def __init__(self, errors: list[ConfigurationError]) -> None:
        super().__init__("\n".join(str(error) for error in errors))
        self.errors = errors


class Problems:
    """Collects faults so that all of them are told at once."""

    def __init__(self, config_dir: Path) -> None:
        self._folder = f"{config_dir.parent.name}/{config_dir.name}".lstrip("/")
        self._found: list[ConfigurationError] = []

    def add(self, name: str, line: int | None, message_sv: str) -> None:
        """Notes a fault in the file of that name (relative to the association's folder)."""
        self._found.append(ConfigurationError(f"{self._folder}/{name}", line, message_sv))

    def raise_if_any(self) -> None:
        """Raises ConfigurationErrors with everything noted, if anything was."""
        if self._found:
            raise ConfigurationErrors(sorted(self._found, key=lambda e: (e.file, e.line or 0)))
