"""Addresses of pages that are no Wagtail page, beneath the root."""

from django.urls import path

from pages import views

app_name = "pages"

urlpatterns = [
    path("policies/<int:page_id>/approval/", views.Approval.as_view(), name="approval"),
    path("clauses/<uuid:clause_id>/", views.Clause.as_view(), name="clause"),
]
