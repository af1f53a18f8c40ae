"""The pages that belong to no process: dashboard, search, failed jobs, and what the footer links to."""

from __future__ import annotations

import hashlib
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.contrib.auth.views import redirect_to_login
from django.core.paginator import Paginator
from django.db import DatabaseError, connection
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_safe
from django.views.generic import FormView, TemplateView, View
from procrastinate.contrib.django import app as background
from procrastinate.exceptions import ConnectorException

from permissions.checks import REFUSAL
from permissions.exceptions import NotPermitted
from permissions.models import Organisation, User
from permissions.queries import permitted_for
from permissions.roles import OrganisationKind
from portal import queries, source
from portal.context import menu
from workflows.engine import queries as engine
from workflows.engine import states, tasks

JOBS_PER_PAGE = 50


def person(request: HttpRequest) -> User:
    """Return who is signed in, on a page that asks for signing in."""
    if not isinstance(request.user, User):
        raise NotPermitted(REFUSAL)
    return request.user


class Dashboard(LoginRequiredMixin, TemplateView):
    """What waits for me, what is late, what has changed."""

    template_name = "portal/dashboard.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the tasks, and what the person's roles look after."""
        permitted = permitted_for(self.request)
        organisations = permitted.organisations
        partnerships = {self._partnership(one) for one in organisations}
        return super().get_context_data(
            organisations=organisations,
            partnership=partnerships.pop() if len(partnerships) == 1 else None,
            waiting=queries.waiting(person(self.request), permitted),
            overview=queries.overview(person(self.request), permitted),
            may_refer=permitted.anywhere("refer_pupil"),
            may_draft=any(item.href == settings.EDITORS_PATH for item in menu(self.request)),
            may_manage=permitted.anywhere("manage_members"),
            sees_jobs=permitted.anywhere("retry_failed_step"),
            sees_cases=permitted.anywhere("view_case"),
            only_reads=permitted.anywhere("view_audit")
            and not permitted.anywhere("manage_members"),
            **kwargs,
        )

    def _partnership(self, organisation: Organisation) -> Organisation | None:
        """Return the partnership that the organisation is or, for a school, belongs to."""
        if organisation.kind == OrganisationKind.SCHOOL:
            return organisation.parent
        return organisation if organisation.kind == OrganisationKind.PARTNERSHIP else None


class SearchForm(forms.Form):
    """What to look for."""

    q = forms.CharField(
        label="Case reference, pupil’s name, or words in an agreement",
        max_length=100,
        error_messages={"required": "Enter a reference, a name or a word to search for"},
    )
    submit_label = "Search"


class PublicSearchForm(SearchForm):
    """What to look for, for somebody who is not signed in: what is published."""

    q = forms.CharField(
        label="Words in an agreement or a policy",
        max_length=100,
        error_messages={"required": "Enter a word to search for"},
    )


class Search(FormView[SearchForm]):
    """Search the agreements and policies in force, and the cases that I may see.

    By POST: a pupil's name must not end up in the browser's history or in a server's log.
    """

    template_name = "portal/search.html"

    def get_form_class(self) -> type[SearchForm]:
        """Ask who is not signed in for words only."""
        return SearchForm if self.request.user.is_authenticated else PublicSearchForm

    def form_valid(self, form: SearchForm) -> HttpResponse:
        """Show what was found under the form."""
        found = queries.search(self.request.user, form.cleaned_data["q"])
        return self.render_to_response(self.get_context_data(form=form, found=found))


class SeesJobs(LoginRequiredMixin):
    """Only for whoever looks after failed background work somewhere."""

    request: HttpRequest

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Refuse everybody else."""
        if not request.user.is_authenticated:
            return self.handle_no_permission()
        if not permitted_for(request).anywhere("retry_failed_step"):
            raise NotPermitted(REFUSAL)
        return super().dispatch(request, *args, **kwargs)


class Jobs(SeesJobs, TemplateView):
    """What failed in the background: jobs that gave up, and steps of processes; try again."""

    template_name = "portal/jobs.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add one page of them."""
        pages = Paginator(queries.failed_jobs(), JOBS_PER_PAGE)
        return super().get_context_data(
            page=pages.get_page(self.request.GET.get("page")),
            steps=engine.failed_tasks(self.request.user)[:JOBS_PER_PAGE],
            **kwargs,
        )


class RetryJob(SeesJobs, View):
    """Put one failed job back in the queue."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Queue it again, or say that it no longer waits for that."""
        if not queries.failed_jobs().filter(pk=pk).exists():
            messages.warning(request, "This job is no longer among the failed ones.")
            return redirect("jobs")
        try:
            background.job_manager.retry_job_by_id(pk, retry_at=timezone.now())
        except ConnectorException:
            messages.warning(request, "This job is being run already. Look again in a minute.")
        else:
            messages.success(request, "The job is in the queue again. It runs within a minute.")
        return redirect("jobs")


class RetryStep(SeesJobs, View):
    """Run one failed background step of a process again."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Run it, and say how it went."""
        step = get_object_or_404(engine.failed_tasks(request.user), pk=pk)
        again = tasks.retry(step, request.user)
        if again.status == states.ERROR:
            messages.error(request, "The step was run again and failed again.")
        else:
            messages.success(request, "The step was run again, and the process goes on.")
        return redirect("jobs")


class Accessibility(TemplateView):
    """How accessible Accord is, and whom to tell."""

    template_name = "portal/accessibility.html"


class Privacy(TemplateView):
    """What is kept about whom, why and for how long."""

    template_name = "portal/privacy.html"


class Source(View):
    """The source code of this installation, which its licence lets every user have."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Send it as one compressed file."""
        response = HttpResponse(source.archive(), content_type="application/gzip")
        response["Content-Disposition"] = 'attachment; filename="accord-source.tar.gz"'
        return response


class EditorsSignIn(View):
    """Editors have no sign-in page of their own: send them to everybody's, and back."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Go to the sign-in page, keeping where the editor was going.

        Whoever is signed in already has come here because they may not edit: signing in again
        would only send them in a circle.
        """
        if request.user.is_authenticated:
            raise NotPermitted(REFUSAL)
        target = request.GET.get("next", "")
        if not url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}):
            target = settings.EDITORS_PATH
        return redirect_to_login(target)


def not_here(request: HttpRequest) -> HttpResponse:
    """Answer that there is no such page, for screens of libraries that are not to be used."""
    raise Http404


@require_safe
def colours(request: HttpRequest) -> HttpResponse:
    """Answer the style sheet that gives each organisation's own colour to its class.

    A style sheet, so that no page needs an inline style. It is the same for everybody and asked
    for by every page: kept for five minutes, then asked for again with its ETag.
    """
    rules = [
        f".accord-colour-{slug}{{--accord-colour:{colour}}}\n"
        for slug, colour in Organisation.objects.filter(
            kind__in=[OrganisationKind.PARTNERSHIP, OrganisationKind.LOCAL_AUTHORITY]
        )
        .order_by("slug")
        .values_list("slug", "colour")
    ]
    sheet = "".join(rules)
    etag = f'"{hashlib.sha256(sheet.encode()).hexdigest()[:32]}"'
    if request.headers.get("If-None-Match") == etag:
        response = HttpResponse(status=304)
    else:
        response = HttpResponse(sheet, content_type="text/css; charset=utf-8")
    response["ETag"] = etag
    response["Cache-Control"] = "public, max-age=300"
    return response


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer "ok" while the web server and its database work; for machines that watch them."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return HttpResponse("database unreachable", status=503, content_type="text/plain")
    return HttpResponse("ok", content_type="text/plain")
