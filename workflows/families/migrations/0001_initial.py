"""Private links for families."""

import django.db.models.deletion
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Make the table and its history."""

    initial = True

    dependencies = [
        ("cases", "0003_evidence_contact_and_family"),
        ("pghistory", "0007_auto_20250421_0444"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="FamilyLink",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "voice",
                    models.CharField(
                        choices=[("pupil", "Pupil"), ("parent", "Parent or carer")], max_length=10
                    ),
                ),
                ("token_sha256", models.CharField(max_length=64, unique=True)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("expires_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                ("wrong_count", models.PositiveSmallIntegerField(default=0)),
                ("locked_until", models.DateTimeField(blank=True, null=True)),
                ("used_count", models.PositiveIntegerField(default=0)),
                ("last_used_at", models.DateTimeField(blank=True, null=True)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="family_links",
                        to="cases.case",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "revoked_by",
                    models.ForeignKey(
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
            name="FamilyLinkEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "voice",
                    models.CharField(
                        choices=[("pupil", "Pupil"), ("parent", "Parent or carer")], max_length=10
                    ),
                ),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("expires_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                (
                    "case",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="cases.case",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                        to="families.familylink",
                    ),
                ),
                (
                    "revoked_by",
                    models.ForeignKey(
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
        migrations.AddIndex(
            model_name="familylink",
            index=models.Index(fields=["case", "-created_at"], name="family_link_newest"),
        ),
        migrations.AddConstraint(
            model_name="familylink",
            constraint=models.CheckConstraint(
                condition=models.Q(("expires_at__gt", models.F("created_at"))),
                name="family_link_expires_later",
            ),
        ),
        migrations.AddConstraint(
            model_name="familylink",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("revoked_by__isnull", True), ("revoked_at__isnull", False), _connector="OR"
                ),
                name="family_link_revoked_at_and_by",
            ),
        ),
        migrations.AddConstraint(
            model_name="familylink",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("last_used_at__isnull", True), ("used_count", 0)),
                    models.Q(("last_used_at__isnull", False), ("used_count__gt", 0)),
                    _connector="OR",
                ),
                name="family_link_used_pair",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="familylink",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "families_familylinkevent" ("case_id", "created_at", "created_by_id", "expires_at", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revoked_at", "revoked_by_id", "voice") VALUES (NEW."case_id", NEW."created_at", NEW."created_by_id", NEW."expires_at", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."revoked_at", NEW."revoked_by_id", NEW."voice"); RETURN NULL;',
                    hash="bb79d88972f97e15acef1662c1a6e39d173b218c",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_14b1f",
                    table="families_familylink",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="familylink",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."case_id" IS DISTINCT FROM (NEW."case_id") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."created_by_id" IS DISTINCT FROM (NEW."created_by_id") OR OLD."expires_at" IS DISTINCT FROM (NEW."expires_at") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."revoked_at" IS DISTINCT FROM (NEW."revoked_at") OR OLD."revoked_by_id" IS DISTINCT FROM (NEW."revoked_by_id") OR OLD."voice" IS DISTINCT FROM (NEW."voice"))',
                    func='INSERT INTO "families_familylinkevent" ("case_id", "created_at", "created_by_id", "expires_at", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revoked_at", "revoked_by_id", "voice") VALUES (NEW."case_id", NEW."created_at", NEW."created_by_id", NEW."expires_at", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."revoked_at", NEW."revoked_by_id", NEW."voice"); RETURN NULL;',
                    hash="e04d9e9cf575d0f06838357844ca57e4836783ea",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_d153e",
                    table="families_familylink",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="familylink",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "families_familylinkevent" ("case_id", "created_at", "created_by_id", "expires_at", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revoked_at", "revoked_by_id", "voice") VALUES (OLD."case_id", OLD."created_at", OLD."created_by_id", OLD."expires_at", OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."revoked_at", OLD."revoked_by_id", OLD."voice"); RETURN NULL;',
                    hash="68dbccb966eceb4fcf2a7cd06adafc0583443da5",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_45849",
                    table="families_familylink",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="familylinkevent",
            index=models.Index(
                fields=["-pgh_created_at", "-pgh_id"], name="families_fa_pgh_cre_961225_idx"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="familylinkevent",
            trigger=pgtrigger.compiler.Trigger(
                name="protect_rows",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    execute="permissions_refuse_change()",
                    func="RETURN NULL;",
                    hash="70c4dfa540595612ddc84658478768b72851a3d9",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_protect_rows_564d7",
                    table="families_familylinkevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="familylinkevent",
            trigger=pgtrigger.compiler.Trigger(
                name="protect_table",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    execute="permissions_refuse_change()",
                    func="RETURN NULL;",
                    hash="304f7c71c7963f019e9ae51eaef13c1758baddde",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_protect_table_98127",
                    table="families_familylinkevent",
                    when="BEFORE",
                ),
            ),
        ),
    ]
