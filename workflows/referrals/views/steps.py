"""What every human step of a referral shows: the referral itself above the form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from workflows.cases import queries as cases
from workflows.cases.models import Document
from workflows.engine.views import StepView
from workflows.referrals import queries
from workflows.referrals.models import Referral

if TYPE_CHECKING:
    from permissions.models import User


class ReferralStep(StepView):
    """A step that is decided on the whole referral, shown above its form."""

    template_name = "referrals/step.html"
    subject: Referral

    @property
    def user(self) -> User:
        """The person whose task it is; the task's page lets nobody else through."""
        return cast("User", self.request.user)

    def extra_context(self) -> dict[str, Any]:
        """Show the referral, its documents and questions, as far as the person may see them."""
        case = self.subject.case
        return {
            "case": case,
            "referral": self.subject,
            "cards": queries.cards(self.subject, self.user),
            "documents": Document.objects.visible_to(self.user)
            .filter(case=case)
            .order_by("uploaded_at"),
            "words": cases.family_words(case, self.user),
            "entries": cases.contact_log(case, self.user),
            "questions": self.subject.questions.order_by("asked_at", "pk"),
            "pause": queries.open_pause(self.subject),
        }
