"""Addresses of the inbox and of single tasks. The library's own views are mounted nowhere."""

from django.urls import path

from .inbox import listing, single, together
from .screens import cover, escalation, feed, mail

app_name = "engine"

urlpatterns = [
    path("", listing.Inbox.as_view(), name="inbox"),
    path("next/", single.next_task, name="next"),
    path("views/", listing.SavedViews.as_view(), name="views"),
    path("views/save/", listing.SaveView.as_view(), name="save_view"),
    path("views/<int:pk>/", listing.OneView.as_view(), name="view"),
    path("together/", together.Together.as_view(), name="together"),
    path("together/done/", together.TogetherDone.as_view(), name="together_done"),
    path("calendar/", feed.FeedPage.as_view(), name="calendar"),
    path("calendar/<str:token>.ics", feed.feed, name="feed"),
    path("mail/", mail.MailPage.as_view(), name="mail"),
    path("escalation/", escalation.Organisations.as_view(), name="escalation"),
    path("escalation/<slug:slug>/", escalation.Rules.as_view(), name="escalation_rules"),
    path("escalation/<slug:slug>/add/", escalation.ChangeRule.as_view(), name="add_escalation"),
    path(
        "escalation/<slug:slug>/<int:pk>/",
        escalation.ChangeRule.as_view(),
        name="change_escalation",
    ),
    path("cover/", cover.Covers.as_view(), name="covers"),
    path("cover/add/<slug:slug>/", cover.AddCover.as_view(), name="add_cover"),
    path("cover/<int:pk>/", cover.CoverPage.as_view(), name="cover"),
    path("<int:pk>/", single.TaskPage.as_view(), name="task"),
    path("<int:pk>/claim/", single.claim, name="claim"),
    path("<int:pk>/release/", single.release, name="release"),
    path("<int:pk>/manage/", single.Manage.as_view(), name="manage"),
    path("<int:pk>/notes/", single.Notes.as_view(), name="notes"),
    path("<int:pk>/snooze/", single.Snooze.as_view(), name="snooze"),
    path("<int:pk>/wake/", single.wake, name="wake"),
]
