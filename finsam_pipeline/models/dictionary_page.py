"""The data dictionary as one HTML page, Swedish and English side by side, with drawn column lineage.

    python -m finsam_pipeline.models.dictionary_page docs/build/dictionary.html

Belongs here: contracts and lineage → page. Does not: a word that a declaration lacks. One file that asks nobody for anything.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from finsam_pipeline.contracts.marts import MARTS
from finsam_pipeline.models.generate import model_name
from finsam_pipeline.models.lineage import column_lineage
from finsam_pipeline.models.lineage_drawing import drawing
from finsam_pipeline.models.project import packaged_project

if TYPE_CHECKING:
    from collections.abc import Sequence

    from finsam_pipeline.contracts.types import MartContract
    from finsam_pipeline.models.lineage import Lineage
    from finsam_pipeline.models.project import Project

_TEMPLATES = Path(__file__).with_name("templates")
_FAMILIES = {
    "participants": "Deltagare · Participants",
    "economy": "Ekonomi · Economy",
    "reference": "Register · Reference",
    "quality": "Kvalitet · Quality",
}


def page(lineage: Lineage | None = None) -> str:
    """The whole page; the same bytes for the same declarations and SQL."""
    project = packaged_project()
    lineage = lineage or column_lineage(project)
    environment = Environment(loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    families = [
        (title, [_mart(contract, project, lineage) for contract in MARTS.values() if contract.family == name])
        for name, title in _FAMILIES.items()
    ]
    return environment.get_template("dictionary.html.j2").render(families=families)


def _mart(contract: MartContract, project: Project, lineage: Lineage) -> dict[str, object]:
    model = model_name(contract)
    said = f"Var {contract.path} kommer ifrån · Where {contract.path} comes from"
    return {"contract": contract, "model": project.model(model), "drawing": drawing(lineage, model, said)}


def main(arguments: Sequence[str]) -> int:
    """Write the page to the file named."""
    if len(arguments) != 1:
        sys.stderr.write("usage: python -m finsam_pipeline.models.dictionary_page FILE\n")
        return 2
    file = Path(arguments[0])
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(page(), encoding="utf-8")
    sys.stderr.write(f"{file}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
