"""Which published revision stands behind which version."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from wagtail.models import Revision

from workflows.agreements.models import AgreementVersion


class PublishedRevision(models.Model):
    """Which revision of a page stands behind which version. Keeps the revision from purging."""

    revision = models.OneToOneField(Revision, on_delete=models.PROTECT, related_name="published_as")
    version = models.ForeignKey(AgreementVersion, on_delete=models.PROTECT, related_name="+")
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    def __str__(self) -> str:
        return f"{self.version}"
