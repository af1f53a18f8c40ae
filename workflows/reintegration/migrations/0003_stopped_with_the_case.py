"""A plan may be stopped before it was written, when its case ends."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Make the changes."""

    dependencies = [
        ("cases", "0003_evidence_contact_and_family"),
        ("permissions", "0002_shape"),
        ("placements", "0002_first_pupils"),
        ("reintegration", "0002_protection"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="reintegrationplan",
            name="plan_written_at_and_by",
        ),
        migrations.AddConstraint(
            model_name="reintegrationplan",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("status__in", ["writing", "stopped"]),
                        ("written_at__isnull", True),
                        ("written_by__isnull", True),
                    ),
                    models.Q(
                        models.Q(("status", "writing"), _negated=True),
                        ("written_at__isnull", False),
                        ("written_by__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="plan_written_at_and_by",
            ),
        ),
    ]
