"""Making organisations parties and asking them to accept."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.utils import timezone

from permissions.checks import require
from permissions.models import Organisation, User
from workflows.agreements import queries, rules
from workflows.agreements.models import (
    AcceptanceRequest,
    Agreement,
    AgreementParty,
    AgreementVersion,
)
from workflows.agreements.states import Mode, RequestStatus, Scope
from workflows.cases.models import Case
from workflows.engine import events
from workflows.engine.exceptions import NotAllowed


def add_party(
    *, agreement: Agreement, organisation: Organisation, by: User | None
) -> AgreementParty:
    """Make an organisation a party to an agreement; once is enough.

    Raises NotPermitted, and NotAllowed for a text that partnerships share.
    """
    with transaction.atomic():
        if by is not None:
            require(by, "manage_agreement_parties", agreement.partnership)
        if reason := rules.why_no_parties(is_shared=agreement.is_shared):
            raise NotAllowed(reason)
        party, made = AgreementParty.objects.get_or_create(
            agreement=agreement, organisation=organisation, defaults={"added_by": by}
        )
        if made:
            events.announce(
                "agreement_party_added",
                subject=agreement,
                by=by,
                organisation=agreement.partnership,
                summary=f"{organisation.name} became a party to “{agreement.title}”.",
                data={"agreement": agreement.pk, "organisation": organisation.pk},
            )
        return party


def ask_to_accept(
    *,
    agreement: Agreement,
    organisation: Organisation,
    case: Case | None = None,
    activity: str = "",
    by: User | None,
) -> AcceptanceRequest | None:
    """Ask an organisation to accept the version in force, making it a party if it is not one.

    `case` is the one that makes it necessary; where the agreement is accepted by case, it is the
    one that the acceptance will reach. `activity` names what an agreement for one activity is for.
    Gives the open request, also when it had been asked before, and None when it is already bound.
    The partnership is asked to sign once the other has, where both sign.
    Raises NotPermitted, and NotAllowed when nothing is published or partnerships share the text.
    """
    with transaction.atomic():
        agreement = Agreement.objects.locked().get(pk=agreement.pk)
        if by is not None:
            require(by, "manage_agreement_parties", agreement.partnership)
        if reason := rules.why_no_parties(is_shared=agreement.is_shared):
            raise NotAllowed(reason)
        version = queries.version_in_force(agreement)
        activity = activity.strip() if agreement.scope == Scope.ACTIVITY else ""
        if reason := rules.why_cannot_ask(
            version_number=None if version is None else version.number,
            needs_case=agreement.is_accepted_by_case and not activity,
            has_case=case is not None,
            needs_activity=agreement.scope == Scope.ACTIVITY,
        ):
            raise NotAllowed(reason)
        assert version is not None  # the rule has just refused that
        add_party(agreement=agreement, organisation=organisation, by=by)
        if _is_bound(version, organisation, case, activity):
            ask_partnership(agreement, case, activity, by)
            return None
        return _ask(version, organisation, case, activity, by)


def ask_partnership(
    agreement: Agreement, case: Case | None, activity: str, by: User | None
) -> AcceptanceRequest | None:
    """Ask the partnership to sign as well, where both parties do and it has not. Inside actions."""
    version = queries.version_in_force(agreement)
    if version is None or not agreement.needs_both_signatures:
        return None
    add_party(agreement=agreement, organisation=agreement.partnership, by=None)
    if _is_bound(version, agreement.partnership, case, activity):
        return None
    return _ask(version, agreement.partnership, case, activity, by)


def ask_every_party(version: AgreementVersion, by: User | None) -> None:
    """Ask every party that is not bound by a version to accept it. Inside publication only.

    Where the agreement is accepted by case, each party is asked for every open case and activity
    that it has accepted it for, or been asked to.
    """
    for party in version.agreement.parties.select_related("organisation").order_by("pk"):
        for case, activity in queries.reaches(version.agreement, party.organisation):
            if not _is_bound(version, party.organisation, case, activity):
                _ask(version, party.organisation, case, activity, by)


def _is_bound(
    version: AgreementVersion, organisation: Organisation, case: Case | None, activity: str
) -> bool:
    agreement = version.agreement
    if activity:
        since = queries.last_material_number(agreement)
        acceptances = queries.acceptances_by(agreement, organisation, case)
        return acceptances.filter(activity=activity, version__number__gte=since or 1).exists()
    implied = agreement.mode == Mode.IMPLIED
    reached = case if agreement.is_accepted_by_case or implied else None
    return queries.has_accepted(agreement, organisation, case=reached)


def _ask(
    version: AgreementVersion,
    organisation: Organisation,
    case: Case | None,
    activity: str,
    by: User | None,
) -> AcceptanceRequest:
    agreement = version.agreement
    is_for_case = agreement.is_accepted_by_case and case is not None
    found = {
        "agreement": agreement,
        "organisation": organisation,
        "status": RequestStatus.REQUESTED,
        "is_for_case": is_for_case,
        "activity": activity,
        **({"case": case} if is_for_case else {}),
    }
    request, made = AcceptanceRequest.objects.get_or_create(
        **found,
        defaults={
            "version": version,
            "case": case,
            "asked_by": by,
            "due_date": queries.due_date(version, organisation),
        },
    )
    if made:
        summary = (
            f"{organisation.name} was asked to accept “{agreement.title}”, "
            f"version {version.number}."
        )
        tell_case(case, "acceptance_awaited", summary, agreement.partnership, by)
        events.announce(
            "acceptance_requested",
            subject=agreement,
            by=by,
            organisation=agreement.partnership,
            summary=summary,
            data={
                "request": request.pk,
                "agreement": agreement.pk,
                "organisation": organisation.pk,
                "again": version.number > 1,
            },
            request=request,
        )
    return request


def remind(today: datetime.date) -> int:
    """Remind the signatories whose day is near, and tell both sides once it has passed.

    Called by a job every morning; safe to repeat. Gives how many were told.
    """
    requests = AcceptanceRequest.objects.filter(
        status=RequestStatus.REQUESTED, due_date__isnull=False, lapse_told_at=None
    )
    told = 0
    for pk in requests.order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():
            request = (
                requests.select_for_update(of=("self",), skip_locked=True)
                .select_related("agreement__partnership", "organisation", "version")
                .filter(pk=pk)
                .first()
            )
            told += request is not None and _remind(request, today)
    return told


def _remind(request: AcceptanceRequest, today: datetime.date) -> bool:
    assert request.due_date is not None  # those without a day are not asked for
    if today > request.due_date:
        kind, words = "acceptance_lapsed", "had until"
        request.lapse_told_at = timezone.now()
    else:
        reminded = request.reminded_at and timezone.localdate(request.reminded_at)
        if rules.why_no_reminder(due_date=request.due_date, reminded_date=reminded, today=today):
            return False
        kind, words = "acceptance_reminded", "has until"
        request.reminded_at = timezone.now()
    request.save(update_fields=["lapse_told_at", "reminded_at"])
    agreement, day = request.agreement, request.due_date
    events.announce(
        kind,
        subject=agreement,
        by=None,
        organisation=request.organisation,
        summary=f"{request.organisation.name} {words} {day.day} {day:%B %Y} to accept "
        f"“{agreement.title}”, version {request.version.number}.",
        data={
            "request": request.pk,
            "agreement": agreement.pk,
            "organisation": request.organisation_id,
            "partnership": agreement.partnership_id,
        },
    )
    return True


def tell_case(
    case: Case | None, kind: str, summary: str, organisation: Organisation, by: User | None
) -> None:
    """Say it on the case's timeline too, when there is a case."""
    # The case's own timeline says why it waited; what follows hangs on the agreement's event.
    if case is not None:
        events.announce(kind, subject=case, by=by, organisation=organisation, summary=summary)


def stop_asking_for_case(*, case: Case, reason: str, by: User | None) -> None:
    """End the open requests that were made for one case alone, because that case has stopped.

    Called by a hand-over; the organisation may go on under what it has accepted for others.
    """
    open_requests = AcceptanceRequest.objects.select_for_update(of=("self",)).filter(
        case=case, is_for_case=True, status=RequestStatus.REQUESTED
    )
    for request in open_requests.select_related("agreement__partnership"):
        request.status = RequestStatus.SUPERSEDED
        request.ended_at = timezone.now()
        request.save()
        events.announce(
            "acceptance_superseded",
            subject=request.agreement,
            by=by,
            organisation=request.agreement.partnership,
            summary=f"An organisation is no longer asked to accept: {reason}",
            data={"request": request.pk, "agreement": request.agreement_id},
            request=request,
            reason=reason,
        )


def supersede_requests(
    agreement: Agreement, version: AgreementVersion | None, by: User | None
) -> None:
    """End the open requests of an agreement: replaced by `version`, or withdrawn when it is None."""
    now = timezone.now()
    for request in agreement.acceptance_requests.select_for_update().filter(
        status=RequestStatus.REQUESTED
    ):
        request.status = RequestStatus.SUPERSEDED
        request.ended_at = now
        request.save()
        reason = (
            f"“{agreement.title}” was withdrawn."
            if version is None
            else f"Version {version.number} of “{agreement.title}” replaced this one."
        )
        events.announce(
            "acceptance_superseded",
            subject=agreement,
            by=by,
            organisation=agreement.partnership,
            summary=reason,
            data={"request": request.pk, "agreement": agreement.pk},
            request=request,
            reason=reason,
        )
