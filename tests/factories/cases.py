"""An area with its people, and cases at every stage, reached by the real actions."""

from __future__ import annotations

import datetime
import itertools
from dataclasses import dataclass, field
from typing import Any

from permissions.models import Organisation, User
from permissions.roles import OrganisationKind, Role
from tests.factories.permissions import (
    LocalAuthorityFactory,
    PartnershipFactory,
    ProviderFactory,
    SchoolFactory,
    member,
)
from workflows.cases import actions
from workflows.cases.models import Case, Pupil
from workflows.cases.states import Outcome, ParticipationKind, Stage

_numbers = itertools.count(1)
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass
class Area:
    """A local authority, a partnership, a school and a provider, with people made when asked for."""

    local_authority: Organisation = field(default_factory=LocalAuthorityFactory)
    partnership: Organisation = field(init=False)
    school: Organisation = field(init=False)
    provider: Organisation = field(default_factory=ProviderFactory)
    people: dict[tuple[int, str], User] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.partnership = PartnershipFactory(parent=self.local_authority)
        self.school = SchoolFactory(parent=self.partnership)

    @property
    def organisations(self) -> dict[OrganisationKind, Organisation]:
        """The four, by their kind."""
        return {
            OrganisationKind.LOCAL_AUTHORITY: self.local_authority,
            OrganisationKind.PARTNERSHIP: self.partnership,
            OrganisationKind.SCHOOL: self.school,
            OrganisationKind.PROVIDER: self.provider,
        }

    def person(self, role: Role | str, organisation: Organisation | None = None) -> User:
        """The person with a role, always the same; in the one organisation that has such roles.

        Roles of both partnership and local authority mean the partnership's, those of school and
        provider the school's, unless an organisation is named.
        """
        organisation = organisation or self._usual(Role(role))
        key = (organisation.pk, str(role))
        if key not in self.people:
            self.people[key] = member(Role(role), organisation)
        return self.people[key]

    def _usual(self, role: Role) -> Organisation:
        order = (
            OrganisationKind.PARTNERSHIP,
            OrganisationKind.SCHOOL,
            OrganisationKind.PROVIDER,
        )
        return next(
            self.organisations[kind] for kind in order if role in self.organisations[kind].roles
        )

    def panel(self, members: int = 2) -> list[User]:
        """The chair and so many members."""
        people = [self.person(Role.PANEL_CHAIR)]
        for number in range(members):
            key = (self.partnership.pk, f"panel_member {number}")
            if key not in self.people:
                self.people[key] = member(Role.PANEL_MEMBER, self.partnership)
            people.append(self.people[key])
        return people


def pupil_details(**changes: Any) -> dict[str, Any]:
    """What is written about a pupil; another name each time."""
    number = next(_numbers)
    name = _LETTERS[number % 26] + _LETTERS[number // 26 % 26] + _LETTERS[number // 676 % 26]
    return {
        "first_name": "Robin",
        "last_name": f"O’Sample-{name.title()}",
        "date_of_birth": datetime.date(2014, 3, 1) + datetime.timedelta(days=number % 300),
        "year_group": 7,
        **changes,
    }


def make_pupil(school: Organisation, **changes: Any) -> Pupil:
    """A pupil of a school."""
    return actions.register_pupil(school=school, by=None, **pupil_details(**changes))


# The moves that lead to each stage, and those that `close` makes.
_WAY: dict[Stage, tuple[Stage, ...]] = {
    Stage.DRAFT: (),
    Stage.REFERRED: (Stage.REFERRED,),
    Stage.QUESTIONED: (Stage.REFERRED, Stage.QUESTIONED),
    Stage.AT_PANEL: (Stage.REFERRED, Stage.AT_PANEL),
    Stage.ACCEPTED: (Stage.REFERRED, Stage.AT_PANEL, Stage.ACCEPTED),
    Stage.DECLINED: (Stage.REFERRED, Stage.AT_PANEL, Stage.DECLINED),
    Stage.DEFERRED: (Stage.REFERRED, Stage.AT_PANEL, Stage.DEFERRED),
    Stage.WITHDRAWN: (Stage.WITHDRAWN,),
    Stage.OFFERED: (Stage.REFERRED, Stage.AT_PANEL, Stage.ACCEPTED, Stage.OFFERED),
}
_WAY[Stage.AWAITING_ACCEPTANCE] = (*_WAY[Stage.OFFERED], Stage.AWAITING_ACCEPTANCE)
_WAY[Stage.PLACED] = (*_WAY[Stage.OFFERED], Stage.PLACED)
_WAY[Stage.REINTEGRATING] = (*_WAY[Stage.PLACED], Stage.REINTEGRATING)
_WAY[Stage.CLOSED] = _WAY[Stage.REINTEGRATING]


def make_case(
    area: Area | None = None, stage: Stage | str = Stage.DRAFT, *, school: Any = None, **pupil: Any
) -> Case:
    """A case at a stage, with the organisations that take part in it then.

    Partnership and local authority join when it leaves the school, the area's provider with the
    offer. It has no referral: for one, see `tests.factories.referrals`.
    """
    area = area or Area()
    school = school or area.school
    stage = Stage(stage)
    case = actions.open_case(pupil=make_pupil(school, **pupil), partnership=school.parent, by=None)
    for step in _WAY[stage]:
        actions.move(case=case, stage=step, by=None)
        if step == Stage.REFERRED:
            for organisation, kind in (
                (case.partnership, ParticipationKind.COMMISSIONER),
                (case.partnership.parent, ParticipationKind.LOCAL_AUTHORITY),
            ):
                actions.join(case=case, organisation=organisation, kind=kind, by=None)
        if step == Stage.OFFERED:
            actions.join(
                case=case,
                organisation=area.provider,
                kind=ParticipationKind.PROVIDER,
                by=None,
            )
    if stage == Stage.CLOSED:
        actions.close(case=case, outcome=Outcome.REINTEGRATED, by=None)
    return case
