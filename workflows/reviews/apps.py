"""Django's view of this folder."""

from django.apps import AppConfig


class ReviewsConfig(AppConfig):
    """Register the folder as an application."""

    name = "workflows.reviews"

    def ready(self) -> None:
        """Register who may do what, who is told about what, the panel on a case's page, the dates."""
        from permissions import grants as permissions
        from workflows.cases import sections
        from workflows.engine import events, feeds
        from workflows.reviews import grants, notifications, queries, views

        permissions.register("reviews", grants.PERMISSIONS, grants.GRANTS)
        events.notify_with(notifications.NOTIFICATIONS)
        sections.register(views.case_section)
        feeds.register(queries.dates)
