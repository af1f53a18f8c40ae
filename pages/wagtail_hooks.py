"""Where the editor's screens are told something of ours."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.widgets.button import Button
from wagtail.log_actions import LogFormatter
from wagtail.models import Page
from wagtail.permissions import policy_registry
from wagtail.query import PageQuerySet

from pages import blocks, comparing, law, refusals, scheduling
from pages.models import PartnershipPage, PublishedRevision, SharedAgreementPage, TextPage
from pages.uploading import actions as uploading
from pages.uploading import views as uploading_views
from permissions.models import User
from workflows.agreements import measures
from workflows.agreements import queries as agreements
from workflows.agreements.models import Agreement

KEPT: Final = (
    "This page holds a published agreement, and somebody may have accepted it. "
    "Unpublish it instead of deleting it."
)


@hooks.register("register_admin_urls")
def add_screens() -> list[URLPattern]:
    """Give our own screens their addresses among Wagtail's."""
    upload, progress, state = (
        view.as_view()
        for view in (uploading_views.Upload, uploading_views.Progress, uploading_views.State)
    )
    return [
        path("pages/<int:page_id>/import/", upload, name="pages_upload"),
        path("imports/<int:pk>/", progress, name="pages_import"),
        path("imports/<int:pk>/state/", state, name="pages_import_state"),
    ]


@hooks.register("register_page_header_buttons")
def offer_import(
    page: Page, user: User, view_name: str, next_url: str | None = None
) -> Iterator[Button]:
    """Offer the import on a partnership's page, to whoever may write beneath it."""
    page = page.specific
    if isinstance(page, PartnershipPage) and uploading.may_import(page=page, by=user):
        yield Button(
            "Import a document",
            reverse("pages_upload", args=[page.pk]),
            icon_name="upload",
            priority=12,
        )


@hooks.register("before_delete_page")
def keep_published_pages(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Refuse to delete a page whose text has been published as a version."""
    if not _holds_published_text(page):
        return None
    messages.error(request, KEPT)
    return redirect("wagtailadmin_explore", page.get_parent().pk)


@hooks.register("before_bulk_action")
def keep_published_pages_among_several(
    request: HttpRequest, action_type: str, objects: Iterable[Any], action: Any
) -> HttpResponse | None:
    """Refuse the same when several are deleted at once, which asks no `before_delete_page`."""
    kept = (page for page in objects if isinstance(page, Page) and _holds_published_text(page))
    page = next(kept, None) if action_type == "delete" else None
    if page is None:
        return None
    messages.error(request, KEPT)
    return redirect("wagtailadmin_explore", page.get_parent().pk)


def _holds_published_text(page: Page) -> bool:
    beneath = page.get_descendants(inclusive=True).values_list("pk", flat=True)
    return PublishedRevision.objects.filter(
        revision__object_id__in=[str(pk) for pk in beneath],
        revision__base_content_type__app_label="wagtailcore",
    ).exists()


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


@hooks.register("before_unpublish_page")
def keep_what_others_stand_on(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Refuse to take back a shared text while partnerships' agreements stand on it."""
    page = page.specific
    reason = page.why_not_taken_back() if isinstance(page, TextPage) else None
    if reason is None:
        return None
    messages.error(request, reason)
    return redirect("wagtailadmin_explore", page.get_parent().pk)


@hooks.register("after_publish_page")
def say_what_followed(request: HttpRequest, page: Page) -> None:
    """Tell whoever publishes a shared text which agreements were published with it."""
    page = page.specific
    local = page.standing_on_it() if isinstance(page, SharedAgreementPage) else []
    names = ", ".join(text.partnership.name for text in local)
    if names:
        messages.info(request, f"Published with it, as they stand on this text: {names}.")


@hooks.register("register_admin_viewset")
def register_of_law() -> law.LegalRegister:
    """The screens of the register of law."""
    return law.LegalRegister()


@hooks.register("register_admin_urls")
def our_urls() -> list[URLPattern]:
    """Addresses of our own among the editors' screens."""
    return [
        path("superseded-law/", law.SupersededLaw.as_view(), name="pages_superseded_law"),
        path("shared-texts/", law.SharedTexts.as_view(), name="pages_shared_texts"),
    ]


@hooks.register("register_reports_menu_item")
def superseded_law_item() -> MenuItem:
    """Every editor may see which of the own pages cite superseded law."""
    return MenuItem(
        "Superseded law",
        reverse("pages_superseded_law"),
        name="superseded-law",
        icon_name="warning",
        order=100,
    )


class SharedTextsItem(MenuItem):
    """For those who may make the page of shared texts."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Ask the memberships."""
        user = request.user
        return isinstance(user, User) and bool(
            agreements.authorities_keeping_the_register(user).exists()
        )


@hooks.register("register_admin_menu_item")
def shared_texts_item() -> MenuItem:
    """The way to the shared texts."""
    return SharedTextsItem(
        "Shared texts",
        reverse("pages_shared_texts"),
        name="shared-texts",
        icon_name="copy",
        order=150,
    )


@hooks.register("insert_editor_js")
def beside_the_clause() -> str:
    """The script that puts what the panels say beside the clause it is about."""
    return format_html('<script src="{}"></script>', static("pages/beside_the_clause.js"))


@hooks.register("insert_global_admin_css")
def our_look() -> str:
    """What the editors' screens need of ours."""
    return format_html('<link rel="stylesheet" href="{}">', static("pages/editors.css"))


@hooks.register("before_unpublish_page")
def ask_why_it_is_withdrawn(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Lead to where a published text is withdrawn: whoever follows its address is told why."""
    agreement = _in_force(page)
    return None if agreement is None else redirect("agreements:withdraw", pk=agreement.pk)


@hooks.register("before_bulk_action")
def withdraw_one_at_a_time(
    request: HttpRequest, action_type: str, objects: Iterable[Any], action: Any
) -> HttpResponse | None:
    """Refuse to take several published texts back at once: each has its own reason."""
    if action_type != "unpublish" or not any(
        isinstance(page, Page) and _in_force(page) for page in objects
    ):
        return None
    messages.error(request, "Withdraw published texts one at a time, each with its reason.")
    return redirect("wagtailadmin_home")


def _in_force(page: Page) -> Agreement | None:
    page = page.specific
    agreement = page.agreement() if isinstance(page, TextPage) and page.live else None
    return None if agreement is None or agreement.withdrawn_at is not None else agreement


hooks.register("before_edit_page", refusals.say_what_was_refused)


@hooks.register("register_log_actions")
def name_the_refusal(actions: Any) -> None:
    """Say in a page's history that a date was refused, and why."""

    @actions.register_action(scheduling.REFUSED)
    class DateRefused(LogFormatter):
        label = "Refuse what was set for a date"

        def format_message(self, entry: Any) -> str:
            return f"What was set for a date did not happen. {entry.data.get('reason', '')}"


@hooks.register("register_admin_menu_item")
def lead_back() -> MenuItem:
    """Lead from the editor back to the service."""
    return MenuItem("Back to Accord", settings.LOGIN_REDIRECT_URL, icon_name="arrow-left", order=1)


@hooks.register("construct_settings_menu")
def hide_what_is_done_elsewhere(request: HttpRequest, items: list[MenuItem]) -> None:
    """Leave out the screens for people and groups: memberships say who may, on Accord's own pages."""
    items[:] = [item for item in items if item.name not in ("users", "groups")]
