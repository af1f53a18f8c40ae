"""The pages of scorecards: the list, one scorecard, and what is behind one number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.generic import TemplateView

from permissions import queries as permissions
from permissions.checks import REFUSAL
from permissions.exceptions import NotPermitted
from workflows.cases.views import SignedIn
from workflows.scorecards import queries, rules
from workflows.scorecards.queries import Row, Subject

PAGE_SIZE = 50

# Colours of the tags; the text says the same.
COLOURS: dict[str, str] = {
    rules.Outcome.KEPT: "green",
    rules.Outcome.MISSED: "red",
    rules.Outcome.WAITING: "grey",
}

# The picture's measures, in its own units: its height is that of the fullest week.
BAR_STEP = 30
BAR_WIDTH = 20
HEIGHT = 60


@dataclass(frozen=True)
class Bar:
    """A week in the picture: what was kept stands below, what was missed on top of it."""

    x: int
    kept_y: float
    kept_height: float
    missed_y: float
    missed_height: float


def bars(row: Row) -> list[Bar]:
    """Draw the weeks of a row as bars; none where there is nothing to draw."""
    weeks = row.counted.weeks if row.counted else []
    fullest = max((week.figures.total for week in weeks), default=0)
    if not fullest:
        return []
    drawn = []
    for number, week in enumerate(weeks):
        kept = round(HEIGHT * week.figures.kept / fullest, 1)
        missed = round(HEIGHT * week.figures.missed / fullest, 1)
        top = HEIGHT - kept
        drawn.append(Bar(number * BAR_STEP + 5, top, kept, top - missed, missed))
    return drawn


@method_decorator(never_cache, name="dispatch")
class Scorecards(SignedIn, TemplateView):
    """The scorecards that the person may see, by agreement."""

    template_name = "scorecards/list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        if not permissions.organisations_where(self.user, "view_scorecard").exists():
            raise NotPermitted(REFUSAL)
        return super().get_context_data(
            lines=queries.lines(self.user), number_of_weeks=rules.WEEKS, **kwargs
        )


class OneScorecard(SignedIn):
    """A page about one party's part in one agreement, or about all parties of it."""

    subject: Subject

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Find the scorecard among those the person may see; any other does not exist."""
        if request.user.is_authenticated:
            found = queries.subject(self.user, kwargs["pk"], kwargs["slug"])
            if found is None:
                raise Http404
            self.subject = found
        return super().dispatch(request, *args, **kwargs)


@method_decorator(never_cache, name="dispatch")
class Scorecard(OneScorecard, TemplateView):
    """Each measurable clause: what is promised, how it was kept, and how that has changed."""

    template_name = "scorecards/detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        subject = self.subject
        reading = queries.read(self.user, [subject])
        found = queries.rows(reading, subject)
        return super().get_context_data(
            subject=subject,
            partnership=subject.agreement.partnership,
            rows=[(row, bars(row)) for row in found if row.how is not None],
            unmeasured=[row for row in found if row.how is None],
            number_of_weeks=rules.WEEKS,
            width=rules.WEEKS * BAR_STEP,
            bar_width=BAR_WIDTH,
            height=HEIGHT,
            **kwargs,
        )


@method_decorator(never_cache, name="dispatch")
class BehindMeasure(OneScorecard, TemplateView):
    """What is behind one number: by party, and case by case where the reader may see them."""

    template_name = "scorecards/measure.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        subject, measure = self.subject, self.kwargs["measure"]
        reading = queries.read(self.user, [subject])
        row = next((one for one in queries.rows(reading, subject) if one.measure == measure), None)
        if row is None or row.counted is None:
            raise Http404
        page = Paginator(queries.behind(reading, subject, measure), PAGE_SIZE).get_page(
            self.request.GET.get("page")
        )
        return super().get_context_data(
            subject=subject,
            partnership=subject.agreement.partnership,
            row=row,
            page=page,
            found=[(one, COLOURS[one.outcome]) for one in page.object_list],
            parts=queries.by_party(reading, subject, measure) if subject.is_whole else [],
            number_of_weeks=rules.WEEKS,
            **kwargs,
        )
