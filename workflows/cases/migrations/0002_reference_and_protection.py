"""The sequence behind case references, and notes that stay as they were written."""

from django.db import migrations

from permissions.appendonly import Protect


class Migration(migrations.Migration):
    """Make the sequence and the triggers."""

    dependencies = [("cases", "0001_initial")]

    operations = [
        migrations.RunSQL("CREATE SEQUENCE cases_reference", "DROP SEQUENCE cases_reference"),
        Protect("cases_note"),
    ]
