"""A referral on paper: what its reader may see of it, as an accessible PDF."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache

from permissions import audit
from workflows.cases import queries as cases
from workflows.cases.models import Document
from workflows.cases.states import Audience
from workflows.cases.views import SignedIn
from workflows.engine import pdf
from workflows.referrals import queries
from workflows.referrals.models import Referral


@method_decorator(never_cache, name="dispatch")
class PrintReferral(SignedIn, View):
    """The referral as one PDF; its documents are named, not contained."""

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        """Make the PDF for this reader; 404 where the case is not visible."""
        referral = get_object_or_404(
            Referral.objects.visible_to(self.user).select_related(
                "case__pupil__school", "case__partnership", "questionnaire_version"
            ),
            case__reference=reference,
        )
        case = referral.case
        if Audience.PARTIES not in cases.audiences_of(self.user, case):
            raise Http404
        audit.record_read(self.user, case, case.partnership, purpose="referral as PDF")
        content = pdf.render(
            "letters/referral.typ",
            {
                "title": f"Referral {case.reference}",
                "referral": referral,
                "case": case,
                "cards": queries.cards(referral, self.user),
                "documents": Document.objects.visible_to(self.user)
                .filter(case=case)
                .order_by("uploaded_at", "pk"),
                "reader": self.user.get_full_name(),
            },
        )
        return HttpResponse(
            content,
            content_type="application/pdf",
            headers={"Content-Disposition": f'inline; filename="{case.reference}.pdf"'},
        )
