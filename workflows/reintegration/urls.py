"""The addresses of reintegration plans."""

from django.urls import path

from . import views

app_name = "reintegration"
urlpatterns = [
    path("", views.PlanList.as_view(), name="list"),
    path("<int:pk>/", views.PlanDetail.as_view(), name="detail"),
]
