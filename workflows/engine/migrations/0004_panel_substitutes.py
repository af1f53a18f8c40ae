"""The new role can be named where late tasks are shown to a role."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Let rules name the role of panel substitutes."""

    dependencies = [
        ("engine", "0003_desk"),
    ]

    operations = [
        migrations.AlterField(
            model_name="escalationrule",
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
            model_name="escalationruleevent",
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
