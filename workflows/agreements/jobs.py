"""Background work of agreements: the receipt of an acceptance."""

import hashlib

from procrastinate.contrib.django import app

from workflows.engine import pdf
from workflows.engine.jobs import RETRY


@app.task(name="agreements.make_receipt", retry=RETRY)
def make_receipt(acceptance_id: int) -> None:
    """Make the PDF receipt of an acceptance, once."""
    from workflows.agreements import queries, rules
    from workflows.agreements.models import Acceptance, Receipt

    if Receipt.objects.filter(acceptance=acceptance_id).exists():
        return
    acceptances = Acceptance.objects.select_related("version__agreement__partnership")
    acceptance = acceptances.get(pk=acceptance_id)
    version = acceptance.version
    document = pdf.render(
        "letters/acceptance_receipt.typ",
        {
            "title": f"Receipt: {version}",
            "acceptance": acceptance,
            "version": version,
            "partnership": version.agreement.partnership,
            "document": rules.readable(
                version.snapshot["content"], register=queries.legal_register()
            ),
        },
    )
    Receipt.objects.create(
        acceptance=acceptance, pdf=document, sha256=hashlib.sha256(document).hexdigest()
    )
