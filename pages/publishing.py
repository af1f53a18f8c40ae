"""From a published page to an agreement version.

The only place where a page's text leaves Wagtail. It is keyed on the published revision: drafts and
the editor's automatic saves never come here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.utils import timezone
from wagtail.log_actions import get_active_log_context
from wagtail.models import Page

from pages import blocks, sharing
from permissions.models import User
from workflows.agreements import actions, rules
from workflows.agreements import queries as agreements
from workflows.agreements.models import Agreement, AgreementVersion
from workflows.engine.exceptions import NotAllowed
from workflows.engine.models import Event

if TYPE_CHECKING:
    from pages.models import SharedAgreementPage, TextPage


def text_hash(page: TextPage) -> str:
    """Give the hash of a page's words and numbers as they are now: what a board approves."""
    return rules.text_hash(rules.normalised(content_of(page, approval={})))


def content_of(page: TextPage, approval: dict[str, Any] | None = None) -> dict[str, Any]:
    """Give a page's text in the shape that `agreements.rules.normalised` reads.

    `approval` stands in for the page's own, which is looked up by the hash of the text.
    """
    shared = shared_version(page.stands_on())
    return {
        "title": page.title,
        "kind": page.document_kind,
        "mode": page.document_mode,
        "intro": page.intro,
        "issued_date": page.issued_date,
        "review_date": page.review_date,
        "language": page.language,
        "approval": page.approval if approval is None else approval,
        **page.settings_of_agreement,
        "shared": None if shared is None else sharing.facts(shared),
        "sections": sections_of(page.sections, page.variations_of_text, shared, page.pk),
    }


def sections_of(
    stream: Any, variations: Any, shared: AgreementVersion | None, page_id: int | None
) -> list[dict[str, Any]]:
    """Give the sections of a text: a shared one's as they hold here, then the page's own."""
    own = [
        {
            "heading": section.heading,
            "intro": section.intro,
            "clauses": [_clause(clause, shared is not None) for clause in section.clauses],
        }
        for section in blocks.sections_of(stream)
    ]
    if shared is None:
        return own
    varied = {
        clause_id: {
            "is_left_out": block.value["is_left_out"],
            "text": block.value["text"],
            "terms": _terms(block.value["terms"]),
            "why": block.value["why"],
        }
        for block in variations or ()
        for clause_id in blocks.uuids([block.value["clause"]])
    }
    return sharing.composed(shared, varied, page_id) + own


def _terms(terms: Any) -> list[dict[str, Any]]:
    # A term that an unfinished draft has only half of is shown when it is whole.
    return [
        {"measure": term["measure"], "value": term["value"]}
        for term in terms
        if term["measure"] and term["value"] is not None
    ]


def _clause(clause: Any, is_local: bool) -> dict[str, Any]:
    value = clause.value
    return {
        "clause_id": clause.id,
        "printed_number": value["printed_number"],
        "party": value["party"],
        "text": value["text"],
        "legal_reference": value["legal_reference"],
        "legal_editions": list(value["legal_editions"]),
        "see": blocks.uuids(value["see"]),
        "terms": _terms(value["terms"]),
        "is_local": is_local,
    }


def hold(page: TextPage) -> None:
    """Lock the agreements of a page that is about to be published, before the page's own row.

    Withdrawing locks the agreement and then the page: taken the other way round, the two would wait
    for each other. The shared text comes before what stands on it, as when it is published itself:
    it is read as it was before or as it is after, never in between.
    """
    shared = page.stands_on()
    for page_id in (None if shared is None else shared.pk, page.pk):
        if page_id is not None:
            Agreement.objects.locked().filter(page_id=page_id).first()


def hand_over(page: TextPage) -> AgreementVersion | None:
    """Make the version of a page that has just been published; nothing when it has one already.

    Raises NotAllowed, which stops the publication and tells the editor why, when the agreement's own
    rules refuse the text, and NotPermitted when the person may not publish.
    """
    from pages.models import PublishedRevision

    if not page.live or page.live_revision_id is None:
        return None
    known = (
        PublishedRevision.objects.filter(revision=page.live_revision_id)
        .select_related("version__agreement")
        .first()
    )
    if known is not None and known.version.agreement.withdrawn_at is None:
        return None
    by = acting_user()
    if (shared := page.stands_on()) is not None:
        stood_on = Agreement.objects.filter(page_id=shared.pk).first()
        if stood_on is not None and stood_on.withdrawn_at is not None:
            raise NotAllowed(
                f"The shared text “{stood_on.title}” was withdrawn. Take this text off it first."
            )
    agreement = actions.create_agreement(
        partnership=page.partnership,
        title=page.title,
        kind=page.document_kind,
        mode=page.document_mode,
        by=by,
        page_id=page.pk,
    )
    version = actions.publish_version(
        agreement=agreement,
        content=content_of(page),
        is_material=page.change_is_material,
        change_note=page.change_note,
        by=by,
    )
    for local in page.standing_on_it():
        _follow(local, page, version)
    if known is None:
        PublishedRevision.objects.create(
            revision_id=page.live_revision_id, version=version, published_by=by
        )
    return version


def _follow(local: TextPage, shared: TextPage, version: AgreementVersion) -> None:
    """Publish a partnership's text again because the shared text that it stands on has changed.

    Raises NotAllowed, which stops the publication of the shared text, when the two contradict each
    other: somebody has to decide.
    """
    agreement = local.agreement()
    if agreement is None or agreement.withdrawn_at is not None:
        return
    note = f"The shared text “{version.agreement.title}” was changed. {shared.change_note}".strip()
    try:
        actions.publish_version(
            agreement=agreement,
            content=content_of(local),
            is_material=shared.change_is_material,
            change_note=note,
            # Nobody of the partnership did it: its own people are told by the version's event.
            by=None,
        )
    except NotAllowed as refusal:
        raise NotAllowed(
            f"The text of {agreement.partnership.name} cannot follow this change: {refusal.reason}"
        ) from refusal


def shared_version(shared: SharedAgreementPage | None) -> AgreementVersion | None:
    """Give the published version of a shared text; the last one where it was withdrawn."""
    agreement = None if shared is None else shared.agreement()
    return None if agreement is None else agreements.latest_version(agreement)


def take_back(instance: Any, **kwargs: Any) -> None:
    """Withdraw the agreement of a page that has just been unpublished."""
    from pages.models import TextPage

    if isinstance(instance, TextPage) and (agreement := instance.agreement()) is not None:
        ended = timezone.localtime(instance.expire_at) if instance.expired else None
        reason = "" if ended is None else f"It was published to end on {ended:%-d %B %Y}."
        actions.withdraw(agreement=agreement, by=acting_user(), reason=reason)


def unpublish(event: Event, *, agreement: Agreement, **_: Any) -> None:
    """Take the page of an agreement that has just been withdrawn off the site."""
    from pages.models import TextPage

    if agreement.page_id is None:
        return
    found = Page.objects.filter(pk=agreement.page_id, live=True).first()
    if found is None:
        return
    page = found.specific
    if isinstance(page, TextPage) and (reason := page.why_not_taken_back()):
        raise NotAllowed(reason)
    page.unpublish(user=event.by)


#: What pages do when something happens to an agreement (see workflows/handovers.py).
ANSWERS: Final = {"agreement_withdrawn": [unpublish]}


def acting_user() -> User | None:
    """Give who is publishing; None when a date set in advance does it."""
    user = get_active_log_context().user
    return user if isinstance(user, User) else None
