"""The data of letters: a partnership's texts, their published versions, and how letters are sent."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from permissions.audit import track
from permissions.models import Organisation

from . import states
from .states import Addressee, Kind


@track(show_values=True)
class LetterSettings(models.Model):
    """How a partnership sends its letters; an administrator changes it."""

    partnership = models.OneToOneField(
        Organisation, on_delete=models.PROTECT, related_name="letter_settings"
    )
    writes_to_family = models.BooleanField(
        default=True, help_text="Whether a letter to the family is made as well"
    )
    # Off until a partnership decides otherwise: an attachment leaves Accord for a mailbox.
    attaches_letters = models.BooleanField(
        default=False, help_text="Whether emails carry the letter itself"
    )

    class Meta:
        default_permissions = ()
        verbose_name_plural = "letter settings"

    def __str__(self) -> str:
        return f"Letters of {self.partnership}"


@track(organisation="partnership")
class LetterTemplate(models.Model):
    """One of a partnership's letters, with the draft that its administrators work on.

    `revision` counts what was saved, so that of two people at once the second is told.
    """

    partnership = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="letter_templates"
    )
    kind = models.CharField(max_length=30, choices=Kind.choices)
    addressee = models.CharField(max_length=10, choices=Addressee.choices)
    heading = models.CharField(max_length=200)
    body = models.TextField(max_length=12000)
    revision = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField(null=True, blank=True)
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
    )

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["partnership", "kind", "addressee"], name="letter_template_once"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """What the letter tells, and whom."""
        return states.title(self.kind, self.addressee)

    @property
    def slug(self) -> str:
        """The part of an address that names the letter."""
        return states.slug(self.kind, self.addressee)


class LetterVersion(models.Model):
    """A published text of a letter; it never changes. The highest number is in force.

    `published_by` is empty for the text that Accord brings along.
    """

    template = models.ForeignKey(LetterTemplate, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    heading = models.CharField(max_length=200)
    body = models.TextField(max_length=12000)
    sha256 = models.CharField(max_length=64)
    published_at = models.DateTimeField(default=timezone.now)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
    )

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["template", "number"], name="letter_version_once"),
            models.CheckConstraint(
                condition=models.Q(number__gte=1), name="letter_version_from_one"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.template}, version {self.number}"
