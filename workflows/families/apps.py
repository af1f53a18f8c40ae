"""Django's view of this folder."""

from django.apps import AppConfig


class FamiliesConfig(AppConfig):
    """Register the folder as an application."""

    name = "workflows.families"

    def ready(self) -> None:
        """Register who may do what, who is told about what, and the panel on a case's page."""
        from permissions import grants as permissions
        from workflows.cases import sections
        from workflows.engine import events
        from workflows.families import grants, notifications, views

        permissions.register("families", grants.PERMISSIONS, grants.GRANTS)
        events.notify_with(notifications.NOTIFICATIONS)
        sections.register(views.family_section)
