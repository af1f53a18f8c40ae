"""Django's view of this folder; installed by the testing settings alone."""

from django.apps import AppConfig


class EngineFlowsConfig(AppConfig):
    """Register the folder as an application, with the permissions its steps ask for."""

    name = "tests.engine_flows"
    label = "engine_flows"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register who may do the steps."""
        from permissions import grants
        from permissions.roles import Role

        grants.register(
            "engine_flows",
            {"pack_parcel": "Pack a parcel", "vote_on_parcel": "Vote on a parcel"},
            {
                Role.OFFICER: {"pack_parcel"},
                Role.PANEL_MEMBER: {"vote_on_parcel"},
                Role.PANEL_CHAIR: {"vote_on_parcel"},
            },
        )
