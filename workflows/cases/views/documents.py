"""The documents of a case: added, looked at as pictures, read."""

from __future__ import annotations

import base64

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render

from permissions import audit
from workflows.cases import actions, forms
from workflows.cases.models import Document
from workflows.cases.states import FILE_TYPES
from workflows.cases.views.pages import AddToCase, CaseView
from workflows.engine import previews
from workflows.engine.exceptions import NotAllowed

# A document is content of somebody else's making: it may run nothing and fetch nothing.
DOCUMENT_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; object-src 'self'"


class OneDocument(CaseView):
    """What the pages of one document begin with: in the audience, and open."""

    def find(self, pk: int) -> Document:
        """Find the document; 404 outside its audience, refused while it waits for its scan."""
        document = get_object_or_404(
            Document.objects.visible_to(self.user).select_related("case"), pk=pk, case=self.case
        )
        if not document.is_readable:
            raise NotAllowed(
                "This document waits for its virus scan and cannot be opened before it. Try again in "
                "a few minutes."
            )
        return document


class ReadDocument(OneDocument):
    """A document's content, for those in its audience; every reading is logged."""

    def get(self, request: HttpRequest, reference: str, pk: int) -> HttpResponseBase:
        """Send the file as a download, or to look at where it is a picture or a PDF."""
        document = self.find(pk)
        audit.record_read(
            self.user,
            document,
            self.case.partnership,
            purpose="document",
        )
        try:
            content = document.file.open("rb")
        except FileNotFoundError as error:
            raise Http404 from error
        inline = "view" in request.GET and document.is_shown_inline
        extension = FILE_TYPES[document.content_type]
        response = FileResponse(
            content,
            as_attachment=not inline,
            filename=f"{self.case.reference}-{document.pk}.{extension}",
            content_type=document.content_type,
        )
        # Browsers show a PDF in a viewer of their own, which a sandbox would keep shut; its type was
        # told from its content and may not be guessed again.
        is_picture = document.content_type.startswith("image/")
        policy = f"{DOCUMENT_POLICY}; sandbox" if is_picture else DOCUMENT_POLICY
        response["Content-Security-Policy"] = policy
        response["X-Content-Type-Options"] = "nosniff"
        return response


class PreviewDocument(OneDocument):
    """A page of a PDF, or an image, as a picture that we have drawn; logged as a reading."""

    def get(self, request: HttpRequest, reference: str, pk: int) -> HttpResponse:
        """Show one page, and the way to the others."""
        document = self.find(pk)
        if not document.has_preview:
            raise Http404
        asked = request.GET.get("page", "1")
        page = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 4 else 1
        page = max(1, min(page, previews.MOST_PAGES))
        audit.record_read(self.user, document, self.case.partnership, purpose="document preview")
        drawn = None
        try:
            with document.file.open("rb") as stored:
                drawn = previews.draw(stored.read(), document.content_type, page)
        except FileNotFoundError as error:
            raise Http404 from error
        except previews.NoPreview:
            pass
        last = min(drawn.pages, previews.MOST_PAGES) if drawn else 1
        return render(
            request,
            "cases/preview.html",
            {
                "case": self.case,
                "partnership": self.case.partnership,
                "document": document,
                "drawn": drawn,
                # In the page itself, so that there is one address to check and one reading to log.
                "picture": base64.b64encode(drawn.png).decode() if drawn else "",
                "page_number": page,
                "previous": page - 1 if page > 1 else None,
                "next": page + 1 if page < last else None,
                "is_cut": bool(drawn and drawn.pages > previews.MOST_PAGES and page == last),
            },
        )


class AddDocument(AddToCase):
    """Add a document, or several of one kind, for an audience."""

    form_class = forms.DocumentForm
    title = "Add a document"

    def act(self, form: forms.DocumentForm) -> object:
        return actions.add_documents(case=self.case, by=self.user, **form.details())

    def form_valid(self, form: forms.DocumentForm) -> HttpResponse:  # type: ignore[override]  # its own form
        """Add the files; say what became of them."""
        try:
            added = actions.add_documents(case=self.case, by=self.user, **form.details())
        except NotAllowed as refused:
            form.add_error(None, refused.reason)
            return self.form_invalid(form)
        messages.success(self.request, said_of(added))
        return redirect(self.case)


def said_of(added: list[Document]) -> str:
    """Say that documents were added, and whether they can be opened yet."""
    one = len(added) == 1
    said = "The document is in the case." if one else f"{len(added)} documents are in the case."
    if any(not document.is_readable for document in added):
        said += (
            " The virus scanner does not answer, so "
            f"{'it stays' if one else 'they stay'} closed until it does."
        )
    return said
