"""A partnership's own texts: service level agreements, data-sharing agreements and policies."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.forms import CheckboxSelectMultiple, Select
from django.http import HttpRequest
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, TitleFieldPanel
from wagtail.fields import StreamField
from wagtail.search import index

from pages import blocks, publishing
from pages.models.shared import SharedAgreementPage
from pages.models.texts import TextPage
from pages.panels import ApprovalPanel
from workflows.agreements import queries as agreements
from workflows.agreements import rules
from workflows.agreements.states import Kind, Mode, Scope


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
