"""Votes that can be changed, seats that begin and end, and what a decision asks for, as lists.

What stood in a decision's one text of conditions becomes a list, a line each.
"""

import django.db.models.deletion
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

from permissions.appendonly import Protect


def list_conditions(apps, schema_editor):
    """Keep every line of the text as a condition of its own."""
    conditions = apps.get_model("referrals", "Condition")
    written = apps.get_model("referrals", "Decision").objects.exclude(conditions_text="")
    for decision in written.iterator():
        lines = [line.strip() for line in decision.conditions_text.splitlines() if line.strip()]
        conditions.objects.bulk_create(
            conditions(decision=decision, number=number, text=line)
            for number, line in enumerate(lines, start=1)
        )


def date_seats(apps, schema_editor):
    """Let the seats there are begin with their consideration."""
    considerations = apps.get_model("referrals", "PanelConsideration")
    opened = considerations.objects.filter(pk=models.OuterRef("consideration")).values("opened_at")
    apps.get_model("referrals", "PanelSeat").objects.update(given_at=models.Subquery(opened))
    # The tables are altered again in this transaction.
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


class Migration(migrations.Migration):
    """Change the tables and keep what was written."""

    dependencies = [
        ("referrals", "0004_permission_withdrawn"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RenameField("decision", "conditions", "conditions_text"),
        migrations.CreateModel(
            name="Condition",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "decision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="conditions",
                        to="referrals.decision",
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("text", models.TextField(max_length=1000)),
            ],
            options={
                "ordering": ["number"],
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
            model_name="panelseat",
            name="seat_once",
        ),
        migrations.RemoveConstraint(
            model_name="vote",
            name="vote_once",
        ),
        migrations.AddField(
            model_name="decision",
            name="deferred_for",
            field=models.CharField(blank=True, max_length=500),
        ),
        migrations.AddField(
            model_name="decision",
            name="deferred_until",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="panelconsideration",
            name="votes_closed_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="panelseat",
            name="ended_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="panelseat",
            name="ended_because",
            field=models.CharField(
                blank=True,
                choices=[
                    ("substituted", "A substitute sits in the place"),
                    ("returned", "The member is back"),
                    ("role_ended", "No longer on the panel"),
                ],
                max_length=20,
            ),
        ),
        migrations.AddField(
            model_name="panelseat",
            name="given_at",
            field=models.DateTimeField(default=django.utils.timezone.now),
        ),
        migrations.AddField(
            model_name="panelseat",
            name="in_place_of",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="panelsettings",
            name="votes_shown",
            field=models.CharField(
                choices=[
                    ("after_decision", "Once the chair has recorded the decision"),
                    ("after_own_vote", "Once they have voted themselves"),
                ],
                default="after_decision",
                max_length=20,
            ),
        ),
        migrations.AddField(
            model_name="panelsettingsevent",
            name="votes_shown",
            field=models.CharField(
                choices=[
                    ("after_decision", "Once the chair has recorded the decision"),
                    ("after_own_vote", "Once they have voted themselves"),
                ],
                default="after_decision",
                max_length=20,
            ),
        ),
        migrations.AddField(
            model_name="vote",
            name="number",
            field=models.PositiveSmallIntegerField(default=1),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="panelsettings",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "referrals_panelsettingsevent" ("answer_working_days", "decide_working_days", "id", "partnership_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "quorum", "reminder_working_days", "screen_working_days", "votes_shown") VALUES (NEW."answer_working_days", NEW."decide_working_days", NEW."id", NEW."partnership_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."quorum", NEW."reminder_working_days", NEW."screen_working_days", NEW."votes_shown"); RETURN NULL;',
                    hash="a67b2442271751d0221811e10a6a1f6e85f3a25b",
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
                    func='INSERT INTO "referrals_panelsettingsevent" ("answer_working_days", "decide_working_days", "id", "partnership_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "quorum", "reminder_working_days", "screen_working_days", "votes_shown") VALUES (NEW."answer_working_days", NEW."decide_working_days", NEW."id", NEW."partnership_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."quorum", NEW."reminder_working_days", NEW."screen_working_days", NEW."votes_shown"); RETURN NULL;',
                    hash="a30b452de50e57981fdbd7ab016c871f529bfc35",
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
                    func='INSERT INTO "referrals_panelsettingsevent" ("answer_working_days", "decide_working_days", "id", "partnership_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "quorum", "reminder_working_days", "screen_working_days", "votes_shown") VALUES (OLD."answer_working_days", OLD."decide_working_days", OLD."id", OLD."partnership_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."quorum", OLD."reminder_working_days", OLD."screen_working_days", OLD."votes_shown"); RETURN NULL;',
                    hash="bc44c7231f3af2be436f1d120445be6273186d9e",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_93cf4",
                    table="referrals_panelsettings",
                    when="AFTER",
                ),
            ),
        ),
        migrations.RunPython(list_conditions, migrations.RunPython.noop),
        migrations.RunPython(date_seats, migrations.RunPython.noop),
        migrations.RemoveField("decision", "conditions_text"),
        Protect("referrals_condition"),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("outcome", "defer"),
                    models.Q(("deferred_for", ""), ("deferred_until__isnull", True)),
                    _connector="OR",
                ),
                name="decision_until_only_deferred",
            ),
        ),
        migrations.AddConstraint(
            model_name="panelseat",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True)),
                fields=("consideration", "member"),
                name="seat_once_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="panelseat",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True), ("in_place_of__isnull", False)),
                fields=("consideration", "in_place_of"),
                name="seat_one_substitute",
            ),
        ),
        migrations.AddConstraint(
            model_name="panelseat",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at__isnull", True), ("ended_because", "")),
                    models.Q(
                        ("ended_at__isnull", False), models.Q(("ended_because", ""), _negated=True)
                    ),
                    _connector="OR",
                ),
                name="seat_ended_with_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="vote",
            constraint=models.UniqueConstraint(
                fields=("consideration", "member", "number"), name="vote_once_per_number"
            ),
        ),
        migrations.AddConstraint(
            model_name="vote",
            constraint=models.CheckConstraint(
                condition=models.Q(("number__gte", 1)), name="vote_number_positive"
            ),
        ),
        migrations.AddConstraint(
            model_name="condition",
            constraint=models.UniqueConstraint(
                fields=("decision", "number"), name="condition_number_once"
            ),
        ),
    ]
