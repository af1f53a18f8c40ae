"""Pages of accounts, memberships and the audit trail: one class per step."""

from typing import Any

from axes.utils import reset as forget_wrong_passwords
from django.contrib import messages
from django.contrib.auth import views as accounts
from django.contrib.auth.forms import PasswordChangeForm, SetPasswordForm
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core import signing
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse, reverse_lazy
from django.views.generic import FormView, ListView, TemplateView

from permissions import actions, jobs, queries, trail
from permissions.checks import REFUSAL
from permissions.exceptions import NotAllowed, NotPermitted
from permissions.forms import AddMembershipForm, AuditForm, PasswordResetForm, SignInForm
from permissions.models import Membership, Organisation, User
from permissions.roles import Role


class SignIn(accounts.LoginView):
    """Sign in by e-mail; `next` leads on, within this site only."""

    template_name = "permissions/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True


class SignOut(accounts.LogoutView):
    """Sign out; by POST, so that no link or picture can do it."""


class ChangePassword(accounts.PasswordChangeView):
    """Change one's own password, knowing the old one."""

    template_name = "permissions/change_password.html"
    success_url = reverse_lazy("permissions:account")

    def get_form(self, form_class: Any = None) -> Any:
        """Say what the button does, and ask without Django's markup in the hint."""
        form: PasswordChangeForm = super().get_form(form_class)
        form.fields["new_password1"].help_text = _password_hint()
        form.fields["new_password2"].help_text = ""
        return form

    def form_valid(self, form: Any) -> HttpResponse:
        """Change it and say so."""
        messages.success(self.request, "Your password has been changed.")
        return super().form_valid(form)


class ForgotPassword(FormView):
    """Ask for a link by e-mail; the answer is the same whether or not there is an account."""

    template_name = "permissions/forgot_password.html"
    form_class = PasswordResetForm
    success_url = reverse_lazy("permissions:password_link_sent")

    def form_valid(self, form: PasswordResetForm) -> HttpResponse:
        """Queue the e-mail where there is somebody to send it to."""
        email = form.cleaned_data["email"].strip().lower()
        with transaction.atomic():
            user = User.objects.filter(email=email, is_active=True).first()
            if user is not None:
                jobs.queue_password_link(user, invited=False)
        return super().form_valid(form)


class PasswordLinkSent(TemplateView):
    """Say what happens next."""

    template_name = "permissions/password_link_sent.html"


class SetPassword(accounts.PasswordResetConfirmView):
    """Set a password by the link in the e-mail."""

    template_name = "permissions/set_password.html"
    success_url = reverse_lazy("permissions:sign_in")

    def get_form(self, form_class: Any = None) -> Any:
        """Ask without Django's markup in the hint."""
        form: SetPasswordForm[User] = super().get_form(form_class)
        form.fields["new_password1"].help_text = _password_hint()
        form.fields["new_password2"].help_text = ""
        return form

    def form_valid(self, form: Any) -> HttpResponse:
        """Set it, and open an account that wrong passwords had closed."""
        response = super().form_valid(form)
        forget_wrong_passwords(username=form.user.email)
        messages.success(self.request, "Your password has been set. Sign in with it.")
        return response


class Account(LoginRequiredMixin, TemplateView):
    """Who I am here: my name, my memberships, my password, and the way out."""

    template_name = "permissions/account.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the memberships, and where to go for more."""
        permitted = queries.permitted(self.request.user)
        return super().get_context_data(
            memberships=permitted.memberships,
            may_manage=permitted.anywhere("manage_members"),
            may_audit=permitted.anywhere("view_audit"),
            **kwargs,
        )


class Organisations(LoginRequiredMixin, ListView):
    """The organisations whose people I look after."""

    template_name = "permissions/organisations.html"
    paginate_by = 50
    context_object_name = "organisations"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Refuse whoever manages no organisation."""
        if request.user.is_authenticated and not queries.organisations_where(
            request.user, "manage_members"
        ):
            raise NotPermitted(REFUSAL)
        return super().dispatch(request, *args, **kwargs)

    def get_queryset(self) -> Any:
        """Return them with the number of their people, narrowed by a search of the name."""
        found = (
            queries.managed_organisations(self.request.user)
            .select_related("parent")
            .annotate(people=queries.open_memberships_count())
        )
        if search := self.request.GET.get("q", "").strip():
            found = found.filter(name__icontains=search)
        return found.order_by("name", "pk")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what was searched for."""
        return super().get_context_data(search=self.request.GET.get("q", "").strip(), **kwargs)


class OfOneOrganisation(LoginRequiredMixin):
    """A page about one organisation that I manage; any other does not exist for me."""

    organisation: Organisation
    request: HttpRequest

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Load the organisation from those that the person manages."""
        if not request.user.is_authenticated:
            return self.handle_no_permission()
        self.organisation = get_object_or_404(
            queries.managed_organisations(request.user), slug=kwargs["slug"]
        )
        self.load(**kwargs)
        return super().dispatch(request, *args, **kwargs)

    def load(self, **kwargs: Any) -> None:
        """Load what else the page is about; called once the person may see the organisation."""


class People(OfOneOrganisation, ListView):
    """The people of an organisation and their roles."""

    template_name = "permissions/people.html"
    paginate_by = 100
    context_object_name = "memberships"

    def get_queryset(self) -> Any:
        """Return the open memberships."""
        return queries.members_of(self.organisation)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the organisation."""
        return super().get_context_data(organisation=self.organisation, **kwargs)


class AddMembership(OfOneOrganisation, FormView):
    """Give somebody a role; whoever is new gets an e-mail to set a password."""

    template_name = "permissions/add_membership.html"
    form_class = AddMembershipForm

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer the organisation's own roles."""
        return {**super().get_form_kwargs(), "organisation": self.organisation}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the organisation."""
        return super().get_context_data(organisation=self.organisation, **kwargs)

    def form_valid(self, form: AddMembershipForm) -> HttpResponse:
        """Add the membership and, where nobody can sign in yet, queue the invitation."""
        try:
            with transaction.atomic():
                membership, _ = actions.invite(
                    email=form.cleaned_data["email"],
                    name=form.cleaned_data["name"],
                    organisation=self.organisation,
                    role=form.cleaned_data["role"],
                    by=_person(self.request),
                )
                invited = not membership.user.has_usable_password()
                if invited:
                    jobs.queue_password_link(membership.user, invited=True)
        except NotAllowed as refusal:
            form.add_error(None, refusal.reason)
            return self.form_invalid(form)
        done = f"{membership.user.name} is now {Role(membership.role).label.lower()}."
        if invited:
            done += " An e-mail with a link to set a password is on its way."
        messages.success(self.request, done)
        return redirect("permissions:people", slug=self.organisation.slug)


class EndMembership(OfOneOrganisation, TemplateView):
    """Ask whether to take a role away, and take it away."""

    template_name = "permissions/end_membership.html"
    membership: Membership

    def load(self, **kwargs: Any) -> None:
        """Load the membership; one that has ended already is refused with a reason."""
        self.membership = get_object_or_404(
            Membership.objects.select_related("user", "organisation"),
            organisation=self.organisation,
            pk=kwargs["pk"],
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the membership."""
        return super().get_context_data(
            organisation=self.organisation, membership=self.membership, **kwargs
        )

    def post(self, request: HttpRequest, **_: Any) -> HttpResponse:
        """End it and say so, or say why not."""
        try:
            actions.end_membership(membership=self.membership, by=_person(request))
        except NotAllowed as refusal:
            messages.error(request, refusal.reason)
        else:
            role = Role(self.membership.role).label.lower()
            messages.success(request, f"{self.membership.user.name} is no longer {role}.")
        back = reverse("permissions:people", kwargs={"slug": self.organisation.slug})
        # Somebody who has just ended their own last role here cannot go back to the list.
        managed = queries.managed_organisations(request.user).filter(pk=self.organisation.pk)
        return redirect(back if managed.exists() else reverse("permissions:account"))


class AuditPage(LoginRequiredMixin, TemplateView):
    """One of the two lists of the audit trail, of the organisations that I may audit."""

    organisation_ids: frozenset[int]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Refuse whoever may audit no organisation."""
        if not request.user.is_authenticated:
            return self.handle_no_permission()
        held = queries.organisations_where(request.user, "view_audit")
        self.organisation_ids = frozenset(
            queries.with_those_beneath(held).values_list("pk", flat=True)
        )
        if not self.organisation_ids:
            raise NotPermitted(REFUSAL)
        return super().dispatch(request, *args, **kwargs)

    def page(self, filters: trail.Filters, after: str | None) -> trail.Page:
        """Return the rows."""
        raise NotImplementedError

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the filter and the rows; a filter that is wrong shows none."""
        people = trail.people(self.organisation_ids)
        form = AuditForm(self.request.GET or None, people=people)
        found: trail.Page | None = None
        if not form.is_bound or form.is_valid():
            chosen = form.cleaned_data if form.is_bound else {}
            person = chosen.get("person")
            filters = trail.Filters(
                self.organisation_ids,
                person.pk if person else None,
                chosen.get("from_date"),
                chosen.get("to_date"),
            )
            try:
                found = self.page(filters, self.request.GET.get("after"))
            except signing.BadSignature as error:
                raise Http404 from error
        return super().get_context_data(form=form, found=found, **kwargs)


class Changes(AuditPage):
    """What was changed, by whom."""

    template_name = "permissions/changes.html"

    def page(self, filters: trail.Filters, after: str | None) -> trail.Page:
        """Return changes."""
        return trail.changes(filters, after)


class Reads(AuditPage):
    """What was read, by whom."""

    template_name = "permissions/reads.html"

    def page(self, filters: trail.Filters, after: str | None) -> trail.Page:
        """Return reads."""
        return trail.reads(filters, after)


def _person(request: HttpRequest) -> User:
    """Return who is signed in; only called behind a page that asked for it."""
    if not isinstance(request.user, User):
        raise NotPermitted(REFUSAL)
    return request.user


def _password_hint() -> str:
    return "At least 12 characters. Three words that do not belong together are easy to remember."
