"""Reads of a referral as its school writes it, and as others read it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import QuerySet

from permissions import queries as permissions
from permissions.models import User
from workflows.agreements import queries as agreements
from workflows.agreements.states import Mode
from workflows.cases.states import DocumentKind
from workflows.referrals import rules
from workflows.referrals.models import Referral
from workflows.referrals.states import Part, Status

if TYPE_CHECKING:
    from workflows.agreements.models import AgreementVersion
    from workflows.cases.models import Pupil


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


def status_of(referral: Referral) -> Status:
    """Read the status as it is now, whatever the object in hand remembers."""
    return Status(Referral.objects.values_list("status", flat=True).get(pk=referral.pk))


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
