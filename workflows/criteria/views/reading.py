"""What a partnership's criteria are: the table in use, earlier ones, and the draft."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache

from workflows.cases.views import SignedIn
from workflows.criteria import actions, queries, rules
from workflows.criteria.models import DecisionTableVersion

if TYPE_CHECKING:
    from permissions.models import Organisation


@dataclass(frozen=True)
class ShownRow:
    """A rule as it is drawn: its number (none for the last line), conditions in words, remarks."""

    row: rules.Row
    number: int | None
    conditions: list[str]
    remarks: list[str]

    @property
    def name(self) -> str:
        """What it is called in headings and buttons."""
        return f"Rule {self.number}" if self.number else "Where no rule fits"


def shown_rows(
    table: rules.Table, catalogue: rules.Catalogue, *, with_remarks: bool = False
) -> list[ShownRow]:
    """Make the rows of a table ready to be drawn, the last line at the end."""
    said: dict[str, list[str]] = {}
    if with_remarks:
        for remark in rules.remarks(table, catalogue):
            said.setdefault(remark.key, []).append(remark.text)
    numbered = [(row, number) for number, row in enumerate(table.rows, start=1)]
    return [
        ShownRow(
            row,
            number,
            [rules.describe(one, {**table.facts, **catalogue}) for one in row.conditions],
            said.get(row.key, []),
        )
        for row, number in [*numbered, (table.otherwise, None)]
    ]


@method_decorator(never_cache, name="dispatch")
class OfPartnership(SignedIn):
    """A page of one partnership's criteria, for those who may change them."""

    partnership: Organisation

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Find the partnership among those whose criteria the person may change."""
        if request.user.is_authenticated:
            self.partnership = get_object_or_404(
                queries.partnerships_whose_criteria(self.user), slug=kwargs["slug"]
            )
            if (refused := self.prepare()) is not None:
                return refused
        return super().dispatch(request, *args, **kwargs)

    def prepare(self) -> HttpResponseBase | None:
        """Load what the page is about; an answer given here is the whole answer."""
        return None

    @property
    def url(self) -> str:
        """Address of the partnership's criteria."""
        return reverse("criteria:detail", args=[self.partnership.slug])

    @property
    def draft_url(self) -> str:
        """Address of the draft."""
        return reverse("criteria:draft", args=[self.partnership.slug])


class OfDraft(OfPartnership):
    """A page of the draft; where there is none, the page of the criteria instead."""

    draft: DecisionTableVersion
    table: rules.Table

    def prepare(self) -> HttpResponseBase | None:
        draft = queries.draft_of(self.partnership)
        if draft is None:
            return redirect(self.url)
        self.draft = draft
        self.table = rules.read(draft.content)
        self.catalogue = queries.catalogue_of(self.partnership)
        return None

    def facts(self, **more: Any) -> dict[str, Any]:
        """Answer what every template of the draft gets."""
        return {"partnership": self.partnership, "draft": self.draft, **more}


class Partnerships(SignedIn):
    """The partnerships whose criteria the person may change; with one alone, its criteria."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the list, or the one."""
        partnerships = queries.partnerships_whose_criteria(self.user)
        found = list(partnerships[:2])
        if len(found) == 1:
            return redirect("criteria:detail", found[0].slug)
        return render(request, "criteria/list.html", {"partnerships": partnerships})


class Criteria(OfPartnership):
    """The table in use, the draft if there is one, and earlier versions."""

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        """Show them."""
        in_use = queries.version_for(self.partnership)
        table = rules.read(in_use.content) if in_use else None
        return render(
            request,
            "criteria/detail.html",
            {
                "partnership": self.partnership,
                "in_use": in_use,
                "rows": shown_rows(table, table.facts) if table else [],
                "draft": queries.draft_of(self.partnership),
                "versions": queries.versions_of(self.partnership).exclude(status="draft"),
            },
        )


class Version(OfPartnership):
    """A version that is or was in use."""

    def get(self, request: HttpRequest, slug: str, number: int) -> HttpResponse:
        """Show its rules."""
        version = get_object_or_404(
            queries.versions_of(self.partnership).exclude(status="draft"), number=number
        )
        table = rules.read(version.content)
        return render(
            request,
            "criteria/version.html",
            {
                "partnership": self.partnership,
                "version": version,
                "rows": shown_rows(table, table.facts),
            },
        )


class BeginDraft(OfPartnership):
    """Begin a draft, or go on with the one there is."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        """Make it and show it."""
        actions.begin_draft(partnership=self.partnership, by=self.user)
        return redirect(self.draft_url)


class Draft(OfDraft):
    """The draft with everything that can be done to it."""

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        """Show it."""
        return render(
            request,
            "criteria/draft.html",
            self.facts(
                rows=shown_rows(self.table, self.catalogue, with_remarks=True),
                problems=rules.problems(self.table, self.catalogue),
                last=len(self.table.rows),
            ),
        )
