"""What a party asks or remarks about an agreement or a clause, and the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from permissions import queries as permissions
from permissions.models import Organisation
from workflows.agreements.models.agreements import Agreement
from workflows.agreements.models.versions import AgreementVersion
from workflows.agreements.states import QuestionKind

if TYPE_CHECKING:
    from permissions.queries import Person


class QuestionQuerySet(models.QuerySet["Question"]):
    """Filters of questions."""

    def unanswered(self) -> QuestionQuerySet:
        """Keep the questions that wait for an answer."""
        return self.filter(answered_at=None)

    def visible_to(self, user: Person) -> QuestionQuerySet:
        """Keep those of the person's organisations, and those put to their partnerships."""
        return self.filter(
            Q(organisation__in=permissions.organisations_where(user, "view_agreement"))
            | Q(
                agreement__partnership__in=permissions.organisations_where(user, "view_acceptances")
            )
        )


class Question(models.Model):
    """A question or a remark of somebody in a party; what was written never changes."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="questions")
    # The version that was read.
    version = models.ForeignKey(
        AgreementVersion, on_delete=models.PROTECT, related_name="questions"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="agreement_questions"
    )
    # Which clause; without one it is about the agreement as a whole.
    clause_id = models.UUIDField(null=True)
    kind = models.CharField(max_length=20, choices=QuestionKind.choices)
    text = models.TextField()
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField(default=timezone.now)
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True)

    objects = QuestionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=QuestionKind.values), name="question_kind_known"
            ),
            models.CheckConstraint(condition=~Q(text=""), name="question_says_something"),
            models.CheckConstraint(
                condition=Q(answer="", answered_by=None, answered_at=None)
                | (~Q(answer="") & Q(answered_by__isnull=False, answered_at__isnull=False)),
                name="question_answered_whole",
            ),
        ]
        indexes = [models.Index(fields=["agreement", "-asked_at"], name="question_newest")]
        ordering = ["-asked_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} on {self.agreement}"

    def get_absolute_url(self) -> str:
        """Address of its page, with the answer."""
        return reverse("agreements:question", args=[self.pk])
