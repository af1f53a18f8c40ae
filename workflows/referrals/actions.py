"""The only writers of referrals: write, submit, screen, vote, decide, and the letter.

Every action locks the referral first, so that two people at once get one true outcome: the second
finds the status that the first has left.
"""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from permissions import audit, checks
from permissions.exceptions import NotPermitted
from workflows.cases import actions as cases
from workflows.cases.models import Case, Document, Pupil
from workflows.cases.states import Audience, DocumentKind, ParticipationKind, Stage
from workflows.engine import events, pdf
from workflows.engine.exceptions import NotAllowed

from . import queries, rules
from .models import (
    ConflictOfInterest,
    Decision,
    Letter,
    PanelConsideration,
    PanelSeat,
    PanelSettings,
    Question,
    Referral,
    Vote,
)
from .states import PART_FIELDS, TRANSITIONS, Choice, Outcome, PermissionMethod, Status

if TYPE_CHECKING:
    from django.core.files import File

    from permissions.models import Organisation, User

# The reason kept with a panel member's share of a case; the share ends with the decision.
PANEL_SHARE = "Panel considers the referral"
PANEL_AUDIENCES = (Audience.PARTIES, Audience.MEDICAL, Audience.PANEL)
_WRITABLE_FIELDS = frozenset(name for names in PART_FIELDS.values() for name in names)
_CASE_STAGE: dict[Status, Stage] = {
    Status.SUBMITTED: Stage.REFERRED,
    Status.QUESTIONED: Stage.QUESTIONED,
    Status.AT_PANEL: Stage.AT_PANEL,
    Status.ACCEPTED: Stage.ACCEPTED,
    Status.DECLINED: Stage.DECLINED,
    Status.DEFERRED: Stage.DEFERRED,
    Status.WITHDRAWN: Stage.WITHDRAWN,
}


def start(
    *, school: Organisation, by: User | None, pupil: Pupil | None = None, **details: Any
) -> Referral:
    """Begin a referral as a draft: the pupil, a case that only the school sees, and the form.

    `details` describe a new pupil, or correct what is written about the one given. Raises
    NotPermitted, or NotAllowed with what is wrong about the details.
    """
    with audit.acting(by), transaction.atomic():
        if by is not None:
            checks.require(by, "refer_pupil", school)
        if school.parent is None:
            raise NotAllowed("Only a school of a partnership can refer a pupil.")
        if pupil is None:
            pupil = cases.register_pupil(school=school, by=by, **details)
        elif pupil.school_id != school.pk:
            raise NotPermitted("This pupil is on the roll of another school.")
        elif details:
            pupil = cases.change_pupil(pupil=pupil, by=by, **details)
        case = cases.open_case(pupil=pupil, partnership=school.parent, by=by)
        return Referral.objects.create(case=case, started_by=by)


def write(*, referral: Referral, by: User | None, **values: str) -> None:
    """Save what the school has typed on a page; complete or not, nothing typed is lost.

    Raises NotPermitted, or NotAllowed once the referral is with somebody else.
    """
    unknown = set(values) - _WRITABLE_FIELDS
    if unknown:
        raise TypeError(f"Not on a page of the referral: {sorted(unknown)}")
    with audit.acting(by), transaction.atomic():
        _begin("write", referral, by, "refer_pupil", referral.case.pupil.school)
        for name, value in values.items():
            setattr(referral, name, value)
        referral.save(update_fields=sorted(values))


def write_pupil(*, referral: Referral, by: User | None, **details: Any) -> None:
    """Correct what is written about the pupil while the referral is with the school."""
    with audit.acting(by), transaction.atomic():
        _begin("write", referral, by, "refer_pupil", referral.case.pupil.school)
        cases.change_pupil(pupil=referral.case.pupil, by=by, **details)


def record_permission(
    *,
    referral: Referral,
    given_by: str,
    how: PermissionMethod | str,
    date: datetime.date,
    covers: str,
    by: User,
) -> None:
    """Record that a parent or carer permits the referral: who, how, when and for what.

    Raises NotPermitted, or NotAllowed for a date to come or a referral that is with somebody else.
    """
    with audit.acting(by), transaction.atomic():
        school = referral.case.pupil.school
        _begin("record_permission", referral, by, "refer_pupil", school)
        if reason := rules.why_not_permission_date(date, timezone.localdate()):
            raise NotAllowed(reason)
        if not given_by.strip() or not covers.strip():
            raise NotAllowed("Enter who gave permission and what it covers.")
        referral.permission_given_by = given_by.strip()
        referral.permission_how = PermissionMethod(how)
        referral.permission_date = date
        referral.permission_covers = covers.strip()
        referral.permission_recorded_at = timezone.now()
        referral.permission_recorded_by = by
        referral.save()
        events.announce(
            "permission_recorded",
            subject=referral.case,
            by=by,
            organisation=school,
            audience=Audience.SCHOOL_AND_COMMISSIONER,
            summary="Parental permission recorded",
        )


def add_evidence(
    *,
    referral: Referral,
    kind: DocumentKind | str,
    title: str,
    file: File[bytes] | bytes,
    by: User | None,
    author: str = "",
    document_date: datetime.date | None = None,
) -> Document:
    """Put a file into the case while the referral is with the school. Raises as `add_document`."""
    with audit.acting(by), transaction.atomic():
        _begin("write", referral, by, "refer_pupil", referral.case.pupil.school)
        return cases.add_document(
            case=referral.case,
            kind=kind,
            title=title,
            file=file,
            by=by,
            author=author,
            document_date=document_date,
        )


def submit(*, referral: Referral, by: User) -> None:
    """Send the referral to the partnership, which takes part in the case from now on.

    Raises NotPermitted, or NotAllowed without parental permission, with a page incomplete, or when it
    has been submitted before.
    """
    with audit.acting(by), transaction.atomic():
        case = referral.case
        school = case.pupil.school
        _begin("submit", referral, by, "refer_pupil", school)
        evidence = queries.has_medical_evidence(referral)
        if reason := rules.why_cannot_submit(referral, has_medical_evidence=evidence):
            raise NotAllowed(reason)
        referral.submitted_at = timezone.now()
        referral.submitted_by = by
        _finish("submit", referral, by)
        partnership = case.partnership
        cases.join(case=case, organisation=partnership, kind=ParticipationKind.COMMISSIONER, by=by)
        if partnership.local_authority is not None:
            cases.join(
                case=case,
                organisation=partnership.local_authority,
                kind=ParticipationKind.LOCAL_AUTHORITY,
                by=by,
            )
        _announce("referral_submitted", referral, by, school, f"{school} referred the pupil")


def withdraw(*, referral: Referral, reason: str, by: User) -> None:
    """Take the referral back, with a reason; the case ends. Raises NotPermitted, NotAllowed."""
    with audit.acting(by), transaction.atomic():
        school = referral.case.pupil.school
        _begin("withdraw", referral, by, "refer_pupil", school)
        if not reason.strip():
            raise NotAllowed("Enter why the referral is withdrawn.")
        _close_consideration(referral)
        _finish("withdraw", referral, by)
        _announce(
            "referral_withdrawn",
            referral,
            by,
            school,
            f"{school} withdrew the referral: {reason.strip()}"[:500],
        )


def ask_question(*, referral: Referral, text: str, by: User) -> Question:
    """Send the referral back to the school with a question. Raises NotPermitted, NotAllowed."""
    with audit.acting(by), transaction.atomic():
        partnership = referral.case.partnership
        _begin("ask_question", referral, by, "screen_referral", partnership)
        if not text.strip():
            raise NotAllowed("Enter the question that the school should answer.")
        question = Question.objects.create(referral=referral, text=text.strip(), asked_by=by)
        _finish("ask_question", referral, by)
        _announce(
            "question_asked",
            referral,
            by,
            partnership,
            f"{partnership} asked the school a question",
        )
    return question


def answer_question(*, referral: Referral, answer: str, by: User) -> Question:
    """Answer the open question and send the referral back to be screened.

    Raises NotPermitted, or NotAllowed for an empty answer or when there is no open question.
    """
    with audit.acting(by), transaction.atomic():
        school = referral.case.pupil.school
        _begin("answer_question", referral, by, "answer_question", school)
        if not answer.strip():
            raise NotAllowed("Enter an answer to the question.")
        question = referral.questions.get(answered_at__isnull=True)
        question.answer = answer.strip()
        question.answered_by = by
        question.answered_at = timezone.now()
        question.save()
        _finish("answer_question", referral, by)
        _announce("question_answered", referral, by, school, f"{school} answered the question")
    return question


def send_to_panel(*, referral: Referral, by: User) -> PanelConsideration:
    """Open the panel's consideration, and the case to each of its members until the decision.

    Raises NotPermitted, or NotAllowed where the panel has too few members or no chair.
    """
    return _open_panel("send_to_panel", referral, by)


def return_to_panel(*, referral: Referral, by: User) -> PanelConsideration:
    """Bring a deferred referral back to the panel, for a new vote. Raises as `send_to_panel`."""
    return _open_panel("return_to_panel", referral, by)


def _open_panel(action: str, referral: Referral, by: User) -> PanelConsideration:
    with audit.acting(by), transaction.atomic():
        case = referral.case
        partnership = case.partnership
        _begin(action, referral, by, "screen_referral", partnership)
        quorum = queries.panel_settings(partnership).quorum
        members = list(queries.panel_members(referral))
        chairs = queries.panel_chairs(referral).count()
        if reason := rules.why_cannot_open_panel(
            members=len(members), chairs=chairs, quorum=quorum
        ):
            raise NotAllowed(reason)
        if referral.screened_at is None:
            referral.screened_at = timezone.now()
            referral.screened_by = by
        consideration = PanelConsideration.objects.create(referral=referral, quorum=quorum)
        _finish(action, referral, by)
        for member in members:
            PanelSeat.objects.create(consideration=consideration, member=member)
            cases.share_for_task(
                case=case, user=member, audiences=PANEL_AUDIENCES, reason=PANEL_SHARE
            )
        _announce(
            "referral_sent_to_panel",
            referral,
            by,
            partnership,
            f"{partnership} sent the referral to its panel",
        )
    return consideration


def cast_vote(*, referral: Referral, choice: Choice | str, reasons: str, by: User) -> Vote:
    """Cast a panel member's vote, once. Raises NotPermitted, or NotAllowed with the reason."""
    with audit.acting(by), transaction.atomic():
        partnership = referral.case.partnership
        _lock(referral)
        checks.require(by, "vote_on_referral", partnership)
        consideration = queries.open_consideration(referral)
        if reason := _why_cannot_vote(referral, consideration, by):
            raise NotAllowed(reason)
        if not reasons.strip():
            raise NotAllowed("Enter the reasons for your vote.")
        assert consideration is not None
        vote = Vote.objects.create(
            consideration=consideration, member=by, choice=Choice(choice), reasons=reasons.strip()
        )
        _announce(
            "vote_cast",
            referral,
            by,
            partnership,
            "A panel member voted",
            audience=Audience.PANEL,
        )
    return vote


def declare_conflict(*, referral: Referral, reason: str, by: User) -> ConflictOfInterest:
    """Declare a conflict of interest: the case is hidden from the member from now on.

    Raises NotPermitted, or NotAllowed for somebody who has voted or is not on this panel.
    """
    with audit.acting(by), transaction.atomic():
        case = referral.case
        _lock(referral)
        checks.require(by, "vote_on_referral", case.partnership)
        consideration = queries.open_consideration(referral)
        if refusal := _why_cannot_vote(referral, consideration, by):
            raise NotAllowed(refusal)
        if not reason.strip():
            raise NotAllowed("Enter what your conflict of interest is.")
        assert consideration is not None
        conflict = ConflictOfInterest.objects.create(
            consideration=consideration, member=by, reason=reason.strip()
        )
        cases.exclude(case=case, user=by, reason="Conflict of interest", by=by)
        _announce(
            "conflict_declared",
            referral,
            by,
            case.partnership,
            "A panel member declared a conflict of interest",
            audience=Audience.PANEL,
        )
    return conflict


def _why_cannot_vote(
    referral: Referral, consideration: PanelConsideration | None, member: User
) -> str | None:
    if consideration is None:
        return rules.why_cannot("cast_vote", referral.status)
    return rules.why_cannot_vote(
        status=referral.status,
        seated=consideration.seats.filter(member=member).exists(),
        conflicted=referral.case.exclusions.filter(user=member).exists(),
        voted=consideration.votes.filter(member=member).exists(),
    )


def open_to_chairs(*, referral: Referral) -> None:
    """Open the case to the chairs there are now: one appointed since has not been shared it."""
    with transaction.atomic():
        _lock(referral)
        for chair in queries.panel_chairs(referral):
            cases.share_for_task(
                case=referral.case, user=chair, audiences=PANEL_AUDIENCES, reason=PANEL_SHARE
            )


def decide(
    *,
    referral: Referral,
    outcome: Outcome | str,
    reasons: str,
    by: User,
    conditions: str = "",
) -> Decision:
    """Record the chair's decision for the panel, and end the members' access to the case.

    Raises NotPermitted, or NotAllowed before the quorum of votes is in, for a chair with a conflict of
    interest, or without reasons.
    """
    outcome = Outcome(outcome)
    with audit.acting(by), transaction.atomic():
        case = referral.case
        partnership = case.partnership
        _lock(referral)
        checks.require(by, "decide_referral", partnership)
        if reason := rules.why_cannot(outcome.value, referral.status):
            raise NotAllowed(reason)
        consideration = queries.open_consideration(referral)
        assert consideration is not None
        standing = queries.standing(consideration)
        if reason := rules.why_cannot_decide(
            status=referral.status,
            outcome=outcome,
            conflicted=case.exclusions.filter(user=by).exists(),
            votes=standing.votes,
            quorum=standing.quorum,
            waiting=standing.waiting,
        ):
            raise NotAllowed(reason)
        if not reasons.strip():
            raise NotAllowed("Enter the reasons for the decision.")
        decision = Decision.objects.create(
            referral=referral,
            consideration=consideration,
            outcome=outcome,
            reasons=reasons.strip(),
            conditions=conditions.strip(),
            decided_by=by,
        )
        _close_consideration(referral)
        _finish(outcome.value, referral, by)
        _announce(
            f"referral_{TRANSITIONS[outcome.value][1].value}",
            referral,
            by,
            partnership,
            f"The panel’s decision: {Status(referral.status).label.lower()}",
            audience=(
                Audience.PARTIES if outcome == Outcome.ACCEPT else Audience.SCHOOL_AND_COMMISSIONER
            ),
            decision=decision,
        )
    return decision


def _close_consideration(referral: Referral) -> None:
    referral.considerations.filter(closed_at__isnull=True).update(closed_at=timezone.now())
    cases.end_shares(case=referral.case, reason=PANEL_SHARE, by=None)


def make_letter(*, decision: Decision) -> Letter:
    """Write the letter that tells a decision, as an accessible PDF in the case; once only.

    Called by a background job, which may run again after a failure.
    """
    with transaction.atomic():
        referral = decision.referral
        _lock(referral)
        found = Letter.objects.filter(decision=decision).first()
        if found is not None:
            return found
        case = referral.case
        content = pdf.render(
            "letters/decision.typ",
            {
                "title": f"Decision on the referral {case.reference}",
                "case": case,
                "decision": decision,
                "pupil": case.pupil,
                "school": case.pupil.school,
                "partnership": case.partnership,
                "authority": case.partnership.local_authority,
            },
        )
        document = cases.add_document(
            case=case,
            kind=DocumentKind.LETTER,
            title=f"Decision letter: {decision.get_outcome_display().lower()}",
            file=content,
            by=None,
            author=case.partnership.name,
            document_date=timezone.localdate(decision.decided_at),
        )
        letter = Letter.objects.create(decision=decision, document=document)
        _announce(
            "letter_sent", referral, None, case.partnership, "Decision letter sent to the school"
        )
    return letter


def change_panel_settings(
    *, partnership: Organisation, by: User | None, **values: int
) -> PanelSettings:
    """Change how a partnership's panel works; considerations already open keep their quorum.

    Raises NotPermitted, or NotAllowed for a number that makes no sense.
    """
    with audit.acting(by), transaction.atomic():
        if by is not None:
            checks.require(by, "change_panel_settings", partnership)
        settings = queries.panel_settings(partnership)
        for name, value in values.items():
            if value < 1:
                raise NotAllowed("Enter a number of 1 or more.")
            setattr(settings, name, value)
        settings.save(update_fields=sorted(values))
    return settings


def _lock(referral: Referral) -> None:
    """Hold the row until the transaction ends, and bring the object and its case up to date."""
    referral.refresh_from_db(from_queryset=Referral.objects.select_for_update())


def _begin(
    action: str,
    referral: Referral,
    by: User | None,
    codename: str,
    organisation: Organisation,
) -> None:
    """Lock, ask the permission, then the status. Raises NotPermitted, NotAllowed."""
    _lock(referral)
    if by is not None:
        checks.require(by, codename, organisation)
        if not Case.objects.visible_to(by).filter(pk=referral.case_id).exists():
            raise NotPermitted("You cannot see this case. Ask the partnership’s officer.")
    if reason := rules.why_cannot(action, referral.status):
        raise NotAllowed(reason)


def _finish(action: str, referral: Referral, by: User | None) -> None:
    """Write the status that an action leads to, and take the case along."""
    referral.status = TRANSITIONS[action][1]
    referral.save()
    cases.move(case=referral.case, stage=_CASE_STAGE[Status(referral.status)], by=by)


def _announce(
    kind: str,
    referral: Referral,
    by: User | None,
    organisation: Organisation,
    summary: str,
    *,
    audience: Audience = Audience.SCHOOL_AND_COMMISSIONER,
    **context: Any,
) -> None:
    events.announce(
        kind,
        subject=referral.case,
        by=by,
        organisation=organisation,
        audience=audience,
        summary=summary,
        data={"referral": referral.pk},
        referral=referral,
        **context,
    )
