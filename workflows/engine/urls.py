"""Addresses of the inbox and of single tasks. The library's own views are mounted nowhere."""

from django.urls import path

from . import inbox
from .screens import cover, feed

app_name = "engine"

urlpatterns = [
    path("", inbox.Inbox.as_view(), name="inbox"),
    path("calendar/", feed.FeedPage.as_view(), name="calendar"),
    path("calendar/<str:token>.ics", feed.feed, name="feed"),
    path("cover/", cover.Covers.as_view(), name="covers"),
    path("cover/add/<slug:slug>/", cover.AddCover.as_view(), name="add_cover"),
    path("cover/<int:pk>/", cover.CoverPage.as_view(), name="cover"),
    path("<int:pk>/", inbox.TaskPage.as_view(), name="task"),
    path("<int:pk>/claim/", inbox.claim, name="claim"),
    path("<int:pk>/release/", inbox.release, name="release"),
    path("<int:pk>/manage/", inbox.Manage.as_view(), name="manage"),
]
