"""Django's view of this folder."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """Register the folder as an application, its grants, and its panel of the case's page."""

    name = "workflows.cases"

    def ready(self) -> None:
        """Register which roles may do what, who is told of what, and the panels of a case's page."""
        from permissions import grants as permissions
        from workflows.engine import events

        from . import grants, maps, notifications, sections, views

        permissions.register("cases", grants.PERMISSIONS, grants.GRANTS)
        events.notify_with(notifications.NOTIFICATIONS)
        sections.register(maps.map_section)
        sections.register(views.contact_section)
        sections.register(views.links_section)
