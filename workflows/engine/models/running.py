"""The rows behind every flow: processes, their tasks, and who is kept away from some of them."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.utils import timezone
from viewflow.workflow.models import AbstractProcess, AbstractTask
from viewflow.workflow.status import STATUS

from permissions.roles import Role
from workflows.engine import states
from workflows.engine.models.arrangements import Cover


class Process(AbstractProcess):
    """One run of one flow about one subject (a referral, a review, a request)."""

    data = models.JSONField(default=dict, blank=True)
    subject_type = models.ForeignKey(
        ContentType, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    subject_id = models.PositiveBigIntegerField(null=True, blank=True)
    subject = GenericForeignKey("subject_type", "subject_id")
    organisation = models.ForeignKey(
        "permissions.Organisation",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Who runs it: its administrator sees it when a background step fails.",
    )
    reference = models.CharField(
        max_length=40,
        blank=True,
        help_text="The same as on its tasks: by it the processes of one case are found.",
    )

    # The library sets these two on every process; we keep neither, so they are no columns.
    parent_task = None
    seed = None

    class Meta:
        ordering: ClassVar = ["-created"]
        verbose_name_plural = "processes"
        default_permissions: ClassVar = ()
        indexes: ClassVar = [
            models.Index(fields=["subject_type", "subject_id"], name="engine_process_subject"),
            models.Index(
                fields=["reference"],
                condition=~Q(reference=""),
                name="engine_process_reference",
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["flow_class", "subject_type", "subject_id"],
                condition=Q(status="NEW"),
                name="engine_one_process_per_subject",
            ),
        ]

    def __str__(self) -> str:
        title = self.flow_class.process_title if self.flow_class else "Process"
        return f"{title} {self.pk}"

    @property
    def brief(self) -> str:
        """The title as plain text: the library would render a template and mark it safe."""
        return str(self)

    @property
    def artifact(self) -> Any:
        """The subject, under the name that the library uses for it."""
        return self.subject

    def forget_subject(self) -> None:
        """Drop the cached subject, so that the next reader sees what an action has written."""
        field = self._meta.get_field("subject")
        if field.is_cached(self):
            field.delete_cached_value(self)


class BareTask(AbstractTask):
    """The library's task without the columns that we do not use.

    `title` there is a property; it has to be hidden before a column may take its name.
    """

    title: Any = None
    assigned = None
    external_task_id = None
    owner_permission_content_type = None
    owner_permission_obj_pk = None

    class Meta:
        abstract = True


# A generic key cannot be hidden by name as a column can, and would look for its two columns.
BareTask._meta.private_fields.clear()
BareTask.owner_permission_obj = None


class Task(BareTask):
    """One thing that one person, one role or Accord itself must do, by a date."""

    process = models.ForeignKey(Process, on_delete=models.CASCADE)
    data = models.JSONField(default=dict, blank=True)
    status = models.CharField(max_length=50, choices=STATUS.choices, default=STATUS.NEW)
    created = models.DateTimeField(default=timezone.now)
    scheduled = models.DateTimeField(null=True, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="tasks",
        db_index=False,
    )
    organisation = models.ForeignKey(
        "permissions.Organisation",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        help_text="Whose task it is; the permission is asked for on this organisation.",
    )
    title = models.CharField(max_length=150, blank=True)
    reference = models.CharField(max_length=40, blank=True)
    headline = models.CharField(max_length=200, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    priority = models.SmallIntegerField(
        choices=states.Priority.choices, default=states.Priority.NORMAL
    )
    claimed_at = models.DateTimeField(null=True, blank=True)
    cover = models.ForeignKey(
        Cover,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="tasks",
        db_index=False,
        help_text="Set when a colleague did it for the person whose task it was.",
    )
    escalated_at = models.DateTimeField(null=True, blank=True)
    escalated_role = models.CharField(
        max_length=20,
        blank=True,
        help_text="The role of the organisation that is shown the task because it is late.",
    )
    snoozed_until = models.DateTimeField(
        null=True, blank=True, help_text="Put off by its owner: out of the way until then."
    )
    snooze_reason = models.CharField(max_length=200, blank=True)

    # Set by the library on every task and kept by nobody.
    seed = None
    artifact = None

    class Meta:
        ordering: ClassVar = ["-created"]
        default_permissions: ClassVar = ()
        indexes: ClassVar = [
            models.Index(
                fields=["owner", "due_at", "id"],
                condition=Q(flow_task_type=states.HUMAN, status=states.ASSIGNED),
                name="engine_task_mine",
            ),
            models.Index(
                fields=["organisation", "owner_permission", "due_at", "id"],
                condition=Q(flow_task_type=states.HUMAN, status=states.NEW),
                name="engine_task_unclaimed",
            ),
            models.Index(
                fields=["organisation", "owner_permission", "due_at", "id"],
                condition=Q(flow_task_type=states.HUMAN, status=states.ASSIGNED),
                name="engine_task_team",
            ),
            models.Index(
                fields=["owner", "-finished"],
                condition=Q(flow_task_type=states.HUMAN, status=states.DONE),
                name="engine_task_done",
            ),
            models.Index(
                fields=["scheduled"],
                condition=Q(status=states.SCHEDULED),
                name="engine_task_scheduled",
            ),
            models.Index(
                fields=["process"],
                condition=Q(status=states.ERROR),
                name="engine_task_failed",
            ),
            models.Index(
                fields=["reference"],
                condition=Q(status__in=states.OPEN),
                name="engine_task_reference",
            ),
            models.Index(
                fields=["cover", "-finished"],
                condition=Q(cover__isnull=False),
                name="engine_task_cover",
            ),
            models.Index(
                fields=["organisation", "escalated_role", "due_at", "id"],
                condition=Q(status__in=states.OPEN) & ~Q(escalated_role=""),
                name="engine_task_escalated",
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(flow_task_type=states.HUMAN)
                | (
                    Q(organisation__isnull=False)
                    & Q(owner_permission__isnull=False)
                    & ~Q(owner_permission="")
                ),
                name="engine_human_task_has_permission",
                violation_error_message="A task for a person needs a permission and an organisation.",
            ),
            models.CheckConstraint(
                condition=~Q(flow_task_type=states.HUMAN)
                | (Q(status=states.NEW) & Q(owner__isnull=True))
                | (
                    Q(status__in=[states.ASSIGNED, states.STARTED, states.DONE])
                    & Q(owner__isnull=False)
                )
                | Q(status__in=[states.CANCELED, states.ERROR, states.REVIVED]),
                name="engine_human_task_owner_fits_status",
            ),
            models.CheckConstraint(
                condition=Q(escalated_at__isnull=True, escalated_role="")
                | Q(escalated_at__isnull=False) & ~Q(escalated_role=""),
                name="engine_task_escalated_pair",
            ),
            models.CheckConstraint(
                condition=Q(priority__in=states.Priority.values), name="engine_task_priority"
            ),
            models.CheckConstraint(
                condition=Q(snoozed_until__isnull=True, snooze_reason="")
                | Q(snoozed_until__isnull=False, owner__isnull=False) & ~Q(snooze_reason=""),
                name="engine_task_snoozed_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(snoozed_until__isnull=True)
                | Q(due_at__isnull=True)
                | Q(snoozed_until__lte=models.F("due_at")),
                name="engine_task_not_snoozed_beyond_due",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title or self.flow_task_type} {self.pk}"

    @property
    def brief(self) -> str:
        """The title as plain text: the library would render a template and mark it safe."""
        return self.title

    @property
    def subject(self) -> Any:
        """What the process is about."""
        return self.process.subject

    @property
    def is_open(self) -> bool:
        """Whether it still waits for a person."""
        return self.status in states.OPEN

    @property
    def is_overdue(self) -> bool:
        """Whether it is open and its due time has passed."""
        return self.is_open and self.due_at is not None and self.due_at < timezone.now()

    @property
    def is_snoozed(self) -> bool:
        """Whether its owner has put it off and the day has not come."""
        return (
            self.is_open and self.snoozed_until is not None and self.snoozed_until > timezone.now()
        )

    def wake(self) -> None:
        """Forget that its owner has put it off; the caller saves."""
        self.snoozed_until = None
        self.snooze_reason = ""

    @property
    def escalated_to(self) -> str:
        """The role that is shown the task because it is late, in words; empty for none."""
        return Role(self.escalated_role).label.lower() if self.escalated_role else ""

    def get_absolute_url(self) -> str:
        """Address of the page on which the task is done."""
        from django.urls import reverse

        return reverse("engine:task", args=[self.pk])


class Barred(models.Model):
    """A person who must not act on anything that carries a reference (a conflict of interest)."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reference = models.CharField(max_length=40)
    reason = models.CharField(max_length=500)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions: ClassVar = ()
        verbose_name = "barred person"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "reference"], name="engine_barred_once"),
            models.CheckConstraint(condition=~Q(reference=""), name="engine_barred_from_something"),
        ]

    def __str__(self) -> str:
        return f"{self.reference}: barred {self.user_id}"
