"""Take away two choices that nobody makes: an agreement page is a service level agreement, and a
data-sharing agreement is signed by both parties."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("pages", "0007_approval_by_acts"),
    ]

    operations = [
        migrations.RemoveField(
            model_name="agreementpage",
            name="kind",
        ),
        migrations.RemoveField(
            model_name="datasharingagreementpage",
            name="mode",
        ),
    ]
