"""What becomes of a text after publication: when it is reviewed, by whom, and who approved a policy."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MinLengthValidator
from django.db import models
from django.utils import timezone

from workflows.agreements.models.agreements import Agreement
from workflows.agreements.models.versions import AgreementVersion
from workflows.agreements.states import ActKind, ReviewOutcome, TextReviewStatus


class TextReview(models.Model):
    """One coming review of an agreement's text: what the inbox task is about."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="text_reviews")
    due_date = models.DateField()
    status = models.CharField(
        max_length=20, choices=TextReviewStatus.choices, default=TextReviewStatus.SCHEDULED
    )
    scheduled_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agreement"],
                condition=models.Q(status__in=sorted(TextReviewStatus.open())),
                name="text_review_open_once",
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=TextReviewStatus.values),
                name="text_review_status_known",
            ),
            models.CheckConstraint(
                condition=(
                    models.Q(status__in=sorted(TextReviewStatus.open()), ended_at=None)
                    | (
                        ~models.Q(status__in=sorted(TextReviewStatus.open()))
                        & models.Q(ended_at__isnull=False)
                    )
                ),
                name="text_review_ended_pair",
            ),
        ]
        ordering = ["-scheduled_at", "-pk"]

    def __str__(self) -> str:
        return f"Review of {self.agreement} by {self.due_date}"


class ReviewRecord(models.Model):
    """What a review of one version came to. Never changed: the next review is another row."""

    agreement = models.ForeignKey(
        Agreement, on_delete=models.PROTECT, related_name="review_records"
    )
    version = models.ForeignKey(
        AgreementVersion, on_delete=models.PROTECT, related_name="review_records"
    )
    outcome = models.CharField(max_length=20, choices=ReviewOutcome.choices)
    name = models.CharField(max_length=200)
    position = models.CharField(max_length=200)
    reviewed_date = models.DateField()
    # The next one; only where nothing had to change.
    next_date = models.DateField(null=True)
    note = models.TextField(blank=True)
    # Who wrote it down; often the one who reviewed.
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(outcome__in=ReviewOutcome.values),
                name="review_record_outcome_known",
            ),
            models.CheckConstraint(
                condition=~(models.Q(name="") | models.Q(position="")),
                name="review_record_says_who",
            ),
            models.CheckConstraint(
                condition=(
                    models.Q(
                        outcome=ReviewOutcome.UNCHANGED,
                        next_date__gt=models.F("reviewed_date"),
                    )
                    | (~models.Q(outcome=ReviewOutcome.UNCHANGED) & models.Q(next_date=None))
                ),
                name="review_record_next_pair",
            ),
        ]
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.version}: {self.get_outcome_display()}"


class PolicyAct(models.Model):
    """The head's review or the governing board's approval of one text of a policy."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="policy_acts")
    kind = models.CharField(max_length=20, choices=ActKind.choices)
    name = models.CharField(max_length=200)
    role = models.CharField(max_length=200)
    act_date = models.DateField()
    # The text that was before them: another text needs another act.
    text_sha256 = models.CharField(max_length=64, validators=[MinLengthValidator(64)])
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=ActKind.values), name="policy_act_kind_known"
            ),
            models.CheckConstraint(
                condition=~(models.Q(name="") | models.Q(role="")), name="policy_act_says_who"
            ),
            models.CheckConstraint(
                condition=models.Q(text_sha256__regex=r"^[0-9a-f]{64}$"),
                name="policy_act_sha256_is_hex",
            ),
        ]
        indexes = [models.Index(fields=["agreement", "text_sha256"], name="policy_act_text")]
        ordering = ["-act_date", "-pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.agreement}"
