"""The pages of the directory: list, add, change, remove."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.generic import FormView, TemplateView

from permissions import checks
from permissions import queries as permissions
from permissions.exceptions import NotPermitted
from permissions.models import Organisation
from permissions.roles import OrganisationKind
from workflows.cases.views import SignedIn
from workflows.engine.exceptions import NotAllowed

from . import actions, forms, queries
from .models import DirectoryEntry

if TYPE_CHECKING:
    from django import forms as django_forms


class Directory(SignedIn, TemplateView):
    """The directories of the partnerships whose directory a person may read."""

    template_name = "providers/list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        permitted = permissions.permitted(self.user)
        if not permitted.anywhere("view_directory"):
            raise NotPermitted(
                "You cannot see the directory. Ask your organisation’s administrator."
            )
        directories = [
            (
                partnership,
                entries,
                permitted.may("change_directory", partnership.pk),
            )
            for partnership, entries in queries.directories_of(self.user)
        ]
        return super().get_context_data(directories=directories, **kwargs)


class DirectoryForm(SignedIn, FormView[Any]):
    """A page that changes one partnership's directory."""

    template_name = "providers/form.html"
    partnership: Organisation
    success_message: str
    title: str

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Find what is changed, and ask whether the person may."""
        if request.user.is_authenticated:
            self.find(**kwargs)
            checks.require(self.user, "change_directory", self.partnership)
        return super().dispatch(request, *args, **kwargs)

    def find(self, **kwargs: Any) -> None:
        """Set the partnership, and the entry where there is one; 404 for what is not visible."""
        raise NotImplementedError

    def act(self, form: Any) -> object:
        """Call the one action of this page."""
        raise NotImplementedError

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            partnership=self.partnership,
            title=self.title,
            back_url=reverse("providers:list"),
            **kwargs,
        )

    def form_valid(self, form: django_forms.Form) -> HttpResponse:
        """Call the action; a refusal is shown on the form."""
        try:
            self.act(form)
        except NotAllowed as refused:
            form.add_error(None, refused.reason)
            return self.form_invalid(form)
        messages.success(self.request, self.success_message)
        return redirect("providers:list")


class AddProvider(DirectoryForm):
    """Put a provider into the directory."""

    form_class = forms.ListProviderForm
    title = "Add a provider to the directory"
    success_message = "The provider is in the directory."

    def find(self, **kwargs: Any) -> None:
        visible = permissions.organisations_where(self.user, "view_directory")
        self.partnership = get_object_or_404(
            visible, slug=kwargs["slug"], kind=OrganisationKind.PARTNERSHIP
        )

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "providers": queries.not_listed(self.partnership)}

    def act(self, form: forms.ListProviderForm) -> object:
        return actions.list_provider(
            partnership=self.partnership, by=self.user, **form.cleaned_data
        )


class EntryPage(DirectoryForm):
    """A page about one entry."""

    entry: DirectoryEntry

    def find(self, **kwargs: Any) -> None:
        self.entry = get_object_or_404(
            DirectoryEntry.objects.visible_to(self.user).select_related("provider", "partnership"),
            pk=kwargs["pk"],
        )
        self.partnership = self.entry.partnership


class ChangeEntry(EntryPage):
    """Correct what the directory says of a provider."""

    form_class = forms.EntryForm
    success_message = "The entry is saved."

    @property
    def title(self) -> str:  # type: ignore[override]  # here it names the provider
        """The heading of the page."""
        return f"Change the entry of {self.entry.provider}"

    def get_initial(self) -> dict[str, Any]:
        return {
            "places": self.entry.places,
            "subjects": self.entry.subjects,
            "notes": self.entry.notes,
        }

    def act(self, form: forms.EntryForm) -> None:
        actions.change_entry(entry=self.entry, by=self.user, **form.cleaned_data)


class RemoveEntry(EntryPage):
    """Take a provider out of the directory, after asking once more."""

    form_class = forms.RemoveForm
    template_name = "providers/remove.html"
    success_message = "The provider is no longer in the directory."

    @property
    def title(self) -> str:  # type: ignore[override]  # here it names the provider
        """The heading of the page."""
        return f"Remove {self.entry.provider} from the directory?"

    def act(self, form: forms.RemoveForm) -> None:
        actions.remove_entry(entry=self.entry, by=self.user)
