"""Who within a case sees what: one table, turned into SQL by `models.narrow`.

A person belongs to an audience of a case when an organisation of one of the kinds named here takes
part in it and the person holds the permission named here in that organisation, or when the case was
shared with the person for that audience.
"""

from __future__ import annotations

from dataclasses import dataclass

from .states import Audience, ParticipationKind

EVERY_KIND = frozenset(ParticipationKind)


@dataclass(frozen=True)
class Rule:
    """The kinds of participation and the permission that let a person into an audience."""

    kinds: frozenset[ParticipationKind]
    permission: str


AUDIENCES: dict[Audience, Rule] = {
    Audience.PARTIES: Rule(EVERY_KIND, "view_case"),
    Audience.SCHOOL_AND_COMMISSIONER: Rule(
        EVERY_KIND - {ParticipationKind.PROVIDER},
        "view_case",
    ),
    Audience.COMMISSIONER: Rule(
        frozenset({ParticipationKind.COMMISSIONER, ParticipationKind.LOCAL_AUTHORITY}),
        "view_case",
    ),
    # Panel members are let in by a share that lasts from the panel's opening to its decision.
    Audience.PANEL: Rule(frozenset({ParticipationKind.COMMISSIONER}), "view_panel_papers"),
    Audience.MEDICAL: Rule(EVERY_KIND, "view_medical_evidence"),
    Audience.SAFEGUARDING: Rule(EVERY_KIND, "view_safeguarding"),
}
