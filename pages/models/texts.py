"""What agreement and policy pages share: dates, sections of clauses, and how they become a version."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models, transaction
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.log_actions import LogContext
from wagtail.models import Page, Revision
from wagtail.search import index
from wagtail.url_routing import RouteResult

from pages import blocks, publishing
from pages.models.form import TextForm
from pages.panels import ImportReportPanel, LawPanel, NumbersPanel
from permissions.models import Organisation
from workflows.agreements import queries as agreements
from workflows.agreements import rules
from workflows.agreements import views as agreement_views
from workflows.agreements.models import Agreement

if TYPE_CHECKING:
    from pages.models.shared import SharedAgreementPage

# What a text may be written in (BCP 47): the languages most spoken by families in England.
LANGUAGES = [
    ("en", "English"),
    ("ar", "Arabic"),
    ("bn", "Bengali"),
    ("bg", "Bulgarian"),
    ("zh", "Chinese"),
    ("fa", "Persian"),
    ("fr", "French"),
    ("gu", "Gujarati"),
    ("it", "Italian"),
    ("ku", "Kurdish"),
    ("lt", "Lithuanian"),
    ("ne", "Nepali"),
    ("pa", "Punjabi"),
    ("pl", "Polish"),
    ("ps", "Pashto"),
    ("pt", "Portuguese"),
    ("ro", "Romanian"),
    ("so", "Somali"),
    ("es", "Spanish"),
    ("ta", "Tamil"),
    ("tr", "Turkish"),
    ("uk", "Ukrainian"),
    ("ur", "Urdu"),
    ("cy", "Welsh"),
]


class TextPage(Page):
    """What agreement and policy pages share: dates, sections of clauses, and the last change."""

    intro = models.TextField("introduction", blank=True)
    issued_date = models.DateField("date of issue", default=timezone.localdate)
    review_date = models.DateField("review date", null=True, blank=True)
    language = models.CharField(max_length=35, choices=LANGUAGES, default="en")
    sections = StreamField(blocks.STREAM, blank=True, collapsed=True)
    change_is_material = models.BooleanField(
        "the change is material",
        default=False,
        help_text=(
            "Tick this when the duties change. Every party is then asked to accept again. "
            "Changing a number always counts as material."
        ),
    )
    change_note = models.TextField("what changed", blank=True)
    import_report = models.JSONField(null=True, blank=True, editable=False)

    base_form_class = TextForm
    subpage_types: ClassVar[list[str]] = []
    parent_page_types: ClassVar = ["pages.PartnershipPage"]
    search_fields: ClassVar = [
        *Page.search_fields,
        index.SearchField("intro"),
        index.SearchField("sections"),
    ]
    text_panels: ClassVar = [
        MultiFieldPanel(
            [FieldPanel("issued_date"), FieldPanel("review_date"), FieldPanel("language")],
            heading="Dates and language",
        ),
        FieldPanel("intro"),
        ImportReportPanel(heading="From the imported document"),
        LawPanel(heading="Superseded law"),
        FieldPanel("sections"),
        NumbersPanel(heading="What the numbers do"),
        MultiFieldPanel(
            [FieldPanel("change_is_material"), FieldPanel("change_note")],
            heading="What this change means",
        ),
    ]

    class Meta:
        abstract = True

    @property
    def document_kind(self) -> str:
        """What it is published as."""
        raise NotImplementedError

    @property
    def document_mode(self) -> str:
        """How a party comes to be bound by it."""
        raise NotImplementedError

    @property
    def approval(self) -> dict[str, str]:
        """Who reviewed and approved it, where the document says so."""
        return {}

    @property
    def settings_of_agreement(self) -> dict[str, Any]:
        """How far one acceptance reaches and what it asks for, where the document says so."""
        return {}

    @property
    def variations_of_text(self) -> Any:
        """What differs here from the shared text, if it stands on one."""
        return None

    def stands_on(self) -> SharedAgreementPage | None:
        """Give the shared text that it varies, if it does."""
        return None

    def standing_on_it(self) -> Iterable[TextPage]:
        """Give the published texts that vary this one."""
        return ()

    def why_not_taken_back(self) -> str | None:
        """Explain why it cannot be taken off the site, or return None when it can."""
        names = ", ".join(text.partnership.name for text in self.standing_on_it())
        return f"Agreements stand on this text: {names}. Take them off it first." if names else None

    @property
    def partnership(self) -> Organisation:
        """The partnership beneath whose page it stands."""
        from pages.models.places import PartnershipPage

        organisation: Organisation = (
            PartnershipPage.objects.ancestor_of(self).select_related("organisation").get()
        ).organisation
        return organisation

    def agreement(self) -> Agreement | None:
        """Give the agreement that publication made of this page, if it has been published."""
        return Agreement.objects.filter(page_id=self.pk).first()

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save; when that makes a revision the published one, hand its text over with it.

        Here and not on Wagtail's signal: the editor's screen publishes outside a transaction, and
        a page must never be public without its version.
        """
        is_whole = kwargs.get("update_fields") is None
        with transaction.atomic():
            if is_whole and self.live:
                publishing.hold(self)
            super().save(*args, **kwargs)
            if is_whole:
                publishing.hand_over(self)

    def publish(self, revision: Revision, user: Any = None, *args: Any, **kwargs: Any) -> Any:
        """Publish, remembering who does it."""
        with transaction.atomic(), LogContext(user=user):
            return super().publish(revision, user, *args, **kwargs)

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        """Find a withdrawn text too: its page says so, where a draft's does not exist."""
        if not path_components and not self.live:
            agreement = self.agreement()
            if agreement is not None and agreement.withdrawn_at is not None:
                return RouteResult(self, kwargs={"withdrawn": agreement})
        return super().route(request, path_components)

    def serve(
        self,
        request: HttpRequest,
        *args: Any,
        withdrawn: Agreement | None = None,
        **kwargs: Any,
    ) -> HttpResponseBase:
        """Show the text; of a withdrawn one that it was, why, and where its last version is."""
        if withdrawn is None:
            return super().serve(request, *args, **kwargs)
        context = {
            "page": self,
            "partnership": withdrawn.partnership,
            "agreement": withdrawn,
            "version": agreements.latest_version(withdrawn),
        }
        return render(request, "pages/withdrawn.html", context, status=410)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the text as people read it, and the version it is, unless it is a preview."""
        is_preview = bool(getattr(request, "is_preview", False))
        agreement = None if is_preview else self.agreement()
        version = None if agreement is None else agreements.version_in_force(agreement)
        # What is in force is what was handed over, word for word.
        content = (
            version.snapshot["content"]
            if version is not None
            else rules.normalised(publishing.content_of(self))
        )
        read = agreement_views.text_for(request, content, agreement)
        structured = (
            None
            if version is None
            else agreement_views.linked_data(request, read["document"], version)
        )
        return {
            **super().get_context(request, *args, **kwargs),
            "is_preview": is_preview,
            "partnership": self.partnership,
            "agreement": agreement,
            "version": version,
            "unchanged_since": None if version is None else agreements.unchanged_since(version),
            "reviewed": None if version is None else agreements.last_review(version),
            "review_date": None if agreement is None else agreements.review_date(agreement),
            "structured": structured,
            "stands_on": self.stands_on(),
            **read,
        }
