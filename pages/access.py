"""Who may edit which part of the tree of pages, kept in step with memberships.

Each partnership's editors may write beneath its own page and ask for approval; its administrators
approve and publish; a local authority's do the same beneath the page of its shared texts. Wagtail's permissions hang on the groups that `permissions` keeps for each
role, so that ending a membership ends this too. Everything here may run any number of times.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from wagtail.models import (
    GroupApprovalTask,
    GroupPagePermission,
    Page,
    Site,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)

from pages.models import HomePage, PartnershipPage, SharedTextsPage
from permissions.models import Organisation, RoleGroup
from permissions.roles import OrganisationKind, Role

PAGE_PERMISSIONS: Final[dict[str, frozenset[str]]] = {
    Role.EDITOR: frozenset({"add_page", "change_page"}),
    Role.ADMINISTRATOR: frozenset({"add_page", "change_page", "publish_page"}),
}


def home() -> HomePage:
    """Give the home page, making it the root of the site when there is none yet."""
    with transaction.atomic():
        root = Page.objects.select_for_update().filter(depth=1).first()
        page = HomePage.objects.first()
        if page is not None:
            return page
        if root is None:
            root = Page.add_root(title="Root", slug="root")
        page = HomePage(title="Accord", slug="accord")
        root.add_child(instance=page)
        page.save_revision().publish()
        Site.objects.update_or_create(
            is_default_site=True,
            defaults={"hostname": "localhost", "root_page": page, "site_name": "Accord"},
        )
        _remove_welcome(root)
        return page


def _remove_welcome(root: Page) -> None:
    # The page that Wagtail makes for developers; `specific_class` tells it from anybody's own.
    welcome = Page.objects.child_of(root).filter(slug="home", depth=2).first()
    if welcome is not None and welcome.specific_class is Page:
        welcome.delete()


def make_partnership_page(*, partnership: Organisation, intro: str = "") -> PartnershipPage:
    """Give a partnership's page, making and publishing it when there is none yet."""
    with transaction.atomic():
        parent = home()
        # One writer at a time: the tree's numbering does not forgive two.
        Page.objects.select_for_update().get(pk=parent.pk)
        page = PartnershipPage.objects.filter(organisation=partnership).first()
        if page is None:
            parent.refresh_from_db()
            page = PartnershipPage(
                title=partnership.name,
                slug=partnership.slug,
                organisation=partnership,
                intro=intro,
            )
            parent.add_child(instance=page)
            page.save_revision().publish()
        return page


def make_shared_texts_page(*, authority: Organisation) -> SharedTextsPage:
    """Give the page of the texts that a local authority's partnerships share, making it if need be."""
    with transaction.atomic():
        parent = home()
        Page.objects.select_for_update().get(pk=parent.pk)
        page = SharedTextsPage.objects.filter(organisation=authority).first()
        if page is None:
            parent.refresh_from_db()
            page = SharedTextsPage(
                title=f"Shared texts of {authority.name}",
                slug=f"shared-texts-{authority.slug}",
                organisation=authority,
            )
            parent.add_child(instance=page)
            page.save_revision().publish()
        return page


def sync(page: PartnershipPage | SharedTextsPage) -> None:
    """Make Wagtail's permissions and workflow say what the organisation's roles say."""
    with transaction.atomic():
        role_groups = RoleGroup.objects.filter(
            organisation=page.organisation_id, role__in=PAGE_PERMISSIONS
        ).select_related("group")
        groups = {role_group.role: role_group.group for role_group in role_groups}
        wanted = {
            (group.pk, permission)
            for role, group in groups.items()
            for permission in _permissions(PAGE_PERMISSIONS[role])
        }
        present = {
            (row.group_id, row.permission): row
            for row in GroupPagePermission.objects.filter(page=page).select_related("permission")
        }
        GroupPagePermission.objects.filter(
            pk__in=[row.pk for key, row in present.items() if key not in wanted]
        ).delete()
        for group_id, permission in wanted - present.keys():
            GroupPagePermission.objects.create(page=page, group_id=group_id, permission=permission)
        for group in groups.values():
            _let_in(group)
        _sync_workflow(page, groups.get(Role.ADMINISTRATOR))


def _let_in(group: Group) -> None:
    entry = Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin")
    group.permissions.add(entry)


def _permissions(codenames: frozenset[str]) -> list[Permission]:
    return list(
        Permission.objects.filter(
            content_type__app_label="wagtailcore",
            content_type__model="page",
            codename__in=codenames,
        )
    )


def _sync_workflow(page: PartnershipPage | SharedTextsPage, approvers: Group | None) -> None:
    assigned = WorkflowPage.objects.filter(page=page).select_related("workflow").first()
    if assigned is None:
        name = f"Approval by {page.organisation.name}"[:255]
        task = GroupApprovalTask.objects.create(name=name)
        workflow = Workflow.objects.create(name=name)
        WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
        WorkflowPage.objects.create(page=page, workflow=workflow)
    else:
        task = assigned.workflow.tasks.first().specific
    task.groups.set([approvers] if approvers else [])


def after_page_saved(
    instance: PartnershipPage | SharedTextsPage,
    raw: bool = False,
    update_fields: Collection[str] | None = None,
    **kwargs: Any,
) -> None:
    """Keep the rights beneath an organisation's page in step when the page is saved.

    As the database has it: `instance` may hold a draft, and a draft gives nobody rights.
    """
    if not raw and update_fields is None:
        sync(type(instance)._default_manager.get(pk=instance.pk))


def after_role_group_saved(instance: RoleGroup, raw: bool = False, **kwargs: Any) -> None:
    """Give a role's new group its rights, when its organisation has a page.

    A local authority's administrators keep the register of law, page or no page.
    """
    if raw or instance.role not in PAGE_PERMISSIONS:
        return
    kind = instance.organisation.kind
    page: PartnershipPage | SharedTextsPage | None = None
    if kind == OrganisationKind.PARTNERSHIP:
        page = PartnershipPage.objects.filter(organisation=instance.organisation_id).first()
    elif kind == OrganisationKind.LOCAL_AUTHORITY:
        page = SharedTextsPage.objects.filter(organisation=instance.organisation_id).first()
        if instance.role == Role.ADMINISTRATOR:
            _let_in(instance.group)
    if page is not None:
        sync(page)
