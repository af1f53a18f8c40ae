"""The list of cases as a spreadsheet: the rows that the access rule gives, cells that run nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.mixins import LoginRequiredMixin
from django.contrib.contenttypes.models import ContentType
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views import View
from import_export import fields, resources

from permissions import queries as permissions
from permissions.exceptions import NotPermitted
from permissions.models import ReadRecord
from workflows.engine import searches
from workflows.engine.exceptions import NotAllowed

from . import forms, queries
from .models import Case, Participation

if TYPE_CHECKING:
    from permissions.models import User

# The file is made in memory, within one request.
MOST_ROWS = 5000


def harmless(text: str) -> str:
    """Keep a spreadsheet program from reading a cell as a formula: put an apostrophe before it.

    The library's own escaping lets "==1", "+1" and a tab before the sign pass.
    """
    return f"'{text}" if text.lstrip()[:1] in ("=", "+", "-", "@") or text[:1] in "\t\r\n" else text


class CaseResource(resources.Resource):
    """What a row of the spreadsheet says of a case. For export alone: nothing is read in."""

    stage = fields.Field(attribute="get_stage_display", column_name="Stage")
    reference = fields.Field(attribute="reference", column_name="Reference")
    first_name = fields.Field(attribute="pupil__first_name", column_name="First name")
    last_name = fields.Field(attribute="pupil__last_name", column_name="Last name")
    upn = fields.Field(attribute="pupil__upn", column_name="UPN")
    year_group = fields.Field(attribute="pupil__year_group", column_name="Year group")
    school = fields.Field(attribute="pupil__school__name", column_name="School")
    partnership = fields.Field(attribute="partnership__name", column_name="Partnership")
    opened = fields.Field(attribute="opened_at", column_name="Opened")
    closed = fields.Field(attribute="closed_at", column_name="Closed")
    outcome = fields.Field(attribute="get_outcome_display", column_name="Outcome")

    class Meta:
        export_order = (
            "reference",
            "stage",
            "first_name",
            "last_name",
            "upn",
            "year_group",
            "school",
            "partnership",
            "opened",
            "closed",
            "outcome",
        )

    def export_field(self, field: fields.Field, instance: Case, **kwargs: Any) -> str:
        """Write a cell; a moment becomes its day."""
        value = field.get_value(instance)
        if callable(value):
            value = value()
        if hasattr(value, "date"):
            return timezone.localdate(value).isoformat()
        return harmless("" if value is None else str(value))


def export(user: User, **filters: Any) -> str:
    """Write the cases that a person may see, with the filters of `queries.case_list`, as CSV.

    Holds the cases of the organisations in which the person may export, and logs each as read. Raises
    NotPermitted without the permission, and NotAllowed for more rows than one file takes.
    """
    may_export = permissions.organisations_where(user, "export_cases")
    if not may_export.exists():
        raise NotPermitted("You cannot export cases. Ask your organisation’s administrator.")
    parts = Participation.objects.open().filter(organisation__in=may_export)
    listed = queries.case_list(user, **filters).filter(pk__in=parts.values("case"))
    cases = list(listed[: MOST_ROWS + 1])
    if len(cases) > MOST_ROWS:
        raise NotAllowed(
            f"There are more than {MOST_ROWS:,} cases. Choose a stage or an organisation first."
        )
    kind = ContentType.objects.get_for_model(Case)
    ReadRecord.objects.bulk_create(
        [
            ReadRecord(
                user=user,
                content_type=kind,
                object_id=case.pk,
                organisation=case.partnership,
                purpose="export",
            )
            for case in cases
        ]
    )
    # A byte order mark tells spreadsheet programs that the names are in UTF-8.
    return "\ufeff" + CaseResource().export(cases).csv


class ExportCases(LoginRequiredMixin, View):
    """The list of cases as a spreadsheet, for those who may export."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Send the file; every case in it counts as read."""
        filters = forms.filters_of(request.GET, searches.words(request))
        content = export(request.user, **filters)  # type: ignore[arg-type]  # signed in
        response = HttpResponse(content, content_type="text/csv; charset=utf-8")
        name = f"cases-{timezone.localdate():%Y-%m-%d}.csv"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        response["Cache-Control"] = "no-store"
        return response
