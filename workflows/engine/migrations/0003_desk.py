"""Priority and snooze of tasks, saved views, notes with mentions, and references of processes."""

import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from permissions.appendonly import Protect

# What a process is about stands on its tasks; those that have none yet are named by their slices.
NAME_PROCESSES = """
UPDATE engine_process SET reference = named.reference
FROM (
    SELECT DISTINCT ON (process_id) process_id, reference
    FROM engine_task WHERE reference <> '' ORDER BY process_id, id
) AS named
WHERE named.process_id = engine_process.id AND engine_process.reference = ''
"""


class Migration(migrations.Migration):
    dependencies = [
        ("contenttypes", "0002_remove_content_type_name"),
        ("engine", "0002_arrangements"),
        ("permissions", "0002_shape"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Mention",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="SavedView",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=60)),
                ("tab", models.CharField(max_length=20)),
                ("filters", models.JSONField(blank=True, default=dict)),
                ("place", models.PositiveSmallIntegerField()),
                ("is_default", models.BooleanField(default=False)),
            ],
            options={
                "ordering": ["place"],
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="TaskNote",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "audience",
                    models.CharField(
                        choices=[
                            ("doers", "People who may do this task"),
                            (
                                "managers",
                                "People who may do this task, and those who hand tasks out",
                            ),
                        ],
                        max_length=20,
                    ),
                ),
                ("text", models.TextField(max_length=2000)),
                ("written_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "ordering": ["written_at", "pk"],
                "default_permissions": (),
            },
        ),
        migrations.AddField(
            model_name="process",
            name="reference",
            field=models.CharField(
                blank=True,
                help_text="The same as on its tasks: by it the processes of one case are found.",
                max_length=40,
            ),
        ),
        migrations.AddField(
            model_name="task",
            name="snooze_reason",
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name="task",
            name="snoozed_until",
            field=models.DateTimeField(
                blank=True, help_text="Put off by its owner: out of the way until then.", null=True
            ),
        ),
        migrations.AlterField(
            model_name="task",
            name="priority",
            field=models.SmallIntegerField(
                choices=[(0, "Normal"), (1, "High"), (2, "Urgent")], default=0
            ),
        ),
        migrations.AddIndex(
            model_name="process",
            index=models.Index(
                condition=models.Q(("reference", ""), _negated=True),
                fields=["reference"],
                name="engine_process_reference",
            ),
        ),
        migrations.AddConstraint(
            model_name="task",
            constraint=models.CheckConstraint(
                condition=models.Q(("priority__in", [0, 1, 2])), name="engine_task_priority"
            ),
        ),
        migrations.AddConstraint(
            model_name="task",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("snooze_reason", ""), ("snoozed_until__isnull", True)),
                    models.Q(
                        ("owner__isnull", False),
                        ("snoozed_until__isnull", False),
                        models.Q(("snooze_reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="engine_task_snoozed_with_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="task",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("snoozed_until__isnull", True),
                    ("due_at__isnull", True),
                    ("snoozed_until__lte", models.F("due_at")),
                    _connector="OR",
                ),
                name="engine_task_not_snoozed_beyond_due",
            ),
        ),
        migrations.AddField(
            model_name="mention",
            name="person",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="savedview",
            name="user",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="tasknote",
            name="task",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="notes",
                to="engine.task",
            ),
        ),
        migrations.AddField(
            model_name="tasknote",
            name="written_by",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="mention",
            name="note",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="mentions",
                to="engine.tasknote",
            ),
        ),
        migrations.AddConstraint(
            model_name="savedview",
            constraint=models.UniqueConstraint(
                models.F("user"),
                django.db.models.functions.text.Lower("name"),
                name="engine_view_named_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="savedview",
            constraint=models.UniqueConstraint(
                fields=("user", "place"), name="engine_view_placed_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="savedview",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_default", True)),
                fields=("user",),
                name="engine_one_default_view",
            ),
        ),
        migrations.AddConstraint(
            model_name="savedview",
            constraint=models.CheckConstraint(
                condition=models.Q(("place__gte", 1), ("place__lte", 12)),
                name="engine_views_not_too_many",
            ),
        ),
        migrations.AddConstraint(
            model_name="savedview",
            constraint=models.CheckConstraint(
                condition=models.Q(("name", ""), _negated=True), name="engine_view_has_name"
            ),
        ),
        migrations.AddIndex(
            model_name="tasknote",
            index=models.Index(fields=["task", "written_at"], name="engine_note_task"),
        ),
        migrations.AddConstraint(
            model_name="tasknote",
            constraint=models.CheckConstraint(
                condition=models.Q(("text", ""), _negated=True), name="engine_note_has_text"
            ),
        ),
        migrations.AddConstraint(
            model_name="tasknote",
            constraint=models.CheckConstraint(
                condition=models.Q(("audience__in", ["doers", "managers"])),
                name="engine_note_audience",
            ),
        ),
        migrations.AddConstraint(
            model_name="mention",
            constraint=models.UniqueConstraint(
                fields=("person", "note"), name="engine_mentioned_once"
            ),
        ),
        Protect("engine_tasknote"),
        Protect("engine_mention"),
        migrations.RunSQL(NAME_PROCESSES, migrations.RunSQL.noop),
    ]
