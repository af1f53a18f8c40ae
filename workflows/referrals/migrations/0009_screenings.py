"""What was advised and found at each screening; it stays as it was written."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from permissions.appendonly import Protect


class Migration(migrations.Migration):
    """Add the screenings."""

    dependencies = [
        ("criteria", "0002_protection"),
        ("referrals", "0008_answers_are_rows"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Screening",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "advice",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("meets", "Meets the criteria"),
                            ("does_not_meet", "Does not meet the criteria"),
                            ("look_closer", "Look closer"),
                        ],
                        max_length=20,
                    ),
                ),
                ("rule", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("explanation", models.TextField(blank=True)),
                ("held", models.JSONField(blank=True, default=list)),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("to_panel", "Sent to the panel"),
                            ("asked", "Sent back with questions"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "finding",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("meets", "Meets the criteria"),
                            ("does_not_meet", "Does not meet the criteria"),
                            ("look_closer", "Look closer"),
                        ],
                        max_length=20,
                    ),
                ),
                ("reasons", models.TextField(blank=True, max_length=4000)),
                ("screened_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "referral",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="screenings",
                        to="referrals.referral",
                    ),
                ),
                (
                    "screened_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="criteria.decisiontableversion",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["referral", "-screened_at"], name="screening_latest")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("advice", ""), ("finding", ""), ("version__isnull", True)),
                            models.Q(
                                ("version__isnull", False), models.Q(("advice", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="screening_advice_of_a_version",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("finding", ""),
                            ("finding", models.F("advice")),
                            models.Q(("reasons", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="screening_otherwise_with_reasons",
                    ),
                ],
            },
        ),
        Protect("referrals_screening"),
    ]
