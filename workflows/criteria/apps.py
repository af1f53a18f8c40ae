"""Django's view of this folder."""

from django.apps import AppConfig


class CriteriaConfig(AppConfig):
    """Register the folder as an application, and who may change criteria."""

    name = "workflows.criteria"

    def ready(self) -> None:
        """Register who may change criteria, and that they name answers to questions."""
        from permissions import grants as permissions
        from workflows.criteria import grants, queries
        from workflows.questionnaires import queries as questionnaires

        permissions.register("criteria", grants.PERMISSIONS, grants.GRANTS)
        questionnaires.register_use(queries.answers_named)
