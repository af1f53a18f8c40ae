"""A referral keeps the version of the questions it was begun with; answers are rows."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0002_reference_and_protection"),
        ("pghistory", "0007_auto_20250421_0444"),
        ("questionnaires", "0002_protection_and_standard"),
        ("referrals", "0005_changed_votes"),
    ]

    operations = [
        migrations.CreateModel(
            name="Answer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=60)),
                ("value", models.JSONField()),
                (
                    "audience",
                    models.CharField(
                        choices=[
                            ("parties", "Everyone in the case"),
                            ("school_and_commissioner", "School, partnership and local authority"),
                            ("commissioner", "Partnership and local authority"),
                            ("panel", "Panel"),
                            ("medical", "People who may see medical evidence"),
                            ("safeguarding", "Safeguarding leads"),
                        ],
                        max_length=30,
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="AnswerEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("key", models.CharField(max_length=60)),
                ("value", models.JSONField()),
                (
                    "audience",
                    models.CharField(
                        choices=[
                            ("parties", "Everyone in the case"),
                            ("school_and_commissioner", "School, partnership and local authority"),
                            ("commissioner", "Partnership and local authority"),
                            ("panel", "Panel"),
                            ("medical", "People who may see medical evidence"),
                            ("safeguarding", "Safeguarding leads"),
                        ],
                        max_length=30,
                    ),
                ),
            ],
            options={
                "abstract": False,
                "default_permissions": (),
            },
        ),
        migrations.AddField(
            model_name="referral",
            name="questionnaire_version",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="referrals",
                to="questionnaires.questionnaireversion",
            ),
        ),
        migrations.AddField(
            model_name="answer",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="answers", to="cases.case"
            ),
        ),
        migrations.AddField(
            model_name="answer",
            name="referral",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="answers",
                to="referrals.referral",
            ),
        ),
        migrations.AddField(
            model_name="answerevent",
            name="case",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="cases.case",
            ),
        ),
        migrations.AddField(
            model_name="answerevent",
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
            model_name="answerevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="events",
                to="referrals.answer",
            ),
        ),
        migrations.AddField(
            model_name="answerevent",
            name="referral",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="referrals.referral",
            ),
        ),
        migrations.AddConstraint(
            model_name="answer",
            constraint=models.UniqueConstraint(fields=("referral", "key"), name="answer_once"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="answer",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "referrals_answerevent" ("audience", "case_id", "id", "key", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "referral_id", "value") VALUES (NEW."audience", NEW."case_id", NEW."id", NEW."key", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."referral_id", NEW."value"); RETURN NULL;',
                    hash="dea1e20077bee9249b771f91a0ecf35b491d8418",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_860d4",
                    table="referrals_answer",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="answer",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "referrals_answerevent" ("audience", "case_id", "id", "key", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "referral_id", "value") VALUES (NEW."audience", NEW."case_id", NEW."id", NEW."key", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."referral_id", NEW."value"); RETURN NULL;',
                    hash="d4c739bc4d723f409d178327afea3979cb74f8fc",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_7f5e9",
                    table="referrals_answer",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="answer",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "referrals_answerevent" ("audience", "case_id", "id", "key", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "referral_id", "value") VALUES (OLD."audience", OLD."case_id", OLD."id", OLD."key", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."referral_id", OLD."value"); RETURN NULL;',
                    hash="fafcbd92e4d0acfc3e8861897ab5e41c099f8a92",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_65165",
                    table="referrals_answer",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="answerevent",
            index=models.Index(
                fields=["-pgh_created_at", "-pgh_id"], name="referrals_a_pgh_cre_45d764_idx"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="answerevent",
            trigger=pgtrigger.compiler.Trigger(
                name="protect_rows",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    execute="permissions_refuse_change()",
                    func="RETURN NULL;",
                    hash="96f9903a968549f0760e20cfce75136044c9e011",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_protect_rows_b5bbf",
                    table="referrals_answerevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="answerevent",
            trigger=pgtrigger.compiler.Trigger(
                name="protect_table",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    execute="permissions_refuse_change()",
                    func="RETURN NULL;",
                    hash="f99dc909ad999da4a1c0580db2864f06075b66b3",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_protect_table_9232a",
                    table="referrals_answerevent",
                    when="BEFORE",
                ),
            ),
        ),
    ]
