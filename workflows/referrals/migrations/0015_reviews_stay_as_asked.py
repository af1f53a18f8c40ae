"""What a school asked in a review of a decision stays as it was written; its outcome is added."""

from django.db import migrations

from permissions.appendonly import Protect


class Migration(migrations.Migration):
    """Protect the rows."""

    dependencies = [("referrals", "0014_safeguarding_label")]

    operations = [
        Protect(
            "referrals_decisionreview",
            (
                "status",
                "outcome_reasons",
                "decided_at",
                "decided_by_id",
                "withdrawn_at",
                "withdrawn_by_id",
            ),
        ),
    ]
