"""The only writers of agreements, versions, parties, requests and acceptances.

Publishing and accepting lock the agreement's row: of two signatories one accepts, and a version
published in the meantime is seen.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from permissions.checks import require
from permissions.models import Organisation, User
from workflows.agreements import jobs, queries, rules
from workflows.agreements.models import (
    Acceptance,
    AcceptanceRequest,
    Agreement,
    AgreementParty,
    AgreementVersion,
    Clause,
    Term,
)
from workflows.agreements.states import Kind, Mode, RequestStatus
from workflows.cases.models import Case
from workflows.engine import events
from workflows.engine import jobs as background
from workflows.engine.exceptions import Busy, NotAllowed


def create_agreement(
    *,
    partnership: Organisation,
    title: str,
    kind: str = Kind.SLA,
    mode: str = Mode.SIGNATURE,
    by: User | None,
    page_id: int | None = None,
) -> Agreement:
    """Make an agreement without a text yet, or give the one that a page already has.

    Raises NotPermitted when `by` may not draft for the partnership.
    """
    with transaction.atomic():
        if by is not None:
            require(by, "draft_agreement", partnership)
        if page_id is not None:
            found = Agreement.objects.filter(page_id=page_id).first()
            if found is not None:
                return found
        # Locked, so that two agreements of the same title get two addresses.
        Organisation.objects.select_for_update().get(pk=partnership.pk)
        return Agreement.objects.create(
            partnership=partnership,
            title=title,
            slug=queries.free_slug(partnership, title),
            kind=kind,
            mode=mode,
            page_id=page_id,
        )


def publish_version(
    *,
    agreement: Agreement,
    content: Mapping[str, Any],
    is_material: bool,
    change_note: str,
    by: User | None,
) -> AgreementVersion:
    """Publish a text as the next version, unless it is the same as the last one.

    `content` is described by `rules.normalised`. A material version replaces open requests and asks
    every party again. `by` is None when a date set in advance publishes. Gives the version in force
    afterwards. Raises NotPermitted, and NotAllowed when the text is not publishable.
    """
    with transaction.atomic():
        agreement = Agreement.objects.locked().get(pk=agreement.pk)
        if by is not None:
            require(by, "publish_agreement", agreement.partnership)
        new = rules.normalised(content)
        if reason := rules.why_cannot_publish(new):
            raise NotAllowed(reason)
        last = queries.latest_version(agreement)
        before: rules.Content | None = None if last is None else last.snapshot["content"]
        was_withdrawn = agreement.withdrawn_at is not None
        agreement.title, agreement.kind, agreement.mode = new["title"], new["kind"], new["mode"]
        agreement.withdrawn_at = None
        agreement.save()
        if last is not None and rules.is_same(before, new):
            if was_withdrawn:
                _ask_every_party(last, by)
            return last
        material = rules.is_material(before=before, after=new, ticked=is_material)
        version = _write_version(agreement, last, new, material, change_note, by)
        events.announce(
            "agreement_published",
            subject=agreement,
            by=by,
            organisation=agreement.partnership,
            summary=f"Version {version.number} of “{agreement.title}” was published.",
            data={"agreement": agreement.pk, "version": version.pk, "material": material},
            agreement=agreement,
            version=version,
        )
        if material:
            _supersede_requests(agreement, version, by)
        else:
            # An acceptance of either text counts: whoever has not started reads the newer one.
            agreement.acceptance_requests.filter(status=RequestStatus.REQUESTED).update(
                version=version
            )
        if material or was_withdrawn:
            _ask_every_party(version, by)
        return version


def _write_version(
    agreement: Agreement,
    last: AgreementVersion | None,
    content: rules.Content,
    material: bool,
    change_note: str,
    by: User | None,
) -> AgreementVersion:
    number = 1 if last is None else last.number + 1
    note = change_note.strip()
    if material and last is not None and not note:
        note = "A number that sets a deadline or a limit was changed."
    # The agreement's address and the number make two versions with the same text two hashes.
    snapshot = {
        "agreement": f"{agreement.partnership.slug}/{agreement.slug}",
        "number": number,
        "content": content,
    }
    version = AgreementVersion.objects.create(
        agreement=agreement,
        number=number,
        issued_date=content["issued_date"],
        review_date=content["review_date"],
        is_material=material,
        change_note=note,
        snapshot=snapshot,
        sha256=rules.fingerprint(snapshot),
        published_at=timezone.now(),
        published_by=by,
    )
    clauses = Clause.objects.bulk_create(rules.clause_rows(version, content))
    Term.objects.bulk_create(rules.term_rows(version, clauses, content))
    version.refresh_from_db()
    return version


def withdraw(*, agreement: Agreement, by: User | None) -> None:
    """Take an agreement out of force, as when its page is unpublished. Nothing is deleted.

    What was accepted stays accepted and placements keep their numbers. Raises NotPermitted.
    """
    with transaction.atomic():
        agreement = Agreement.objects.locked().get(pk=agreement.pk)
        if by is not None:
            require(by, "publish_agreement", agreement.partnership)
        if agreement.withdrawn_at is not None:
            return
        agreement.withdrawn_at = timezone.now()
        agreement.save()
        events.announce(
            "agreement_withdrawn",
            subject=agreement,
            by=by,
            organisation=agreement.partnership,
            summary=f"“{agreement.title}” was withdrawn.",
            data={"agreement": agreement.pk},
            agreement=agreement,
        )
        _supersede_requests(agreement, None, by)


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


def _ask_every_party(version: AgreementVersion, by: User | None) -> None:
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
        _tell_case(case, "acceptance_awaited", summary, agreement.partnership, by)
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


def _tell_case(
    case: Case | None, kind: str, summary: str, organisation: Organisation, by: User | None
) -> None:
    # The case's own timeline says why it waited; what follows hangs on the agreement's event.
    if case is not None:
        events.announce(kind, subject=case, by=by, organisation=organisation, summary=summary)


def _supersede_requests(
    agreement: Agreement, version: AgreementVersion | None, by: User | None
) -> None:
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
        _tell_case(case, "acceptance_given", summary, organisation, by)
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
