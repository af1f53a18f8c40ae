"""Cover for an absent colleague, as pages: the list, arranging one, one with what was done under it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth import get_user_model
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache

from permissions import queries as people
from permissions.models import Organisation
from workflows.engine import covers, fields
from workflows.engine.exceptions import NotAllowed
from workflows.engine.models import Cover

COVERS_ON_A_PAGE = 50
TASKS_SHOWN = 50


class CoverForm(forms.Form):
    """Who is away, who covers, and on which days."""

    submit_label = "Continue"
    absent: forms.ModelChoiceField[Any] = forms.ModelChoiceField(
        queryset=None,
        label="Who will be away?",
        empty_label="Choose a person",
        error_messages={"required": "Choose who will be away"},
    )
    covering: forms.ModelChoiceField[Any] = forms.ModelChoiceField(
        queryset=None,
        label="Who covers?",
        help_text=(
            "They can do the tasks that the absent person has claimed, as far as their own role "
            "allows. The next page shows what stays."
        ),
        empty_label="Choose a person",
        error_messages={"required": "Choose who covers"},
    )
    first_date = fields.DateInputField(
        label="First day away",
        in_the_future=True,
        error_messages={
            "required": "Enter the first day away",
            "future": "The first day away must be today or in the future",
        },
    )
    last_date = fields.DateInputField(
        label="Last day away",
        help_text="Cover ends at midnight after it.",
        in_the_future=True,
        error_messages={
            "required": "Enter the last day away",
            "future": "The last day away must be today or in the future",
        },
    )

    def __init__(self, user: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.user, self.organisation = user, organisation
        members = people.members_of(organisation).values("user")
        everybody = get_user_model().objects.filter(pk__in=members, is_active=True)
        absent, covering = (self.fields[name] for name in ("absent", "covering"))
        assert isinstance(absent, forms.ModelChoiceField)
        assert isinstance(covering, forms.ModelChoiceField)
        absent.queryset = everybody.order_by("name", "pk")
        covering.queryset = everybody.order_by("name", "pk")
        if not covers.may_arrange_for_others(user, organisation):
            # Only for oneself: nothing to choose.
            del self.fields["absent"]
            covering.queryset = covering.queryset.exclude(pk=user.pk)
        elif everybody.filter(pk=user.pk).exists():
            absent.initial = user.pk

    def clean(self) -> dict[str, Any]:
        """Refuse what the rules refuse, where everything has been answered."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if "absent" not in self.fields:
            cleaned["absent"] = self.user
        if not self.errors and (
            reason := covers.why_not(
                cleaned["absent"],
                cleaned["covering"],
                self.organisation,
                cleaned["first_date"],
                cleaned["last_date"],
            )
        ):
            self.add_error("last_date" if reason.startswith("The last day") else None, reason)
        return cleaned


@method_decorator(never_cache, name="dispatch")
class Covers(LoginRequiredMixin, View):
    """Who covers for whom, as far as it concerns me or an organisation whose tasks I manage."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the list, and where I may arrange cover."""
        page = Paginator(covers.listed(request.user), COVERS_ON_A_PAGE).get_page(
            request.GET.get("page")
        )
        return render(
            request,
            "engine/screens/covers.html",
            {
                "page": page,
                "rows": [(cover, state_of(cover)) for cover in page.object_list],
                "organisations": people.permitted(request.user).organisations,
            },
        )


@method_decorator(never_cache, name="dispatch")
class AddCover(LoginRequiredMixin, View):
    """Arrange cover in one organisation: the form, then what it means, then the arrangement."""

    organisation: Organisation

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Let in who is a member of the organisation or manages it; for others it is not there."""
        if not request.user.is_authenticated:
            return self.handle_no_permission()
        self.organisation = get_object_or_404(Organisation, slug=kwargs["slug"], is_active=True)
        if not (
            covers.may_arrange(request.user, request.user, self.organisation)
            or covers.may_arrange_for_others(request.user, self.organisation)
        ):
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        """Show the form."""
        return self.show(CoverForm(request.user, self.organisation))

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        """Show what is and is not covered; with the button there, arrange it."""
        form = CoverForm(request.user, self.organisation, data=request.POST)
        if not form.is_valid() or "change" in request.POST:
            return self.show(form)
        chosen = {**form.cleaned_data, "organisation": self.organisation}
        if "confirm" not in request.POST:
            return self.check(form, chosen)
        try:
            cover = covers.arrange(**chosen, by=request.user)
        except NotAllowed as refused:
            form.add_error(None, refused.reason)
            return self.show(form)
        messages.success(
            request,
            f"{cover.covering.get_full_name()} covers for {cover.absent.get_full_name()}. "
            "Both are told by e-mail.",
        )
        return redirect(cover)

    def show(self, form: CoverForm) -> HttpResponse:
        """Show the form, perhaps with what to mend."""
        return render(
            self.request,
            "engine/screens/add_cover.html",
            {"form": form, "organisation": self.organisation},
        )

    def check(self, form: CoverForm, chosen: dict[str, Any]) -> HttpResponse:
        """Show what is arranged and what stays with the absent person."""
        absent, covering = chosen["absent"], chosen["covering"]
        return render(
            self.request,
            "engine/screens/check_cover.html",
            {
                "rows": [
                    {"key": "Away", "value": absent.get_full_name()},
                    {"key": "Covers", "value": covering.get_full_name()},
                    {"key": "In", "value": self.organisation.name},
                    {"key": "First day", "value": _day(chosen["first_date"])},
                    {"key": "Last day", "value": _day(chosen["last_date"])},
                ],
                "cover": {"absent": absent, "covering": covering},
                "not_covered": covers.not_covered(absent, covering, self.organisation),
                "left_without": covers.left_without(
                    absent, self.organisation, chosen["first_date"], chosen["last_date"]
                ),
                "form": form,
            },
        )


@method_decorator(never_cache, name="dispatch")
class CoverPage(LoginRequiredMixin, View):
    """One cover: what is covered and what not, what was done under it, and the way to end it."""

    cover: Cover

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Find it among those that concern the person."""
        if not request.user.is_authenticated:
            return self.handle_no_permission()
        self.cover = get_object_or_404(covers.visible_to(request.user), pk=kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show it to both, and to who manages."""
        cover = self.cover
        is_over = covers.is_over(cover)
        done = covers.done_under(cover)
        return render(
            request,
            "engine/screens/cover.html",
            {
                "cover": cover,
                "state": state_of(cover),
                "is_over": is_over,
                "not_covered": []
                if is_over
                else covers.not_covered(cover.absent, cover.covering, cover.organisation),
                "done": done[:TASKS_SHOWN],
                "number_done": done.count(),
                "may_end": not is_over
                and (
                    request.user == cover.covering
                    or covers.may_arrange(request.user, cover.absent, cover.organisation)
                ),
            },
        )

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """End it."""
        try:
            covers.end(self.cover, request.user)
        except NotAllowed as refused:
            messages.error(request, refused.reason)
        else:
            messages.success(request, "The cover is ended. Both are told by e-mail.")
        return redirect(reverse("engine:covers"))


def state_of(cover: Cover) -> str:
    """Say in a word or two whether it runs."""
    today = timezone.localdate()
    if cover.ended_at is not None:
        return "Ended early"
    if cover.last_date < today:
        return "Over"
    return "Now" if cover.first_date <= today else "To come"


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
