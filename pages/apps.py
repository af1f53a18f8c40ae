"""Django's view of this folder."""

from django.apps import AppConfig
from django.db.models.signals import post_save


class PagesConfig(AppConfig):
    """Register the folder as an application."""

    name = "pages"

    def ready(self) -> None:
        """Follow what happens to pages and to the groups of roles."""
        from django.apps import apps
        from wagtail.permissions import register_permission_policy
        from wagtail.signals import page_unpublished

        from pages import access, law, publishing, scheduling
        from pages.models import PartnershipPage, SharedTextsPage
        from permissions.models import RoleGroup
        from workflows.engine import events

        for name in ("legalreference", "legaledition"):
            model = apps.get_model("agreements", name)
            register_permission_policy(model, law.RegisterPolicy(model))
        events.answer_with(publishing.ANSWERS)
        events.notify_with(scheduling.NOTIFICATIONS)
        page_unpublished.connect(publishing.take_back, dispatch_uid="pages_take_back")
        for model in (PartnershipPage, SharedTextsPage):
            post_save.connect(
                access.after_page_saved,
                sender=model,
                dispatch_uid=f"pages_after_{model.__name__}_saved",
            )
        post_save.connect(
            access.after_role_group_saved, sender=RoleGroup, dispatch_uid="pages_after_role_group"
        )
