"""`manage.py load_demonstration`: one local authority, five partnerships and sixty cases."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from portal.demonstration import loading


class Command(BaseCommand):
    """Load the demonstration into an empty service."""

    help = "Load the demonstration: invented organisations, people and sixty cases, once."

    def handle(self, *args: Any, **options: Any) -> None:
        """Refuse where real people could be; otherwise load, all or nothing."""
        if not getattr(settings, "DEMONSTRATION_PASSWORD", ""):
            raise CommandError(
                "The demonstration has accounts with a known password, so it is not loaded in "
                "production. Use the development settings on a database of their own."
            )
        if get_user_model().objects.exists():
            raise CommandError(
                "There are accounts already. Load the demonstration into an empty database."
            )
        loading.load(self.show)
        self.stdout.write(f"Loaded {loading.CASES} cases. See who can sign in with")
        self.stdout.write("  manage.py demonstration_accounts")

    def show(self, done: int, of: int) -> None:
        """Say how far it is, now and then."""
        if done % 10 == 0:
            self.stdout.write(f"  {done} of {of} cases begun")
            self.stdout.flush()
