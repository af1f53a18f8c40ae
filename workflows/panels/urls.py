"""Addresses of panel meetings, beneath /panels/. None names a pupil."""

from django.urls import path

from . import views

app_name = "panels"

urlpatterns = [
    path("", views.Meetings.as_view(), name="list"),
    path("plan/", views.ChoosePanel.as_view(), name="choose"),
    path("plan/<slug:slug>/", views.Plan.as_view(), name="plan"),
    path("substitutes/", views.ChooseSubstitutes.as_view(), name="choose_substitutes"),
    path("substitutes/<slug:slug>/", views.Substitutes.as_view(), name="substitutes"),
    path(
        "substitutes/cancel/<int:pk>/", views.CancelSubstitute.as_view(), name="cancel_substitute"
    ),
    path("<int:pk>/", views.Meeting.as_view(), name="meeting"),
    path("<int:pk>/change/", views.Change.as_view(), name="change"),
    path("<int:pk>/cancel/", views.Cancel.as_view(), name="cancel"),
    path("<int:pk>/open/", views.Open.as_view(), name="open"),
    path("<int:pk>/close/", views.Close.as_view(), name="close"),
    path("<int:pk>/agenda/", views.Agenda.as_view(), name="agenda"),
    path("<int:pk>/papers/", views.Papers.as_view(), name="papers"),
    path("<int:pk>/papers.pdf", views.ReadPapers.as_view(), name="read_papers"),
    path("<int:pk>/attendance/", views.WriteAttendance.as_view(), name="attendance"),
    path("<int:pk>/minutes/", views.WriteMinutes.as_view(), name="minutes"),
    path("<int:pk>/minutes/<int:item>/", views.WriteMinutes.as_view(), name="item_minutes"),
]
