"""Django's view of this folder."""

from django.apps import AppConfig


class QuestionnairesConfig(AppConfig):
    """Register the folder as an application, and who may change the questions."""

    name = "workflows.questionnaires"

    def ready(self) -> None:
        """Register who may change questionnaires."""
        from permissions import grants as permissions
        from workflows.questionnaires import grants

        permissions.register("questionnaires", grants.PERMISSIONS, grants.GRANTS)
