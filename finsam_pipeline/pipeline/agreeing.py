"""Whether the steps of a run rest on one state: the same deliveries, decisions, configuration and code.

Steps may be begun one at a time, from the point of failure or days apart, and what they hand to each other lies on disk. Belongs
here: refusing a step whose inputs another state made. Does not: what a state is (`version`), the steps.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from finsam_pipeline.contracts.sources import SOURCES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from finsam_pipeline.pipeline.workfiles import WorkFiles

BUILD = "build"


class StepsApart(Exception):  # noqa: N818 - says what is the matter, which a person can put right
    """A step would have mixed what different states made. Its text, in Swedish, names the steps and says what to do."""

    def __init__(self, steps: Sequence[str]) -> None:
        super().__init__(
            f"Dessa steg är inte gjorda på det som gäller nu (filer, beslut, konfiguration, program): {', '.join(steps)}."
            " Inget är utgivet. Starta en ny körning av alla steg i stället för att fortsätta på den gamla."
        )


def require_sources(work: WorkFiles, state: str) -> None:
    """Every source was taken in on this state.

    Raises:
        StepsApart: at least one was not, or never.
    """
    apart = [f"source/{name}" for name in SOURCES if _made_on(work, f"source/{name}") != state]
    if apart:
        raise StepsApart(apart)


def require_build(work: WorkFiles, state: str) -> None:
    """The models were built on this state.

    Raises:
        StepsApart: they were not, or never.
    """
    if _made_on(work, BUILD) != state:
        raise StepsApart(["models"])


def _made_on(work: WorkFiles, name: str) -> str:
    made_on: str = work.read_json(name).get("state", "")
    return made_on
