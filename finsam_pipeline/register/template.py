"""The configuration `finsam init` starts from: commented YAML, tables with their headers, common code lists.

Belongs here: writing the template. Its text stands in `template_files/`.
"""

from __future__ import annotations

import re
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from finsam_pipeline.register.errors import ConfigurationError

_PLACEHOLDER = "{{association}}"


def write_template(config_root: Path, association: str) -> Path:
    """Writes `config_root/<association>/` ready to edit and returns it.

    Raises ConfigurationError when the name cannot be a folder and an id, or the folder already holds anything.
    """
    target = config_root / association
    shown = f"{config_root.name}/{association}"
    if not re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,62}", association):
        raise ConfigurationError(shown, None, "namnet får bara innehålla a–z, 0–9, bindestreck och understreck.")
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise ConfigurationError(shown, None, "finns redan och skrivs aldrig över: välj ett annat namn eller flytta mappen.")
    _write(files("finsam_pipeline.register") / "template_files", target, association)
    return target


def _write(source: Traversable, target: Path, association: str) -> None:
    target.mkdir(parents=True, exist_ok=True)
    for item in sorted(source.iterdir(), key=lambda entry: entry.name):
        if item.is_dir():
            _write(item, target / item.name, association)
        else:
            text = item.read_text(encoding="utf-8").replace(_PLACEHOLDER, association)
            (target / item.name).write_text(text, encoding="utf-8", newline="\n")
