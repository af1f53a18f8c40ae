"""What a school recorded about a phase stays as it was written."""

from django.db import migrations

from permissions.appendonly import Protect


class Migration(migrations.Migration):
    """Protect the records of phases."""

    dependencies = [("reintegration", "0001_initial")]

    operations = [Protect("reintegration_phaserecord")]
