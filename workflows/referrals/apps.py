"""Django's view of this folder."""

from django.apps import AppConfig


class ReferralsConfig(AppConfig):
    """Register the folder as an application."""

    name = "workflows.referrals"

    def ready(self) -> None:
        """Register who may do what, who is told about what, and the panel on a case's page."""
        from permissions import grants as permissions
        from workflows.cases import sections
        from workflows.engine import events
        from workflows.letters import samples

        from . import grants, notifications, queries, views

        permissions.register("referrals", grants.PERMISSIONS, grants.GRANTS)
        events.notify_with(notifications.NOTIFICATIONS)
        sections.register(views.case_section)
        sections.register(views.review_section)
        samples.register(
            queries.LETTERS, samples.Source(queries.cases_with_letter, queries.values_for_case)
        )
