"""The published pages: home, one per partnership, and its agreements and policies as clauses.

A local authority may publish texts that its partnerships share; a partnership's agreement that
stands on one holds only what differs there.

A page is what editors write and everybody reads. What was agreed is not here: publication hands the
text over (publishing.py), and processes work on that snapshot.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.db import models, transaction
from django.forms import CheckboxSelectMultiple, Select
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, TitleFieldPanel
from wagtail.fields import StreamField
from wagtail.log_actions import LogContext
from wagtail.models import Page, Revision
from wagtail.search import index
from wagtail.url_routing import RouteResult

from pages import blocks, publishing, reports, sharing
from pages.panels import ApprovalPanel, ImportReportPanel, LawPanel, NumbersPanel
from pages.uploading.models import DocumentImport  # noqa: F401  (Django looks for models here)
from permissions.models import Organisation
from permissions.roles import OrganisationKind
from workflows.agreements import queries as agreements
from workflows.agreements import rules
from workflows.agreements import views as agreement_views
from workflows.agreements.models import Agreement, AgreementVersion
from workflows.agreements.states import Kind, Mode, Scope

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
        return {
            **super().get_context(request, *args, **kwargs),
            "partnerships": partnerships,
            "shared_texts": SharedTextsPage.objects.child_of(self).live().order_by("title"),
        }


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
        # Whose page it is decides who may write beneath it: nothing that editors choose.
        FieldPanel("organisation", read_only=True),
        FieldPanel("intro"),
    ]
    search_fields: ClassVar = [*Page.search_fields, index.SearchField("intro")]
    parent_page_types: ClassVar = ["pages.HomePage"]
    subpage_types: ClassVar = [
        "pages.AgreementPage",
        "pages.DataSharingAgreementPage",
        "pages.PolicyPage",
    ]
    template = "pages/partnership.html"

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add what it publishes."""
        return {
            **super().get_context(request, *args, **kwargs),
            "partnership": self.organisation,
            "agreements": AgreementPage.objects.child_of(self).live().order_by("title"),
            "data_sharing": DataSharingAgreementPage.objects.child_of(self)
            .live()
            .order_by("title"),
            "policies": PolicyPage.objects.child_of(self).live().order_by("title"),
        }


class TextForm(WagtailAdminPageForm):
    """The editor's form of a page of clauses."""

    # Which doubts of the import are settled, by their numbers; drawn by the panel of the report.
    settled_doubts = forms.MultipleChoiceField(required=False)
    has_doubts = forms.BooleanField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        page = self.instance
        doubts = (page.import_report or {}).get("doubts", [])
        self.fields["settled_doubts"].choices = [(str(at), "") for at in range(len(doubts))]
        for name in ("policies", "related_policies"):
            if name in self.fields and self.parent_page is not None:
                ours = PolicyPage.objects.child_of(self.parent_page).exclude(pk=page.pk)
                self.fields[name].queryset = ours.order_by("title")
        if "shared_text" in self.fields:
            self.fields["shared_text"].queryset = SharedAgreementPage.objects.live().filter(
                pk__in=self._shared_texts()
            )
        blocks.show(self._on_screen())
        if page.live and not page.has_unpublished_changes and "change_note" in self.fields:
            # What was said about the last change says nothing about the next one.
            self.initial["change_is_material"] = False
            self.initial["change_note"] = ""

    def _shared_texts(self) -> list[int]:
        """Give the shared texts of the local authority that the page's partnership belongs to."""
        parent = self.parent_page and self.parent_page.specific
        authority = parent.organisation.parent if isinstance(parent, PartnershipPage) else None
        texts = SharedTextsPage.objects.filter(organisation=authority).first()
        if authority is None or texts is None:
            return []
        return list(SharedAgreementPage.objects.child_of(texts).values_list("pk", flat=True))

    def _on_screen(self) -> blocks.OnScreen:
        """Give the clauses that may be referred to, and those of the shared text."""
        saved = rules.normalised(
            {"title": "", "issued_date": None, "sections": _own_sections(self.instance)}
        )
        shared = publishing.shared_version(self.instance.stands_on())
        return blocks.OnScreen(
            own=[
                (clause["clause_id"], rules.clause_name(heading, clause))
                for heading, clause in rules.clauses_of(saved)
            ],
            shared=[] if shared is None else sharing.clauses(shared),
        )

    def clean(self) -> dict[str, Any]:
        """Refuse what could not be published, except, in a draft, what is still missing."""
        cleaned: dict[str, Any] = super().clean()
        stream = cleaned.get("sections")
        if stream is not None:
            blocks.renew_repeated_ids(stream)
            self._check_text(cleaned, stream)
        if not self.is_deferred_validation:
            for name in ("purpose", "lawful_basis", "data", "retention"):
                if name in self.fields and not (cleaned.get(name) or "").strip():
                    self.add_error(name, "Say this before you publish.")
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

    def save(self, commit: bool = True) -> Any:
        """Keep which doubts are settled, where the form asked."""
        if self.cleaned_data.get("has_doubts") and self.instance.import_report:
            numbers = {int(number) for number in self.cleaned_data.get("settled_doubts", [])}
            self.instance.import_report = reports.settle(self.instance.import_report, numbers)
        return super().save(commit)

    def _check_text(self, cleaned: dict[str, Any], stream: Any) -> None:
        chosen = cleaned.get("shared_text")
        shared = publishing.shared_version(chosen)
        if chosen is not None and shared is None:
            self.add_error("shared_text", "This text has not been published yet.")
        variations = cleaned.get("variations")
        sections = publishing.sections_of(stream, variations, shared, self.instance.pk)
        text = rules.normalised({"title": "", "issued_date": None, "sections": sections})
        # The page still holds what was saved last: a clause that is gone is named from there.
        saved = rules.normalised(
            {"title": "", "issued_date": None, "sections": _own_sections(self.instance)}
        )
        problems = [
            *rules.problems_in_terms(
                (term["measure"], Decimal(term["value"]))
                for _, clause in rules.clauses_of(text)
                for term in clause["terms"]
            ),
            *rules.broken_references(text, before=saved),
        ]
        if unknown := blocks.editions_of(stream) - agreements.legal_register().codes:
            problems.append(f"“{min(unknown)}” is not in the register of law. Choose another.")
        if not self.is_deferred_validation and not any(rules.clauses_of(text)):
            problems.append("Add at least one clause before you publish.")
        if not self.is_deferred_validation and stream and stream[0].block_type != "section":
            problems.append("Begin with a section: every clause needs a heading.")
        if problems:
            # One error: the editor's screen shows no second one of the same field.
            self.add_error("sections", " ".join(problems))
        if variations:
            self._check_variations(variations, shared)

    def _check_variations(self, variations: Any, shared: AgreementVersion | None) -> None:
        known = {} if shared is None else dict(sharing.clauses(shared))
        chosen = [block.value["clause"] for block in variations if block.value["clause"]]
        if shared is None:
            self.add_error("variations", "Choose the shared text first, and save.")
        elif any(clause not in known for clause in chosen):
            reason = (
                "A variation is of a clause that the shared text does not have (any more). "
                "Choose another clause, or remove the variation."
            )
            self.add_error("variations", reason)
        for clause in {clause for clause in chosen if chosen.count(clause) > 1}:
            name = known.get(clause, "A clause")
            self.add_error("variations", f"{name} is varied twice. Keep one of the two.")


def _own_sections(page: TextPage) -> list[dict[str, Any]]:
    return publishing.sections_of(page.sections, None, None, page.pk)


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


class AgreementPage(TextPage):
    """A service level agreement: a text of its own, or a shared one with what differs here."""

    mode = models.CharField(
        "how it is accepted", max_length=20, choices=Mode.choices, default=Mode.SIGNATURE
    )
    scope = models.CharField(
        "what it is for", max_length=20, choices=Scope.choices, default=Scope.STANDING
    )
    asks_safeguarding_lead = models.BooleanField(
        "ask for the safeguarding lead",
        default=False,
        help_text="Who accepts also names the safeguarding lead and says the policy was received.",
    )
    places_while_reserved = models.BooleanField(
        "pupils may start while a reservation is open",
        default=False,
        help_text="Otherwise no placement starts before every reservation is settled.",
    )
    shared_text = models.ForeignKey(
        "pages.SharedAgreementPage",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="local_texts",
        verbose_name="shared text",
        help_text=(
            "Choose one to take over its clauses. Below, write only what differs here, and "
            "sections of your own. When the shared text changes, so does this one."
        ),
    )
    variations = StreamField(blocks.VARIATIONS, blank=True, collapsed=True)
    policies = ParentalManyToManyField(
        "pages.PolicyPage", blank=True, related_name="agreement_pages"
    )

    content_panels: ClassVar = [
        TitleFieldPanel("title"),
        MultiFieldPanel(
            [
                FieldPanel("mode"),
                FieldPanel("scope"),
                FieldPanel("asks_safeguarding_lead"),
                FieldPanel("places_while_reserved"),
            ],
            heading="How it is accepted",
        ),
        MultiFieldPanel(
            [FieldPanel("shared_text", widget=Select), FieldPanel("variations")],
            heading="Shared text",
            classname="collapsed",
        ),
        *TextPage.text_panels,
        FieldPanel("policies", widget=CheckboxSelectMultiple),
    ]
    template = "pages/agreement.html"

    @property
    def document_kind(self) -> str:
        return Kind.SLA

    @property
    def document_mode(self) -> str:
        return self.mode

    @property
    def settings_of_agreement(self) -> dict[str, Any]:
        """How far one acceptance reaches and what it asks for."""
        return {
            "scope": self.scope,
            "asks_safeguarding_lead": self.asks_safeguarding_lead,
            "places_while_reserved": self.places_while_reserved,
        }

    @property
    def variations_of_text(self) -> Any:
        """What differs here from the shared text."""
        return self.variations

    def stands_on(self) -> SharedAgreementPage | None:
        """Give the shared text that it varies, if it does."""
        return self.shared_text

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the linked policies that are public."""
        linked = PolicyPage.objects.live().filter(
            pk__in=[policy.pk for policy in self.policies.all()]
        )
        context = super().get_context(request, *args, **kwargs)
        return {**context, "linked": linked.order_by("title")}


class DataSharingAgreementPage(TextPage):
    """What data is shared, why, on which basis, for how long, and how it is protected.

    Both parties sign it, once for everything: no placement asks for it and none implies it.
    """

    purpose = models.TextField(blank=True, help_text="What the data is shared for.")
    lawful_basis = models.TextField(
        "lawful basis",
        blank=True,
        help_text="The basis in data protection law, with its article or section.",
    )
    data = models.TextField(
        "what is shared", blank=True, help_text="The kinds of data, and about whom."
    )
    retention = models.TextField("how long it is kept", blank=True)
    principles = models.TextField(blank=True, help_text="One on each line.")
    measures = models.TextField(
        "how the data is protected", blank=True, help_text="One measure on each line."
    )

    content_panels: ClassVar = [
        TitleFieldPanel("title"),
        MultiFieldPanel(
            [
                FieldPanel("purpose"),
                FieldPanel("lawful_basis"),
                FieldPanel("data"),
                FieldPanel("retention"),
                FieldPanel("principles"),
                FieldPanel("measures"),
            ],
            heading="What is shared, and why",
        ),
        *TextPage.text_panels,
    ]
    search_fields: ClassVar = [
        *TextPage.search_fields,
        index.SearchField("purpose"),
        index.SearchField("data"),
    ]
    template = "pages/text.html"

    @property
    def document_kind(self) -> str:
        return Kind.DATA_SHARING

    @property
    def document_mode(self) -> str:
        return Mode.SIGNATURE

    @property
    def settings_of_agreement(self) -> dict[str, Any]:
        """What it says of the data."""
        return {
            "data_sharing": {
                "purpose": self.purpose,
                "lawful_basis": self.lawful_basis,
                "data": self.data,
                "retention": self.retention,
                "principles": self.principles.splitlines(),
                "measures": self.measures.splitlines(),
            }
        }


class SharedTextsPage(Page):
    """Where a local authority keeps the texts that its partnerships share."""

    organisation = models.OneToOneField(
        Organisation,
        on_delete=models.PROTECT,
        related_name="shared_texts_page",
        limit_choices_to={"kind": OrganisationKind.LOCAL_AUTHORITY},
        verbose_name="local authority",
    )
    intro = models.TextField("introduction", blank=True)

    content_panels: ClassVar = [
        *Page.content_panels,
        # Whose page it is decides who may write beneath it: nothing that editors choose.
        FieldPanel("organisation", read_only=True),
        FieldPanel("intro"),
    ]
    parent_page_types: ClassVar = ["pages.HomePage"]
    subpage_types: ClassVar = ["pages.SharedAgreementPage"]
    template = "pages/shared_texts.html"

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the texts."""
        texts = SharedAgreementPage.objects.child_of(self).live().order_by("title")
        return {
            **super().get_context(request, *args, **kwargs),
            "partnership": self.organisation,
            "texts": texts,
        }


class SharedAgreementPage(TextPage):
    """A text for several partnerships. Each may vary single clauses on a page of its own."""

    content_panels: ClassVar = [TitleFieldPanel("title"), *TextPage.text_panels]
    parent_page_types: ClassVar = ["pages.SharedTextsPage"]
    template = "pages/shared_agreement.html"

    @property
    def document_kind(self) -> str:
        return Kind.SLA

    @property
    def document_mode(self) -> str:
        return Mode.SIGNATURE

    @property
    def partnership(self) -> Organisation:
        """The local authority whose text it is."""
        organisation: Organisation = (
            SharedTextsPage.objects.ancestor_of(self).select_related("organisation").get()
        ).organisation
        return organisation

    def standing_on_it(self) -> Iterable[TextPage]:
        """Give the published texts that vary this one."""
        return self.local_texts.live().order_by("pk")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add whose texts stand on it."""
        context = super().get_context(request, *args, **kwargs)
        # Nobody accepts the shared text itself: parties accept what stands on it.
        local = self.local_texts.live().order_by("title")
        return {**context, "local_texts": local, "is_shared_text": True}


class PolicyPage(TextPage):
    """A policy: who has reviewed and approved it, and what it belongs with."""

    related_policies = ParentalManyToManyField(
        "self", blank=True, symmetrical=False, related_name="related_from"
    )

    content_panels: ClassVar = [
        TitleFieldPanel("title"),
        ApprovalPanel(heading="Review and approval"),
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
        """Who reviewed and approved this very text, and when: as recorded, never as typed."""
        agreement = self.agreement() if self.pk else None
        if agreement is None:
            return {}
        return rules.approval(agreements.policy_acts(agreement), publishing.text_hash(self))

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
