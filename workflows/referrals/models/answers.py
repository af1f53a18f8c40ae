"""What a school answered to the questions of its partnership."""

from __future__ import annotations

from django.db import models

from permissions.audit import track
from workflows.cases.models import Case, NarrowedQuerySet
from workflows.cases.states import Audience
from workflows.referrals.models.referral import Referral


@track(organisation="case__partnership")
class Answer(models.Model):
    """The answer to one question. There is a row only where something is answered."""

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="answers")
    # The referral's own: what belongs to a case is narrowed by it.
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="answers")
    # Of the question, in the version that the referral keeps.
    key = models.CharField(max_length=60)
    value = models.JSONField()
    audience = models.CharField(max_length=30, choices=Audience.choices)

    objects = NarrowedQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["referral", "key"], name="answer_once"),
        ]

    def __str__(self) -> str:
        return self.key
