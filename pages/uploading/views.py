"""The editor's screens of an import: upload, progress, and the report with its way to the draft."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.generic import View
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from pages import reports
from pages.models import PartnershipPage
from pages.uploading import actions
from pages.uploading.forms import UploadForm
from pages.uploading.models import DocumentImport, Stage
from permissions.models import User

EARLIER = 10  # imports listed below the form


class _Screen(WagtailAdminTemplateMixin, View):
    """A screen about one partnership, for whoever may write beneath its page."""

    header_icon = "upload"
    page: PartnershipPage

    def authorise(self, request: HttpRequest, page: PartnershipPage) -> None:
        """Keep out whoever may not write there."""
        if isinstance(request.user, AnonymousUser) or not actions.may_import(
            page=page, by=request.user
        ):
            raise PermissionDenied
        self.page = page

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Lead back to the partnership's pages."""
        return [
            *super().get_breadcrumbs_items(),
            {
                "url": reverse("wagtailadmin_explore", args=[self.page.pk]),
                "label": self.page.title,
            },
            {"url": "", "label": self.get_page_title()},
        ]


class Upload(_Screen):
    """Choose a document and say what it is."""

    page_title = "Import a document"
    template_name = "pages/uploading/upload.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Find the partnership's page."""
        super().setup(request, *args, **kwargs)
        self.found = get_object_or_404(
            PartnershipPage.objects.select_related("organisation"), pk=kwargs["page_id"]
        )

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Ask who this is before anything else."""
        self.authorise(request, self.found)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the form."""
        return self._show(UploadForm())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Take the document in and go to its progress."""
        form = UploadForm(request.POST, request.FILES)
        if not form.is_valid():
            return self._show(form)
        file = form.cleaned_data["file"]
        by = request.user
        assert isinstance(by, User)
        document = actions.receive(
            page=self.page,
            kind=form.cleaned_data["kind"],
            title=form.cleaned_data["title"],
            name=file.name,
            data=file.read(),
            by=by,
        )
        return redirect("pages_import", document.pk)

    def _show(self, form: forms.Form) -> HttpResponse:
        earlier = DocumentImport.objects.filter(partnership=self.page.organisation)
        earlier = earlier.defer("content", "report").select_related("uploaded_by")
        return self.render_to_response(
            self.get_context_data(
                form=form, partnership_page=self.page, earlier=earlier.order_by("-pk")[:EARLIER]
            )
        )


class Progress(_Screen):
    """How far an import is; when it is done, the report on it."""

    template_name = "pages/uploading/import.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Find the import and its partnership's page."""
        super().setup(request, *args, **kwargs)
        documents = DocumentImport.objects.defer("content").select_related("partnership")
        self.document = get_object_or_404(documents, pk=kwargs["pk"])
        self.found = get_object_or_404(
            PartnershipPage.objects.select_related("organisation"),
            organisation=self.document.partnership_id,
        )

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Ask who this is before anything else."""
        self.authorise(request, self.found)
        return super().dispatch(request, *args, **kwargs)

    def get_page_title(self) -> str:
        """Name the file."""
        return f"Import of {self.document.file_name}"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show how far it is, or what was found."""
        return self.render_to_response(
            self.get_context_data(
                document=self.document,
                partnership_page=self.page,
                stages=stages(self.document),
                follows=request.GET.get("follow") != "no",
                report=reports.readable(self.document.report) if self.document.report else None,
            )
        )


class State(Progress):
    """The same as data, for the script that follows it."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Give the stage, in words, and whether it is over."""
        document = self.document
        return JsonResponse(
            {
                "stage": document.stage,
                "words": Stage(document.stage).label,
                "lines": document.lines,
                "finished": document.is_finished,
            }
        )


def stages(document: DocumentImport) -> list[dict[str, str]]:
    """Give the stages of a good import, each with whether it is over, now or to come."""
    order = [Stage.WAITING, Stage.READING, Stage.RECOGNISING, Stage.DRAFTING]
    if document.stage == Stage.FAILED:
        return []
    now = order.index(Stage(document.stage)) if document.stage in order else len(order)
    return [
        {
            "code": stage.value,
            "words": stage.label,
            "state": "done" if at < now else "now" if at == now else "to come",
        }
        for at, stage in enumerate(order)
    ]
