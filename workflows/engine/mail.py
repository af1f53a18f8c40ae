"""Messages about events: to whom, and how they are written.

The subject line names nobody, because it is read on lock screens. The body has the reference and
a link; what happened is read in Accord, by those who may.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import EmailMessage
from django.template.loader import render_to_string

from . import events
from .models import Event


def addressees(event_id: int) -> list[tuple[int, int]]:
    """Return pairs of notification number and person; each person once, active ones only.

    Whoever did it is not told of it.
    """
    event = Event.objects.get(pk=event_id)
    found: dict[int, int] = {}
    for number, notification in enumerate(events.notifications_for(event.kind)):
        for person in notification.to(event):
            if person.is_active and person.email and person.pk != event.by_id:
                found.setdefault(person.pk, number)
    return [(number, person) for person, number in found.items()]


def send(event_id: int, number: int, user_id: int) -> bool:
    """Send one message; returns whether it was sent. Somebody who has left is sent nothing."""
    event = Event.objects.get(pk=event_id)
    user = get_user_model().objects.filter(pk=user_id, is_active=True).first()
    rows = events.notifications_for(event.kind)
    if user is None or number >= len(rows):
        return False
    notification = rows[number]
    EmailMessage(
        subject=f"Accord: {notification.subject}",
        body=render_to_string(notification.template, context_for(event, user)),
        to=[user.email],
    ).send()
    return True


def context_for(event: Event, user: Any) -> dict[str, Any]:
    """Return what the templates of messages get."""
    subject = event.subject
    address = getattr(subject, "get_absolute_url", None)
    return {
        "event": event,
        "reference": getattr(subject, "reference", ""),
        "site": site(),
        "link": site() + (address() if address is not None else "/tasks/"),
        "user": user,
    }


def site() -> str:
    """Return the address of this service without a slash at its end."""
    return str(settings.WAGTAILADMIN_BASE_URL).rstrip("/")
