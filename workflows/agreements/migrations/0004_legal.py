"""The register of law and guidance, with its editions."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("agreements", "0003_how_far_it_reaches"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations = [
        migrations.CreateModel(
            name="LegalReference",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "title",
                    models.CharField(
                        help_text="As it is cited, without the year or edition.",
                        max_length=255,
                        unique=True,
                    ),
                ),
                (
                    "other_names",
                    models.TextField(
                        blank=True,
                        help_text="Other names and abbreviations that texts use for it. One on each line.",
                    ),
                ),
            ],
            options={
                "verbose_name": "law or guidance",
                "verbose_name_plural": "laws and guidance",
                "ordering": ["title"],
            },
        ),
        migrations.CreateModel(
            name="LegalReferenceEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "title",
                    models.CharField(
                        help_text="As it is cited, without the year or edition.", max_length=255
                    ),
                ),
                (
                    "other_names",
                    models.TextField(
                        blank=True,
                        help_text="Other names and abbreviations that texts use for it. One on each line.",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="LegalEdition",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.SlugField(editable=False, max_length=255, unique=True)),
                (
                    "edition",
                    models.CharField(
                        help_text="Usually its year, such as 2025. Cited in brackets.",
                        max_length=60,
                    ),
                ),
                (
                    "address",
                    models.URLField(
                        blank=True, help_text="Where it can be read.", verbose_name="web address"
                    ),
                ),
                (
                    "issued_date",
                    models.DateField(blank=True, null=True, verbose_name="date of issue"),
                ),
                (
                    "superseded_date",
                    models.DateField(
                        blank=True,
                        help_text="The day from which it no longer holds. Leave empty while it holds.",
                        null=True,
                        verbose_name="superseded from",
                    ),
                ),
                (
                    "superseded_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="supersedes",
                        to="agreements.legaledition",
                        verbose_name="replaced by",
                    ),
                ),
                (
                    "reference",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="editions",
                        to="agreements.legalreference",
                        verbose_name="law or guidance",
                    ),
                ),
            ],
            options={
                "verbose_name": "edition",
                "ordering": ["reference__title", "-edition"],
            },
        ),
        migrations.CreateModel(
            name="LegalEditionEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("code", models.SlugField(db_index=False, editable=False, max_length=255)),
                (
                    "edition",
                    models.CharField(
                        help_text="Usually its year, such as 2025. Cited in brackets.",
                        max_length=60,
                    ),
                ),
                (
                    "address",
                    models.URLField(
                        blank=True, help_text="Where it can be read.", verbose_name="web address"
                    ),
                ),
                (
                    "issued_date",
                    models.DateField(blank=True, null=True, verbose_name="date of issue"),
                ),
                (
                    "superseded_date",
                    models.DateField(
                        blank=True,
                        help_text="The day from which it no longer holds. Leave empty while it holds.",
                        null=True,
                        verbose_name="superseded from",
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
                        to="agreements.legaledition",
                    ),
                ),
                (
                    "superseded_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="agreements.legaledition",
                        verbose_name="replaced by",
                    ),
                ),
                (
                    "reference",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="agreements.legalreference",
                        verbose_name="law or guidance",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "default_permissions": (),
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="legalreference",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "agreements_legalreferenceevent" ("id", "other_names", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "title") VALUES (NEW."id", NEW."other_names", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."title"); RETURN NULL;',
                    hash="7a09fb354d559800518423054d227623abbade0f",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_b2fbe",
                    table="agreements_legalreference",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="legalreference",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "agreements_legalreferenceevent" ("id", "other_names", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "title") VALUES (NEW."id", NEW."other_names", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."title"); RETURN NULL;',
                    hash="51f778858d4d359bb63945126a4a77f70a5de334",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_a5433",
                    table="agreements_legalreference",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="legalreference",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "agreements_legalreferenceevent" ("id", "other_names", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "title") VALUES (OLD."id", OLD."other_names", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."title"); RETURN NULL;',
                    hash="31426995cdbcdb383a0ff1c46c7af8046d04682f",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_1817f",
                    table="agreements_legalreference",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddField(
            model_name="legalreferenceevent",
            name="pgh_context",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="pghistory.context",
            ),
        ),
        migrations.AddField(
            model_name="legalreferenceevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="events",
                to="agreements.legalreference",
            ),
        ),
        migrations.AddIndex(
            model_name="legaleditionevent",
            index=models.Index(
                fields=["-pgh_created_at", "-pgh_id"], name="agreements__pgh_cre_e93ab3_idx"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="legaleditionevent",
            trigger=pgtrigger.compiler.Trigger(
                name="protect_rows",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    execute="permissions_refuse_change()",
                    func="RETURN NULL;",
                    hash="ec814a6d2bc3c4b62433639ce326527c6d68ea9c",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_protect_rows_8c3ba",
                    table="agreements_legaleditionevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="legaleditionevent",
            trigger=pgtrigger.compiler.Trigger(
                name="protect_table",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    execute="permissions_refuse_change()",
                    func="RETURN NULL;",
                    hash="f129f3753543ce4e5fc3080b19c4ff6ad8f32039",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_protect_table_6d686",
                    table="agreements_legaleditionevent",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="legaledition",
            constraint=models.UniqueConstraint(
                fields=("reference", "edition"), name="legal_edition_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="legaledition",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("superseded_by", None), ("superseded_date__isnull", False), _connector="OR"
                ),
                name="legal_edition_replaced_has_date",
                violation_error_message="Say from which day it is superseded.",
            ),
        ),
        migrations.AddConstraint(
            model_name="legaledition",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("superseded_by", None),
                    models.Q(("superseded_by", models.F("pk")), _negated=True),
                    _connector="OR",
                ),
                name="legal_edition_not_by_itself",
                violation_error_message="An edition cannot replace itself.",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="legaledition",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "agreements_legaleditionevent" ("address", "code", "edition", "id", "issued_date", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reference_id", "superseded_by_id", "superseded_date") VALUES (NEW."address", NEW."code", NEW."edition", NEW."id", NEW."issued_date", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."reference_id", NEW."superseded_by_id", NEW."superseded_date"); RETURN NULL;',
                    hash="10bd8527903d754ab88f0d4800da6f549fdee7fc",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_84ef6",
                    table="agreements_legaledition",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="legaledition",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "agreements_legaleditionevent" ("address", "code", "edition", "id", "issued_date", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reference_id", "superseded_by_id", "superseded_date") VALUES (NEW."address", NEW."code", NEW."edition", NEW."id", NEW."issued_date", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."reference_id", NEW."superseded_by_id", NEW."superseded_date"); RETURN NULL;',
                    hash="0fb55ef08576a975ea1663c7a2b99fff6803747e",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_c91cf",
                    table="agreements_legaledition",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="legaledition",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "agreements_legaleditionevent" ("address", "code", "edition", "id", "issued_date", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reference_id", "superseded_by_id", "superseded_date") VALUES (OLD."address", OLD."code", OLD."edition", OLD."id", OLD."issued_date", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."reference_id", OLD."superseded_by_id", OLD."superseded_date"); RETURN NULL;',
                    hash="73964581bcac4a9045b2291577418736ebfe95db",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_ae6b6",
                    table="agreements_legaledition",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="legalreferenceevent",
            index=models.Index(
                fields=["-pgh_created_at", "-pgh_id"], name="agreements__pgh_cre_e820f1_idx"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="legalreferenceevent",
            trigger=pgtrigger.compiler.Trigger(
                name="protect_rows",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    execute="permissions_refuse_change()",
                    func="RETURN NULL;",
                    hash="d19d6d8e91a12165c5171a53a4b1d3eeb5a64e8b",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_protect_rows_98fb3",
                    table="agreements_legalreferenceevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="legalreferenceevent",
            trigger=pgtrigger.compiler.Trigger(
                name="protect_table",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    execute="permissions_refuse_change()",
                    func="RETURN NULL;",
                    hash="8047756f7399f0e9f28795ce2c8fd587a222b7e7",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_protect_table_3567c",
                    table="agreements_legalreferenceevent",
                    when="BEFORE",
                ),
            ),
        ),
    ]
