"""Addresses of questionnaires, beneath the prefix that portal gives them (/questionnaires/)."""

from django.urls import path

from . import views

app_name = "questionnaires"

_DRAFT = "<slug:slug>/draft/"

urlpatterns = [
    path("", views.Places.as_view(), name="places"),
    path("<slug:slug>/", views.Versions.as_view(), name="versions"),
    path("<slug:slug>/versions/<int:number>/", views.Version.as_view(), name="version"),
    path(
        "<slug:slug>/versions/<int:number>/preview/<int:page>/",
        views.Preview.as_view(),
        name="preview",
    ),
    path(_DRAFT, views.Draft.as_view(), name="draft"),
    path(f"{_DRAFT}begin/", views.BeginDraft.as_view(), name="begin_draft"),
    path(f"{_DRAFT}discard/", views.Discard.as_view(), name="discard"),
    path(f"{_DRAFT}publish/", views.Publish.as_view(), name="publish"),
    path(f"{_DRAFT}sections/add/", views.AddSection.as_view(), name="add_section"),
    path(f"{_DRAFT}sections/<slug:key>/", views.ChangeSection.as_view(), name="change_section"),
    path(f"{_DRAFT}sections/<slug:key>/add/", views.AddQuestion.as_view(), name="add_question"),
    path(
        f"{_DRAFT}sections/<slug:key>/move/",
        views.Move.as_view(part="section"),
        name="move_section",
    ),
    path(
        f"{_DRAFT}sections/<slug:key>/remove/",
        views.RemoveSection.as_view(),
        name="remove_section",
    ),
    path(f"{_DRAFT}questions/<slug:key>/", views.ChangeQuestion.as_view(), name="change_question"),
    path(f"{_DRAFT}questions/<slug:key>/move/", views.Move.as_view(), name="move_question"),
    path(
        f"{_DRAFT}questions/<slug:key>/remove/",
        views.RemoveQuestion.as_view(),
        name="remove_question",
    ),
]
