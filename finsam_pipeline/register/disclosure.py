"""`disclosure:` of association.yaml: which small counts a report may not show.

Belongs here: the shape of the setting and what is wrong with it. Does not: how a figure is hidden (report/disclosure).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

LEAST = 3  # below 2 is nothing to hide, and 2 would say of every mark that it is 1
MOST = 100


class DisclosurePolicy(BaseModel):
    """What the reports of an association hide.

    `none`: nothing. `mask`: counts of persons under `below`, and what would reveal them. `coarser`: the groups in `join` are
    put together first, then as `mask`. `zeros`: whether a zero is shown, or hidden like the other small counts. `open`: hand-kept
    key figures that count others than participants, and are always shown.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    method: Literal["none", "mask", "coarser"] = Field(
        default="none", description="`none` visar alla, `mask` döljer små, `coarser` lägger först samman grupper."
    )
    below: Annotated[int, Field(ge=LEAST, le=MOST)] = Field(default=5, description="Antal under det här döljs, 3–100.")
    zeros: Literal["shown", "masked"] = Field(default="shown", description="Om nollor visas eller döljs som andra små antal.")
    join: tuple[Literal["interventions", "exit_reasons"], ...] = Field(
        default=(), description="Vad som läggs samman med `coarser`: insatser, avslutsorsaker."
    )
    open: tuple[str, ...] = Field(default=(), description="Nyckeltal i personer som inte gäller deltagare och alltid visas.")

    @property
    def masks(self) -> bool:
        """Whether anything is hidden."""
        return self.method != "none"

    @property
    def smallest(self) -> int:
        """The smallest count of persons that is hidden; whoever knows the policy knows that no mark stands for less."""
        return 0 if self.zeros == "masked" else 1

    @property
    def width(self) -> int:
        """How far apart the least and the greatest possible value of a protected figure must be: as far as under the mark itself."""
        return self.below - 1 - self.smallest

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if (self.method == "coarser") != bool(self.join):
            raise PydanticCustomError("advice", "{advice}", {"advice": "join anges med method: coarser, och bara då."})
        return self


def disclosure_policy(settings: Mapping[str, Any]) -> DisclosurePolicy:
    """The policy of a loaded configuration (`Register.settings`); nothing is hidden where there is none.

    Raises:
        pydantic.ValidationError: it is wrong; loading a register says so first, with file and line.
    """
    return DisclosurePolicy.model_validate(settings.get("disclosure") or {})
