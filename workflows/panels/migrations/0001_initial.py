"""Panel meetings: agendas, attendance, minutes, substitutes, packs of papers."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import workflows.panels.models
from permissions.appendonly import Protect


class Migration(migrations.Migration):
    """Make the tables."""

    initial = True

    dependencies = [
        ("cases", "0003_evidence_contact_and_family"),
        ("permissions", "0003_panel_substitutes"),
        ("pghistory", "0007_auto_20250421_0444"),
        ("referrals", "0005_changed_votes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AgendaItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                ("added_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "ended_because",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("removed", "Taken off the agenda"),
                            ("carried_over", "Not decided at the meeting"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "added_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "consideration",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="agenda_items",
                        to="referrals.panelconsideration",
                    ),
                ),
            ],
            options={
                "ordering": ["position", "pk"],
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="PanelMeeting",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("in_person", "In person"),
                            ("video", "By video"),
                            (
                                "virtual",
                                "Virtual: members vote between two moments, without meeting",
                            ),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("planned", "Planned"),
                            ("open", "Open"),
                            ("closed", "Closed"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="planned",
                        max_length=20,
                    ),
                ),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                (
                    "place",
                    models.CharField(blank=True, max_length=300, verbose_name="place or link"),
                ),
                ("planned_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("opened_at", models.DateTimeField(blank=True, null=True)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("cancelled_because", models.CharField(blank=True, max_length=500)),
                ("lacked_votes_at", models.DateTimeField(blank=True, null=True)),
                (
                    "chair",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "partnership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="panel_meetings",
                        to="permissions.organisation",
                    ),
                ),
                (
                    "planned_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Minute",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("text", models.TextField(max_length=8000)),
                ("is_correction", models.BooleanField(default=False)),
                ("written_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "item",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="minutes",
                        to="panels.agendaitem",
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="minutes",
                        to="panels.panelmeeting",
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Attendance",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "presence",
                    models.CharField(
                        choices=[
                            ("present", "Present"),
                            ("apologies", "Apologies"),
                            ("absent", "Absent"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attendances",
                        to="panels.panelmeeting",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.AddField(
            model_name="agendaitem",
            name="meeting",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="items",
                to="panels.panelmeeting",
            ),
        ),
        migrations.CreateModel(
            name="PanelMeetingEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("in_person", "In person"),
                            ("video", "By video"),
                            (
                                "virtual",
                                "Virtual: members vote between two moments, without meeting",
                            ),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("planned", "Planned"),
                            ("open", "Open"),
                            ("closed", "Closed"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="planned",
                        max_length=20,
                    ),
                ),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                (
                    "place",
                    models.CharField(blank=True, max_length=300, verbose_name="place or link"),
                ),
                ("planned_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("opened_at", models.DateTimeField(blank=True, null=True)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("cancelled_because", models.CharField(blank=True, max_length=500)),
                ("lacked_votes_at", models.DateTimeField(blank=True, null=True)),
                (
                    "chair",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "partnership",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="permissions.organisation",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="panels.panelmeeting",
                    ),
                ),
                (
                    "planned_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "abstract": False,
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="PapersPack",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("waiting", "Being made"),
                            ("ready", "Ready"),
                            ("failed", "Could not be made"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="waiting",
                        max_length=20,
                    ),
                ),
                (
                    "file",
                    models.FileField(blank=True, upload_to=workflows.panels.models._pack_name),
                ),
                ("pages", models.PositiveIntegerField(default=0)),
                ("size", models.PositiveIntegerField(default=0, help_text="Bytes")),
                ("sha256", models.CharField(blank=True, max_length=64)),
                ("done", models.PositiveSmallIntegerField(default=0, help_text="Items finished")),
                ("items", models.PositiveSmallIntegerField(default=0)),
                ("asked_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("made_at", models.DateTimeField(blank=True, null=True)),
                ("withdrawn_because", models.CharField(blank=True, max_length=200)),
                (
                    "asked_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="packs",
                        to="panels.panelmeeting",
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="PackContent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cases.case",
                    ),
                ),
                (
                    "pack",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contents",
                        to="panels.paperspack",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Substitution",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("starts_date", models.DateField(blank=True, null=True)),
                ("ends_date", models.DateField(blank=True, null=True)),
                ("named_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("cancelled_at", models.DateTimeField(blank=True, null=True)),
                (
                    "meeting",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="substitutions",
                        to="panels.panelmeeting",
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "named_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "partnership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="panel_substitutions",
                        to="permissions.organisation",
                    ),
                ),
                (
                    "substitute",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="SubstitutionEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("starts_date", models.DateField(blank=True, null=True)),
                ("ends_date", models.DateField(blank=True, null=True)),
                ("named_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("cancelled_at", models.DateTimeField(blank=True, null=True)),
                (
                    "meeting",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="panels.panelmeeting",
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "named_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "partnership",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="permissions.organisation",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="panels.substitution",
                    ),
                ),
                (
                    "substitute",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "abstract": False,
                "default_permissions": (),
            },
        ),
        migrations.AddIndex(
            model_name="panelmeeting",
            index=models.Index(
                fields=["partnership", "starts_at"], name="meeting_partnership_start"
            ),
        ),
        migrations.AddIndex(
            model_name="panelmeeting",
            index=models.Index(
                condition=models.Q(("status__in", ["planned", "open"])),
                fields=["ends_at"],
                name="meeting_live",
            ),
        ),
        migrations.AddConstraint(
            model_name="panelmeeting",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                name="meeting_ends_after_start",
            ),
        ),
        migrations.AddConstraint(
            model_name="panelmeeting",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind", "virtual"), models.Q(("place", ""), _negated=True), _connector="OR"
                ),
                name="meeting_has_a_place",
            ),
        ),
        migrations.AddConstraint(
            model_name="panelmeeting",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_at__isnull", False), ("status", "closed")),
                    models.Q(
                        models.Q(("status", "closed"), _negated=True), ("closed_at__isnull", True)
                    ),
                    _connector="OR",
                ),
                name="meeting_closed_with_moment",
            ),
        ),
        migrations.AddConstraint(
            model_name="panelmeeting",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("status", "cancelled"), models.Q(("cancelled_because", ""), _negated=True)
                    ),
                    models.Q(
                        models.Q(("status", "cancelled"), _negated=True), ("cancelled_because", "")
                    ),
                    _connector="OR",
                ),
                name="meeting_cancelled_with_reason",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="panelmeeting",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "panels_panelmeetingevent" ("cancelled_because", "chair_id", "closed_at", "ends_at", "id", "kind", "lacked_votes_at", "opened_at", "partnership_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "planned_at", "planned_by_id", "starts_at", "status") VALUES (NEW."cancelled_because", NEW."chair_id", NEW."closed_at", NEW."ends_at", NEW."id", NEW."kind", NEW."lacked_votes_at", NEW."opened_at", NEW."partnership_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."place", NEW."planned_at", NEW."planned_by_id", NEW."starts_at", NEW."status"); RETURN NULL;',
                    hash="f3b7169764eed5f9e78fa4aa23d04b1e95652b08",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_56996",
                    table="panels_panelmeeting",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="panelmeeting",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "panels_panelmeetingevent" ("cancelled_because", "chair_id", "closed_at", "ends_at", "id", "kind", "lacked_votes_at", "opened_at", "partnership_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "planned_at", "planned_by_id", "starts_at", "status") VALUES (NEW."cancelled_because", NEW."chair_id", NEW."closed_at", NEW."ends_at", NEW."id", NEW."kind", NEW."lacked_votes_at", NEW."opened_at", NEW."partnership_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."place", NEW."planned_at", NEW."planned_by_id", NEW."starts_at", NEW."status"); RETURN NULL;',
                    hash="e95e3ffbd0827b7baa3a022b0f7775a3be1f9c1f",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_e32e0",
                    table="panels_panelmeeting",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="panelmeeting",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "panels_panelmeetingevent" ("cancelled_because", "chair_id", "closed_at", "ends_at", "id", "kind", "lacked_votes_at", "opened_at", "partnership_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "planned_at", "planned_by_id", "starts_at", "status") VALUES (OLD."cancelled_because", OLD."chair_id", OLD."closed_at", OLD."ends_at", OLD."id", OLD."kind", OLD."lacked_votes_at", OLD."opened_at", OLD."partnership_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."place", OLD."planned_at", OLD."planned_by_id", OLD."starts_at", OLD."status"); RETURN NULL;',
                    hash="f08488f7af5935f34a3fc24b7291ccec57196845",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_60936",
                    table="panels_panelmeeting",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="minute",
            constraint=models.UniqueConstraint(
                fields=("meeting", "item", "number"),
                name="minute_number_once",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="attendance",
            constraint=models.UniqueConstraint(
                fields=("meeting", "person"), name="attendance_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="agendaitem",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True)),
                fields=("consideration",),
                name="agenda_item_on_one_agenda",
            ),
        ),
        migrations.AddConstraint(
            model_name="agendaitem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at__isnull", True), ("ended_because", "")),
                    models.Q(
                        ("ended_at__isnull", False), models.Q(("ended_because", ""), _negated=True)
                    ),
                    _connector="OR",
                ),
                name="agenda_item_ended_with_reason",
            ),
        ),
        migrations.AddIndex(
            model_name="panelmeetingevent",
            index=models.Index(
                fields=["-pgh_created_at", "-pgh_id"], name="panels_pane_pgh_cre_958b5f_idx"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="panelmeetingevent",
            trigger=pgtrigger.compiler.Trigger(
                name="protect_rows",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    execute="permissions_refuse_change()",
                    func="RETURN NULL;",
                    hash="44290b76c9caffe04fed9324360c53cfcf9bd87a",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_protect_rows_e6916",
                    table="panels_panelmeetingevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="panelmeetingevent",
            trigger=pgtrigger.compiler.Trigger(
                name="protect_table",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    execute="permissions_refuse_change()",
                    func="RETURN NULL;",
                    hash="b2c5ddd8eacb61820180449bf1f42a0e9d159cfc",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_protect_table_b4a0b",
                    table="panels_panelmeetingevent",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="paperspack",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status__in", ["waiting", "ready", "failed"])),
                fields=("meeting", "member"),
                name="pack_one_per_member",
            ),
        ),
        migrations.AddConstraint(
            model_name="paperspack",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "ready"), models.Q(("file", ""), _negated=True)),
                    models.Q(models.Q(("status", "ready"), _negated=True), ("file", "")),
                    _connector="OR",
                ),
                name="pack_file_only_while_ready",
            ),
        ),
        migrations.AddConstraint(
            model_name="packcontent",
            constraint=models.UniqueConstraint(fields=("pack", "case"), name="pack_content_once"),
        ),
        migrations.AddConstraint(
            model_name="substitution",
            constraint=models.CheckConstraint(
                condition=models.Q(("member", models.F("substitute")), _negated=True),
                name="substitution_of_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="substitution",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("ends_date__isnull", True),
                        ("meeting__isnull", False),
                        ("starts_date__isnull", True),
                    ),
                    models.Q(
                        ("ends_date__gte", models.F("starts_date")),
                        ("meeting__isnull", True),
                        ("starts_date__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="substitution_for_a_meeting_or_days",
            ),
        ),
        migrations.AddConstraint(
            model_name="substitution",
            constraint=models.UniqueConstraint(
                condition=models.Q(("cancelled_at__isnull", True), ("meeting__isnull", False)),
                fields=("meeting", "member"),
                name="substitution_once_a_meeting",
            ),
        ),
        migrations.AddConstraint(
            model_name="substitution",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("cancelled_at__isnull", True), ("meeting__isnull", True)),
                expressions=[
                    (
                        models.Func(
                            models.F("partnership"),
                            models.F("partnership"),
                            models.Value("[]"),
                            function="int8range",
                            output_field=django.contrib.postgres.fields.ranges.BigIntegerRangeField(),
                        ),
                        "&&",
                    ),
                    (
                        models.Func(
                            models.F("member"),
                            models.F("member"),
                            models.Value("[]"),
                            function="int8range",
                            output_field=django.contrib.postgres.fields.ranges.BigIntegerRangeField(),
                        ),
                        "&&",
                    ),
                    (
                        models.Func(
                            models.F("starts_date"),
                            models.F("ends_date"),
                            models.Value("[]"),
                            function="daterange",
                            output_field=django.contrib.postgres.fields.ranges.DateRangeField(),
                        ),
                        "&&",
                    ),
                ],
                name="substitution_no_overlap",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="substitution",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "panels_substitutionevent" ("cancelled_at", "ends_date", "id", "meeting_id", "member_id", "named_at", "named_by_id", "partnership_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "starts_date", "substitute_id") VALUES (NEW."cancelled_at", NEW."ends_date", NEW."id", NEW."meeting_id", NEW."member_id", NEW."named_at", NEW."named_by_id", NEW."partnership_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."starts_date", NEW."substitute_id"); RETURN NULL;',
                    hash="237e40cab8e890b88acb7af4d52b83f6d5d9007a",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_e0884",
                    table="panels_substitution",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="substitution",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "panels_substitutionevent" ("cancelled_at", "ends_date", "id", "meeting_id", "member_id", "named_at", "named_by_id", "partnership_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "starts_date", "substitute_id") VALUES (NEW."cancelled_at", NEW."ends_date", NEW."id", NEW."meeting_id", NEW."member_id", NEW."named_at", NEW."named_by_id", NEW."partnership_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."starts_date", NEW."substitute_id"); RETURN NULL;',
                    hash="04193bc7fa520c2bb86a1bd5dab0925d90282373",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_6cb40",
                    table="panels_substitution",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="substitution",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "panels_substitutionevent" ("cancelled_at", "ends_date", "id", "meeting_id", "member_id", "named_at", "named_by_id", "partnership_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "starts_date", "substitute_id") VALUES (OLD."cancelled_at", OLD."ends_date", OLD."id", OLD."meeting_id", OLD."member_id", OLD."named_at", OLD."named_by_id", OLD."partnership_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."starts_date", OLD."substitute_id"); RETURN NULL;',
                    hash="e717cde04504172aef37d7dbdd37ccf635c31527",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_1a02c",
                    table="panels_substitution",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="substitutionevent",
            index=models.Index(
                fields=["-pgh_created_at", "-pgh_id"], name="panels_subs_pgh_cre_aa678d_idx"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="substitutionevent",
            trigger=pgtrigger.compiler.Trigger(
                name="protect_rows",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    execute="permissions_refuse_change()",
                    func="RETURN NULL;",
                    hash="b43f1c713b0602635df03749f29fafcc1f8ce2c0",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_protect_rows_ae1b9",
                    table="panels_substitutionevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="substitutionevent",
            trigger=pgtrigger.compiler.Trigger(
                name="protect_table",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    execute="permissions_refuse_change()",
                    func="RETURN NULL;",
                    hash="7e42ed7dbbdeb4d8c1cc2ecf209e30d20fbc885a",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_protect_table_3e23d",
                    table="panels_substitutionevent",
                    when="BEFORE",
                ),
            ),
        ),
        Protect("panels_minute"),
    ]
