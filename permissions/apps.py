"""Django's view of this folder: registers its grants and keeps the database's in step."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class PermissionsConfig(AppConfig):
    """Register the folder as an application."""

    name = "permissions"
    verbose_name = "Permissions"

    def ready(self) -> None:
        """Register this slice's grants, and make the database follow after each migrate."""
        from permissions import grants

        grants.register("permissions", grants.PERMISSIONS, grants.GRANTS)
        post_migrate.connect(_sync_grants, sender=self, dispatch_uid="permissions.sync_grants")


def _sync_grants(using: str, **_: Any) -> None:
    """Bring grants in line with the tables, where there are tables to bring in line."""
    from django.contrib.contenttypes.models import ContentType
    from django.db import connections

    from permissions import grants
    from permissions.models import OrganisationGroupPermission

    # After `migrate permissions zero` there are none.
    if OrganisationGroupPermission._meta.db_table in connections[using].introspection.table_names():
        # A flush gives the same rows other numbers.
        ContentType.objects.clear_cache()
        grants.sync()
