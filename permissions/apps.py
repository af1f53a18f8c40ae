"""Django's view of this folder."""

from django.apps import AppConfig


class PermissionsConfig(AppConfig):
    """Register the folder as an application."""

    name = "permissions"
