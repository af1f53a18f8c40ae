"""The data of questionnaires: one for each partnership, and its versions.

A version that has been in use is never changed: a trigger refuses it, and a referral keeps the
version it was begun with.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone

from permissions.audit import track
from permissions.models import Organisation
from workflows.questionnaires.states import Status


def _person() -> Any:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )


class Questionnaire(models.Model):
    """What a partnership asks whoever refers a pupil to it."""

    partnership = models.OneToOneField(
        Organisation, on_delete=models.PROTECT, related_name="questionnaire"
    )

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"Questionnaire of {self.partnership}"


@track(organisation="questionnaire__partnership", show_values=False)
class QuestionnaireVersion(models.Model):
    """The questions as they were from one publication to the next, or a draft of the next."""

    questionnaire = models.ForeignKey(
        Questionnaire, on_delete=models.PROTECT, related_name="versions"
    )
    number = models.PositiveIntegerField()
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.DRAFT)
    # As `rules.read` understands it.
    content = models.JSONField()
    # Of the content, from publication on.
    sha256 = models.CharField(max_length=64, blank=True)
    # How often the draft was changed: who saves on top of a change they have not seen is told.
    revision = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField(default=timezone.now)
    changed_by = _person()
    published_at = models.DateTimeField(null=True, blank=True)
    # Empty for the questions that Accord itself begins with.
    published_by = _person()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["questionnaire", "number"], name="questionnaire_version_number"
            ),
            models.UniqueConstraint(
                fields=["questionnaire"],
                condition=models.Q(status=Status.DRAFT),
                name="questionnaire_one_draft",
            ),
            models.UniqueConstraint(
                fields=["questionnaire"],
                condition=models.Q(status=Status.PUBLISHED),
                name="questionnaire_one_in_use",
            ),
            models.CheckConstraint(
                condition=models.Q(status=Status.DRAFT, published_at__isnull=True, sha256="")
                | ~models.Q(status=Status.DRAFT)
                & models.Q(published_at__isnull=False)
                & ~models.Q(sha256=""),
                name="questionnaire_published_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.questionnaire}, version {self.number}"
