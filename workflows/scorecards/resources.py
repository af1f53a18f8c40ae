"""A scorecard as a spreadsheet: a row for each week of each promise. It names no pupil."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views import View
from import_export import fields, resources

from workflows.cases.resources import harmless
from workflows.scorecards import queries
from workflows.scorecards.queries import Row, Subject


@dataclass(frozen=True)
class Cell:
    """What a row of the spreadsheet says."""

    row: Row
    week: str
    kept: int | str
    missed: int | str
    percentage: int | str
    remark: str = ""

    @property
    def agreement(self) -> str:
        """The agreement's title."""
        return self.row.subject.agreement.title

    @property
    def organisation(self) -> str:
        """Whose part it is."""
        subject = self.row.subject
        return "All parties" if subject.is_whole else subject.organisation.name


class ScorecardResource(resources.Resource):
    """For export alone: nothing is read in."""

    agreement = fields.Field(attribute="agreement", column_name="Agreement")
    organisation = fields.Field(attribute="organisation", column_name="Party")
    clause = fields.Field(attribute="row__clause_name", column_name="Clause")
    promise = fields.Field(attribute="row__title", column_name="Promise")
    measure = fields.Field(attribute="row__measure", column_name="Measure")
    week = fields.Field(attribute="week", column_name="Week beginning")
    kept = fields.Field(attribute="kept", column_name="Kept")
    missed = fields.Field(attribute="missed", column_name="Not kept")
    percentage = fields.Field(attribute="percentage", column_name="Percentage kept")
    remark = fields.Field(attribute="remark", column_name="Remark")

    class Meta:
        export_order = (
            "agreement",
            "organisation",
            "clause",
            "promise",
            "measure",
            "week",
            "kept",
            "missed",
            "percentage",
            "remark",
        )

    def export_field(self, field: fields.Field, instance: Cell, **kwargs: Any) -> str:
        """Write a cell that no spreadsheet program takes for a formula."""
        value = field.get_value(instance)
        return harmless("" if value is None else str(value))


def cells(row: Row) -> list[Cell]:
    """Give the rows of one promise: its total, then each week; or why there is no number."""
    counted = row.counted
    if counted is None or row.why_not:
        return [Cell(row, "", "", "", "", row.why_not)]
    figures = counted.figures
    others = counted.shown.others
    remark = f"With {others} cases that you may not see" if others else ""
    total = Cell(row, "All", figures.kept, figures.missed, figures.percentage or 0, remark)
    return [
        total,
        *(
            Cell(
                row,
                week.starts_date.isoformat(),
                week.figures.kept,
                week.figures.missed,
                "" if week.figures.percentage is None else week.figures.percentage,
            )
            for week in counted.weeks
        ),
    ]


def export(user: Any, subject: Subject) -> str:
    """Write a scorecard as CSV, with the numbers that its page shows to the person."""
    reading = queries.read(user, [subject])
    found = [cell for row in queries.rows(reading, subject) for cell in cells(row)]
    # A byte order mark tells spreadsheet programs that the names are in UTF-8.
    return "\ufeff" + ScorecardResource().export(found).csv


class ExportScorecard(LoginRequiredMixin, View):
    """One scorecard as a spreadsheet, for whoever may see its page."""

    def get(self, request: HttpRequest, pk: int, slug: str) -> HttpResponse:
        """Send the file."""
        user: Any = request.user
        subject = queries.subject(user, pk, slug)
        if subject is None:
            raise Http404
        response = HttpResponse(export(user, subject), content_type="text/csv; charset=utf-8")
        name = f"scorecard-{subject.organisation.slug}-{timezone.localdate():%Y-%m-%d}.csv"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        response["Cache-Control"] = "no-store"
        return response
