"""Addresses of criteria, beneath the prefix that portal gives them (/criteria/)."""

from django.urls import path

from . import views

app_name = "criteria"

urlpatterns = [
    path("", views.Partnerships.as_view(), name="list"),
    path("<slug:slug>/", views.Criteria.as_view(), name="detail"),
    path("<slug:slug>/versions/<int:number>/", views.Version.as_view(), name="version"),
    path("<slug:slug>/draft/", views.Draft.as_view(), name="draft"),
    path("<slug:slug>/draft/begin/", views.BeginDraft.as_view(), name="begin"),
    path("<slug:slug>/draft/discard/", views.Discard.as_view(), name="discard"),
    path("<slug:slug>/draft/publish/", views.Publish.as_view(), name="publish"),
    path("<slug:slug>/draft/trial/", views.Trial.as_view(), name="trial"),
    path("<slug:slug>/draft/rules/add/", views.AddRule.as_view(), name="add_rule"),
    path("<slug:slug>/draft/rules/<slug:key>/", views.ChangeRule.as_view(), name="rule"),
    path("<slug:slug>/draft/rules/<slug:key>/move/", views.MoveRule.as_view(), name="move_rule"),
    path(
        "<slug:slug>/draft/rules/<slug:key>/remove/", views.RemoveRule.as_view(), name="remove_rule"
    ),
    path(
        "<slug:slug>/draft/rules/<slug:key>/conditions/add/",
        views.ChooseFact.as_view(),
        name="choose_fact",
    ),
    path(
        "<slug:slug>/draft/rules/<slug:key>/conditions/add/<slug:fact>/",
        views.AddCondition.as_view(),
        name="add_condition",
    ),
    path(
        "<slug:slug>/draft/rules/<slug:key>/conditions/<int:number>/remove/",
        views.RemoveCondition.as_view(),
        name="remove_condition",
    ),
]
