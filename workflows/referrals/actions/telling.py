"""How the school is told a decision: by a letter in the case."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from workflows.cases import actions as cases
from workflows.cases.states import DocumentKind
from workflows.engine import pdf
from workflows.referrals.actions.moving import (
    announce,
    lock,
)
from workflows.referrals.models import (
    Decision,
    Letter,
)


def make_letter(*, decision: Decision) -> Letter:
    """Write the letter that tells a decision, as an accessible PDF in the case; once only.

    Called by a background job, which may run again after a failure.
    """
    with transaction.atomic():
        referral = decision.referral
        lock(referral)
        found = Letter.objects.filter(decision=decision).first()
        if found is not None:
            return found
        case = referral.case
        content = pdf.render(
            "letters/decision.typ",
            {
                "title": f"Decision on the referral {case.reference}",
                "case": case,
                "decision": decision,
                "pupil": case.pupil,
                "school": case.pupil.school,
                "partnership": case.partnership,
                "authority": case.partnership.local_authority,
            },
        )
        document = cases.add_document(
            case=case,
            kind=DocumentKind.LETTER,
            title=f"Decision letter: {decision.result.lower()}",
            file=content,
            by=None,
            author=case.partnership.name,
            document_date=timezone.localdate(decision.decided_at),
        )
        letter = Letter.objects.create(decision=decision, document=document)
        announce(
            "letter_sent", referral, None, case.partnership, "Decision letter sent to the school"
        )
    return letter
