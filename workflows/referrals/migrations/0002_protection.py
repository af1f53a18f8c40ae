"""Votes, conflicts, decisions and letters stay as they were written."""

from django.db import migrations

from permissions.appendonly import Protect


class Migration(migrations.Migration):
    """Make the triggers."""

    dependencies = [("referrals", "0001_initial")]

    operations = [
        Protect("referrals_vote"),
        Protect("referrals_conflictofinterest"),
        Protect("referrals_decision"),
        Protect("referrals_letter"),
    ]
