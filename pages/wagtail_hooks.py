"""Where the editor's screens are told something of ours."""

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from wagtail import hooks
from wagtail.admin import messages
from wagtail.models import Page
from wagtail.permissions import policy_registry
from wagtail.query import PageQuerySet

from pages import blocks, comparing
from pages.models import PublishedRevision, TextPage
from workflows.agreements import measures
from workflows.agreements import queries as agreements


@hooks.register("before_delete_page")
def keep_published_pages(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Refuse to delete a page whose text has been published as a version."""
    beneath = page.get_descendants(inclusive=True).values_list("pk", flat=True)
    published = PublishedRevision.objects.filter(
        revision__object_id__in=[str(pk) for pk in beneath],
        revision__base_content_type__app_label="wagtailcore",
    )
    if not published.exists():
        return None
    messages.error(
        request,
        "This page holds a published agreement, and somebody may have accepted it. "
        "Unpublish it instead of deleting it.",
    )
    return redirect("wagtailadmin_explore", page.get_parent().pk)


@hooks.register("after_publish_page")
def say_who_is_asked(request: HttpRequest, page: Page) -> None:
    """Tell whoever publishes how many organisations now have to accept."""
    page = page.specific
    agreement = page.agreement() if isinstance(page, TextPage) else None
    if agreement is None:
        return
    waiting = sum(standing.is_waiting for standing in agreements.standings(agreement))
    if waiting:
        organisations = "1 organisation" if waiting == 1 else f"{waiting} organisations"
        messages.info(request, f"{organisations} waiting to accept “{agreement.title}”.")


@hooks.register("after_edit_page")
@hooks.register("after_create_page")
@hooks.register("after_publish_page")
def give_advice(request: HttpRequest, page: Page) -> None:
    """Show the advice on numbers that are allowed but unusual."""
    page = page.specific
    # Automatic saves ask for data; a message would wait for another page and puzzle its reader.
    if not isinstance(page, TextPage) or "json" in request.headers.get("Accept", ""):
        return
    for code, value in blocks.terms_of(page.sections):
        if code in measures.REGISTER and (advice := measures.advice(code, value)):
            messages.warning(request, f"{measures.REGISTER[code].label} {value}: {advice}")


@hooks.register("construct_page_chooser_queryset")
def choose_among_public_and_own_pages(pages: PageQuerySet, request: HttpRequest) -> PageQuerySet:
    """Keep the drafts of other partnerships out of the windows in which a page is chosen."""
    own = policy_registry.get_by_type(Page).explorable_instances(request.user)
    return pages.filter(Q(live=True) | Q(pk__in=own.values("pk")))


@hooks.register("register_admin_urls")
def add_comparison() -> list[URLPattern]:
    """Give the comparison of a draft with what is published its address."""
    return [
        path("texts/<int:page_id>/changes/", comparing.draft_changes, name="draft_changes"),
    ]


hooks.register("register_page_header_buttons", comparing.button)
