"""One organisation's text, reserving a clause of it, and settling what was reserved."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.generic import FormView, ListView, TemplateView

from permissions.checks import may, require
from permissions.models import User
from workflows.agreements import actions, queries, rules
from workflows.agreements.forms import (
    AnswerReservationForm,
    CommentForm,
    ConsiderForm,
    ReserveForm,
    WithdrawForm,
)
from workflows.agreements.models import Reservation
from workflows.agreements.states import PARTY_OF_KIND, ReservationStatus
from workflows.agreements.views.publics import place_in
from workflows.engine import tasks
from workflows.engine.exceptions import AlreadyDone, NotAllowed
from workflows.engine.models import Task
from workflows.engine.views import StepView

# Colours of the tags; the text says the same.
COLOURS: dict[str, str] = {
    ReservationStatus.RAISED: "yellow",
    ReservationStatus.PROPOSED: "blue",
    ReservationStatus.WITHDRAWN: "grey",
    ReservationStatus.VARIED: "green",
    ReservationStatus.REFUSED: "red",
}


class OfOneParty(LoginRequiredMixin):
    """Load the text of an agreement as it holds for one party, for those who may see it."""

    request: HttpRequest
    ours: queries.OurText

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Load it, or answer as if it did not exist."""
        super().setup(request, *args, **kwargs)  # type: ignore[misc]  # the view beside this class
        if not request.user.is_authenticated:
            return
        found = queries.our_text(request.user, kwargs["pk"], kwargs["organisation"])
        if found is None:
            raise Http404("There is no such text, or it is not yours to read.")
        self.ours = found

    def about(self) -> dict[str, Any]:
        """What every page about one party's text shows."""
        ours = self.ours
        return {
            "agreement": ours.agreement,
            "organisation": ours.organisation,
            "partnership": ours.agreement.partnership,
            "version": ours.version,
            "text_url": reverse("agreements:ours", args=[ours.agreement.pk, ours.organisation.pk]),
        }

    def clause(self, clause_id: uuid.UUID) -> rules.ReadableClause:
        """The clause as the party reads it, or a page that was not found."""
        for section in self.document().sections:
            for clause in section.clauses:
                if clause.clause_id == str(clause_id):
                    return clause
        raise Http404("This clause is not part of the agreement any more.")

    def document(self) -> rules.Readable:
        """The text in force with the party's variations, and its reserved clauses marked."""
        ours = self.ours
        return rules.varied(
            rules.readable(ours.version.snapshot["content"], PARTY_OF_KIND[ours.organisation.kind]),
            ours.variations,
            [reservation.clause_id for reservation in ours.reservations],
        )


class OurText(OfOneParty, TemplateView):
    """The text as it holds for one organisation, each clause to be reserved or asked about."""

    template_name = "agreements/ours.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        ours = self.ours
        return {
            **super().get_context_data(**kwargs),
            **self.about(),
            "document": self.document(),
            "accepted": ours.accepted,
            "acceptances": queries.acceptances_by_organisation(
                ours.agreement, ours.organisation, self.request.user
            ),
            **place_in(self.request, ours.version),
            "variations": ours.variations,
            "reservations": ours.reservations,
            "first_pupil_date": ours.first_pupil_date,
            "may_reserve": ours.may_be_reserved
            and may(self.request.user, "reserve_clause", ours.organisation),
            "may_ask": may(self.request.user, "view_agreement", ours.organisation),
            "unchanged_since": queries.unchanged_since(ours.version),
        }


class Reserve(OfOneParty, FormView):
    """Reserve one clause for one organisation."""

    template_name = "agreements/reserve.html"
    form_class = ReserveForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Ask who may; go to the reservation when the clause has one already."""
        if not request.user.is_authenticated:
            return self.handle_no_permission()
        require(request.user, "reserve_clause", self.ours.organisation)
        for reservation in self.ours.reservations:
            if reservation.clause_id == kwargs["clause"]:
                return redirect(reservation)
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        # Asked with a reason, so that what is refused here is refused whatever is typed.
        refusal = queries.why_cannot_reserve(
            self.ours.agreement, self.ours.organisation, self.kwargs["clause"], reason="-"
        )
        return {
            **super().get_context_data(**kwargs),
            **self.about(),
            "clause": self.clause(self.kwargs["clause"]),
            "refusal": refusal,
        }

    def form_valid(self, form: ReserveForm) -> HttpResponse:
        by = self.request.user
        assert isinstance(by, User)  # dispatch has asked
        try:
            reservation = actions.reserve_clause(
                agreement=self.ours.agreement,
                organisation=self.ours.organisation,
                clause_id=self.kwargs["clause"],
                reason=form.cleaned_data["reason"],
                proposed_text=form.cleaned_data["proposed_text"],
                by=by,
            )
        except NotAllowed as refused:
            form.add_error(None, refused.reason)
            return self.form_invalid(form)
        messages.success(
            self.request,
            f"The clause is reserved. {self.ours.agreement.partnership.name} has been told.",
        )
        return redirect(reservation)


class ReservationList(LoginRequiredMixin, ListView[Reservation]):
    """The reservations of my organisations, and those raised with my partnerships."""

    template_name = "agreements/reservations.html"
    paginate_by = 50

    def get_queryset(self) -> Any:
        return queries.reservations_visible_to(self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        rows = [
            (
                reservation,
                COLOURS[reservation.status],
                rules.clause_label(reservation.version.snapshot["content"], reservation.clause_id),
            )
            for reservation in context["page_obj"]
        ]
        return {**context, "rows": rows}


class OfReservation(LoginRequiredMixin):
    """Load a reservation that the person may read."""

    request: HttpRequest
    reservation: Reservation

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Load it, or answer as if it did not exist."""
        super().setup(request, *args, **kwargs)  # type: ignore[misc]  # the view beside this class
        if request.user.is_authenticated:
            visible = queries.reservations_visible_to(request.user)
            self.reservation = get_object_or_404(
                visible.select_related("raised_by", "agreement__partnership"), pk=kwargs["pk"]
            )


class ReservationPage(OfReservation, FormView):
    """One reservation: the clause, what was said, and what can be done next."""

    template_name = "agreements/reservation.html"
    form_class = CommentForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        reservation, user = self.reservation, self.request.user
        may_reserve = may(user, "reserve_clause", reservation.organisation)
        may_answer = may(user, "answer_reservation", reservation.agreement.partnership)
        return {
            **super().get_context_data(**kwargs),
            **about(reservation),
            "may_discuss": reservation.is_open and (may_reserve or may_answer),
            "may_withdraw": reservation.is_open and may_reserve,
            "task": their_task(reservation, self.request.user),
        }

    def form_valid(self, form: CommentForm) -> HttpResponse:
        by = self.request.user
        assert isinstance(by, User)  # LoginRequiredMixin has asked
        try:
            actions.discuss_reservation(
                reservation=self.reservation, body=form.cleaned_data["body"], by=by
            )
        except NotAllowed as refused:
            form.add_error(None, refused.reason)
            return self.form_invalid(form)
        messages.success(self.request, "Sent. The other side has been told.")
        return redirect(self.reservation)


class WithdrawReservation(OfReservation, FormView):
    """Take a reservation back."""

    template_name = "agreements/withdraw_reservation.html"
    form_class = WithdrawForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Ask who may; an ended reservation has nothing to take back."""
        if request.user.is_authenticated:
            require(request.user, "reserve_clause", self.reservation.organisation)
            if not self.reservation.is_open:
                return redirect(self.reservation)
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), **about(self.reservation)}

    def form_valid(self, form: WithdrawForm) -> HttpResponse:
        by = self.request.user
        assert isinstance(by, User)  # dispatch has asked
        try:
            actions.withdraw_reservation(
                reservation=self.reservation, reason=form.cleaned_data["reason"], by=by
            )
        except NotAllowed as refused:
            form.add_error(None, refused.reason)
            return self.form_invalid(form)
        messages.success(self.request, "The reservation is withdrawn. The clause holds as it is.")
        return redirect(self.reservation)


def their_task(subject: Any, user: Any) -> Task | None:
    """Give the open task about something, if the person may do it."""
    task = tasks.open_tasks(subject).first()
    if task is None or not may(user, task.owner_permission, task.organisation):
        return None
    return task


def about(reservation: Reservation) -> dict[str, Any]:
    """Give what every page about a reservation shows."""
    now = queries.reserved_clause(reservation)
    reserved = rules.clause_named(reservation.version.snapshot["content"], reservation.clause_id)
    clause = now or reserved
    assert clause is not None  # it was reserved from that version
    said = [
        (
            message,
            rules.words(clause["text"], message.text),
            rules.term_sentences(message.terms),
        )
        for message in reservation.messages.select_related("organisation")
    ]
    return {
        "reservation": reservation,
        "agreement": reservation.agreement,
        "organisation": reservation.organisation,
        "partnership": reservation.agreement.partnership,
        "colour": COLOURS[reservation.status],
        "clause": clause,
        "clause_terms": rules.term_sentences(clause["terms"]),
        "clause_label": rules.clause_label(
            reservation.version.snapshot["content"], reservation.clause_id
        ),
        "has_gone": now is None,
        "proposed_words": rules.words(clause["text"], reservation.proposed_text),
        "said": said,
    }


class AnswerReservation(StepView):
    """The partnership proposes a variation, or refuses."""

    template_name = "agreements/answer_reservation.html"
    form_class = AnswerReservationForm
    success_message = "Your answer was sent."
    subject: Reservation

    def form_arguments(self) -> dict[str, Any]:
        """Give the clause, with what the organisation would rather read."""
        return {
            "clause": queries.reserved_clause(self.subject),
            "offered": self.subject.proposed_text,
        }

    def extra_context(self) -> dict[str, Any]:
        return about(self.subject)

    def act(self, form: AnswerReservationForm) -> Any:
        """Propose or refuse."""
        by: Any = self.request.user
        answers = form.cleaned_data
        if answers["decision"] == form.REFUSE:
            return actions.refuse_reservation(
                reservation=self.subject, reason=answers["note"], by=by
            )
        return actions.propose_variation(
            reservation=self.subject,
            text=answers["text"],
            values=form.values,
            note=answers["note"],
            by=by,
        )

    def success_url(self) -> str:
        """Go to the reservation's page, where the answer stands."""
        return self.subject.get_absolute_url()


class ConsiderVariation(StepView):
    """The organisation agrees to the proposal, or turns it down."""

    template_name = "agreements/consider_variation.html"
    form_class = ConsiderForm
    success_message = "Your answer was sent."
    subject: Reservation

    def prepare(self) -> None:
        """Find the proposal."""
        found = queries.proposal_of(self.subject)
        if found is None:
            raise AlreadyDone
        self.proposal = found

    def form_arguments(self) -> dict[str, Any]:
        """Give the proposal on the screen and the sentence that is agreed to."""
        return {
            "proposal_id": self.proposal.pk,
            "wording": rules.agreed_wording(
                organisation=self.subject.organisation.name,
                title=self.subject.agreement.title,
                clause=rules.clause_label(
                    self.subject.version.snapshot["content"], self.subject.clause_id
                ),
            ),
        }

    def extra_context(self) -> dict[str, Any]:
        shown = about(self.subject)
        return {
            **shown,
            "proposal": self.proposal,
            "proposal_words": rules.words(shown["clause"]["text"], self.proposal.text),
            "proposal_terms": rules.term_sentences(self.proposal.terms),
        }

    def act(self, form: ConsiderForm) -> Any:
        """Agree or turn down."""
        by: Any = self.request.user
        if form.cleaned_data["decision"] == form.AGREE:
            return actions.agree_variation(reservation=self.subject, proposal=self.proposal, by=by)
        return actions.turn_down_variation(
            reservation=self.subject, reason=form.cleaned_data["reason"], by=by
        )

    def success_url(self) -> str:
        """Go to the reservation's page, where the answer stands."""
        return self.subject.get_absolute_url()
