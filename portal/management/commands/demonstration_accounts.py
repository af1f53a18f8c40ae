"""`manage.py demonstration_accounts`: who can sign in to the demonstration."""

from __future__ import annotations

import textwrap
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from portal.demonstration import accounts


class Command(BaseCommand):
    """Print one account per role and organisation, and the password they share."""

    help = "List the demonstration's accounts: one for each role of each organisation."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the table, or say that there is none."""
        rows = list(accounts.lines())
        password = getattr(settings, "DEMONSTRATION_PASSWORD", "")
        if not rows or not password:
            self.stdout.write("There are no demonstration accounts in this database.")
            return
        self.stdout.write(f"\nDemonstration accounts. Their password: {password}\n")
        self.stdout.write("An e-mail address is a name before the @, then the rest of the line.\n")
        for kind, organisation, addresses in rows:
            self.stdout.write(f"\n{kind}: {organisation}")
            self.stdout.write(
                textwrap.fill(addresses, 96, initial_indent="    ", subsequent_indent="    ")
            )
