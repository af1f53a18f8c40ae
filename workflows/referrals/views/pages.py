"""The pages on which a school writes a referral: each saves, and can be come back to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.generic import FormView

from permissions import audit, checks
from workflows.cases import actions as cases
from workflows.cases import forms as case_forms
from workflows.cases import queries as case_queries
from workflows.cases.models import Document
from workflows.cases.views import SignedIn, said_of
from workflows.engine import drafts
from workflows.engine.exceptions import NotAllowed
from workflows.referrals import actions, forms, queries, rules
from workflows.referrals.models import Referral
from workflows.referrals.states import PART_FIELDS, WRITABLE, Part, Status

if TYPE_CHECKING:
    from django import forms as django_forms


def page_url(referral: Referral, page: rules.Page) -> str:
    """Answer the address of a page of the form."""
    reference = referral.case.reference
    if page.part:
        return reverse(f"referrals:{page.part.value}", args=[reference])
    return reverse("referrals:questions", args=[reference, page.section])


def next_url(referral: Referral, name: str) -> str:
    """Find the page after the page of a name; after the last, the check."""
    form = queries.pages(referral)
    names = [page.name for page in form]
    following = form[names.index(name) + 1 :] if name in names else []
    if following:
        return page_url(referral, following[0])
    return reverse("referrals:check", args=[referral.case.reference])


@method_decorator(never_cache, name="dispatch")
class OfReferral(SignedIn):
    """What every page of one referral begins with: visible, the school's, and still with it."""

    referral: Referral
    # In another status, the page is the case's.
    open_in: ClassVar[frozenset[Status]] = WRITABLE

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Find the referral; 404 where its case is not visible, 403 to other than its school."""
        if request.user.is_authenticated:
            self.referral = get_object_or_404(
                Referral.objects.visible_to(self.user).select_related(
                    "case__pupil__school", "case__partnership"
                ),
                case__reference=kwargs["reference"],
            )
            case = self.referral.case
            checks.require(self.user, "refer_pupil", case.pupil.school)
            is_read = request.method == "GET"
            if is_read and self.referral.status not in self.open_in:
                return redirect(case)
            if is_read:
                audit.record_read(self.user, case, case.partnership, purpose="referral page")
        return super().dispatch(request, *args, **kwargs)

    def facts(self, **more: Any) -> dict[str, Any]:
        """Answer what every template of these pages gets."""
        case = self.referral.case
        return {
            "case": case,
            "referral": self.referral,
            "partnership": case.partnership,
            "back_url": reverse("referrals:detail", args=[case.reference]),
            **more,
        }

    def documents(self) -> Any:
        """List the documents of the case that the person may see."""
        return (
            Document.objects.visible_to(self.user)
            .filter(case=self.referral.case)
            .order_by("uploaded_at", "pk")
        )


class ReferralPage(OfReferral):
    """The list of pages with what is complete: the place to come back to."""

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        """Show the list."""
        form = queries.pages(self.referral)
        items = [
            {
                "title": page.title,
                "href": page_url(self.referral, page),
                "status": "Completed" if page.is_complete else "Incomplete",
                "colour": "" if page.is_complete else "blue",
            }
            for page in form
        ]
        number = sum(page.is_complete for page in form)
        questioned = self.referral.status == Status.QUESTIONED
        if not questioned:
            ready = number == len(form)
            items.append(
                {
                    "title": "Check your answers and submit",
                    "href": reverse("referrals:check", args=[reference]) if ready else "",
                    "status": "" if ready else "Cannot start yet",
                    "colour": "",
                }
            )
        return render(
            request,
            "referrals/detail.html",
            self.facts(items=items, number=number, total=len(form), is_questioned=questioned),
        )


class FormPage(OfReferral, FormView[Any]):
    """One page of the form: saves and goes on, or saves whatever there is for later."""

    template_name = "referrals/part.html"

    @property
    def name(self) -> str:
        """How the page's address ends."""
        raise NotImplementedError

    @property
    def title(self) -> str:
        """What the page is called."""
        raise NotImplementedError

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        names = [page.name for page in queries.pages(self.referral)]
        number = names.index(self.name) + 1 if self.name in names else 0
        shown = self.facts(title=self.title, number=number, total=len(names))
        return super().get_context_data(**shown, **kwargs)

    @property
    def is_saving(self) -> bool:
        """Whether the person leaves the page to come back to it."""
        return "save" in self.request.POST

    def form_valid(self, form: django_forms.Form) -> HttpResponse:
        """Save the page; a refusal is shown on it."""
        try:
            self.act(form)
        except NotAllowed as refused:
            form.add_error(None, refused.reason)
            return self.form_invalid(form)
        if self.is_saving:
            messages.info(self.request, "Saved. Your answers are here when you come back.")
            return redirect(self.referral)
        return redirect(next_url(self.referral, self.name))

    def act(self, form: Any) -> None:
        """Call the action that saves the page."""
        raise NotImplementedError


class PartPage(FormPage):
    """A page that every referral has."""

    part: ClassVar[Part]

    @property
    def name(self) -> str:
        return self.part.value

    @property
    def title(self) -> str:
        return self.part.label

    def get_initial(self) -> dict[str, Any]:
        return {name: getattr(self.referral, name) for name in PART_FIELDS[self.part]}

    def get_form(self, form_class: Any = None) -> Any:
        form = super().get_form(form_class)
        if self.is_saving:
            # What is there is kept, whether or not it is all that is needed.
            for field in form.fields.values():
                field.required = False
        return form

    def act(self, form: Any) -> None:
        """Save the page's columns; the pages that do more say so themselves."""
        actions.write(referral=self.referral, by=self.user, **form.cleaned_data)


class KeptPage(PartPage):
    """A page whose answers are recorded all at once: unfinished ones are kept as a draft."""

    @property
    def draft_key(self) -> str:
        """Under which unfinished answers are kept."""
        return f"referral:{self.referral.pk}:{self.part.value}"

    def recorded(self) -> dict[str, Any]:
        """Answer what is recorded already."""
        raise NotImplementedError

    def get_initial(self) -> dict[str, Any]:
        kept = drafts.load(self.user, self.draft_key)
        if kept is None or self.request.method != "GET":
            return self.recorded()
        fields = self.get_form_class().base_fields
        return {
            **self.recorded(),
            **{
                name: field.widget.value_from_datadict(kept, {}, name)
                for name, field in fields.items()
            },
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Keep what was typed for later, or record it."""
        if self.is_saving:
            drafts.save(self.user, self.draft_key, request.POST)
            messages.info(request, "Saved. Your answers are here when you come back.")
            return redirect(self.referral)
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: django_forms.Form) -> HttpResponse:
        response = super().form_valid(form)
        if form.is_valid():
            drafts.discard(self.user, self.draft_key)
        return response


class Pupil(KeptPage):
    """Who the pupil is."""

    part = Part.PUPIL
    form_class = case_forms.PupilForm

    def recorded(self) -> dict[str, Any]:
        pupil = self.referral.case.pupil
        return {name: getattr(pupil, name) for name in cases.PUPIL_FIELDS}

    def act(self, form: case_forms.PupilForm) -> None:
        actions.write_pupil(referral=self.referral, by=self.user, **form.details())


class Permission(KeptPage):
    """Parental permission."""

    part = Part.PERMISSION
    form_class = forms.PermissionForm
    template_name = "referrals/permission.html"

    def recorded(self) -> dict[str, Any]:
        referral = self.referral
        return {
            "given_by": referral.permission_given_by,
            "how": referral.permission_how,
            "date": referral.permission_date,
            "covers": referral.permission_covers,
        }

    def act(self, form: forms.PermissionForm) -> None:
        actions.record_permission(
            referral=self.referral,
            by=self.user,
            **form.cleaned_data,
        )


class Evidence(PartPage):
    """The documents of the referral, and why there is no medical evidence where there is none."""

    part = Part.EVIDENCE
    form_class = forms.NoEvidenceForm
    template_name = "referrals/evidence.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            documents=self.documents(),
            removable=self.referral.status == Status.DRAFT,
            **kwargs,
        )


class AddEvidence(OfReferral, FormView[forms.EvidenceForm]):
    """One more document."""

    template_name = "referrals/add_evidence.html"
    form_class = forms.EvidenceForm

    def get_form_kwargs(self) -> dict[str, Any]:
        inside = case_queries.audiences_of(self.user, self.referral.case)
        return {**super().get_form_kwargs(), "audiences": inside}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            **self.facts(back_url=reverse("referrals:evidence", args=self.kwargs.values())),
            **kwargs,
        )

    def form_valid(self, form: forms.EvidenceForm) -> HttpResponse:
        try:
            added = actions.add_evidence(referral=self.referral, by=self.user, **form.details())
        except NotAllowed as refused:
            form.add_error(None, refused.reason)
            return self.form_invalid(form)
        messages.success(self.request, said_of(added))
        return redirect("referrals:evidence", self.referral.case.reference)


class RemoveEvidence(OfReferral):
    """Take a document out of a draft."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, reference: str, pk: int) -> HttpResponse:
        """Remove the document and go back to the list."""
        document = get_object_or_404(self.documents(), pk=pk)
        cases.remove_document(document=document, by=self.user)
        messages.success(request, "The document is removed.")
        return redirect("referrals:evidence", reference)


class Contacts(PartPage):
    """Named person, key contact, absence contact."""

    part = Part.CONTACTS
    form_class = forms.ContactsForm


class Check(OfReferral):
    """Everything once more, and the button that submits it."""

    def get(self, request: HttpRequest, reference: str, refusal: str = "") -> HttpResponse:
        """Show all answers."""
        cannot = rules.why_cannot_submit(self.referral, queries.pages(self.referral))
        return render(
            request,
            "referrals/check.html",
            self.facts(
                cards=queries.cards(self.referral, self.user),
                documents=self.documents(),
                refusal=refusal or cannot,
                may_submit=cannot is None,
                implied=queries.implied_version(self.referral),
            ),
        )

    def post(self, request: HttpRequest, reference: str) -> HttpResponse:
        """Submit the referral; a second time says that it has been."""
        try:
            actions.submit(referral=self.referral, by=self.user, sha256=request.POST.get("version"))
        except NotAllowed as refused:
            self.referral.refresh_from_db()
            if self.referral.status not in WRITABLE:
                raise
            return self.get(request, reference, refused.reason)
        messages.success(
            request, "The referral is submitted. The partnership screens it and lets you know."
        )
        return redirect(self.referral.case)


class Withdraw(OfReferral, FormView[forms.WithdrawForm]):
    """Take the referral back, with a reason."""

    template_name = "referrals/withdraw.html"
    form_class = forms.WithdrawForm
    open_in = rules.possible_from("withdraw")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            **self.facts(
                back_url=self.referral.case.get_absolute_url(),
            ),
            **kwargs,
        )

    def form_valid(self, form: forms.WithdrawForm) -> HttpResponse:
        try:
            actions.withdraw(
                referral=self.referral,
                reason=form.cleaned_data["reason"],
                by=self.user,
            )
        except NotAllowed as refused:
            form.add_error(None, refused.reason)
            return self.form_invalid(form)
        messages.success(self.request, "The referral is withdrawn.")
        return redirect(self.referral.case)
