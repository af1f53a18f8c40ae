"""What editors have set a date for: each text on its own, so that one that is refused holds up no other.

Wagtail's own command does the same in one go and stops at the first refusal.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any, Final

from django.apps import apps
from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log
from wagtail.models import DraftStateMixin, Page, PageLogEntry, Revision

from pages import publishing
from pages.models import TextPage
from permissions import queries as permissions
from permissions.exceptions import NotAllowed
from permissions.models import User
from workflows.engine import events
from workflows.engine.events import Notification
from workflows.engine.models import Event

logger = logging.getLogger(__name__)

REFUSED: Final = "pages.date_refused"
# What an editor does about a refusal; after any of these it is no news any more.
_SINCE: Final = ("wagtail.publish", "wagtail.publish.schedule", "wagtail.unpublish")


def do_what_is_due() -> None:
    """Take back and publish what has come to its date; tells of what is refused.

    Raises ExceptionGroup at the end where something failed that is nobody's refusal.
    """
    failures: list[Exception] = []
    for thing, act, forget in [*_expired(), *_to_publish()]:
        try:
            with transaction.atomic():
                act()
        except NotAllowed as refusal:
            with transaction.atomic():
                forget()
                _tell(thing, refusal.reason)
        except Exception as failure:
            logger.exception("What was set for a date failed: %s %s", type(thing), thing.pk)
            failures.append(failure)
    if failures:
        raise ExceptionGroup("Something that was set for a date failed", failures)


Due = tuple[Any, Callable[[], Any], Callable[[], Any]]


def _expired() -> Iterator[Due]:
    models = [Page]
    models += [
        model
        for model in apps.get_models()
        if issubclass(model, DraftStateMixin) and not issubclass(model, Page)
    ]
    for model in models:
        found = model.objects.filter(live=True, expire_at__lt=timezone.now())
        for thing in list(found.order_by("expire_at")):
            yield thing, partial(_take_back, thing), partial(_keep, thing)


def _take_back(thing: Any) -> None:
    thing = thing.specific if isinstance(thing, Page) else thing
    if isinstance(thing, TextPage):
        publishing.hold(thing)
        if reason := thing.why_not_taken_back():
            raise NotAllowed(reason)
    thing.unpublish(set_expired=True, log_action="wagtail.unpublish.scheduled")


def _keep(thing: Any) -> None:
    """Forget the date: it would be refused again every five minutes."""
    type(thing).objects.filter(pk=thing.pk).update(expire_at=None)


def _to_publish() -> Iterator[Due]:
    due = Revision.objects.filter(approved_go_live_at__lt=timezone.now())
    for revision in list(due.order_by("approved_go_live_at")):
        thing = revision.content_object
        publish = partial(revision.publish, log_action="wagtail.publish.scheduled")
        yield thing, publish, partial(_leave_as_draft, revision)


def _leave_as_draft(revision: Revision) -> None:
    Revision.objects.filter(pk=revision.pk).update(approved_go_live_at=None)


def _tell(thing: Any, reason: str) -> None:
    log(instance=thing, action=REFUSED, data={"reason": reason})
    text = thing.specific if isinstance(thing, Page) else thing
    if isinstance(text, TextPage):
        events.announce(
            "publication_refused",
            subject=text.partnership,
            by=None,
            organisation=text.partnership,
            summary=f"What was set for a date did not happen to “{text.title}”. {reason}",
            data={"page": text.pk, "partnership": text.partnership.pk},
        )


def refusal(page: Page) -> str:
    """Give why what was set for a date did not happen; empty where somebody has acted since."""
    entry = (
        PageLogEntry.objects.filter(page=page.pk, action__in=(REFUSED, *_SINCE))
        .order_by("-pk")
        .first()
    )
    if entry is None or entry.action != REFUSED:
        return ""
    return str(entry.data.get("reason", ""))


def editors(event: Event) -> Iterable[User]:
    """Give the people who write and publish the texts of an organisation."""
    return permissions.people_with("draft_agreement", event.data["partnership"])


#: Who is told of what became of a date.
NOTIFICATIONS: Final[dict[str, list[Notification]]] = {
    "publication_refused": [
        Notification(
            to=editors,
            template="mail/publication_refused.txt",
            subject="A text was not published or taken back on its date",
        )
    ]
}
