"""Several questions at once, and the clocks that stand still until they are answered."""

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

from permissions.appendonly import Protect


def pause_for_questions(apps, schema_editor):
    """Write the pauses that the questions asked so far would have made."""
    pauses = apps.get_model("referrals", "ClockPause").objects
    for question in apps.get_model("referrals", "Question").objects.order_by("pk"):
        pauses.create(
            referral_id=question.referral_id,
            reason="question",
            started_at=question.asked_at,
            ended_at=question.answered_at,
        )


class Migration(migrations.Migration):
    """Add the pauses, and how early a school is reminded."""

    dependencies = [
        ("referrals", "0002_protection"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ClockPause",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        choices=[("question", "Waiting for the school’s answer")], max_length=20
                    ),
                ),
                ("started_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("reminded_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "default_permissions": (),
            },
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="panelsettings",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="panelsettings",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="panelsettings",
            name="delete_delete",
        ),
        migrations.RemoveConstraint(
            model_name="question",
            name="question_one_open",
        ),
        migrations.AddField(
            model_name="panelsettings",
            name="reminder_working_days",
            field=models.PositiveSmallIntegerField(
                default=1, validators=[django.core.validators.MinValueValidator(1)]
            ),
        ),
        migrations.AddField(
            model_name="panelsettingsevent",
            name="reminder_working_days",
            field=models.PositiveSmallIntegerField(
                default=1, validators=[django.core.validators.MinValueValidator(1)]
            ),
        ),
        migrations.AddIndex(
            model_name="question",
            index=models.Index(
                condition=models.Q(("answered_at__isnull", True)),
                fields=["referral"],
                name="question_open",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="panelsettings",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "referrals_panelsettingsevent" ("answer_working_days", "decide_working_days", "id", "partnership_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "quorum", "reminder_working_days", "screen_working_days") VALUES (NEW."answer_working_days", NEW."decide_working_days", NEW."id", NEW."partnership_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."quorum", NEW."reminder_working_days", NEW."screen_working_days"); RETURN NULL;',
                    hash="b14041b1d73468abe9d240c323b0e4d56551a69e",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_12752",
                    table="referrals_panelsettings",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="panelsettings",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "referrals_panelsettingsevent" ("answer_working_days", "decide_working_days", "id", "partnership_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "quorum", "reminder_working_days", "screen_working_days") VALUES (NEW."answer_working_days", NEW."decide_working_days", NEW."id", NEW."partnership_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."quorum", NEW."reminder_working_days", NEW."screen_working_days"); RETURN NULL;',
                    hash="7fe423137a123581e210bd9dcc65362aca73dd42",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_3bc3c",
                    table="referrals_panelsettings",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="panelsettings",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "referrals_panelsettingsevent" ("answer_working_days", "decide_working_days", "id", "partnership_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "quorum", "reminder_working_days", "screen_working_days") VALUES (OLD."answer_working_days", OLD."decide_working_days", OLD."id", OLD."partnership_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."quorum", OLD."reminder_working_days", OLD."screen_working_days"); RETURN NULL;',
                    hash="b7811d83d5ef7f8e3daf89b9e1d35ca062f4693c",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_93cf4",
                    table="referrals_panelsettings",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddField(
            model_name="clockpause",
            name="referral",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="pauses",
                to="referrals.referral",
            ),
        ),
        migrations.AddIndex(
            model_name="clockpause",
            index=models.Index(fields=["referral", "started_at"], name="pause_referral"),
        ),
        migrations.AddConstraint(
            model_name="clockpause",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True)),
                fields=("referral",),
                name="pause_one_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="clockpause",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ended_at__isnull", True),
                    ("ended_at__gte", models.F("started_at")),
                    _connector="OR",
                ),
                name="pause_ends_after_start",
            ),
        ),
        Protect("referrals_clockpause", ("ended_at", "reminded_at")),
        migrations.RunPython(pause_for_questions, migrations.RunPython.noop),
    ]
