"""The engine's tables; events cannot be changed or deleted."""

import django.db.models.deletion
import django.utils.timezone
import viewflow.workflow.fields
import viewflow.workflow.token
from django.conf import settings
from django.db import migrations, models

from permissions.appendonly import Protect


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("contenttypes", "0002_remove_content_type_name"),
        ("permissions", "0002_shape"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Process",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "flow_class",
                    viewflow.workflow.fields.FlowReferenceField(
                        max_length=250, verbose_name="Flow"
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[("CANCELED", "Canceled"), ("DONE", "Done"), ("NEW", "New")],
                        default="NEW",
                        max_length=50,
                        verbose_name="Status",
                    ),
                ),
                (
                    "created",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="Created"),
                ),
                ("finished", models.DateTimeField(blank=True, null=True, verbose_name="Finished")),
                ("data", models.JSONField(blank=True, default=dict)),
                ("subject_id", models.PositiveBigIntegerField(blank=True, null=True)),
                (
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        help_text="Who runs it: its administrator sees it when a background step fails.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="permissions.organisation",
                    ),
                ),
                (
                    "subject_type",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="contenttypes.contenttype",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "processes",
                "ordering": ["-created"],
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Task",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "flow_task",
                    viewflow.workflow.fields.TaskReferenceField(
                        max_length=255, verbose_name="Task"
                    ),
                ),
                ("flow_task_type", models.CharField(max_length=50, verbose_name="Type")),
                ("started", models.DateTimeField(blank=True, null=True, verbose_name="Started")),
                ("finished", models.DateTimeField(blank=True, null=True, verbose_name="Finished")),
                (
                    "token",
                    viewflow.workflow.fields.TokenField(
                        default=viewflow.workflow.token.Token("start"),
                        max_length=150,
                        verbose_name="Token",
                    ),
                ),
                (
                    "owner_permission",
                    models.CharField(
                        blank=True, max_length=255, null=True, verbose_name="Permission"
                    ),
                ),
                ("data", models.JSONField(blank=True, default=dict)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("ASSIGNED", "Assigned"),
                            ("CANCELED", "Canceled"),
                            ("DONE", "Done"),
                            ("ERROR", "Error"),
                            ("NEW", "New"),
                            ("REVIVED", "Revived"),
                            ("SCHEDULED", "Scheduled"),
                            ("STARTED", "Started"),
                        ],
                        default="NEW",
                        max_length=50,
                    ),
                ),
                ("created", models.DateTimeField(default=django.utils.timezone.now)),
                ("scheduled", models.DateTimeField(blank=True, null=True)),
                ("title", models.CharField(blank=True, max_length=150)),
                ("reference", models.CharField(blank=True, max_length=40)),
                ("headline", models.CharField(blank=True, max_length=200)),
                ("due_at", models.DateTimeField(blank=True, null=True)),
                ("priority", models.SmallIntegerField(default=0)),
                ("claimed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        help_text="Whose task it is; the permission is asked for on this organisation.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="permissions.organisation",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tasks",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "previous",
                    models.ManyToManyField(
                        related_name="leading", to="engine.task", verbose_name="Previous"
                    ),
                ),
                (
                    "process",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to="engine.process"
                    ),
                ),
            ],
            options={
                "ordering": ["-created"],
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Barred",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reference", models.CharField(max_length=40)),
                ("reason", models.CharField(max_length=500)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "barred person",
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("user", "reference"), name="engine_barred_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reference", ""), _negated=True),
                        name="engine_barred_from_something",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Draft",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=120)),
                ("data", models.JSONField(default=dict)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("user", "key"), name="engine_one_draft_per_form"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Event",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.SlugField(db_index=False, max_length=60)),
                ("subject_id", models.PositiveBigIntegerField()),
                ("by_name", models.CharField(blank=True, max_length=200)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("audience", models.CharField(default="parties", max_length=40)),
                ("summary", models.CharField(max_length=500)),
                ("data", models.JSONField(blank=True, default=dict)),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        help_text="Empty when Accord itself did it.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="permissions.organisation",
                    ),
                ),
                (
                    "subject_type",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="contenttypes.contenttype",
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-id"],
                "default_permissions": (),
                "indexes": [
                    models.Index(
                        fields=["subject_type", "subject_id", "at"], name="engine_event_subject"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("by__isnull", True), ("by_name", "")),
                            models.Q(
                                ("by__isnull", False), models.Q(("by_name", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="engine_event_by_and_name",
                    )
                ],
            },
        ),
        migrations.AddIndex(
            model_name="process",
            index=models.Index(
                fields=["subject_type", "subject_id"], name="engine_process_subject"
            ),
        ),
        migrations.AddConstraint(
            model_name="process",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status", "NEW")),
                fields=("flow_class", "subject_type", "subject_id"),
                name="engine_one_process_per_subject",
            ),
        ),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(
                condition=models.Q(("flow_task_type", "HUMAN"), ("status", "ASSIGNED")),
                fields=["owner", "due_at", "id"],
                name="engine_task_mine",
            ),
        ),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(
                condition=models.Q(("flow_task_type", "HUMAN"), ("status", "NEW")),
                fields=["organisation", "owner_permission", "due_at", "id"],
                name="engine_task_unclaimed",
            ),
        ),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(
                condition=models.Q(("flow_task_type", "HUMAN"), ("status", "ASSIGNED")),
                fields=["organisation", "owner_permission", "due_at", "id"],
                name="engine_task_team",
            ),
        ),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(
                condition=models.Q(("flow_task_type", "HUMAN"), ("status", "DONE")),
                fields=["owner", "-finished"],
                name="engine_task_done",
            ),
        ),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(
                condition=models.Q(("status", "SCHEDULED")),
                fields=["scheduled"],
                name="engine_task_scheduled",
            ),
        ),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(
                condition=models.Q(("status", "ERROR")),
                fields=["process"],
                name="engine_task_failed",
            ),
        ),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(
                condition=models.Q(("status__in", ("NEW", "ASSIGNED"))),
                fields=["reference"],
                name="engine_task_reference",
            ),
        ),
        migrations.AddConstraint(
            model_name="task",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("flow_task_type", "HUMAN"), _negated=True),
                    models.Q(
                        ("organisation__isnull", False),
                        ("owner_permission__isnull", False),
                        models.Q(("owner_permission", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="engine_human_task_has_permission",
                violation_error_message="A task for a person needs a permission and an organisation.",
            ),
        ),
        migrations.AddConstraint(
            model_name="task",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("flow_task_type", "HUMAN"), _negated=True),
                    models.Q(("status", "NEW"), ("owner__isnull", True)),
                    models.Q(
                        ("status__in", ["ASSIGNED", "STARTED", "DONE"]), ("owner__isnull", False)
                    ),
                    ("status__in", ["CANCELED", "ERROR", "REVIVED"]),
                    _connector="OR",
                ),
                name="engine_human_task_owner_fits_status",
            ),
        ),
        Protect("engine_event"),
    ]
