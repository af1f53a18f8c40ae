"""Fire every timer that is due, once: for machines without a background worker, and for tests."""

from typing import Any

from django.core.management.base import BaseCommand

from workflows.engine import timers


class Command(BaseCommand):
    """Fire due timers."""

    help = "Fire every timer that is due and end every wait that is over."

    def handle(self, *args: Any, **options: Any) -> None:
        """Sweep once and say what was done."""
        swept = timers.sweep()
        self.stdout.write(f"{swept.fired} fired, {swept.busy} busy, {swept.failed} failed")
