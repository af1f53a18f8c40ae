"""What was published and accepted stays as it was written."""

from django.db import migrations

from permissions.appendonly import Protect


class Migration(migrations.Migration):
    dependencies = [
        ("agreements", "0001_initial"),
        ("permissions", "0001_initial"),
    ]

    operations = [
        Protect("agreements_agreementversion"),
        Protect("agreements_clause"),
        Protect("agreements_term"),
        Protect("agreements_acceptance"),
        Protect("agreements_receipt"),
    ]
