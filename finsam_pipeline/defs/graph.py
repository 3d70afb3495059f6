"""The SQL models as Dagster needs to know them: names, what each is made from, and which mart it becomes.

Belongs here: the seam to `models.project`. Does not: SQL, building.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from finsam_pipeline.contracts.sources import PARTICIPANT_SOURCES, SOURCES
from finsam_pipeline.defs.names import FAMILY_GROUPS, LAYER_GROUPS

if TYPE_CHECKING:
    from pathlib import Path

    from finsam_pipeline.models.project import Model, Project


@dataclass(frozen=True, slots=True)
class ModelNode:
    """One model.

    `family` and `mart` (`family/name`) are set for marts. `sources` are the landing folders whose accepted rows it reads.
    """

    name: str
    layer: str  # staging | intermediate | marts
    family: str = ""  # participants | economy | reference | quality
    mart: str = ""
    description: str = ""
    refs: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    tested: bool = False
    file: Path | None = None

    @property
    def group(self) -> str:
        """The Dagster group of its layer, or of its family for a mart."""
        return FAMILY_GROUPS[self.family] if self.family else LAYER_GROUPS[self.layer]


Models = Mapping[str, ModelNode]
Lineage = Mapping[str, Mapping[str, Sequence[tuple[str, str]]]]  # model -> column -> (upstream, column) pairs


def packaged_models() -> Models:
    """The models of the packaged `dbt_like_sql` folder, each after what it reads.

    Raises:
        ModelError: the folder does not hang together; names model and line.
    """
    from finsam_pipeline.models.project import packaged_project  # noqa: PLC0415 - tests bring their own graph

    project = packaged_project()
    singular = {t.refs[0] for t in project.singular_tests if t.refs}
    return {m.name: _node(project, m, tested=m.name in singular) for m in project.models}


def packaged_lineage() -> Lineage:
    """Where each column of the packaged models comes from. Takes half a second, so only code servers ask."""
    from finsam_pipeline.models.lineage import column_lineage  # noqa: PLC0415 - brings the SQL parser
    from finsam_pipeline.models.project import packaged_project  # noqa: PLC0415

    return column_lineage(packaged_project())


def _node(project: Project, model: Model, *, tested: bool) -> ModelNode:
    properties = project.properties.get(model.name, {})
    return ModelNode(
        name=model.name,
        layer=model.layer,
        family=model.family,
        mart=model.mart or "",
        description=str(properties.get("description", "")).strip() or model.description,
        refs=model.refs,
        sources=tuple(dict.fromkeys(name for source in model.sources for name in _landing_folders(*source))),
        tested=tested or any("data_tests" in entry for entry in (properties, *properties.get("columns", ()))),
        file=project.folder / model.path,
    )


def _landing_folders(schema: str, table: str) -> Sequence[str]:
    """The landing folders behind one dbt source. Configuration is none; counts of deliveries and findings come of them all."""
    if schema != "accepted":
        return ()
    if table in SOURCES:
        return (table,)
    return PARTICIPANT_SOURCES if table == "participation_history" else tuple(SOURCES)
