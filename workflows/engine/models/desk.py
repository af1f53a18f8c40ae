"""What people keep beside their tasks: views of the inbox, and notes."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone

from workflows.engine.states import NoteAudience

from .running import Task

#: Each is counted whenever the inbox is opened, and has its place in one row of links.
MOST_VIEWS = 12


class SavedView(models.Model):
    """A tab of somebody's inbox with filters and an order, under a name of their own.

    Never words that were searched for: they name pupils, and would be kept for ever.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    name = models.CharField(max_length=60)
    tab = models.CharField(max_length=20)
    filters = models.JSONField(default=dict, blank=True)
    place = models.PositiveSmallIntegerField()
    is_default = models.BooleanField(default=False)

    class Meta:
        default_permissions: ClassVar = ()
        ordering: ClassVar = ["place"]
        constraints: ClassVar = [
            models.UniqueConstraint("user", Lower("name"), name="engine_view_named_once"),
            models.UniqueConstraint(fields=["user", "place"], name="engine_view_placed_once"),
            models.UniqueConstraint(
                fields=["user"], condition=Q(is_default=True), name="engine_one_default_view"
            ),
            models.CheckConstraint(
                condition=Q(place__gte=1, place__lte=MOST_VIEWS), name="engine_views_not_too_many"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="engine_view_has_name"),
        ]

    def __str__(self) -> str:
        return self.name


class TaskNote(models.Model):
    """A remark on a task for those who may see it. Never changed, never deleted."""

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="notes", db_index=False)
    audience = models.CharField(max_length=20, choices=NoteAudience.choices)
    text = models.TextField(max_length=2000)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    written_at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions: ClassVar = ()
        ordering: ClassVar = ["written_at", "pk"]
        indexes: ClassVar = [
            models.Index(fields=["task", "written_at"], name="engine_note_task"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(text=""), name="engine_note_has_text"),
            models.CheckConstraint(
                condition=Q(audience__in=NoteAudience.values), name="engine_note_audience"
            ),
        ]

    def __str__(self) -> str:
        return f"Note {self.pk}"

    def get_absolute_url(self) -> str:
        """Address of the note among those of its task."""
        from django.urls import reverse

        return f"{reverse('engine:notes', args=[self.task_id])}#note-{self.pk}"

    @property
    def reference(self) -> str:
        """The task's, for messages about the note."""
        return self.task.reference


class Mention(models.Model):
    """Somebody whom a note asks to look. It lets nobody see more than they may anyway."""

    note = models.ForeignKey(TaskNote, on_delete=models.PROTECT, related_name="mentions")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )

    class Meta:
        default_permissions: ClassVar = ()
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "note"], name="engine_mentioned_once"),
        ]

    def __str__(self) -> str:
        return f"Mention {self.pk}"
