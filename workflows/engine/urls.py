"""Addresses of the inbox and of single tasks. The library's own views are mounted nowhere."""

from django.urls import path

from . import inbox
from .screens import feed

app_name = "engine"

urlpatterns = [
    path("", inbox.Inbox.as_view(), name="inbox"),
    path("calendar/", feed.FeedPage.as_view(), name="calendar"),
    path("calendar/<str:token>.ics", feed.feed, name="feed"),
    path("<int:pk>/", inbox.TaskPage.as_view(), name="task"),
    path("<int:pk>/claim/", inbox.claim, name="claim"),
    path("<int:pk>/release/", inbox.release, name="release"),
    path("<int:pk>/manage/", inbox.Manage.as_view(), name="manage"),
]
