"""Addresses of the directory."""

from django.urls import path

from . import views

app_name = "providers"

urlpatterns = [
    path("", views.Directory.as_view(), name="list"),
    path("add/<slug:slug>/", views.AddProvider.as_view(), name="add"),
    path("<int:pk>/", views.ChangeEntry.as_view(), name="change"),
    path("<int:pk>/remove/", views.RemoveEntry.as_view(), name="remove"),
]
