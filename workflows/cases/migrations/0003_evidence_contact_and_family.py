"""Documents that expire and are scanned, the contact log, the words of families."""

import django.db.models.deletion
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

from permissions.appendonly import Protect


class Migration(migrations.Migration):
    """Make the changes."""

    dependencies = [
        ("cases", "0002_reference_and_protection"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ContactEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("contact_date", models.DateField()),
                (
                    "how",
                    models.CharField(
                        choices=[
                            ("telephone", "Telephone"),
                            ("visit", "Visit at home"),
                            ("meeting", "Meeting at school"),
                            ("video", "Video call"),
                            ("message", "Email or text message"),
                            ("letter", "Letter"),
                            ("no_answer", "Tried without an answer"),
                        ],
                        max_length=20,
                    ),
                ),
                ("with_whom", models.CharField(max_length=200)),
                ("what", models.TextField(max_length=4000)),
                ("written_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "verbose_name_plural": "contact entries",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="FamilyWords",
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
                            ("parties", "Everyone in the case"),
                            ("school_and_commissioner", "School, partnership and local authority"),
                            ("commissioner", "Partnership and local authority"),
                            ("panel", "Panel"),
                            ("medical", "People who may see medical evidence"),
                            ("safeguarding", "Safeguarding leads"),
                        ],
                        default="parties",
                        max_length=30,
                    ),
                ),
                (
                    "voice",
                    models.CharField(
                        choices=[("pupil", "Pupil"), ("parent", "Parent or carer")], max_length=10
                    ),
                ),
                ("who", models.CharField(blank=True, max_length=200)),
                ("going_well", models.TextField(blank=True, max_length=4000)),
                ("difficult", models.TextField(blank=True, max_length=4000)),
                ("would_help", models.TextField(blank=True, max_length=4000)),
                ("anything_else", models.TextField(blank=True, max_length=4000)),
                ("written_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "verbose_name_plural": "family words",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="RefusedFile",
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
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("medical_evidence", "Medical evidence"),
                            ("professional_report", "Report by a professional"),
                            ("ehc_plan", "Education, health and care (EHC) plan"),
                            ("school_report", "School report"),
                            ("risk_assessment", "Risk assessment"),
                            ("parental_permission", "Signed parental permission"),
                            ("letter", "Letter"),
                            ("other", "Something else"),
                        ],
                        max_length=30,
                    ),
                ),
                ("title", models.CharField(max_length=200)),
                ("size", models.PositiveIntegerField(help_text="Bytes")),
                ("sha256", models.CharField(max_length=64)),
                ("found", models.CharField(max_length=200, verbose_name="what was found")),
                ("refused_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "default_permissions": (),
            },
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="case",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="case",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="case",
            name="delete_delete",
        ),
        migrations.AddField(
            model_name="case",
            name="another_because",
            field=models.TextField(blank=True, max_length=500),
        ),
        migrations.AddField(
            model_name="caseevent",
            name="another_because",
            field=models.TextField(blank=True, max_length=500),
        ),
        migrations.AddField(
            model_name="document",
            name="expiry_told_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="document",
            name="scan",
            field=models.CharField(
                choices=[
                    ("not_scanned", "Not scanned for viruses"),
                    ("clean", "No virus found"),
                    ("waiting", "Waiting for the virus scan"),
                ],
                default="not_scanned",
                max_length=20,
            ),
        ),
        migrations.AddField(
            model_name="document",
            name="scanned_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="document",
            name="valid_until",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name="case",
            name="outcome",
            field=models.CharField(
                blank=True,
                choices=[
                    ("reintegrated", "Returned to school"),
                    ("ended", "Provision ended"),
                    ("declined", "Referral declined"),
                    ("withdrawn", "Referral withdrawn"),
                    ("permission_withdrawn", "Parental permission withdrawn"),
                ],
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="caseevent",
            name="outcome",
            field=models.CharField(
                blank=True,
                choices=[
                    ("reintegrated", "Returned to school"),
                    ("ended", "Provision ended"),
                    ("declined", "Referral declined"),
                    ("withdrawn", "Referral withdrawn"),
                    ("permission_withdrawn", "Parental permission withdrawn"),
                ],
                max_length=20,
            ),
        ),
        migrations.AddIndex(
            model_name="document",
            index=models.Index(
                condition=models.Q(("scan", "waiting")), fields=["id"], name="document_waiting"
            ),
        ),
        migrations.AddIndex(
            model_name="document",
            index=models.Index(
                condition=models.Q(
                    ("expiry_told_at__isnull", True), ("valid_until__isnull", False)
                ),
                fields=["valid_until"],
                name="document_expiring",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="case",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "cases_caseevent" ("another_because", "closed_at", "id", "opened_at", "outcome", "partnership_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pupil_id", "reference", "stage") VALUES (NEW."another_because", NEW."closed_at", NEW."id", NEW."opened_at", NEW."outcome", NEW."partnership_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."pupil_id", NEW."reference", NEW."stage"); RETURN NULL;',
                    hash="c30de24dc4d89380fb50a21fb99aab7a65351a95",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_0b483",
                    table="cases_case",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="case",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "cases_caseevent" ("another_because", "closed_at", "id", "opened_at", "outcome", "partnership_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pupil_id", "reference", "stage") VALUES (NEW."another_because", NEW."closed_at", NEW."id", NEW."opened_at", NEW."outcome", NEW."partnership_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."pupil_id", NEW."reference", NEW."stage"); RETURN NULL;',
                    hash="167ddb8fda824fe07e06b6299d5cf4a6650071c7",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_f5146",
                    table="cases_case",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="case",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "cases_caseevent" ("another_because", "closed_at", "id", "opened_at", "outcome", "partnership_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pupil_id", "reference", "stage") VALUES (OLD."another_because", OLD."closed_at", OLD."id", OLD."opened_at", OLD."outcome", OLD."partnership_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."pupil_id", OLD."reference", OLD."stage"); RETURN NULL;',
                    hash="a3d31919b3b30f8b47002ee92a7573086e56d33d",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_8d49e",
                    table="cases_case",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="document",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_until__isnull", True),
                    ("document_date__isnull", True),
                    ("valid_until__gte", models.F("document_date")),
                    _connector="OR",
                ),
                name="document_valid_from_its_date",
            ),
        ),
        migrations.AddConstraint(
            model_name="document",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("scan", "clean"), ("scanned_at__isnull", False)),
                    models.Q(
                        models.Q(("scan", "clean"), _negated=True), ("scanned_at__isnull", True)
                    ),
                    _connector="OR",
                ),
                name="document_scanned_when_clean",
            ),
        ),
        migrations.AddField(
            model_name="contactentry",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="contact_entries",
                to="cases.case",
            ),
        ),
        migrations.AddField(
            model_name="contactentry",
            name="corrects",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="corrected_by",
                to="cases.contactentry",
            ),
        ),
        migrations.AddField(
            model_name="contactentry",
            name="written_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="familywords",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="family_words",
                to="cases.case",
            ),
        ),
        migrations.AddField(
            model_name="refusedfile",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="refused_files",
                to="cases.case",
            ),
        ),
        migrations.AddField(
            model_name="refusedfile",
            name="sent_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddIndex(
            model_name="contactentry",
            index=models.Index(fields=["case", "-contact_date", "-id"], name="contact_case_newest"),
        ),
        migrations.AddIndex(
            model_name="familywords",
            index=models.Index(fields=["case", "-written_at"], name="family_words_newest"),
        ),
        migrations.AddConstraint(
            model_name="familywords",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("anything_else", ""),
                    ("difficult", ""),
                    ("going_well", ""),
                    ("would_help", ""),
                    _negated=True,
                ),
                name="family_words_say_something",
            ),
        ),
        Protect("cases_contactentry"),
        Protect("cases_familywords"),
        Protect("cases_refusedfile"),
    ]
