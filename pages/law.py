"""The register of law on the editors' screens, and which pages cite what has been superseded.

The register belongs to workflows.agreements; a local authority's administrators keep it here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.models import Page
from wagtail.permission_policies.base import BasePermissionPolicy
from wagtail.permissions import policy_registry

from pages import access
from pages.models import PartnershipPage, SharedTextsPage, TextPage
from permissions import queries as permissions
from permissions.models import Organisation, User
from permissions.roles import OrganisationKind
from workflows.agreements import queries as agreements
from workflows.agreements import rules
from workflows.agreements.models import LegalEdition, LegalReference


class RegisterPolicy(BasePermissionPolicy):
    """A local authority's administrators add and change. Nobody deletes: texts cite what is there."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        """Ask the memberships, as everywhere."""
        if action == "delete":
            return False
        return bool(agreements.authorities_keeping_the_register(user).exists())

    def users_with_any_permission(self, actions: Iterable[str]) -> QuerySet[User]:
        """Give the administrators of local authorities."""
        holders = permissions.holdings("manage_legal_register").filter(
            organisation__kind=OrganisationKind.LOCAL_AUTHORITY
        )
        return User.objects.filter(pk__in=holders.order_by().values("user"))


class ReferenceViewSet(ModelViewSet):
    """Laws and guidance by their titles."""

    model = LegalReference
    icon = "doc-full"
    menu_label = "Laws and guidance"
    form_fields = ["title", "other_names"]
    list_display = ["title"]
    search_fields = ["title", "other_names"]
    copy_view_enabled = False
    add_to_reference_index = False


class EditionViewSet(ModelViewSet):
    """Their editions: which holds, and which has been replaced by what."""

    model = LegalEdition
    icon = "history"
    menu_label = "Editions"
    form_fields = [
        "reference",
        "edition",
        "address",
        "issued_date",
        "superseded_date",
        "superseded_by",
    ]
    list_display = ["reference", "edition", "issued_date", "superseded_date", "superseded_by"]
    list_filter = ["reference"]
    search_fields = ["reference__title", "edition"]
    copy_view_enabled = False
    add_to_reference_index = False

    def formfield_for_dbfield(self, db_field: Any, **kwargs: Any) -> Any:
        """Read an address without a scheme as a secure one."""
        if isinstance(db_field, models.URLField):
            kwargs["assume_scheme"] = "https"
        return super().formfield_for_dbfield(db_field, **kwargs)


class LegalRegister(ViewSetGroup):
    """Both, in one place of the menu."""

    menu_label = "Register of law"
    menu_icon = "doc-full-inverse"
    items = (ReferenceViewSet("legal_references"), EditionViewSet("legal_editions"))


@dataclass(frozen=True)
class CitingClause:
    """A clause (or a section's introduction) whose citation has been superseded."""

    page: Page
    block_id: str
    name: str
    citation: rules.Citation


def pages_watched_by(user: User) -> QuerySet[Page]:
    """Give the pages whose citations a person looks after.

    Editors those that they may write; administrators of a local authority those of its
    partnerships as well.
    """
    own = policy_registry.get_by_type(Page).explorable_instances(user)
    authorities = agreements.authorities_keeping_the_register(user)
    beneath = Q(pk__in=own.values("pk"))
    for path in [
        *PartnershipPage.objects.filter(organisation__parent__in=authorities).values_list(
            "path", flat=True
        ),
        *SharedTextsPage.objects.filter(organisation__in=authorities).values_list(
            "path", flat=True
        ),
    ]:
        beneath |= Q(path__startswith=path)
    return Page.objects.filter(beneath)


def superseded_in_stream(
    stream: Iterable[Any], register: rules.LegalRegister
) -> Iterator[tuple[str, str, rules.Citation]]:
    """Give the superseded citations of a text as it is stored: the block's id, its name, the law."""
    heading = ""
    for block in stream:
        value = block["value"]
        if block["type"] == "section":
            heading = value["heading"]
            for citation in register.superseded_in(value.get("intro") or ""):
                yield block["id"], f"“{heading}: introduction”", citation
        elif block["type"] == "clause":
            clause = {
                "printed_number": value.get("printed_number") or "",
                "text": value.get("text") or "",
                "legal_reference": value.get("legal_reference") or "",
                "legal_editions": [
                    item["value"] if isinstance(item, dict) else item
                    for item in value.get("legal_editions") or ()
                ],
            }
            for citation in register.citations(clause):
                if citation.is_superseded:
                    yield block["id"], rules.clause_name(heading, clause), citation


def superseded_on(page: TextPage, register: rules.LegalRegister) -> list[CitingClause]:
    """Give the superseded citations of one page as it was last saved."""
    stream = page.sections.get_prep_value() if page.sections else []
    return [
        CitingClause(page, block_id, name, citation)
        for block_id, name, citation in superseded_in_stream(stream, register)
    ]


def superseded_citations(user: User) -> list[CitingClause]:
    """Give every superseded citation on the pages that a person looks after, page by page.

    As last saved, so that a page that has been put right leaves the list. A constant number of
    queries.
    """
    register = agreements.legal_register()
    pages = pages_watched_by(user).select_related("latest_revision", "content_type")
    found = []
    for page in pages.order_by("title", "pk"):
        content = {} if page.latest_revision is None else page.latest_revision.content
        if "sections" not in content:
            continue
        stream = json.loads(content["sections"] or "[]")
        found += [
            CitingClause(page, block_id, name, citation)
            for block_id, name, citation in superseded_in_stream(stream, register)
        ]
    return found


class SupersededLaw(WagtailAdminTemplateMixin, TemplateView):
    """The pages that cite superseded law: page, clause, edition, what replaced it."""

    template_name = "pages/reports/superseded_law.html"
    page_title = "Pages that cite superseded law"
    header_icon = "warning"

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        """Name the list at the end of the way to it."""
        return [*super().get_breadcrumbs_items(), {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the list."""
        user = self.request.user
        assert isinstance(user, User)  # the editors' screens have asked
        may_edit = policy_registry.get_by_type(Page).explorable_instances(user)
        return {
            **super().get_context_data(**kwargs),
            "citations": superseded_citations(user),
            "editable": set(may_edit.values_list("pk", flat=True)),
        }


class SharedTexts(WagtailAdminTemplateMixin, TemplateView):
    """The way to the texts that a local authority's partnerships share. Their page is made on POST."""

    template_name = "pages/make_shared_texts.html"
    page_title = "Shared texts"
    header_icon = "copy"
    authority: Organisation

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Find the local authority whose register of law the person keeps."""
        user = request.user
        assert isinstance(user, User)  # the editors' screens have asked
        authority = agreements.authorities_keeping_the_register(user).order_by("pk").first()
        if authority is None:
            raise PermissionDenied
        self.authority = authority
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Go to the page when it is there, else offer to make it."""
        page = SharedTextsPage.objects.filter(organisation=self.authority).first()
        if page is not None:
            return redirect("wagtailadmin_explore", page.pk)
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Make and publish the page."""
        page = access.make_shared_texts_page(authority=self.authority)
        return redirect("wagtailadmin_explore", page.pk)

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        """Name the screen at the end of the way to it."""
        return [*super().get_breadcrumbs_items(), {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add whose texts they are."""
        return {**super().get_context_data(**kwargs), "authority": self.authority}
