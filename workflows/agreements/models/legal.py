"""The register of law and guidance: what clauses cite, in which edition, and what replaced it.

Facts about publications of others, kept by a local authority's administrator. A clause cites an
edition by its code; whether that edition still holds is asked here whenever the clause is read, so
that a text published years ago says today that its law has been replaced.
"""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import slugify

from permissions.audit import track


@track(show_values=True)
class LegalReference(models.Model):
    """A law, or a piece of guidance, whatever its edition."""

    title = models.CharField(
        max_length=255, unique=True, help_text="As it is cited, without the year or edition."
    )
    other_names = models.TextField(
        blank=True,
        help_text="Other names and abbreviations that texts use for it. One on each line.",
    )

    class Meta:
        verbose_name = "law or guidance"
        verbose_name_plural = "laws and guidance"
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title


@track(show_values=True)
class LegalEdition(models.Model):
    """One edition of it; once superseded, every clause that cites it is flagged."""

    reference = models.ForeignKey(
        LegalReference,
        on_delete=models.PROTECT,
        related_name="editions",
        verbose_name="law or guidance",
    )
    # What clauses keep. Made once from title and edition, and never changed.
    code = models.SlugField(max_length=255, unique=True, editable=False)
    edition = models.CharField(
        max_length=60, help_text="Usually its year, such as 2025. Cited in brackets."
    )
    address = models.URLField("web address", blank=True, help_text="Where it can be read.")
    issued_date = models.DateField("date of issue", null=True, blank=True)
    superseded_date = models.DateField(
        "superseded from",
        null=True,
        blank=True,
        help_text="The day from which it no longer holds. Leave empty while it holds.",
    )
    superseded_by = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="supersedes",
        verbose_name="replaced by",
    )

    class Meta:
        verbose_name = "edition"
        constraints = [
            models.UniqueConstraint(fields=["reference", "edition"], name="legal_edition_once"),
            models.CheckConstraint(
                condition=models.Q(superseded_by=None) | models.Q(superseded_date__isnull=False),
                name="legal_edition_replaced_has_date",
                violation_error_message="Say from which day it is superseded.",
            ),
            models.CheckConstraint(
                condition=models.Q(superseded_by=None) | ~models.Q(superseded_by=models.F("pk")),
                name="legal_edition_not_by_itself",
                violation_error_message="An edition cannot replace itself.",
            ),
        ]
        ordering = ["reference__title", "-edition"]

    def __str__(self) -> str:
        return f"{self.reference} ({self.edition})"

    def save(self, *args: object, **kwargs: object) -> None:
        """Save; a new edition gets its code."""
        if not self.code:
            self.code = slugify(f"{self.reference.title[:180]} {self.edition}")
        super().save(*args, **kwargs)  # type: ignore[arg-type]  # passed on as they came

    def clean(self) -> None:
        """Refuse an end before the beginning."""
        issued, superseded = self.issued_date, self.superseded_date
        if issued and superseded and superseded < issued:
            raise ValidationError({"superseded_date": "It cannot end before it was issued."})
