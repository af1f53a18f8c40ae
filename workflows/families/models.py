"""The data of private links: for whose words, until when, and how they were used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils import timezone

from permissions.audit import track
from workflows.cases.models import Case
from workflows.cases.states import Voice

if TYPE_CHECKING:
    from permissions.models import User


class FamilyLinkQuerySet(models.QuerySet["FamilyLink"]):
    """Filters of private links."""

    def visible_to(self, user: User) -> FamilyLinkQuerySet:
        """Keep the links of the cases that a person may see."""
        return self.filter(case__in=Case.objects.visible_to(user).values("pk"))


@track(
    exclude=["token_sha256", "wrong_count", "locked_until", "used_count", "last_used_at"],
    organisation="case__partnership",
)
class FamilyLink(models.Model):
    """A private address at which a pupil or a parent writes; the secret in it is kept as a hash."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="family_links")
    voice = models.CharField(max_length=10, choices=Voice.choices)
    token_sha256 = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    # Nobody where too many wrong dates ended it.
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    # Wrong dates of birth so far (a right one takes none back), and until when none is taken.
    wrong_count = models.PositiveSmallIntegerField(default=0)
    locked_until = models.DateTimeField(null=True, blank=True)
    used_count = models.PositiveIntegerField(default=0)
    last_used_at = models.DateTimeField(null=True, blank=True)

    objects = FamilyLinkQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("created_at")),
                name="family_link_expires_later",
            ),
            models.CheckConstraint(
                condition=models.Q(revoked_by__isnull=True) | models.Q(revoked_at__isnull=False),
                name="family_link_revoked_at_and_by",
            ),
            models.CheckConstraint(
                condition=models.Q(used_count=0, last_used_at__isnull=True)
                | models.Q(used_count__gt=0, last_used_at__isnull=False),
                name="family_link_used_pair",
            ),
        ]
        indexes = [models.Index(fields=["case", "-created_at"], name="family_link_newest")]

    def __str__(self) -> str:
        return f"Private link {self.pk}"
