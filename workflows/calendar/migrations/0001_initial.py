"""Terms, closure days and bank holidays."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("permissions", "0002_shape"),
    ]

    operations = [
        migrations.CreateModel(
            name="BankHoliday",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("date", models.DateField(unique=True)),
                ("name", models.CharField(max_length=100)),
            ],
            options={
                "ordering": ["date"],
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="ClosureDay",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("date", models.DateField()),
                ("reason", models.CharField(max_length=100)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="closure_days",
                        to="permissions.organisation",
                    ),
                ),
            ],
            options={
                "ordering": ["date"],
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organisation", "date"), name="calendar_closure_day_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Term",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=60)),
                ("starts_date", models.DateField()),
                ("ends_date", models.DateField()),
                ("break_starts_date", models.DateField(blank=True, null=True)),
                ("break_ends_date", models.DateField(blank=True, null=True)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="terms",
                        to="permissions.organisation",
                    ),
                ),
            ],
            options={
                "ordering": ["starts_date"],
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organisation", "starts_date"), name="calendar_term_starts_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends_date__gte", models.F("starts_date"))),
                        name="calendar_term_in_order",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("break_ends_date__isnull", True),
                                ("break_starts_date__isnull", True),
                            ),
                            models.Q(
                                ("break_ends_date__gte", models.F("break_starts_date")),
                                ("break_ends_date__isnull", False),
                                ("break_ends_date__lt", models.F("ends_date")),
                                ("break_starts_date__gt", models.F("starts_date")),
                                ("break_starts_date__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="calendar_break_inside_term",
                    ),
                ],
            },
        ),
    ]
