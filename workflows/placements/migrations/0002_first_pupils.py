"""Tell agreements which of their parties have had a first pupil: reservations come before."""

from typing import Any

from django.db import migrations
from django.db.models import Min


def remember(apps: Any, schema_editor: Any) -> None:
    """Write down the day of the first placement that started, for provider and home school."""
    placements = apps.get_model("placements", "Placement").objects.exclude(started_at=None)
    parties = apps.get_model("agreements", "AgreementParty").objects
    for organisation in ("provider", "case__pupil__school"):
        firsts = placements.values("agreement", organisation).annotate(first=Min("starts_date"))
        for row in firsts.order_by():
            parties.filter(
                agreement=row["agreement"],
                organisation=row[organisation],
                first_pupil_date=None,
            ).update(first_pupil_date=row["first"])


class Migration(migrations.Migration):
    dependencies = [
        ("placements", "0001_initial"),
        ("agreements", "0005_reservations"),
    ]

    operations = [migrations.RunPython(remember, migrations.RunPython.noop)]
