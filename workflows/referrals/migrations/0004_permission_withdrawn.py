"""That permission was withdrawn; it stays as it was written."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from permissions.appendonly import Protect


class Migration(migrations.Migration):
    """Make the changes."""

    dependencies = [
        ("referrals", "0003_questions_and_pauses"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PermissionWithdrawal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("withdrawn_by", models.CharField(max_length=200)),
                (
                    "how",
                    models.CharField(
                        choices=[
                            ("signed_form", "Signed form"),
                            ("email", "Email"),
                            ("meeting", "At a meeting"),
                            ("telephone", "By telephone"),
                        ],
                        max_length=20,
                    ),
                ),
                ("withdrawn_date", models.DateField()),
                ("note", models.TextField(blank=True, max_length=1000)),
                ("recorded_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "referral",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="permission_withdrawal",
                        to="referrals.referral",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("withdrawn_by", ""), _negated=True),
                        name="permission_withdrawn_by_somebody",
                    )
                ],
            },
        ),
        Protect("referrals_permissionwithdrawal"),
    ]
