"""Django's view of this folder."""

from django.apps import AppConfig


class AgreementsConfig(AppConfig):
    """Register the folder as an application."""

    name = "workflows.agreements"

    def ready(self) -> None:
        """Register who may do what, and who is told about what."""
        from permissions import grants as permissions
        from workflows.agreements import grants, notifications
        from workflows.engine import events

        permissions.register("agreements", grants.PERMISSIONS, grants.GRANTS)
        events.notify_with(notifications.NOTIFICATIONS)
