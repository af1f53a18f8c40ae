"""Reads of referrals. Every list starts from `Case.objects.visible_to`."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, QuerySet
from django.utils import timezone

from permissions import queries as permissions
from permissions.models import User
from permissions.roles import OrganisationKind
from workflows.agreements import measures
from workflows.agreements import queries as agreements
from workflows.agreements.states import Mode
from workflows.calendar import queries as calendar
from workflows.cases.states import DocumentKind

from . import rules
from .models import PanelConsideration, PanelSettings, Referral, Vote
from .states import Choice, Part, Status

if TYPE_CHECKING:
    from permissions.models import Organisation
    from workflows.agreements.models import AgreementVersion
    from workflows.cases.models import Pupil


_DEFAULT_DAYS: dict[str, Callable[[PanelSettings], int]] = {
    "screen_within": lambda settings: settings.screen_working_days,
    "decide_within": lambda settings: settings.decide_working_days,
    "answer_within": lambda settings: settings.answer_working_days,
}


@dataclass(frozen=True)
class Standing:
    """How a consideration stands: votes in, votes needed, members who can still vote."""

    votes: int
    quorum: int
    waiting: int
    conflicts: int

    @property
    def is_enough(self) -> bool:
        """Whether the chair can decide."""
        return rules.can_chair_begin(votes=self.votes, quorum=self.quorum, waiting=self.waiting)


def unfinished(user: User) -> QuerySet[Referral]:
    """List what a school still has to finish, newest first: drafts and open questions."""
    return (
        Referral.objects.visible_to(user)
        .waiting_for_school()
        .filter(
            case__pupil__school__in=permissions.organisations_where(user, "refer_pupil"),
        )
        .select_related("case__pupil__school")
        .order_by("-started_at")
    )


def has_medical_evidence(referral: Referral) -> bool:
    """Tell whether medical evidence is in the case."""
    return referral.case.documents.filter(kind=DocumentKind.MEDICAL_EVIDENCE).exists()


def completed_parts(referral: Referral) -> dict[Part, bool]:
    """Tell for each page of the form whether it is complete."""
    evidence = has_medical_evidence(referral)
    return {part: rules.is_complete(part, referral, has_medical_evidence=evidence) for part in Part}


def partnerships_whose_panel(user: User) -> QuerySet[Organisation]:
    """List the partnerships whose panel a person may change: their own, or their authority's."""
    held = permissions.organisations_where(user, "change_panel_settings")
    return permissions.with_those_beneath(held).filter(kind=OrganisationKind.PARTNERSHIP)


def panel_settings(partnership: Organisation) -> PanelSettings:
    """Find how a partnership's panel works; the defaults, not saved, until somebody changes them."""
    found = PanelSettings.objects.filter(partnership=partnership).first()
    return found or PanelSettings(partnership=partnership)


def panel_members(referral: Referral) -> QuerySet[User]:
    """List the people who hold a vote in the partnership and are not kept out of the case."""
    return permissions.people_with("vote_on_referral", referral.case.partnership).exclude(
        pk__in=referral.case.exclusions.values("user")
    )


def panel_chairs(referral: Referral) -> QuerySet[User]:
    """List the people who may decide for the partnership and are not kept out of the case."""
    return permissions.people_with("decide_referral", referral.case.partnership).exclude(
        pk__in=referral.case.exclusions.values("user")
    )


def open_consideration(referral: Referral) -> PanelConsideration | None:
    """Find the consideration that the panel has not finished."""
    return referral.considerations.filter(closed_at__isnull=True).first()


def latest_consideration(referral: Referral) -> PanelConsideration | None:
    """Find the consideration that the panel opened last."""
    return referral.considerations.order_by("-opened_at", "-pk").first()


def status_of(referral: Referral) -> Status:
    """Read the status as it is now, whatever the object in hand remembers."""
    return Status(Referral.objects.values_list("status", flat=True).get(pk=referral.pk))


def standing(consideration: PanelConsideration) -> Standing:
    """Count a consideration's votes, conflicts and the members who can still vote.

    A member whose membership has ended since counts as one who cannot vote any more.
    """
    votes = consideration.votes.count()
    conflicts = consideration.conflicts.count()
    members = permissions.people_with(
        "vote_on_referral", consideration.referral.case.partnership
    ).values("pk")
    waiting = (
        consideration.seats.filter(member__in=members)
        .exclude(member__in=consideration.votes.values("member"))
        .exclude(member__in=consideration.conflicts.values("member"))
        .count()
    )
    return Standing(votes, consideration.quorum, waiting, conflicts)


def votes_of(consideration: PanelConsideration) -> QuerySet[Vote]:
    """List the votes of a consideration in the order they were cast."""
    return consideration.votes.select_related("member").order_by("cast_at", "pk")


def votes_by_choice(consideration: PanelConsideration) -> dict[Choice, int]:
    """Count a consideration's votes for each choice."""
    counted = dict(consideration.votes.values_list("choice").annotate(Count("pk")))
    return {choice: counted.get(choice.value, 0) for choice in Choice}


def due_at(
    referral: Referral, measure: str, *, since: datetime.datetime | None = None
) -> datetime.datetime:
    """Answer until when a step is due: so many working days on, at the end of the day.

    `measure` is `screen_within`, `decide_within` or `answer_within`. The number is that of the
    partnership's agreement as it holds for the school; while it has no such clause, that of the
    panel's settings.
    """
    partnership = referral.case.partnership
    days = _DEFAULT_DAYS[measure](panel_settings(partnership))
    if measure in measures.REGISTER:
        term = agreements.term_for(partnership, referral.case.pupil.school, measure)
        days = int(term.value) if term else days
    begun = timezone.localdate(since or timezone.now())
    authority = partnership.local_authority or partnership
    return calendar.at_end_of_day(calendar.add_working_days(begun, days, authority))


@dataclass(frozen=True)
class Card:
    """A titled list of what stands in one part of a referral, with the page that changes it."""

    part: Part
    rows: list[dict[str, str]]

    @property
    def title(self) -> str:
        """The part's name."""
        return self.part.label


def cards(referral: Referral) -> list[Card]:
    """List a referral's parts with everything written in them, in the order of the form."""
    pupil = referral.case.pupil
    permission = {
        "Given by": referral.permission_given_by,
        "How": referral.get_permission_how_display(),
        "Date": _day(referral.permission_date),
        "Covers": referral.permission_covers,
    }
    return [
        Card(Part.PUPIL, _rows(pupil_facts(pupil))),
        Card(Part.PERMISSION, _rows(permission)),
        Card(
            Part.EVIDENCE, _rows({"Without medical evidence": referral.no_medical_evidence_reason})
        )
        if referral.no_medical_evidence_reason
        else Card(Part.EVIDENCE, []),
        Card(
            Part.PROFILE,
            _rows(
                {
                    "Reason for the referral": referral.reason,
                    "Needs": referral.needs,
                    "Strengths": referral.strengths,
                    "Enjoys and does well": referral.aptitudes,
                    "Behaviour": referral.behaviour,
                    "Potential": referral.potential,
                    "Working at": referral.working_at,
                }
            ),
        ),
        Card(
            Part.VIEWS,
            _rows(
                {
                    "Tried first": referral.tried_first,
                    "The pupil’s views": referral.pupil_views,
                    "The parents’ or carers’ views": referral.parent_views,
                }
            ),
        ),
        Card(
            Part.CONTACTS,
            _rows(
                {
                    "Named person": _reach(referral.named_person, referral.named_person_contact),
                    "Key contact": _reach(referral.key_contact, referral.key_contact_contact),
                    "Absence contact": _reach(
                        referral.absence_contact, referral.absence_contact_contact
                    ),
                }
            ),
        ),
    ]


def pupil_facts(pupil: Pupil) -> dict[str, str]:
    """Name what is written about a pupil, for a summary."""
    return {
        "Name": pupil.full_name,
        "Date of birth": _day(pupil.date_of_birth),
        "School": pupil.school.name,
        "Year group": pupil.get_year_group_display(),
        "Unique pupil number (UPN)": pupil.upn,
        "Unique learner number (ULN)": pupil.uln,
        "Special educational needs": pupil.get_sen_status_display(),
        "Primary need": pupil.get_primary_need_display(),
        "Looked after": "Yes" if pupil.looked_after else "No",
    }


def _rows(facts: dict[str, str]) -> list[dict[str, str]]:
    return [{"key": name, "value": value} for name, value in facts.items()]


def _day(date: datetime.date | None) -> str:
    return f"{date.day} {date:%B %Y}" if date else ""


def _reach(name: str, contact: str) -> str:
    return f"{name}, {contact}" if contact else name


def implied_version(referral: Referral) -> AgreementVersion | None:
    """Give the version that the school accepts by submitting a referral, where it is accepted so."""
    agreement = agreements.agreement_for(referral.case.partnership)
    if agreement is None or agreement.mode != Mode.IMPLIED:
        return None
    return agreements.version_in_force(agreement)
