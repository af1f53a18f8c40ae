"""The acceptance of one version by one organisation."""

from __future__ import annotations

import time

from django.db import IntegrityError, transaction
from django.utils import timezone

from permissions.checks import require
from permissions.models import Organisation, User
from workflows.agreements import jobs, queries, rules
from workflows.agreements.actions.asking import tell_case
from workflows.agreements.models import (
    Acceptance,
    Agreement,
    AgreementVersion,
)
from workflows.agreements.states import RequestStatus
from workflows.engine import events
from workflows.engine import jobs as background
from workflows.engine.exceptions import Busy, NotAllowed


def accept(
    *,
    version: AgreementVersion,
    organisation: Organisation,
    by: User,
    name: str,
    position: str,
    confirmed: bool,
) -> Acceptance:
    """Record that a signatory accepts the version named, with the evidence, and queue the receipt.

    Raises NotPermitted; NotAllowed when somebody has accepted it already, when a material version
    has replaced it, or when a part of the evidence is missing; Busy while one is being published.
    """
    with transaction.atomic():
        agreement = _locked_soon(version.agreement)
        require(by, "accept_agreement", organisation)
        already = Acceptance.objects.filter(version=version, organisation=organisation).first()
        if reason := rules.why_cannot_accept(
            version_number=version.number,
            last_material_number=queries.last_material_number(agreement),
            is_party=agreement.parties.filter(organisation=organisation).exists(),
            accepted_by=already.name if already else None,
            name=name,
            position=position,
            confirmed=confirmed,
        ):
            raise NotAllowed(reason)
        now = timezone.now()
        try:
            # The lock lets the second signatory see the first; the constraint has the last word.
            with transaction.atomic():
                acceptance = Acceptance.objects.create(
                    version=version,
                    organisation=organisation,
                    by=by,
                    name=name.strip(),
                    position=position.strip(),
                    organisation_name=organisation.name,
                    wording=queries.statement(version, organisation),
                    sha256=version.sha256,
                    accepted_at=now,
                )
        except IntegrityError as error:
            raise NotAllowed(
                "Somebody has already accepted this version for your organisation."
            ) from error
        case = None
        for request in agreement.acceptance_requests.select_for_update().filter(
            organisation=organisation, status=RequestStatus.REQUESTED
        ):
            request.status = RequestStatus.ACCEPTED
            request.ended_at = now
            request.save()
            case = request.case
        background.queue(jobs.make_receipt, acceptance_id=acceptance.pk)
        summary = f"{organisation.name} accepted “{agreement.title}”, version {version.number}."
        tell_case(case, "acceptance_given", summary, organisation, by)
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
            },
            agreement=agreement,
            acceptance=acceptance,
        )
        return acceptance


def _locked_soon(agreement: Agreement) -> Agreement:
    """Lock the agreement without waiting long, or raise Busy.

    Whoever accepts holds the task's process already, and whoever publishes holds the agreement and
    then takes the processes away: waiting here would keep both from going on.
    """
    for pause in (0.02, 0.05, 0.08, None):
        found = Agreement.objects.locked(skip_locked=True).filter(pk=agreement.pk).first()
        if found is not None:
            return found
        if pause is not None:
            time.sleep(pause)
    raise Busy
