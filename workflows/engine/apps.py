"""Django's view of this folder."""

from django.apps import AppConfig


class EngineConfig(AppConfig):
    """Register the folder as an application."""

    name = "workflows.engine"
