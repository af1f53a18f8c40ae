"""From a published page to an agreement version.

The only place where a page's text leaves Wagtail. It is keyed on the published revision: drafts and
the editor's automatic saves never come here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wagtail.actions.publish_revision import PublishPermissionError
from wagtail.log_actions import get_active_log_context

from pages import blocks
from permissions.models import User
from workflows.agreements import actions
from workflows.agreements.models import AgreementVersion
from workflows.engine.exceptions import NotAllowed

if TYPE_CHECKING:
    from pages.models import TextPage


def content_of(page: TextPage) -> dict[str, Any]:
    """Give a page's text in the shape that `agreements.rules.normalised` reads."""
    return {
        "title": page.title,
        "kind": page.document_kind,
        "mode": page.document_mode,
        "intro": page.intro,
        "issued_date": page.issued_date,
        "review_date": page.review_date,
        "approval": page.approval,
        "sections": [
            {
                "heading": section.heading,
                "intro": section.intro,
                "clauses": [_clause(clause) for clause in section.clauses],
            }
            for section in blocks.sections_of(page.sections)
        ],
    }


def _clause(clause: Any) -> dict[str, Any]:
    value = clause.value
    return {
        "clause_id": clause.id,
        "printed_number": value["printed_number"],
        "party": value["party"],
        "text": value["text"],
        "legal_reference": value["legal_reference"],
        # A term that an unfinished draft has only half of is shown when it is whole.
        "terms": [
            {"measure": term["measure"], "value": term["value"]}
            for term in value["terms"]
            if term["measure"] and term["value"] is not None
        ],
    }


def hand_over(page: TextPage) -> AgreementVersion | None:
    """Make the version of a page that has just been published; nothing when it has one already.

    Raises PublishPermissionError, which stops the publication, when the agreement's own rules
    refuse the text or its permission the person.
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
    try:
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
    except NotAllowed as refusal:
        raise PublishPermissionError(refusal.reason) from refusal
    if known is None:
        PublishedRevision.objects.create(
            revision_id=page.live_revision_id, version=version, published_by=by
        )
    return version


def take_back(instance: Any, **kwargs: Any) -> None:
    """Withdraw the agreement of a page that has just been unpublished."""
    from pages.models import TextPage

    if isinstance(instance, TextPage) and (agreement := instance.agreement()) is not None:
        actions.withdraw(agreement=agreement, by=acting_user())


def acting_user() -> User | None:
    """Give who is publishing; None when a date set in advance does it."""
    user = get_active_log_context().user
    return user if isinstance(user, User) else None
