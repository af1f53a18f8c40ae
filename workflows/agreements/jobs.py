"""Background work of agreements: the receipt of an acceptance."""

from procrastinate.contrib.django import app

from workflows.engine.jobs import RETRY


@app.task(name="agreements.make_receipt", retry=RETRY)
def make_receipt(acceptance_id: int) -> None:
    """Make the PDF receipt of an acceptance."""
    from workflows.agreements import actions
    from workflows.agreements.models import Acceptance

    acceptances = Acceptance.objects.select_related("version__agreement__partnership")
    actions.make_receipt(acceptance=acceptances.get(pk=acceptance_id))
