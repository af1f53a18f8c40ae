"""Django's view of this folder: its grants, and bank holidays after each migrate."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class CalendarConfig(AppConfig):
    """Register the folder as an application."""

    name = "workflows.calendar"
    label = "calendar"
    verbose_name = "Calendar"

    def ready(self) -> None:
        """Register who may change term dates, and have bank holidays from the start."""
        from permissions import grants as registry
        from workflows.engine import working_days

        from . import grants, queries

        registry.register("calendar", grants.PERMISSIONS, grants.GRANTS)
        working_days.register(queries.bank_holidays_between)
        post_migrate.connect(
            _add_bank_holidays, sender=self, dispatch_uid="calendar.add_bank_holidays"
        )


def _add_bank_holidays(using: str, **_: Any) -> None:
    """Add the bank holidays, where there is a table for them."""
    from django.db import connections

    from . import actions
    from .models import BankHoliday

    # After `migrate calendar zero` there is none.
    if BankHoliday._meta.db_table in connections[using].introspection.table_names():
        actions.add_bank_holidays()
