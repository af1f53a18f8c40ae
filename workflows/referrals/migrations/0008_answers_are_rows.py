"""The columns that answers stood in go; what they said was moved before."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

KEEP_VERSION = """
CREATE TRIGGER keep_questionnaire_version BEFORE UPDATE ON referrals_referral
    FOR EACH ROW WHEN (OLD.questionnaire_version_id <> NEW.questionnaire_version_id)
    EXECUTE FUNCTION permissions_refuse_change();
"""
DROP_KEEP_VERSION = "DROP TRIGGER keep_questionnaire_version ON referrals_referral;"


class Migration(migrations.Migration):
    dependencies = [("referrals", "0007_move_answers")]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="referral",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="referral",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="referral",
            name="delete_delete",
        ),
        migrations.RemoveField(
            model_name="referral",
            name="aptitudes",
        ),
        migrations.RemoveField(
            model_name="referral",
            name="behaviour",
        ),
        migrations.RemoveField(
            model_name="referral",
            name="needs",
        ),
        migrations.RemoveField(
            model_name="referral",
            name="parent_views",
        ),
        migrations.RemoveField(
            model_name="referral",
            name="potential",
        ),
        migrations.RemoveField(
            model_name="referral",
            name="pupil_views",
        ),
        migrations.RemoveField(
            model_name="referral",
            name="reason",
        ),
        migrations.RemoveField(
            model_name="referral",
            name="strengths",
        ),
        migrations.RemoveField(
            model_name="referral",
            name="tried_first",
        ),
        migrations.RemoveField(
            model_name="referral",
            name="working_at",
        ),
        migrations.RemoveField(
            model_name="referralevent",
            name="aptitudes",
        ),
        migrations.RemoveField(
            model_name="referralevent",
            name="behaviour",
        ),
        migrations.RemoveField(
            model_name="referralevent",
            name="needs",
        ),
        migrations.RemoveField(
            model_name="referralevent",
            name="parent_views",
        ),
        migrations.RemoveField(
            model_name="referralevent",
            name="potential",
        ),
        migrations.RemoveField(
            model_name="referralevent",
            name="pupil_views",
        ),
        migrations.RemoveField(
            model_name="referralevent",
            name="reason",
        ),
        migrations.RemoveField(
            model_name="referralevent",
            name="strengths",
        ),
        migrations.RemoveField(
            model_name="referralevent",
            name="tried_first",
        ),
        migrations.RemoveField(
            model_name="referralevent",
            name="working_at",
        ),
        migrations.AlterField(
            model_name="referral",
            name="questionnaire_version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="referrals",
                to="questionnaires.questionnaireversion",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="referral",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "referrals_referralevent" ("absence_contact", "absence_contact_contact", "case_id", "id", "key_contact", "key_contact_contact", "named_person", "named_person_contact", "no_medical_evidence_reason", "permission_covers", "permission_date", "permission_given_by", "permission_how", "permission_recorded_at", "permission_recorded_by_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "screened_at", "screened_by_id", "started_at", "started_by_id", "status", "submitted_at", "submitted_by_id") VALUES (NEW."absence_contact", NEW."absence_contact_contact", NEW."case_id", NEW."id", NEW."key_contact", NEW."key_contact_contact", NEW."named_person", NEW."named_person_contact", NEW."no_medical_evidence_reason", NEW."permission_covers", NEW."permission_date", NEW."permission_given_by", NEW."permission_how", NEW."permission_recorded_at", NEW."permission_recorded_by_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."screened_at", NEW."screened_by_id", NEW."started_at", NEW."started_by_id", NEW."status", NEW."submitted_at", NEW."submitted_by_id"); RETURN NULL;',
                    hash="9d7c8dea51aa1512a9aa1e31f596638b8d350c7b",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_a74c8",
                    table="referrals_referral",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="referral",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."absence_contact" IS DISTINCT FROM (NEW."absence_contact") OR OLD."absence_contact_contact" IS DISTINCT FROM (NEW."absence_contact_contact") OR OLD."case_id" IS DISTINCT FROM (NEW."case_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."key_contact" IS DISTINCT FROM (NEW."key_contact") OR OLD."key_contact_contact" IS DISTINCT FROM (NEW."key_contact_contact") OR OLD."named_person" IS DISTINCT FROM (NEW."named_person") OR OLD."named_person_contact" IS DISTINCT FROM (NEW."named_person_contact") OR OLD."no_medical_evidence_reason" IS DISTINCT FROM (NEW."no_medical_evidence_reason") OR OLD."permission_covers" IS DISTINCT FROM (NEW."permission_covers") OR OLD."permission_date" IS DISTINCT FROM (NEW."permission_date") OR OLD."permission_given_by" IS DISTINCT FROM (NEW."permission_given_by") OR OLD."permission_how" IS DISTINCT FROM (NEW."permission_how") OR OLD."permission_recorded_at" IS DISTINCT FROM (NEW."permission_recorded_at") OR OLD."permission_recorded_by_id" IS DISTINCT FROM (NEW."permission_recorded_by_id") OR OLD."screened_at" IS DISTINCT FROM (NEW."screened_at") OR OLD."screened_by_id" IS DISTINCT FROM (NEW."screened_by_id") OR OLD."started_at" IS DISTINCT FROM (NEW."started_at") OR OLD."started_by_id" IS DISTINCT FROM (NEW."started_by_id") OR OLD."status" IS DISTINCT FROM (NEW."status") OR OLD."submitted_at" IS DISTINCT FROM (NEW."submitted_at") OR OLD."submitted_by_id" IS DISTINCT FROM (NEW."submitted_by_id"))',
                    func='INSERT INTO "referrals_referralevent" ("absence_contact", "absence_contact_contact", "case_id", "id", "key_contact", "key_contact_contact", "named_person", "named_person_contact", "no_medical_evidence_reason", "permission_covers", "permission_date", "permission_given_by", "permission_how", "permission_recorded_at", "permission_recorded_by_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "screened_at", "screened_by_id", "started_at", "started_by_id", "status", "submitted_at", "submitted_by_id") VALUES (NEW."absence_contact", NEW."absence_contact_contact", NEW."case_id", NEW."id", NEW."key_contact", NEW."key_contact_contact", NEW."named_person", NEW."named_person_contact", NEW."no_medical_evidence_reason", NEW."permission_covers", NEW."permission_date", NEW."permission_given_by", NEW."permission_how", NEW."permission_recorded_at", NEW."permission_recorded_by_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."screened_at", NEW."screened_by_id", NEW."started_at", NEW."started_by_id", NEW."status", NEW."submitted_at", NEW."submitted_by_id"); RETURN NULL;',
                    hash="905416b879cf2641900faed26fe2da41b935b95c",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_223e7",
                    table="referrals_referral",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="referral",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "referrals_referralevent" ("absence_contact", "absence_contact_contact", "case_id", "id", "key_contact", "key_contact_contact", "named_person", "named_person_contact", "no_medical_evidence_reason", "permission_covers", "permission_date", "permission_given_by", "permission_how", "permission_recorded_at", "permission_recorded_by_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "screened_at", "screened_by_id", "started_at", "started_by_id", "status", "submitted_at", "submitted_by_id") VALUES (OLD."absence_contact", OLD."absence_contact_contact", OLD."case_id", OLD."id", OLD."key_contact", OLD."key_contact_contact", OLD."named_person", OLD."named_person_contact", OLD."no_medical_evidence_reason", OLD."permission_covers", OLD."permission_date", OLD."permission_given_by", OLD."permission_how", OLD."permission_recorded_at", OLD."permission_recorded_by_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."screened_at", OLD."screened_by_id", OLD."started_at", OLD."started_by_id", OLD."status", OLD."submitted_at", OLD."submitted_by_id"); RETURN NULL;',
                    hash="1c889bad7af637c5d3b6a378eb10ac19694679a2",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_e24da",
                    table="referrals_referral",
                    when="AFTER",
                ),
            ),
        ),
        migrations.RunSQL(KEEP_VERSION, DROP_KEEP_VERSION),
    ]
