"""Reads of a referral as its school writes it, and as others read it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet

from permissions import checks
from permissions import queries as permissions
from permissions.models import User
from workflows.agreements import queries as agreements
from workflows.agreements.states import Mode
from workflows.cases import queries as case_queries
from workflows.cases.states import DocumentKind
from workflows.questionnaires import rules as questions
from workflows.referrals import rules
from workflows.referrals.models import Referral
from workflows.referrals.states import WRITABLE, Part, Status

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


def pages(referral: Referral) -> list[rules.Page]:
    """List the pages of a referral's form, each with whether it is complete."""
    return rules.pages(
        referral,
        content=content_of(referral),
        answers=written_answers(referral),
        has_medical_evidence=has_medical_evidence(referral),
    )


def status_of(referral: Referral) -> Status:
    """Read the status as it is now, whatever the object in hand remembers."""
    return Status(Referral.objects.values_list("status", flat=True).get(pk=referral.pk))


@dataclass(frozen=True)
class Card:
    """A titled list of what stands on one page of a referral; `name` ends that page's address."""

    name: str
    title: str
    rows: list[dict[str, str]]


def cards(referral: Referral, user: User) -> list[Card]:
    """List a referral's pages with what a reader may see of them, in the order of the form."""
    permission = {
        "Given by": referral.permission_given_by,
        "How": referral.get_permission_how_display(),
        "Date": _day(referral.permission_date),
        "Covers": referral.permission_covers,
    }
    why_none = referral.no_medical_evidence_reason
    contacts = {
        "Named person": _reach(referral.named_person, referral.named_person_contact),
        "Key contact": _reach(referral.key_contact, referral.key_contact_contact),
        "Absence contact": _reach(referral.absence_contact, referral.absence_contact_contact),
    }
    return [
        _card(Part.PUPIL, pupil_facts(referral.case.pupil)),
        _card(Part.PERMISSION, permission),
        _card(Part.EVIDENCE, {"Without medical evidence": why_none} if why_none else {}),
        *answer_cards(referral, user),
        _card(Part.CONTACTS, contacts),
    ]


def answer_cards(referral: Referral, user: User) -> list[Card]:
    """List the sections of a referral's questions with the answers that a reader may see.

    A question whose answer is for others is not shown at all, and neither is one that is not asked
    given the other answers. Whoever may write the referral sees every answer while it is with the
    school.
    """
    content, answers = content_of(referral), written_answers(referral)
    audiences = case_queries.audiences_of(user, referral.case)
    is_writing = referral.status in WRITABLE and checks.may(
        user, "refer_pupil", referral.case.pupil.school
    )
    readable = {
        question.key
        for question in questions.shown(content, answers)
        if is_writing or question.audience in audiences
    }
    found = []
    for number, section in enumerate(content.sections, start=1):
        rows = {
            question.label: questions.display(question, answers.get(question.key))
            for question in section.questions
            if question.key in readable
        }
        if rows:
            found.append(Card(f"questions/{number}", section.title, _rows(rows)))
    return found


def content_of(referral: Referral) -> questions.Content:
    """Read the questions that a referral answers: those it was begun with."""
    return questions.read(referral.questionnaire_version.content)


def written_answers(referral: Referral) -> dict[str, Any]:
    """Read every answer that is written, also to questions that are not asked any more."""
    return dict(referral.answers.values_list("key", "value"))


def answers(referral: Referral) -> dict[str, Any]:
    """Read the answers to the questions that are asked, by key, for processes and not for readers.

    What was answered to a question that another answer has since made needless is left out.
    Words are strings, yes and no booleans, several choices a list, dates ISO strings.
    """
    content, written = content_of(referral), written_answers(referral)
    asked = questions.shown(content, written)
    return {one.key: written[one.key] for one in asked if one.key in written}


def _card(part: Part, facts: dict[str, str]) -> Card:
    return Card(part.value, part.label, _rows(facts))


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
