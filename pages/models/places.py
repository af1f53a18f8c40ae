"""Where texts are found: the first page, and one per partnership."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.http import HttpRequest
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page
from wagtail.search import index

from pages.models.agreements import AgreementPage, DataSharingAgreementPage, PolicyPage
from pages.models.shared import SharedTextsPage
from permissions.models import Organisation
from permissions.roles import OrganisationKind


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
