"""Addresses of letters, beneath the prefix that portal gives them (/letters/). None names a pupil."""

from django.urls import path

from . import views

app_name = "letters"

urlpatterns = [
    path("", views.Places.as_view(), name="places"),
    path("<slug:slug>/", views.Letters.as_view(), name="list"),
    path("<slug:slug>/settings/", views.ChangeSettings.as_view(), name="settings"),
    path("<slug:slug>/<slug:letter>/", views.Letter.as_view(), name="detail"),
    path("<slug:slug>/<slug:letter>/edit/", views.Edit.as_view(), name="edit"),
    path("<slug:slug>/<slug:letter>/preview.pdf", views.Preview.as_view(), name="preview"),
    path("<slug:slug>/<slug:letter>/publish/", views.Publish.as_view(), name="publish"),
    path("<slug:slug>/<slug:letter>/discard/", views.Discard.as_view(), name="discard"),
    path(
        "<slug:slug>/<slug:letter>/versions/<int:number>/", views.Version.as_view(), name="version"
    ),
]
