"""The published pages: home, one per partnership, and its agreements and policies as clauses.

A page is what editors write and everybody reads. What was agreed is not here: publication hands the
text over (publishing.py), and processes work on that snapshot.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models, transaction
from django.forms import CheckboxSelectMultiple
from django.http import HttpRequest
from django.utils import timezone
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, TitleFieldPanel
from wagtail.fields import StreamField
from wagtail.log_actions import LogContext
from wagtail.models import Page, Revision
from wagtail.search import index

from pages import blocks, publishing
from pages.panels import ImportReportPanel
from permissions.models import Organisation
from permissions.roles import OrganisationKind
from workflows.agreements import queries as agreements
from workflows.agreements import rules
from workflows.agreements.models import Agreement, AgreementVersion
from workflows.agreements.states import Kind, Mode


class HomePage(Page):
    """The first page: which partnerships publish here."""

    intro = models.TextField(blank=True)

    content_panels: ClassVar = [*Page.content_panels, FieldPanel("intro")]
    parent_page_types: ClassVar = ["wagtailcore.Page"]
    subpage_types: ClassVar = ["pages.PartnershipPage"]
    max_count = 1
    template = "pages/home.html"

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the published partnership pages, by name."""
        partnerships = (
            PartnershipPage.objects.child_of(self)
            .live()
            .select_related("organisation__parent")
            .order_by("organisation__name")
        )
        return {**super().get_context(request, *args, **kwargs), "partnerships": partnerships}


class PartnershipPage(Page):
    """One partnership: who it is, and what it publishes."""

    organisation = models.OneToOneField(
        Organisation,
        on_delete=models.PROTECT,
        related_name="page",
        limit_choices_to={"kind": OrganisationKind.PARTNERSHIP},
    )
    intro = models.TextField("introduction", blank=True)

    content_panels: ClassVar = [
        *Page.content_panels,
        FieldPanel("organisation"),
        FieldPanel("intro"),
    ]
    search_fields: ClassVar = [*Page.search_fields, index.SearchField("intro")]
    parent_page_types: ClassVar = ["pages.HomePage"]
    subpage_types: ClassVar = ["pages.AgreementPage", "pages.PolicyPage"]
    template = "pages/partnership.html"

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add what it publishes."""
        return {
            **super().get_context(request, *args, **kwargs),
            "partnership": self.organisation,
            "agreements": AgreementPage.objects.child_of(self).live().order_by("title"),
            "policies": PolicyPage.objects.child_of(self).live().order_by("title"),
        }


class TextForm(WagtailAdminPageForm):
    """The editor's form of a page of clauses."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        page = self.instance
        for name in ("policies", "related_policies"):
            if name in self.fields and self.parent_page is not None:
                ours = PolicyPage.objects.child_of(self.parent_page).exclude(pk=page.pk)
                self.fields[name].queryset = ours.order_by("title")
        if page.live and not page.has_unpublished_changes and "change_note" in self.fields:
            # What was said about the last change says nothing about the next one.
            self.initial["change_is_material"] = False
            self.initial["change_note"] = ""

    def clean(self) -> dict[str, Any]:
        """Refuse what could not be published, except, in a draft, what is still missing."""
        cleaned: dict[str, Any] = super().clean()
        stream = cleaned.get("sections")
        if stream is not None:
            blocks.renew_repeated_ids(stream)
            for problem in rules.problems_in_terms(blocks.terms_of(stream)):
                self.add_error("sections", problem)
            if not self.is_deferred_validation and not any(blocks.clauses_of(stream)):
                self.add_error("sections", "Add at least one clause before you publish.")
            if not self.is_deferred_validation and stream and stream[0].block_type != "section":
                self.add_error("sections", "Begin with a section: every clause needs a heading.")
        issued, review = cleaned.get("issued_date"), cleaned.get("review_date")
        if issued and review and review < issued:
            self.add_error("review_date", "The review date must be after the date of issue.")
        if (
            self.instance.live
            and cleaned.get("change_is_material")
            and not (cleaned.get("change_note") or "").strip()
        ):
            self.add_error(
                "change_note",
                "Say in a sentence what changed, so that the parties know what they accept.",
            )
        return cleaned


class TextPage(Page):
    """What agreement and policy pages share: dates, sections of clauses, and the last change."""

    intro = models.TextField("introduction", blank=True)
    issued_date = models.DateField("date of issue", default=timezone.localdate)
    review_date = models.DateField("review date", null=True, blank=True)
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
        MultiFieldPanel([FieldPanel("issued_date"), FieldPanel("review_date")], heading="Dates"),
        FieldPanel("intro"),
        ImportReportPanel(heading="From the imported document"),
        FieldPanel("sections"),
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
    def partnership(self) -> Organisation:
        """The partnership beneath whose page it stands."""
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
        with transaction.atomic():
            super().save(*args, **kwargs)
            if kwargs.get("update_fields") is None:
                publishing.hand_over(self)

    def publish(self, revision: Revision, user: Any = None, *args: Any, **kwargs: Any) -> Any:
        """Publish, remembering who does it."""
        with transaction.atomic(), LogContext(user=user):
            return super().publish(revision, user, *args, **kwargs)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the text as people read it, and the version it is, unless it is a preview."""
        is_preview = bool(getattr(request, "is_preview", False))
        agreement = None if is_preview else self.agreement()
        version = None if agreement is None else agreements.version_in_force(agreement)
        content = rules.normalised(publishing.content_of(self))
        return {
            **super().get_context(request, *args, **kwargs),
            "is_preview": is_preview,
            "partnership": self.partnership,
            "agreement": agreement,
            "version": version,
            "unchanged_since": None if version is None else agreements.unchanged_since(version),
            "document": rules.readable(content),
        }


class AgreementPage(TextPage):
    """A service level agreement or data-sharing agreement."""

    kind = models.CharField(
        max_length=20,
        choices=[choice for choice in Kind.choices if choice[0] != Kind.POLICY],
        default=Kind.SLA,
    )
    mode = models.CharField(
        "how it is accepted", max_length=20, choices=Mode.choices, default=Mode.SIGNATURE
    )
    policies = ParentalManyToManyField(
        "pages.PolicyPage", blank=True, related_name="agreement_pages"
    )

    content_panels: ClassVar = [
        TitleFieldPanel("title"),
        MultiFieldPanel([FieldPanel("kind"), FieldPanel("mode")], heading="Kind"),
        *TextPage.text_panels,
        FieldPanel("policies", widget=CheckboxSelectMultiple),
    ]
    template = "pages/agreement.html"

    @property
    def document_kind(self) -> str:
        return self.kind

    @property
    def document_mode(self) -> str:
        return self.mode

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the linked policies that are public."""
        linked = PolicyPage.objects.live().filter(
            pk__in=[policy.pk for policy in self.policies.all()]
        )
        context = super().get_context(request, *args, **kwargs)
        return {**context, "linked": linked.order_by("title")}


class PolicyPage(TextPage):
    """A policy: who has reviewed and approved it, and what it belongs with."""

    reviewed_by = models.CharField(
        "reviewed by", max_length=200, blank=True, help_text="Name and position, usually the head."
    )
    reviewed_date = models.DateField("reviewed on", null=True, blank=True)
    approved_by = models.CharField(
        "approved by", max_length=200, blank=True, help_text="Usually the full governing board."
    )
    approved_date = models.DateField("approved on", null=True, blank=True)
    related_policies = ParentalManyToManyField(
        "self", blank=True, symmetrical=False, related_name="related_from"
    )

    content_panels: ClassVar = [
        TitleFieldPanel("title"),
        MultiFieldPanel(
            [
                FieldPanel("reviewed_by"),
                FieldPanel("reviewed_date"),
                FieldPanel("approved_by"),
                FieldPanel("approved_date"),
            ],
            heading="Review and approval",
        ),
        *TextPage.text_panels,
        FieldPanel("related_policies", widget=CheckboxSelectMultiple),
    ]
    template = "pages/policy.html"

    @property
    def document_kind(self) -> str:
        return Kind.POLICY

    @property
    def document_mode(self) -> str:
        return Mode.IMPLIED

    @property
    def approval(self) -> dict[str, str]:
        """Who reviewed and approved it, and when."""
        said = {
            "reviewed_by": self.reviewed_by,
            "reviewed_date": self.reviewed_date,
            "approved_by": self.approved_by,
            "approved_date": self.approved_date,
        }
        return {key: str(value) for key, value in said.items() if value}

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the public pages that it links to, and those that link to it."""
        chosen = [policy.pk for policy in self.related_policies.all()]
        policies = PolicyPage.objects.live().filter(
            models.Q(pk__in=chosen) | models.Q(related_policies=self)
        )
        context = super().get_context(request, *args, **kwargs)
        return {
            **context,
            "linked": policies.exclude(pk=self.pk).distinct().order_by("title"),
            "agreements": AgreementPage.objects.live().filter(policies=self).order_by("title"),
        }


class PublishedRevision(models.Model):
    """Which revision of a page stands behind which version. Keeps the revision from purging."""

    revision = models.OneToOneField(Revision, on_delete=models.PROTECT, related_name="published_as")
    version = models.ForeignKey(AgreementVersion, on_delete=models.PROTECT, related_name="+")
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    def __str__(self) -> str:
        return f"{self.version}"
