"""Django's view of this folder."""

from django.apps import AppConfig


class PanelsConfig(AppConfig):
    """Register the folder as an application."""

    name = "workflows.panels"

    def ready(self) -> None:
        """Register who may do what, who is told about what, and the meetings in calendar feeds."""
        from permissions import grants as permissions
        from workflows.engine import events, feeds

        from . import grants, notifications, queries

        permissions.register("panels", grants.PERMISSIONS, grants.GRANTS)
        events.notify_with(notifications.NOTIFICATIONS)
        feeds.register(queries.feed_entries)
