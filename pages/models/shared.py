"""The texts that a local authority publishes for its partnerships."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from django.db import models
from django.http import HttpRequest
from wagtail.admin.panels import FieldPanel, TitleFieldPanel
from wagtail.models import Page

from pages.models.texts import TextPage
from permissions.models import Organisation
from permissions.roles import OrganisationKind
from workflows.agreements.states import Kind, Mode


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
