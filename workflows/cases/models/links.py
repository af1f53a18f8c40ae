"""Two cases that belong together: siblings, or the same child."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from workflows.cases.models.case import Case
from workflows.cases.states import LinkKind


class CaseLink(models.Model):
    """That two cases belong together; shown to those alone who may see both."""

    # The two in the order of their ids, so that a pair is one pair whoever links it.
    first = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    second = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=LinkKind.choices)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField(default=timezone.now)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["first", "second"],
                condition=models.Q(ended_at__isnull=True),
                name="case_link_once",
            ),
            models.CheckConstraint(
                condition=models.Q(first__lt=models.F("second")), name="case_link_in_order"
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at__isnull=True, ended_by__isnull=True)
                | models.Q(ended_at__isnull=False, ended_by__isnull=False),
                name="case_link_ended_pair",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first} and {self.second}: {self.get_kind_display().lower()}"

    def other(self, case: Case) -> Case:
        """The case that is linked with the one given."""
        return self.second if self.first_id == case.pk else self.first
