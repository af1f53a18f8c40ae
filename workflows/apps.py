"""Django's view of this folder."""

from django.apps import AppConfig


class WorkflowsConfig(AppConfig):
    """Register the folder as an application."""

    name = "workflows"
