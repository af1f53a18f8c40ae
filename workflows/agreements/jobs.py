"""Background work of agreements: the receipt of an acceptance, and reminders."""

import hashlib

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from workflows.engine import pdf
from workflows.engine.jobs import RETRY

MORNING = 7


@app.task(name="agreements.make_receipt", retry=RETRY)
def make_receipt(acceptance_id: int) -> None:
    """Make the PDF receipt of an acceptance, once; with a case, a copy goes into its documents."""
    from workflows.agreements import queries, rules
    from workflows.agreements.models import Acceptance, Receipt
    from workflows.cases import actions as cases
    from workflows.cases.states import Audience, DocumentKind

    if Receipt.objects.filter(acceptance=acceptance_id).exists():
        return
    acceptances = Acceptance.objects.select_related(
        "version__agreement__partnership", "organisation", "case"
    )
    acceptance = acceptances.get(pk=acceptance_id)
    version = acceptance.version
    document = pdf.render(
        "letters/acceptance_receipt.typ",
        {
            "title": f"Receipt: {version}",
            "acceptance": acceptance,
            "version": version,
            "partnership": version.agreement.partnership,
            "document": rules.varied(
                rules.readable(version.snapshot["content"], register=queries.legal_register()),
                queries.variations_of_version(
                    version, acceptance.organisation, acceptance.accepted_at
                ),
                queries.reserved_at(
                    version.agreement, acceptance.organisation, acceptance.accepted_at
                ),
            ),
        },
    )
    with transaction.atomic():
        Receipt.objects.create(
            acceptance=acceptance, pdf=document, sha256=hashlib.sha256(document).hexdigest()
        )
        if acceptance.case is not None:
            cases.add_document(
                case=acceptance.case,
                kind=DocumentKind.LETTER,
                title=f"Acceptance of “{version.agreement.title}”, version {version.number}"[:200],
                file=document,
                by=None,
                audience=Audience.PARTIES,
                author=acceptance.organisation_name[:200],
                document_date=timezone.localdate(acceptance.accepted_at),
            )


# Universal time: one of the two is twenty past seven in London, whatever the clocks do.
@app.periodic(cron="20 6,7 * * *")
@app.task(name="agreements.remind", queueing_lock="agreements.remind", pass_context=False)
def remind(timestamp: int) -> None:
    """Remind the signatories whose day is near, every morning at twenty past seven."""
    from workflows.agreements import actions
    from workflows.calendar import rules as calendar

    if calendar.is_hour(timestamp, MORNING):
        actions.remind(timezone.localdate())
