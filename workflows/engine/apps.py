"""The engine as a Django application."""

from __future__ import annotations

from django.apps import AppConfig


class EngineConfig(AppConfig):
    """Registers the engine's own permissions; imports no process."""

    name = "workflows.engine"
    label = "engine"
    verbose_name = "Engine"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register who may manage tasks, and who is told about them, and when they are due."""
        from permissions import grants as registry

        from . import events, feeds, grants, notifications

        registry.register("engine", grants.PERMISSIONS, grants.GRANTS)
        events.notify_with(notifications.NOTIFICATIONS)
        feeds.register(feeds.due_dates)
