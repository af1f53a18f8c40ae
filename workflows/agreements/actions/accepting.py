"""The acceptance of one version by one organisation."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils import timezone

from permissions import queries as permissions
from permissions.checks import require
from permissions.models import Organisation, User
from workflows.agreements import jobs, queries, rules
from workflows.agreements.actions import asking
from workflows.agreements.actions.locking import locked_soon
from workflows.agreements.models import (
    Acceptance,
    Agreement,
    AgreementVersion,
)
from workflows.agreements.states import Mode, RequestStatus, Scope
from workflows.cases.models import Case
from workflows.engine import events
from workflows.engine import jobs as background
from workflows.engine.exceptions import NotAllowed


def accept(
    *,
    version: AgreementVersion,
    organisation: Organisation,
    by: User,
    name: str,
    position: str,
    authority: str,
    confirmed: bool,
    case: Case | None = None,
    activity: str = "",
    lead: rules.SafeguardingLead | None = None,
) -> Acceptance:
    """Record that a signatory accepts the version named, with the evidence, and queue the receipt.

    `authority` is by what right the person accepts, `case` and `activity` what the acceptance
    reaches where the agreement is accepted by case. Raises NotPermitted; NotAllowed when somebody
    has accepted it already, when a material version has replaced it, or when a part of the evidence
    is missing; Busy while one is being published.
    """
    with transaction.atomic():
        agreement = locked_soon(version.agreement)
        require(by, "accept_agreement", organisation)
        by_case = agreement.is_accepted_by_case
        case = case if by_case else None
        activity = activity.strip() if agreement.scope == Scope.ACTIVITY else ""
        asks_lead = queries.asks_lead(agreement, organisation)
        lead = lead if asks_lead else None
        already = _already(version, organisation, case, activity)
        reason = (
            rules.why_cannot_accept(
                version_number=version.number,
                last_material_number=queries.last_material_number(agreement),
                is_party=agreement.parties.filter(organisation=organisation).exists(),
                accepted_by=already.name if already else None,
            )
            or rules.why_reach_incomplete(
                is_by_case=by_case,
                is_for_activity=agreement.scope == Scope.ACTIVITY,
                has_case=case is not None,
                activity=activity,
                asks_lead=asks_lead,
                lead=lead,
            )
            or rules.why_evidence_incomplete(
                name=name, position=position, authority=authority, confirmed=confirmed
            )
        )
        if reason:
            raise NotAllowed(reason)
        acceptance = Acceptance(
            version=version,
            organisation=organisation,
            by=by,
            case=case,
            activity=activity,
            mode=agreement.mode,
            name=name.strip(),
            position=position.strip(),
            authority=authority.strip(),
            organisation_name=organisation.name,
            wording=queries.statement(version, organisation, case=case, activity=activity),
            sha256=version.sha256,
            accepted_at=timezone.now(),
        )
        if lead is not None:
            acceptance.lead_name = lead.name.strip()
            acceptance.lead_contact = lead.contact.strip()
            acceptance.lead_trained_date = lead.trained_date
            acceptance.is_policy_received = lead.is_policy_received
        return _record(acceptance, agreement, by)


def accept_by_acting(
    *,
    agreement: Agreement,
    organisation: Organisation,
    case: Case,
    act: str,
    sha256: str | None,
    by: User,
) -> Acceptance | None:
    """Record the acceptance that an act under an agreement implies, kept with the act's case.

    `act` is one of `rules.ACTS`, `sha256` the hash of the version shown to the person. The action that it is part of has asked whether the person may.
    Nothing is recorded unless that is how the agreement is accepted, and nothing twice. Raises
    NotAllowed when another version is in force, and Busy while one is being published.
    """
    with transaction.atomic():
        if agreement.mode != Mode.IMPLIED:
            return None
        agreement = locked_soon(agreement)
        version = queries.version_in_force(agreement)
        if version is None or agreement.mode != Mode.IMPLIED:
            return None
        found = _already(version, organisation, case, "")
        if found is not None:
            return found
        if sha256 != version.sha256:
            raise NotAllowed(
                "The agreement was published again while you were reading. "
                "Open this page again and read the new text."
            )
        asking.add_party(agreement=agreement, organisation=organisation, by=None)
        membership = permissions.memberships_of(by).filter(organisation=organisation).first()
        acceptance = Acceptance(
            version=version,
            organisation=organisation,
            by=by,
            case=case,
            mode=Mode.IMPLIED,
            name=by.get_full_name(),
            position="Not recorded" if membership is None else membership.get_role_display(),
            authority=f"Acted for the organisation: {rules.ACTS[act]}".format(
                organisation=organisation.name
            ),
            organisation_name=organisation.name,
            wording=queries.statement(version, organisation, case=case, act=act),
            sha256=version.sha256,
            accepted_at=timezone.now(),
        )
        return _record(acceptance, agreement, by)


def _record(acceptance: Acceptance, agreement: Agreement, by: User) -> Acceptance:
    """Save an acceptance, end the request that it answers, and set off what follows."""
    organisation, case = acceptance.organisation, acceptance.case
    try:
        # The lock lets the second signatory see the first; the constraint has the last word.
        with transaction.atomic():
            acceptance.save(force_insert=True)
    except IntegrityError as error:
        raise NotAllowed(
            "Somebody has already accepted this version for your organisation."
        ) from error
    waiting = _end_requests(acceptance, agreement)
    background.queue(jobs.make_receipt, acceptance_id=acceptance.pk)
    number = acceptance.version.number
    summary = f"{organisation.name} accepted “{agreement.title}”, version {number}."
    asking.tell_case(case or waiting, "acceptance_given", summary, organisation, by)
    events.announce(
        "agreement_accepted",
        subject=agreement,
        by=by,
        organisation=organisation,
        summary=summary,
        data={
            "agreement": agreement.pk,
            "organisation": organisation.pk,
            "partnership": agreement.partnership_id,
            "acceptance": acceptance.pk,
            "implied": acceptance.mode == Mode.IMPLIED and case is not None,
        },
        agreement=agreement,
        acceptance=acceptance,
    )
    if organisation != agreement.partnership:
        asking.ask_partnership(agreement, case, acceptance.activity, by)
    return acceptance


def _end_requests(acceptance: Acceptance, agreement: Agreement) -> Case | None:
    """End the open requests that an acceptance answers; give the case one of them waited for."""
    requests = agreement.acceptance_requests.select_for_update(of=("self",)).filter(
        organisation=acceptance.organisation,
        status=RequestStatus.REQUESTED,
        is_for_case=acceptance.case is not None,
        activity__in=("", acceptance.activity),
    )
    if acceptance.case is not None:
        requests = requests.filter(case=acceptance.case)
    case = None
    for request in requests:
        request.status = RequestStatus.ACCEPTED
        request.ended_at = acceptance.accepted_at
        request.save()
        case = request.case
    return case


def _already(
    version: AgreementVersion, organisation: Organisation, case: Case | None, activity: str
) -> Acceptance | None:
    return Acceptance.objects.filter(
        version=version, organisation=organisation, case=case, activity=activity
    ).first()
