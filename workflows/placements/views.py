"""The steps of a placement, its page, the list, and its panel on the page of the case."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.views.generic import DetailView, FormView, ListView, TemplateView

from permissions import audit, checks
from permissions.exceptions import NotPermitted
from workflows.agreements import queries as agreements
from workflows.cases.sections import Section
from workflows.engine.exceptions import AlreadyDone, Busy, NotAllowed
from workflows.engine.views import StepView

from . import actions, forms, queries, rules
from .models import Offer, Placement
from .states import OfferStatus, PlacementStatus

if TYPE_CHECKING:
    from datetime import date

    from django.db.models import QuerySet

    from permissions.models import User
    from workflows.cases.models import Case

    from .models import Allocation

# Colours of the tags; the text says the same.
COLOURS: dict[str, str] = {
    OfferStatus.MADE: "yellow",
    OfferStatus.ACCEPTED: "green",
    OfferStatus.DECLINED: "red",
    OfferStatus.WITHDRAWN: "grey",
    PlacementStatus.AGREED: "yellow",
    PlacementStatus.STARTED: "green",
    PlacementStatus.ENDED: "grey",
}


class Allocate(StepView):
    """The officer chooses a provider and makes an offer."""

    template_name = "placements/allocate.html"
    form_class = forms.OfferForm
    check_answers = True
    success_message = "The offer was sent to the provider."
    confirm_button = "Send the offer"
    statement = (
        "The provider joins the case and can read the pupil's profile. It never sees the panel's "
        "notes or votes."
    )
    subject: Allocation

    def form_arguments(self) -> dict[str, Any]:
        return {"partnership": self.subject.case.partnership}

    def extra_context(self) -> dict[str, Any]:
        return {
            "case": self.subject.case,
            "offers": self.subject.offers.select_related("provider").order_by("-made_at"),
        }

    def act(self, form: forms.OfferForm) -> Offer:
        by: Any = self.request.user
        return actions.make_offer(
            allocation=self.subject,
            provider=form.cleaned_data["entry"].provider,
            hours_per_week=form.cleaned_data["hours_per_week"],
            starts_date=form.cleaned_data["starts_date"],
            ends_date=form.cleaned_data["ends_date"],
            message=form.cleaned_data["message"],
            by=by,
        )


class AnswerOffer(StepView):
    """The provider's signatory accepts or declines."""

    template_name = "placements/answer_offer.html"
    form_class = forms.AnswerForm
    check_answers = True
    success_message = "Your answer was sent to the partnership."
    confirm_button = "Send the answer"
    subject: Allocation

    def prepare(self) -> None:
        self.offer = queries.latest_offer(self.subject)
        self.implied = queries.implied_version(self.subject.case.partnership)

    def form_arguments(self) -> dict[str, Any]:
        return {"sha256": self.implied.sha256 if self.implied else ""}

    def extra_context(self) -> dict[str, Any]:
        case = self.subject.case
        agreement = agreements.agreement_for(case.partnership)
        organisation = self.the_task.organisation
        return {
            "case": case,
            "offer": self.offer,
            "rows": offer_rows(self.offer) if self.offer else [],
            "agreement": agreement,
            "is_bound": agreement is not None
            and organisation is not None
            and agreements.has_accepted(agreement, organisation, case=case),
            "implied": self.implied,
        }

    def act(self, form: forms.AnswerForm) -> Any:
        by: Any = self.request.user
        if self.offer is None:
            raise NotAllowed("There is no offer to answer. Go back to your tasks.")
        if form.cleaned_data["answer"] == forms.ACCEPT:
            sha256 = form.cleaned_data.get("version")
            return actions.accept_offer(offer=self.offer, by=by, sha256=sha256)
        return actions.decline_offer(offer=self.offer, reasons=form.cleaned_data["reasons"], by=by)


class StartPlacement(StepView):
    """The officer starts the placement, once the provider is bound by the agreement."""

    template_name = "placements/start_placement.html"
    form_class = forms.StartForm
    check_answers = True
    success_message = "The placement has started, and its first review is scheduled."
    confirm_button = "Start the placement"
    subject: Allocation

    def prepare(self) -> None:
        found = queries.agreed_placement(self.subject)
        if found is None:
            raise AlreadyDone
        self.placement = found

    def form_arguments(self) -> dict[str, Any]:
        return {"placement": self.placement}

    def extra_context(self) -> dict[str, Any]:
        return {
            "case": self.placement.case,
            "placement": self.placement,
            "rows": placement_rows(self.placement),
            "refusal": self.why_not(),
        }

    def why_not(self, starts_date: date | None = None) -> str | None:
        """Say why the placement cannot start at this moment, as starting it would."""
        return rules.why_cannot_start(
            self.placement.status,
            agreement_says=queries.agreement_says(self.placement, starts_date),
        )

    def act(self, form: forms.StartForm) -> Placement:
        by: Any = self.request.user
        return actions.start_placement(
            placement=self.placement,
            starts_date=form.cleaned_data["starts_date"],
            by=by,
        )

    def refuse(self, form: Any, reason: str) -> HttpResponseBase:
        """Ask the parties again where that is what is missing, and say so."""
        if self.why_not(form.cleaned_data["starts_date"]) is not None:
            # What was refused has been rolled back; the request to accept is kept.
            with transaction.atomic():
                actions.ask_to_accept(placement=self.placement)
        return super().refuse(form, reason)


def offer_rows(offer: Offer) -> list[dict[str, Any]]:
    """Give an offer's terms as rows of a summary list."""
    return [
        {"key": "Provider", "value": offer.provider.name},
        {"key": "Hours a week", "value": rules.plain(offer.hours_per_week)},
        {"key": "Start date", "value": f"{offer.starts_date:%-d %B %Y}"},
        {
            "key": "End date",
            "value": f"{offer.ends_date:%-d %B %Y}" if offer.ends_date else "Not known yet",
        },
        {"key": "What to know", "value": offer.message or "Nothing was added"},
    ]


def placement_rows(placement: Placement) -> list[dict[str, Any]]:
    """Give what was agreed about a placement, as rows of a summary list."""
    accepted = agreements.accepted_version(
        placement.agreement, placement.provider, case=placement.case
    )
    ends = placement.ends_date
    return [
        {"key": "Provider", "value": placement.provider.name},
        {"key": "Status", "value": placement.get_status_display()},
        {"key": "Hours a week", "value": rules.plain(placement.hours_per_week)},
        {"key": "Start date", "value": f"{placement.starts_date:%-d %B %Y}"},
        {"key": "End date", "value": f"{ends:%-d %B %Y}" if ends else "Not known yet"},
        {"key": "Agreement", "value": placement.agreement.title},
        {
            "key": "Version accepted by the provider",
            "value": f"Version {accepted.number}" if accepted else "None yet",
        },
    ]


class PlacementList(LoginRequiredMixin, ListView[Placement]):
    """The placements that the person may see."""

    template_name = "placements/list.html"
    paginate_by = 50

    def get_queryset(self) -> QuerySet[Placement]:
        self.filter_form = forms.ListForm(self.request.GET)
        self.filter_form.is_valid()
        status = self.filter_form.cleaned_data.get("status", "")
        user: Any = self.request.user
        return queries.placement_list(user, status=status)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context["rows"] = [
            (placement, COLOURS[placement.status]) for placement in context["page_obj"]
        ]
        return {**context, "filter_form": self.filter_form}


class PlacementDetail(LoginRequiredMixin, DetailView[Placement]):
    """One placement."""

    template_name = "placements/detail.html"

    def get_queryset(self) -> QuerySet[Placement]:
        user: Any = self.request.user
        return Placement.objects.visible_to(user).select_related(
            "case__pupil__school", "case__partnership", "provider", "agreement", "offer"
        )

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the page and note who has read it."""
        response = super().get(request, *args, **kwargs)
        user: Any = request.user
        audit.record_read(user, self.object.case, purpose="placement page")
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {
            **super().get_context_data(**kwargs),
            "case": self.object.case,
            "partnership": self.object.case.partnership,
            "rows": placement_rows(self.object),
        }


class WithdrawOffer(LoginRequiredMixin, FormView[forms.WithdrawForm]):
    """The officer takes an offer back."""

    template_name = "placements/withdraw_offer.html"
    form_class = forms.WithdrawForm

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Load the offer, as far as the person may see it."""
        super().setup(request, *args, **kwargs)
        user: Any = request.user
        if not user.is_authenticated:
            return
        self.offer = get_object_or_404(
            Offer.objects.visible_to(user).select_related(
                "allocation__case__partnership", "allocation__case__pupil", "provider", "placement"
            ),
            pk=kwargs["pk"],
        )

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Let through whoever may allocate the case."""
        if not request.user.is_authenticated:
            return self.handle_no_permission()
        if not checks.may(request.user, "allocate_case", self.offer.allocation.case.partnership):
            raise NotPermitted("Only the partnership's officer may withdraw an offer.")
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {
            **super().get_context_data(**kwargs),
            "offer": self.offer,
            "case": self.offer.allocation.case,
            "partnership": self.offer.allocation.case.partnership,
            "rows": offer_rows(self.offer),
            "refusal": why_cannot_withdraw(self.offer),
        }

    def form_valid(self, form: forms.WithdrawForm) -> HttpResponse:
        """Withdraw the offer, or say why it cannot be."""
        user: Any = self.request.user
        try:
            actions.withdraw_offer(offer=self.offer, reasons=form.cleaned_data["reasons"], by=user)
        except Busy:
            raise
        except NotAllowed as refused:
            form.add_error(None, refused.reason)
            return self.form_invalid(form)
        messages.success(self.request, "The offer was withdrawn. Allocate the case again.")
        return redirect(self.offer.allocation.case)


def why_cannot_withdraw(offer: Offer) -> str | None:
    """Say why an offer cannot be withdrawn, as withdrawing it would."""
    placement = getattr(offer, "placement", None)
    return rules.why_cannot_withdraw_offer(offer.status, placement.status if placement else None)


class TimingsList(LoginRequiredMixin, TemplateView):
    """The partnerships whose timings the person may change."""

    template_name = "placements/timings_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user: Any = self.request.user
        found = queries.partnerships_whose_timings(user).order_by("name")
        return {**super().get_context_data(**kwargs), "partnerships": found}


class ChangeTimings(LoginRequiredMixin, FormView):
    """An administrator sets a partnership's own numbers."""

    template_name = "placements/timings.html"
    form_class = forms.TimingsForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Find the partnership among those whose timings the person may change."""
        user: Any = request.user
        if user.is_authenticated:
            self.partnership = get_object_or_404(
                queries.partnerships_whose_timings(user), slug=kwargs["slug"]
            )
        return super().dispatch(request, *args, **kwargs)

    def get_initial(self) -> dict[str, Any]:
        row = queries.timings(self.partnership)
        return {name: getattr(row, name) for name in forms.TimingsForm.base_fields}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "partnership": self.partnership}

    def form_valid(self, form: forms.TimingsForm) -> HttpResponse:
        user: Any = self.request.user
        try:
            actions.change_timings(partnership=self.partnership, by=user, **form.cleaned_data)
        except NotAllowed as refused:
            form.add_error(None, refused.reason)
            return self.form_invalid(form)
        messages.success(self.request, "The timings are saved.")
        return redirect("placements:timings", self.partnership.slug)


def case_section(case: Case, user: User) -> Section | None:
    """Show a case's offers and placement, as far as the person may know them."""
    offers = list(queries.offer_list(user, case))
    if not offers:
        return None
    may_withdraw = checks.may(user, "allocate_case", case.partnership)
    rows = [
        {
            "offer": offer,
            "placement": getattr(offer, "placement", None),
            "hours": rules.plain(offer.hours_per_week),
            "colour": COLOURS[offer.status],
            "may_withdraw": may_withdraw and why_cannot_withdraw(offer) is None,
        }
        for offer in offers
    ]
    return Section("Placement", "placements/section.html", {"rows": rows}, position=30)
