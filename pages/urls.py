"""Addresses of pages that are no Wagtail page, beneath the root."""

from django.urls import path

from pages import views

app_name = "pages"

urlpatterns = [
    path("clauses/<uuid:clause_id>/", views.Clause.as_view(), name="clause"),
]
