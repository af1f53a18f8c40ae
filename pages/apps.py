"""Django's view of this folder."""

from django.apps import AppConfig


class PagesConfig(AppConfig):
    """Register the folder as an application."""

    name = "pages"
