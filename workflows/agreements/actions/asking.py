"""Making organisations parties and asking them to accept."""

from __future__ import annotations

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
from workflows.agreements.states import RequestStatus
from workflows.cases.models import Case
from workflows.engine import events
from workflows.engine.exceptions import NotAllowed


def add_party(
    *, agreement: Agreement, organisation: Organisation, by: User | None
) -> AgreementParty:
    """Make an organisation a party to an agreement; once is enough. Raises NotPermitted."""
    with transaction.atomic():
        if by is not None:
            require(by, "manage_agreement_parties", agreement.partnership)
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
    by: User | None,
) -> AcceptanceRequest | None:
    """Ask an organisation to accept the version in force, making it a party if it is not one.

    Gives the open request, also when it had been asked before, and None when it is already bound.
    Raises NotPermitted, and NotAllowed when nothing is published.
    """
    with transaction.atomic():
        agreement = Agreement.objects.locked().get(pk=agreement.pk)
        if by is not None:
            require(by, "manage_agreement_parties", agreement.partnership)
        version = queries.version_in_force(agreement)
        if reason := rules.why_cannot_ask(
            version_number=None if version is None else version.number
        ):
            raise NotAllowed(reason)
        assert version is not None  # the rule has just refused that
        add_party(agreement=agreement, organisation=organisation, by=by)
        if queries.has_accepted(agreement, organisation):
            return None
        return _ask(version, organisation, case, by)


def ask_every_party(version: AgreementVersion, by: User | None) -> None:
    """Ask every party that is not bound by a version to accept it. Inside publication only."""
    for party in version.agreement.parties.select_related("organisation").order_by("pk"):
        if not queries.has_accepted(version.agreement, party.organisation):
            _ask(version, party.organisation, None, by)


def _ask(
    version: AgreementVersion, organisation: Organisation, case: Case | None, by: User | None
) -> AcceptanceRequest:
    agreement = version.agreement
    request, made = AcceptanceRequest.objects.get_or_create(
        agreement=agreement,
        organisation=organisation,
        status=RequestStatus.REQUESTED,
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


def tell_case(
    case: Case | None, kind: str, summary: str, organisation: Organisation, by: User | None
) -> None:
    """Say it on the case's timeline too, when there is a case."""
    # The case's own timeline says why it waited; what follows hangs on the agreement's event.
    if case is not None:
        events.announce(kind, subject=case, by=by, organisation=organisation, summary=summary)


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
