"""What the partnership asks the school while screening, and what it finds."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from workflows.criteria.models import DecisionTableVersion
from workflows.criteria.states import Advice
from workflows.referrals.models.columns import both_or_neither, person
from workflows.referrals.models.referral import Referral
from workflows.referrals.states import ScreeningOutcome


class Question(models.Model):
    """What the partnership asked the school while screening, and the answer."""

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="questions")
    text = models.TextField(max_length=2000)
    asked_by = person()
    asked_at = models.DateTimeField(default=timezone.now)
    answer = models.TextField(max_length=4000, blank=True)
    answered_by = person(optional=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        default_permissions = ()
        constraints = [
            both_or_neither("answered_at", "answered_by", name="question_answered_pair"),
            models.CheckConstraint(
                condition=models.Q(answered_at__isnull=True) | ~models.Q(answer=""),
                name="question_answered_with_words",
            ),
        ]
        indexes = [
            models.Index(
                fields=["referral"],
                condition=models.Q(answered_at__isnull=True),
                name="question_open",
            ),
        ]

    def __str__(self) -> str:
        return f"Question of {self.asked_at:%d %B %Y}"


class Screening(models.Model):
    """What the criteria advised when a referral was screened, and what the officer did; never changed.

    Kept with the version of the table, in words, so that it can be read when both have changed.
    """

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="screenings")
    # Empty, as all of the advice, where the partnership had no criteria in use.
    version = models.ForeignKey(
        DecisionTableVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    advice = models.CharField(max_length=20, choices=Advice.choices, blank=True)
    # Which rule gave it; empty where none did.
    rule = models.PositiveSmallIntegerField(null=True, blank=True)
    explanation = models.TextField(blank=True)
    # The conditions that held, in words.
    held = models.JSONField(default=list, blank=True)
    outcome = models.CharField(max_length=20, choices=ScreeningOutcome.choices)
    # What the officer found; empty for a question.
    finding = models.CharField(max_length=20, choices=Advice.choices, blank=True)
    reasons = models.TextField(max_length=4000, blank=True)
    screened_by = person()
    screened_at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=models.Q(version__isnull=True, advice="", finding="")
                | models.Q(version__isnull=False) & ~models.Q(advice=""),
                name="screening_advice_of_a_version",
            ),
            models.CheckConstraint(
                condition=models.Q(finding="")
                | models.Q(finding=models.F("advice"))
                | ~models.Q(reasons=""),
                name="screening_otherwise_with_reasons",
            ),
        ]
        indexes = [models.Index(fields=["referral", "-screened_at"], name="screening_latest")]

    def __str__(self) -> str:
        return f"Screening {self.pk}"

    @property
    def is_otherwise(self) -> bool:
        """Whether the officer found something else than the criteria advised."""
        return bool(self.finding) and self.finding != self.advice
