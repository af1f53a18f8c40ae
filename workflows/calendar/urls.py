"""Addresses of term dates, beneath the prefix that portal gives them (/calendar/)."""

from django.urls import path

from . import views

app_name = "calendar"

urlpatterns = [
    path("", views.TermDates.as_view(), name="list"),
    path("<slug:slug>/terms/add/", views.AddTerm.as_view(), name="add_term"),
    path("<slug:slug>/closures/add/", views.AddClosureDay.as_view(), name="add_closure"),
    path("<slug:slug>/import/", views.ImportDays.as_view(), name="import"),
    path("terms/<int:pk>/remove/", views.RemoveTerm.as_view(), name="remove_term"),
    path("closures/<int:pk>/remove/", views.RemoveClosureDay.as_view(), name="remove_closure"),
]
