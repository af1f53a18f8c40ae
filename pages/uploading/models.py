"""An uploaded document on its way to a draft, and the report on it afterwards."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from permissions.models import Organisation
from permissions.roles import OrganisationKind
from workflows.agreements.states import Kind


class Stage(models.TextChoices):
    """How far an import is. The first four follow each other; each import ends in one of the last two."""

    WAITING = "waiting", "Waiting to be read"
    READING = "reading", "Reading the document"
    RECOGNISING = "recognising", "Finding sections, clauses and numbers"
    DRAFTING = "drafting", "Making the draft"
    DONE = "done", "Done"
    FAILED = "failed", "Could not be imported"


FINISHED = (Stage.DONE, Stage.FAILED)


class DocumentImport(models.Model):
    """One uploaded document: its file until it has been read, then what was found in it.

    The file itself is not kept: the draft and the report hold all its words.
    """

    partnership = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        related_name="+",
        limit_choices_to={"kind": OrganisationKind.PARTNERSHIP},
    )
    kind = models.CharField(max_length=20, choices=Kind.choices)
    title = models.CharField(max_length=255, blank=True)
    file_name = models.CharField(max_length=255)
    content = models.BinaryField(null=True)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    uploaded_at = models.DateTimeField(default=timezone.now)
    stage = models.CharField(max_length=20, choices=Stage.choices, default=Stage.WAITING)
    # How many lines the document has; nothing before it has been read.
    lines = models.PositiveIntegerField(null=True)
    problem = models.TextField(blank=True)
    report = models.JSONField(null=True)
    # The draft; nothing once somebody has deleted it.
    page = models.ForeignKey(
        "wagtailcore.Page", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["partnership", "-uploaded_at"], name="import_partnership_at")
        ]
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                name="import_keeps_its_file_until_finished",
                condition=models.Q(
                    stage__in=FINISHED, finished_at__isnull=False, content__isnull=True
                )
                | (
                    ~models.Q(stage__in=FINISHED)
                    & models.Q(finished_at__isnull=True, content__isnull=False)
                ),
            ),
            models.CheckConstraint(
                name="import_done_has_a_report",
                condition=models.Q(stage=Stage.DONE, report__isnull=False)
                | (~models.Q(stage=Stage.DONE) & models.Q(report__isnull=True, page__isnull=True)),
            ),
            models.CheckConstraint(
                name="import_failed_says_why",
                condition=(models.Q(stage=Stage.FAILED) & ~models.Q(problem=""))
                | (~models.Q(stage=Stage.FAILED) & models.Q(problem="")),
            ),
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def is_finished(self) -> bool:
        """Say whether it has ended, well or not."""
        return self.stage in FINISHED
