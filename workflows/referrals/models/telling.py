"""How school and family are told what was decided."""

from __future__ import annotations

import datetime

from django.db import models
from django.utils import timezone

from workflows.cases.models import Document
from workflows.letters.models import LetterVersion
from workflows.letters.states import Addressee, Kind
from workflows.referrals.models.panel import Decision
from workflows.referrals.models.referral import Referral
from workflows.referrals.models.reviewing import DecisionReview


class Letter(models.Model):
    """A letter about a referral: the document, and the text of the partnership that made it.

    Letters from before texts had versions have none. Never changed.
    """

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="letters")
    kind = models.CharField(max_length=30, choices=Kind.choices)
    addressee = models.CharField(max_length=10, choices=Addressee.choices, default=Addressee.SCHOOL)
    decision = models.ForeignKey(
        Decision, on_delete=models.PROTECT, related_name="letters", null=True, blank=True
    )
    review = models.ForeignKey(
        DecisionReview, on_delete=models.PROTECT, related_name="letters", null=True, blank=True
    )
    version = models.ForeignKey(
        LetterVersion, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    document = models.OneToOneField(Document, on_delete=models.PROTECT, related_name="letter")
    # The last day that the letter gives for asking for a review: what was promised holds.
    ask_review_by_date = models.DateField(null=True, blank=True)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()
        constraints = [
            # One of each about a decision, about a review, and about the referral itself.
            models.UniqueConstraint(
                fields=["decision", "addressee"],
                condition=models.Q(review__isnull=True),
                name="letter_of_decision_once",
            ),
            models.UniqueConstraint(fields=["review", "addressee"], name="letter_of_review_once"),
            models.UniqueConstraint(
                fields=["referral", "kind", "addressee"],
                condition=models.Q(decision__isnull=True, review__isnull=True),
                name="letter_of_referral_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.referral})"

    @property
    def made_date(self) -> datetime.date:
        """The day on which it was made, here."""
        return timezone.localdate(self.made_at)
