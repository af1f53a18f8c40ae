"""Messages about events: to whom, when, and how they are written.

The subject line names nobody, because it is read on lock screens. The body has the reference and
a link; what happened is read in Accord, by those who may. A person gets each message at once, or,
where they chose so, all of a day's in one digest; what is marked `at_once` never waits.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string

from . import covers, events
from .models import Event, MailPreference, WaitingMail


def addressees(event_id: int) -> list[tuple[int, int]]:
    """Return pairs of notification number and person; each person once, active ones only.

    Whoever covers for one of them is told as well of what is about a task that they cover. Whoever
    did it is not told of it.
    """
    event = Event.objects.get(pk=event_id)
    found: dict[int, int] = {}
    for number, notification in enumerate(events.notifications_for(event.kind)):
        for person in notification.to(event):
            if person.is_active and person.email and person.pk != event.by_id:
                found.setdefault(person.pk, number)
    for absent, covering in covers.stand_ins(list(found), event.subject):
        if covering != event.by_id:
            found.setdefault(covering, found[absent])
    return [(number, person) for person, number in found.items()]


def keep_for_digest(event_id: int, found: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Keep what people want once a day until then; return what is to be sent at once."""
    rows = events.notifications_for(Event.objects.get(pk=event_id).kind)
    daily = set(
        MailPreference.objects.filter(
            how=MailPreference.How.DAILY, user__in=[person for _, person in found]
        ).values_list("user", flat=True)
    )
    waits = [(number, who) for number, who in found if who in daily and not rows[number].at_once]
    WaitingMail.objects.bulk_create(
        [WaitingMail(user_id=who, event_id=event_id, number=number) for number, who in waits],
        # The job may run a second time.
        ignore_conflicts=True,
    )
    return [pair for pair in found if pair not in waits]


def send(event_id: int, number: int, user_id: int) -> bool:
    """Send one message; returns whether it was sent. Somebody who has left is sent nothing."""
    event = Event.objects.get(pk=event_id)
    user = get_user_model().objects.filter(pk=user_id, is_active=True).first()
    rows = events.notifications_for(event.kind)
    if user is None or number >= len(rows):
        return False
    notification = rows[number]
    _post(
        user,
        notification.subject,
        render_to_string(notification.template, context_for(event, user)),
        notification.attach(event, user) if notification.attach else (),
    )
    return True


# --- Once a day ---------------------------------------------------------------------------------


@dataclass
class About:
    """What a digest says about one reference, or about nothing that has one."""

    reference: str
    link: str
    lines: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def sentences(self) -> list[str]:
        """Return what happened, each kind once."""
        return [
            f"{line} ({times} times)" if times > 1 else line for line, times in self.lines.items()
        ]


@transaction.atomic
def send_digest(user_id: int) -> bool:
    """Send everything that waits for a person in one message; returns whether there was anything.

    Two at once do not send the same: each takes the rows that the other has not.
    """
    waiting = list(
        WaitingMail.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(user=user_id)
        .select_related("event")
        .order_by("pk")
    )
    user = get_user_model().objects.filter(pk=user_id, is_active=True).first()
    about: dict[str, About] = {}
    for one in waiting:
        rows = events.notifications_for(one.event.kind)
        if user is None or one.number >= len(rows):
            continue
        context = context_for(one.event, user)
        reference = context["reference"]
        group = about.setdefault(reference, About(reference, context["link"] if reference else ""))
        group.lines[rows[one.number].subject] += 1
    WaitingMail.objects.filter(pk__in=[one.pk for one in waiting]).delete()
    if user is None or not about:
        return False
    count = sum(sum(group.lines.values()) for group in about.values())
    # What has no reference comes last.
    groups = sorted(about.values(), key=lambda group: not group.reference)
    body = render_to_string(
        "mail/digest.txt", {"user": user, "groups": groups, "link": f"{site()}/tasks/"}
    )
    _post(user, f"Your daily summary ({count} new)", body)
    return True


# --- How they are written -----------------------------------------------------------------------


def context_for(event: Event, user: Any) -> dict[str, Any]:
    """Return what the templates of messages get."""
    subject = event.subject
    address = getattr(subject, "get_absolute_url", None)
    return {
        "event": event,
        "reference": getattr(subject, "reference", ""),
        "link": site() + (address() if address is not None else "/tasks/"),
        "user": user,
        "absent": [cover.absent for cover in covers.covering(user)],
    }


def site() -> str:
    """Return the address of this service without a slash at its end."""
    return str(settings.WAGTAILADMIN_BASE_URL).rstrip("/")


def _post(user: Any, subject: str, body: str, files: Iterable[tuple[str, bytes, str]] = ()) -> None:
    message = EmailMessage(subject=f"Accord: {subject}", body=body, to=[user.email])
    for name, content, content_type in files:
        message.attach(name, content, content_type)
    message.send()
