"""A role for those who sit on a panel in a member's place.

Both functions are that of the second migration; the new one knows one role more.
"""

from django.db import migrations, models

NEW_RULE = """
CREATE OR REPLACE FUNCTION permissions_check_role() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM permissions_organisation AS organisation
        WHERE organisation.id = NEW.organisation_id AND (organisation.kind, NEW.role) IN (
            ('local_authority', 'officer'),
            ('local_authority', 'finance'),
            ('local_authority', 'quality_officer'),
            ('local_authority', 'editor'),
            ('local_authority', 'administrator'),
            ('local_authority', 'auditor'),
            ('partnership', 'panel_member'),
            ('partnership', 'panel_chair'),
            ('partnership', 'panel_substitute'),
            ('partnership', 'officer'),
            ('partnership', 'finance'),
            ('partnership', 'quality_officer'),
            ('partnership', 'editor'),
            ('partnership', 'administrator'),
            ('partnership', 'auditor'),
            ('school', 'referrer'),
            ('school', 'head'),
            ('school', 'safeguarding_lead'),
            ('school', 'attendance_officer'),
            ('provider', 'signatory'),
            ('provider', 'tutor'),
            ('provider', 'safeguarding_lead'),
            ('provider', 'finance')
        )
    ) THEN
        RAISE EXCEPTION 'There is no role % in that organisation.', NEW.role
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END;
$$;
"""

OLD_RULE = """
CREATE OR REPLACE FUNCTION permissions_check_role() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM permissions_organisation AS organisation
        WHERE organisation.id = NEW.organisation_id AND (organisation.kind, NEW.role) IN (
            ('local_authority', 'officer'),
            ('local_authority', 'finance'),
            ('local_authority', 'quality_officer'),
            ('local_authority', 'editor'),
            ('local_authority', 'administrator'),
            ('local_authority', 'auditor'),
            ('partnership', 'panel_member'),
            ('partnership', 'panel_chair'),
            ('partnership', 'officer'),
            ('partnership', 'finance'),
            ('partnership', 'quality_officer'),
            ('partnership', 'editor'),
            ('partnership', 'administrator'),
            ('partnership', 'auditor'),
            ('school', 'referrer'),
            ('school', 'head'),
            ('school', 'safeguarding_lead'),
            ('school', 'attendance_officer'),
            ('provider', 'signatory'),
            ('provider', 'tutor'),
            ('provider', 'safeguarding_lead'),
            ('provider', 'finance')
        )
    ) THEN
        RAISE EXCEPTION 'There is no role % in that organisation.', NEW.role
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END;
$$;
"""


class Migration(migrations.Migration):
    """Add the role."""

    dependencies = [("permissions", "0002_shape")]

    operations = [
        migrations.RunSQL(NEW_RULE, OLD_RULE),
        migrations.AlterField(
            model_name="membership",
            name="role",
            field=models.CharField(
                choices=[
                    ("signatory", "Signatory"),
                    ("tutor", "Tutor"),
                    ("safeguarding_lead", "Safeguarding lead"),
                    ("finance", "Finance"),
                    ("panel_member", "Panel member"),
                    ("panel_chair", "Panel chair"),
                    ("panel_substitute", "Panel substitute"),
                    ("officer", "Officer"),
                    ("quality_officer", "Quality officer"),
                    ("editor", "Editor"),
                    ("administrator", "Administrator"),
                    ("auditor", "Auditor"),
                    ("referrer", "Referrer"),
                    ("head", "Head"),
                    ("attendance_officer", "Attendance officer"),
                ],
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="membershipevent",
            name="role",
            field=models.CharField(
                choices=[
                    ("signatory", "Signatory"),
                    ("tutor", "Tutor"),
                    ("safeguarding_lead", "Safeguarding lead"),
                    ("finance", "Finance"),
                    ("panel_member", "Panel member"),
                    ("panel_chair", "Panel chair"),
                    ("panel_substitute", "Panel substitute"),
                    ("officer", "Officer"),
                    ("quality_officer", "Quality officer"),
                    ("editor", "Editor"),
                    ("administrator", "Administrator"),
                    ("auditor", "Auditor"),
                    ("referrer", "Referrer"),
                    ("head", "Head"),
                    ("attendance_officer", "Attendance officer"),
                ],
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="rolegroup",
            name="role",
            field=models.CharField(
                choices=[
                    ("signatory", "Signatory"),
                    ("tutor", "Tutor"),
                    ("safeguarding_lead", "Safeguarding lead"),
                    ("finance", "Finance"),
                    ("panel_member", "Panel member"),
                    ("panel_chair", "Panel chair"),
                    ("panel_substitute", "Panel substitute"),
                    ("officer", "Officer"),
                    ("quality_officer", "Quality officer"),
                    ("editor", "Editor"),
                    ("administrator", "Administrator"),
                    ("auditor", "Auditor"),
                    ("referrer", "Referrer"),
                    ("head", "Head"),
                    ("attendance_officer", "Attendance officer"),
                ],
                max_length=20,
            ),
        ),
    ]
