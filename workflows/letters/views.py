"""The pages on which an administrator writes a partnership's letters."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.generic import FormView, TemplateView

from permissions import audit
from permissions.models import Organisation
from workflows.cases.views import SignedIn
from workflows.engine.exceptions import NotAllowed

from . import actions, forms, queries, rules, states
from .models import LetterTemplate
from .states import FIELDS, REQUIRED, Kind


class Places(SignedIn, TemplateView):
    """The partnerships whose letters the person may change; with one alone, its letters."""

    template_name = "letters/places.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        partnerships = queries.partnerships_whose_letters(self.user).order_by("name")
        found = list(partnerships[:2])
        if len(found) == 1:
            return redirect("letters:list", found[0].slug)
        return self.render_to_response(self.get_context_data(partnerships=partnerships))


class OfPartnership(SignedIn):
    """A page about the letters of one partnership."""

    partnership: Organisation

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Find the partnership among those whose letters the person may change."""
        if request.user.is_authenticated:
            self.partnership = get_object_or_404(
                queries.partnerships_whose_letters(self.user), slug=kwargs["slug"]
            )
            self.prepare(**kwargs)
        return super().dispatch(request, *args, **kwargs)

    def prepare(self, **kwargs: Any) -> None:
        """Load what the page is about."""


@method_decorator(never_cache, name="dispatch")
class Letters(OfPartnership, TemplateView):
    """Every letter of a partnership."""

    template_name = "letters/list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            partnership=self.partnership,
            lines=queries.lines(self.partnership),
            settings=queries.letter_settings(self.partnership),
            **kwargs,
        )


class ChangeSettings(OfPartnership, FormView[forms.SettingsForm]):
    """To whom letters are written, and what an email carries."""

    template_name = "letters/settings.html"
    form_class = forms.SettingsForm

    def get_initial(self) -> dict[str, Any]:
        found = queries.letter_settings(self.partnership)
        return {name: getattr(found, name) for name in forms.SettingsForm.base_fields}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(partnership=self.partnership, **kwargs)

    def form_valid(self, form: forms.SettingsForm) -> HttpResponse:
        actions.change_settings(partnership=self.partnership, by=self.user, **form.cleaned_data)
        messages.success(self.request, "The settings are saved.")
        return redirect("letters:list", self.partnership.slug)


class OfLetter(OfPartnership):
    """A page about one letter."""

    template: LetterTemplate

    def prepare(self, **kwargs: Any) -> None:
        """Find the letter; one that nobody has changed has our text."""
        found = states.from_slug(kwargs["letter"])
        if found is None:
            raise Http404
        self.template = queries.template(self.partnership, *found)

    def to(self, name: str) -> str:
        """Give the address of one of the letter's pages."""
        return reverse(f"letters:{name}", args=[self.partnership.slug, self.template.slug])

    def facts(self) -> dict[str, Any]:
        """Give what every page of a letter shows."""
        version = queries.version_in_force(self.template)
        return {
            "partnership": self.partnership,
            "template": self.template,
            "version": version,
            "is_drafted": queries.differs(self.template, version),
            "fields": FIELDS[Kind(self.template.kind)],
            "required": [
                " or ".join(f"{{{name}}}" for name in group)
                for group in REQUIRED[Kind(self.template.kind)]
            ],
            "back_url": self.to("detail"),
        }

    def refused(self, reason: str) -> HttpResponse:
        """Go back to the letter, and say why nothing was done."""
        messages.error(self.request, reason)
        return redirect(self.to("detail"))


@method_decorator(never_cache, name="dispatch")
class Letter(OfLetter, TemplateView):
    """One letter: its draft, what is in force, how it would look, and its versions."""

    template_name = "letters/detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        heading, body = queries.text_in_force(self.template)
        return super().get_context_data(
            **self.facts(),
            heading=heading,
            blocks=rules.blocks(body),
            versions=queries.versions_of(self.template),
            cases=queries.example_cases(self.user, self.template),
            **kwargs,
        )


@method_decorator(never_cache, name="dispatch")
class Edit(OfLetter, FormView[forms.LetterForm]):
    """Write the draft; nothing that is sent changes before it is published."""

    template_name = "letters/edit.html"
    form_class = forms.LetterForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "kind": Kind(self.template.kind)}

    def get_initial(self) -> dict[str, Any]:
        return {
            "heading": self.template.heading,
            "body": self.template.body,
            "revision": self.template.revision,
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**self.facts(), **kwargs)

    def form_valid(self, form: forms.LetterForm) -> HttpResponse:
        try:
            actions.save_draft(
                partnership=self.partnership,
                kind=self.template.kind,
                addressee=self.template.addressee,
                by=self.user,
                **form.cleaned_data,
            )
        except NotAllowed as refused:
            # The text stays; saving it again is a decision of its own.
            form.data = {**form.data.dict(), "revision": str(self.template.revision)}  # type: ignore[attr-defined]  # posted
            form.add_error(None, refused.reason)
            return self.form_invalid(form)
        messages.success(self.request, "The draft is saved. Letters change when it is published.")
        return redirect(self.to("detail"))


@method_decorator(never_cache, name="dispatch")
class Preview(OfLetter):
    """The draft as a PDF: with invented facts, or with those of a case the person may see."""

    def get(self, request: HttpRequest, slug: str, letter: str) -> HttpResponse:
        """Answer the PDF; nothing is kept of it."""
        reference = request.GET.get("case", "")
        values = queries.example_values(self.template.kind)
        if reference:
            case = queries.example_case(self.user, self.template, reference)
            if case is None:
                raise Http404
            audit.record_read(self.user, case, self.partnership, purpose="preview of a letter")
            values = queries.values_for(self.template, case)
        heading, body = self.template.heading, self.template.body
        response = HttpResponse(
            actions.make_pdf(heading, body, values), content_type="application/pdf"
        )
        response["Content-Disposition"] = 'inline; filename="letter-preview.pdf"'
        return response


@method_decorator(never_cache, name="dispatch")
class Publish(OfLetter, FormView[forms.PublishForm]):
    """Look at what changes, then put the draft into force."""

    template_name = "letters/publish.html"
    form_class = forms.PublishForm

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.facts()["is_drafted"]:
            return self.refused("This text is in force already. Change the draft first.")
        return super().get(request, *args, **kwargs)

    def get_initial(self) -> dict[str, Any]:
        return {"revision": self.template.revision}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        heading, body = queries.text_in_force(self.template)
        return super().get_context_data(
            **self.facts(),
            changes=rules.changes(
                f"{heading}\n\n{body}", f"{self.template.heading}\n\n{self.template.body}"
            ),
            **kwargs,
        )

    def form_valid(self, form: forms.PublishForm) -> HttpResponse:
        try:
            version = actions.publish(
                partnership=self.partnership,
                kind=self.template.kind,
                addressee=self.template.addressee,
                revision=form.cleaned_data["revision"],
                by=self.user,
            )
        except NotAllowed as refused:
            return self.refused(refused.reason)
        messages.success(
            self.request,
            f"Version {version.number} is in force. Letters already sent stay as they are.",
        )
        return redirect(self.to("detail"))


class Discard(OfLetter, TemplateView):
    """Put the text in force back in the place of the draft, after asking."""

    template_name = "letters/discard.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**self.facts(), **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Do it."""
        actions.discard_draft(
            partnership=self.partnership,
            kind=self.template.kind,
            addressee=self.template.addressee,
            by=self.user,
        )
        messages.success(request, "The draft is the text in force again.")
        return redirect(self.to("detail"))


class Version(OfLetter, TemplateView):
    """A published text, as it was."""

    template_name = "letters/version.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        shown = get_object_or_404(queries.versions_of(self.template), number=self.kwargs["number"])
        return super().get_context_data(
            **self.facts(), shown=shown, blocks=rules.blocks(shown.body), **kwargs
        )
