"""Background jobs of accounts: the e-mail with the link to set a password.

The queue keeps the account's number alone: the link is made when the message is sent, and is never
stored.
"""

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from permissions.models import User

# Names nobody and says nothing of the account: it is read on lock screens.
SUBJECT = "Set your password for Accord"


def queue_password_link(user: User, *, invited: bool) -> None:
    """Queue the e-mail as part of the current transaction; one that is waiting already is enough."""
    try:
        with transaction.atomic():
            send_password_link.configure(queueing_lock=f"password-link-{user.pk}").defer(
                user_id=user.pk, invited=invited
            )
    except AlreadyEnqueued:
        pass


@app.task(
    name="permissions.send_password_link",
    queue="mail",
    retry=RetryStrategy(max_attempts=3, exponential_wait=8),
)
def send_password_link(user_id: int, invited: bool) -> None:
    """Send the link to set a password, unless the account has been closed meanwhile."""
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is None:
        return
    path = reverse(
        "permissions:set_password",
        args=[
            urlsafe_base64_encode(force_bytes(user.pk)),
            default_token_generator.make_token(user),
        ],
    )
    body = render_to_string(
        "mail/password_link.txt",
        {
            "user": user,
            "invited": invited,
            "link": f"{settings.WAGTAILADMIN_BASE_URL}{path}",
            "days": settings.PASSWORD_RESET_TIMEOUT // (24 * 60 * 60),
        },
    )
    send_mail(SUBJECT, body, settings.DEFAULT_FROM_EMAIL, [user.email])
