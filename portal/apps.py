"""Django's view of this folder."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Register the folder as an application."""

    name = "portal"
