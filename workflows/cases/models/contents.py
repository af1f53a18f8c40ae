"""What is put into a case: documents, notes, the log of contact with the family, the family's words.

Each row is for an audience; `visible_to` narrows it to a reader.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone

from workflows.cases.models.case import Case, NarrowedQuerySet, let_in
from workflows.cases.states import (
    SHOWN_INLINE,
    Audience,
    ContactMethod,
    DocumentKind,
    Scan,
    Voice,
)

if TYPE_CHECKING:
    import datetime

    from permissions.models import User


def _stored_name(document: Document, _filename: str) -> str:
    """Name a stored file at random: the sender's name is never used and tells nobody anything."""
    name = uuid.uuid4().hex
    return f"documents/{name[:2]}/{name}"


class DocumentQuerySet(NarrowedQuerySet["Document"]):
    """Filters of documents."""

    def readable(self) -> DocumentQuerySet:
        """Keep what may be opened: not what still waits for its virus scan."""
        return self.exclude(scan=Scan.WAITING)


class Document(models.Model):
    """A file in a case. Its type was told from its content; it is served by one checked view."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="documents")
    kind = models.CharField(max_length=30, choices=DocumentKind.choices)
    title = models.CharField(max_length=200)
    audience = models.CharField(max_length=30, choices=Audience.choices)
    file = models.FileField(upload_to=_stored_name, max_length=100)
    size = models.PositiveIntegerField(help_text="Bytes")
    content_type = models.CharField(max_length=100)
    sha256 = models.CharField(max_length=64)
    author = models.CharField("written by", max_length=200, blank=True)
    document_date = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)
    # When the school was told that it is about to expire.
    expiry_told_at = models.DateTimeField(null=True, blank=True)
    scan = models.CharField(max_length=20, choices=Scan.choices, default=Scan.NOT_SCANNED)
    scanned_at = models.DateTimeField(null=True, blank=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    uploaded_at = models.DateTimeField(default=timezone.now)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=models.Q(valid_until__isnull=True)
                | models.Q(document_date__isnull=True)
                | models.Q(valid_until__gte=models.F("document_date")),
                name="document_valid_from_its_date",
            ),
            models.CheckConstraint(
                condition=models.Q(scan=Scan.CLEAN, scanned_at__isnull=False)
                | ~models.Q(scan=Scan.CLEAN) & models.Q(scanned_at__isnull=True),
                name="document_scanned_when_clean",
            ),
        ]
        indexes = [
            models.Index(fields=["case", "uploaded_at"], name="document_case_at"),
            # Serve the jobs that scan again and that tell of what expires.
            models.Index(
                fields=["id"], name="document_waiting", condition=models.Q(scan=Scan.WAITING)
            ),
            models.Index(
                fields=["valid_until"],
                name="document_expiring",
                condition=models.Q(valid_until__isnull=False, expiry_told_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Address of the view that serves the file to those who may read it."""
        return reverse("cases:document", args=[self.case.reference, self.pk])

    @property
    def is_readable(self) -> bool:
        """Whether it may be opened: not while it waits for its virus scan."""
        return self.scan != Scan.WAITING

    @property
    def is_shown_inline(self) -> bool:
        """Whether a browser may show it by itself."""
        return self.content_type in SHOWN_INLINE

    @property
    def has_preview(self) -> bool:
        """Whether Accord can draw its pages as pictures."""
        return self.is_readable and self.content_type in SHOWN_INLINE

    def is_expired(self, today: datetime.date | None = None) -> bool:
        """Whether the last day on which it is valid has passed."""
        return self.valid_until is not None and self.valid_until < (today or timezone.localdate())


class RefusedFile(models.Model):
    """A file in which a virus was found: that it was sent, never the file itself. Never changed."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="refused_files")
    audience = models.CharField(max_length=30, choices=Audience.choices)
    kind = models.CharField(max_length=30, choices=DocumentKind.choices)
    title = models.CharField(max_length=200)
    size = models.PositiveIntegerField(help_text="Bytes")
    sha256 = models.CharField(max_length=64)
    found = models.CharField("what was found", max_length=200)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    refused_at = models.DateTimeField(default=timezone.now)

    objects = NarrowedQuerySet.as_manager()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"Refused: {self.title}"


class Note(models.Model):
    """A dated remark in a case, for one audience; never changed."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="notes")
    audience = models.CharField(max_length=30, choices=Audience.choices)
    text = models.TextField(max_length=4000)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    written_at = models.DateTimeField(default=timezone.now)

    objects = NarrowedQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["case", "-written_at"], name="note_case_newest")]

    def __str__(self) -> str:
        return f"Note of {self.written_at:%d %B %Y}"


class ContactEntryQuerySet(models.QuerySet["ContactEntry"]):
    """Filters of the contact log."""

    def visible_to(self, user: User) -> ContactEntryQuerySet:
        """Keep what school, partnership and local authority may read, and the panel with them."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        belongs = let_in(Audience.SCHOOL_AND_COMMISSIONER, user, case_field="case_id") | let_in(
            Audience.PANEL, user, case_field="case_id"
        )
        return self.filter(belongs, case__in=Case.objects.visible_to(user).values("pk"))

    def standing(self) -> ContactEntryQuerySet:
        """Keep the entries as they stand: without those that a later entry corrects."""
        return self.filter(corrected_by__isnull=True)


class ContactEntry(models.Model):
    """One time that the school was in touch with the family. Never changed; another corrects it."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="contact_entries")
    contact_date = models.DateField()
    how = models.CharField(max_length=20, choices=ContactMethod.choices)
    with_whom = models.CharField(max_length=200)
    what = models.TextField(max_length=4000)
    corrects = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="corrected_by"
    )
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    written_at = models.DateTimeField(default=timezone.now)

    objects = ContactEntryQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        verbose_name_plural = "contact entries"
        indexes = [
            models.Index(fields=["case", "-contact_date", "-id"], name="contact_case_newest")
        ]

    def __str__(self) -> str:
        return f"Contact of {self.contact_date:%d %B %Y}"


class FamilyWords(models.Model):
    """What a pupil or a parent wrote themselves, by a private link; nobody else changes it."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="family_words")
    audience = models.CharField(max_length=30, choices=Audience.choices, default=Audience.PARTIES)
    voice = models.CharField(max_length=10, choices=Voice.choices)
    # Who a parent or carer says they are to the pupil.
    who = models.CharField(max_length=200, blank=True)
    going_well = models.TextField(max_length=4000, blank=True)
    difficult = models.TextField(max_length=4000, blank=True)
    would_help = models.TextField(max_length=4000, blank=True)
    anything_else = models.TextField(max_length=4000, blank=True)
    written_at = models.DateTimeField(default=timezone.now)

    objects = NarrowedQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        verbose_name_plural = "family words"
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(going_well="", difficult="", would_help="", anything_else=""),
                name="family_words_say_something",
            ),
        ]
        indexes = [models.Index(fields=["case", "-written_at"], name="family_words_newest")]

    def __str__(self) -> str:
        return f"{self.get_voice_display()}, {self.written_at:%d %B %Y}"
