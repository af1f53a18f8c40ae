"""Making agreements, publishing versions, and withdrawing them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from permissions.checks import require
from permissions.models import Organisation, User
from workflows.agreements import queries, rules
from workflows.agreements.actions.asking import ask_every_party, supersede_requests
from workflows.agreements.actions.reserving import end_moot_reservations
from workflows.agreements.models import (
    Agreement,
    AgreementVersion,
    Clause,
    Term,
)
from workflows.agreements.states import Kind, Mode, RequestStatus, Scope
from workflows.engine import events
from workflows.engine.exceptions import NotAllowed


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
        agreement.scope = new.get("scope", Scope.STANDING)
        agreement.asks_safeguarding_lead = new.get("asks_safeguarding_lead", False)
        agreement.places_while_reserved = new.get("places_while_reserved", False)
        agreement.withdrawn_at, agreement.withdrawal_reason = None, ""
        agreement.save()
        if last is not None and rules.is_same(before, new):
            if was_withdrawn:
                ask_every_party(last, by)
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
            supersede_requests(agreement, version, by)
        else:
            # An acceptance of either text counts: whoever has not started reads the newer one.
            agreement.acceptance_requests.filter(status=RequestStatus.REQUESTED).update(
                version=version
            )
        if material or was_withdrawn:
            ask_every_party(version, by)
        end_moot_reservations(agreement, version, by)
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
        note = (
            "How the agreement is accepted was changed."
            if rules.terms_of(last.snapshot["content"]) == rules.terms_of(content)
            else "A number that sets a deadline or a limit was changed."
        )
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


def withdraw(*, agreement: Agreement, by: User | None, reason: str = "") -> None:
    """Take an agreement out of force, as when its page is unpublished. Nothing is deleted.

    What was accepted stays accepted and placements keep their numbers. The reason is public.
    Raises NotPermitted.
    """
    with transaction.atomic():
        agreement = Agreement.objects.locked().get(pk=agreement.pk)
        if by is not None:
            require(by, "publish_agreement", agreement.partnership)
        if agreement.withdrawn_at is not None:
            return
        agreement.withdrawn_at = timezone.now()
        agreement.withdrawal_reason = reason.strip()
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
        supersede_requests(agreement, None, by)
        end_moot_reservations(agreement, None, by)
