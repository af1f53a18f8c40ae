"""What is known of a referral, as the partnership's criteria ask for it."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.utils import timezone

from workflows.cases.models import Document
from workflows.cases.states import Audience, DocumentKind
from workflows.criteria import queries as criteria
from workflows.criteria import rules as criteria_rules
from workflows.questionnaires import rules as questions
from workflows.questionnaires.models import QuestionnaireVersion
from workflows.referrals.models import Answer, Referral, Screening

if TYPE_CHECKING:
    from permissions.models import Organisation
    from workflows.criteria.models import DecisionTableVersion


def facts(referral: Referral) -> dict[str, Any]:
    """Answer what is known of a referral now, or was when it was screened."""
    return facts_of([referral])[referral.pk]


def facts_of(referrals: Sequence[Referral]) -> dict[int, dict[str, Any]]:
    """Answer the facts of many referrals, by their id; three queries however many there are.

    The case and the pupil of each should be loaded. What happened after the screening is left out:
    a table is judged by what the officer could know.
    """
    answered = _answers_of(referrals)
    evidence = _evidence_of(referrals)
    return {
        referral.pk: {
            **answered.get(referral.pk, {}),
            **_of_pupil(referral),
            **_of_evidence(evidence.get(referral.case_id, []), day_of(referral)),
        }
        for referral in referrals
    }


def day_of(referral: Referral) -> datetime.date:
    """Answer the day on which a referral is or was screened: ages are counted up to it."""
    return timezone.localdate(referral.screened_at or timezone.now())


def _answers_of(referrals: Sequence[Referral]) -> dict[int, dict[str, Any]]:
    """Give the answers to the questions that are asked, without what is kept to safeguarding."""
    written: dict[int, dict[str, Any]] = {}
    open_to_officers: set[tuple[int, str]] = set()
    for number, key, value, audience in Answer.objects.filter(
        referral__in=[referral.pk for referral in referrals]
    ).values_list("referral_id", "key", "value", "audience"):
        written.setdefault(number, {})[key] = value
        if audience != Audience.SAFEGUARDING:
            open_to_officers.add((number, key))
    contents = {
        version.pk: questions.read(version.content)
        for version in QuestionnaireVersion.objects.filter(
            pk__in={referral.questionnaire_version_id for referral in referrals}
        )
    }
    return {
        referral.pk: {
            question.key: written[referral.pk][question.key]
            for question in questions.shown(
                contents[referral.questionnaire_version_id], written.get(referral.pk, {})
            )
            if (referral.pk, question.key) in open_to_officers
        }
        for referral in referrals
    }


def _of_pupil(referral: Referral) -> dict[str, Any]:
    pupil, day = referral.case.pupil, day_of(referral)
    born = pupil.date_of_birth
    return {
        "year_group": str(pupil.year_group),
        "key_stage": str(criteria_rules.key_stage(pupil.year_group)),
        "age": day.year - born.year - ((day.month, day.day) < (born.month, born.day)),
        "sen_status": pupil.sen_status,
        "primary_need": pupil.primary_need,
        "looked_after": pupil.looked_after,
    }


def _evidence_of(referrals: Sequence[Referral]) -> dict[int, list[datetime.date | None]]:
    """Give the dates of each case's medical evidence that was there when it was screened."""
    until = {referral.case_id: referral.screened_at for referral in referrals}
    found: dict[int, list[datetime.date | None]] = {}
    for case_id, date, uploaded_at in Document.objects.filter(
        case__in=list(until), kind=DocumentKind.MEDICAL_EVIDENCE
    ).values_list("case_id", "document_date", "uploaded_at"):
        screened_at = until[case_id]
        if screened_at is None or uploaded_at <= screened_at:
            found.setdefault(case_id, []).append(date)
    return found


def _of_evidence(dates: Sequence[datetime.date | None], day: datetime.date) -> dict[str, Any]:
    known = [date for date in dates if date is not None]
    return {
        "has_medical_evidence": bool(dates),
        "medical_evidence_age_days": (day - max(known)).days if known else None,
    }


def advice_for(
    referral: Referral,
) -> tuple[DecisionTableVersion | None, criteria_rules.Advised | None]:
    """Answer the version of the criteria in use, and what it advises; twice None without one."""
    version = criteria.version_for(referral.case.partnership)
    if version is None:
        return None, None
    return version, criteria.advise(version, facts(referral), day_of(referral))


def screened(partnership: Organisation) -> QuerySet[Referral]:
    """List the referrals that a partnership has screened, oldest first, ready for `facts_of`."""
    return (
        Referral.objects.filter(case__partnership=partnership, screened_at__isnull=False)
        .select_related("case__pupil")
        .order_by("pk")
    )


def latest_screening(referral: Referral) -> Screening | None:
    """Find what was advised and found when the referral was screened last."""
    return (
        referral.screenings.select_related("version", "screened_by")
        .order_by("-screened_at", "-pk")
        .first()
    )
