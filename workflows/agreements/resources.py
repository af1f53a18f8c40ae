"""Who accepted what and when, as a spreadsheet: the rows of the list, cells that run nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.generic import View
from import_export import fields, resources

from workflows.agreements import forms, queries
from workflows.cases.resources import harmless

if TYPE_CHECKING:
    from collections.abc import Iterable

    from permissions.queries import Person
    from workflows.agreements.models import Agreement


class _Harmless(resources.Resource):
    """A resource for export alone whose cells are written as text that runs nothing."""

    def export_field(self, field: fields.Field, instance: Any, **kwargs: Any) -> str:
        """Write a cell; a moment becomes local date and time."""
        value = field.get_value(instance)
        if callable(value):
            value = value()
        if hasattr(value, "tzinfo"):
            return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
        return harmless("" if value is None else str(value))


class _OneCase(fields.Field):
    """For which case, as far as the reader may know."""

    def get_value(self, instance: Any, **kwargs: Any) -> str:
        """Give the reference of a case that the reader sees."""
        return instance.case_reference or ("For one case" if instance.case_id else "")


class PartyResource(_Harmless):
    """Where each party stands."""

    organisation = fields.Field(attribute="organisation__name", column_name="Organisation")
    kind = fields.Field(attribute="organisation__get_kind_display", column_name="Kind")
    status = fields.Field(attribute="status__label", column_name="State")
    grace = fields.Field(attribute="grace_ends_date", column_name="Days of grace until")
    due = fields.Field(attribute="request__due_date", column_name="To accept by")
    version = fields.Field(attribute="accepted__version__number", column_name="Version accepted")
    accepted_at = fields.Field(attribute="accepted__accepted_at", column_name="Accepted at")
    name = fields.Field(attribute="accepted__name", column_name="Accepted by")
    position = fields.Field(attribute="accepted__position", column_name="Position")
    authority = fields.Field(attribute="accepted__authority", column_name="Authority")

    class Meta:
        export_order = (
            "organisation",
            "kind",
            "status",
            "grace",
            "due",
            "version",
            "accepted_at",
            "name",
            "position",
            "authority",
        )


class AcceptanceResource(_Harmless):
    """Every acceptance, with its evidence."""

    accepted_at = fields.Field(attribute="accepted_at", column_name="Accepted at")
    version = fields.Field(attribute="version__number", column_name="Version")
    organisation = fields.Field(attribute="organisation_name", column_name="Organisation")
    kind = fields.Field(attribute="organisation__get_kind_display", column_name="Kind")
    name = fields.Field(attribute="name", column_name="Accepted by")
    position = fields.Field(attribute="position", column_name="Position")
    authority = fields.Field(attribute="authority", column_name="Authority")
    mode = fields.Field(attribute="get_mode_display", column_name="How it is accepted")
    case = _OneCase(column_name="Case")
    activity = fields.Field(attribute="activity", column_name="Activity")
    lead_name = fields.Field(attribute="lead_name", column_name="Safeguarding lead")
    lead_contact = fields.Field(attribute="lead_contact", column_name="Contact of the lead")
    lead_trained = fields.Field(attribute="lead_trained_date", column_name="Lead last trained")
    sha256 = fields.Field(attribute="sha256", column_name="Hash of the text")

    class Meta:
        export_order = (
            "accepted_at",
            "version",
            "organisation",
            "kind",
            "name",
            "position",
            "authority",
            "mode",
            "case",
            "activity",
            "lead_name",
            "lead_contact",
            "lead_trained",
            "sha256",
        )


TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def export(
    agreement: Agreement, filters: dict[str, Any], file_type: str, reader: Person
) -> str | bytes:
    """Write the list with its filters as CSV or as a workbook (`xlsx`)."""
    chosen = {"party": filters["party"], "version": filters["version"]}
    rows: Iterable[Any]
    if filters["show"] == "acceptances":
        rows = queries.chosen_acceptances(agreement, reader, **chosen)
        resource: resources.Resource = AcceptanceResource()
    else:
        found = queries.chosen_standings(agreement, status=filters["status"], **chosen)
        rows = queries.sorted_standings(found, filters["sort"])
        resource = PartyResource()
    written = resource.export(rows)
    # A byte order mark tells spreadsheet programs that the names are in UTF-8.
    return "\ufeff" + written.csv if file_type == "csv" else written.xlsx


class ExportAcceptances(LoginRequiredMixin, View):
    """The list as a file, for those who may read it."""

    def get(self, request: HttpRequest, pk: int, file_type: str) -> HttpResponse:
        """Send the file."""
        if file_type not in TYPES:
            raise Http404
        agreement = get_object_or_404(queries.agreements_watched_by(request.user), pk=pk)
        content = export(agreement, forms.party_filters(request.GET), file_type, request.user)
        response = HttpResponse(content, content_type=TYPES[file_type])
        name = f"{agreement.slug}-{timezone.localdate():%Y-%m-%d}.{file_type}"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        response["Cache-Control"] = "no-store"
        return response
