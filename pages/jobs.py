"""Background work of pages: what editors have set a date for, and documents they upload."""

from procrastinate import JobContext
from procrastinate.contrib.django import app

from workflows.engine.jobs import RETRY


@app.periodic(cron="*/5 * * * *")
@app.task(name="pages.publish_scheduled", queueing_lock="pages.publish_scheduled")
def publish_scheduled(timestamp: int) -> None:
    """Publish and take back what is due, every five minutes."""
    from pages import scheduling

    scheduling.do_what_is_due()


@app.task(name="pages.import_document", retry=RETRY, pass_context=True)
def import_document(context: JobContext, import_id: int) -> None:
    """Make a draft of an uploaded document; when the last try fails, say so where it is awaited."""
    from pages.uploading import actions

    try:
        actions.carry_out(import_id=import_id)
    except Exception:
        if context.job is None or context.job.attempts >= (RETRY.max_attempts or 0):
            actions.give_up(import_id=import_id)
        raise
