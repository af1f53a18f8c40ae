"""Django's view of this folder."""

from django.apps import AppConfig


class ReferralsConfig(AppConfig):
    """Register the folder as an application."""

    name = "workflows.referrals"
