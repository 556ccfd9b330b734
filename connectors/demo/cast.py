"""The roles of the story: on whom everything depends, and who only looks that way."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from connectors.demo.organisation import Organisation, Stint

# Departments where nobody leads a team's table while its lead is away.
LED_ALONE = ("contact", "assessment", "permits", "benefits", "support")


@dataclass
class Cast:
    """Person numbers by role; every region has its own critical manager and quiet connector."""

    gatekeepers: dict[int, int] = field(default_factory=dict)
    connectors: dict[int, int] = field(default_factory=dict)
    deputies: dict[int, int] = field(default_factory=dict)
    assistants: list[int] = field(default_factory=list)
    project_office: list[int] = field(default_factory=list)
    communication: list[int] = field(default_factory=list)
    cancels: list[int] = field(default_factory=list)
    leads_alone: list[int] = field(default_factory=list)

    @property
    def settled(self) -> frozenset[int]:
        """Whose long holidays are certain, so that what their absence does can be seen."""
        return frozenset([*self.gatekeepers.values(), *self.connectors.values(), *self.deputies])


def choose(organisation: Organisation) -> Cast:
    """The cast of an organisation; the same chart gives the same cast."""
    first = [stint for stint in organisation.stints if stint.first == 0]
    cast = Cast(
        assistants=_with(first, "managementassistent"),
        project_office=_with(first, "projectondersteuner"),
        communication=_with(first, "communicatieadviseur"),
    )
    for region in organisation.regions:
        cast.gatekeepers[region] = organisation.department("assessment", region).manager
        cast.connectors[region] = _senior(organisation, first, "intake", region)
        for key in ("permits", "contact"):
            manager = organisation.department(key, region).manager
            cast.deputies[manager] = _senior(organisation, first, key, region)
        cast.cancels.append(organisation.teams_of(organisation.department("inspection", region).number)[0].lead)
        for key in LED_ALONE:
            cast.leads_alone += [
                team.lead for team in organisation.teams_of(organisation.department(key, region).number)
            ]
    return cast


def _with(stints: list[Stint], function: str) -> list[int]:
    return [stint.person for stint in stints if stint.function == function]


def _senior(organisation: Organisation, stints: list[Stint], key: str, region: int) -> int:
    """The first senior of a department's first team."""
    team = organisation.teams_of(organisation.department(key, region).number)[0].number
    return next(stint.person for stint in stints if stint.team == team and stint.level == 4)
