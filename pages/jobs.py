"""Background work of pages: what editors have set a date for."""

from django.core.management import call_command
from procrastinate.contrib.django import app


@app.periodic(cron="*/5 * * * *")
@app.task(name="pages.publish_scheduled", queueing_lock="pages.publish_scheduled")
def publish_scheduled(timestamp: int) -> None:
    """Publish and take back what is due, every five minutes."""
    call_command("publish_scheduled")
