"""A published text of a letter stays as it was written."""

from django.db import migrations

from permissions.appendonly import Protect


class Migration(migrations.Migration):
    """Make the trigger."""

    dependencies = [("letters", "0001_initial")]

    operations = [Protect("letters_letterversion")]
