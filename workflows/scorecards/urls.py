"""Addresses of scorecards, beneath the prefix that portal gives them (/scorecards/)."""

from django.urls import path

from workflows.scorecards import resources, views

app_name = "scorecards"

urlpatterns = [
    path("", views.Scorecards.as_view(), name="list"),
    path("<int:pk>/<slug:slug>/", views.Scorecard.as_view(), name="detail"),
    path("<int:pk>/<slug:slug>/scorecard.csv", resources.ExportScorecard.as_view(), name="export"),
    path("<int:pk>/<slug:slug>/<slug:measure>/", views.BehindMeasure.as_view(), name="measure"),
]
