"""The addresses of placements."""

from django.urls import path

from . import views

app_name = "placements"
urlpatterns = [
    path("", views.PlacementList.as_view(), name="list"),
    path("timings/", views.TimingsList.as_view(), name="timings_list"),
    path("timings/<slug:slug>/", views.ChangeTimings.as_view(), name="timings"),
    path("<int:pk>/", views.PlacementDetail.as_view(), name="detail"),
    path("offers/<int:pk>/withdraw/", views.WithdrawOffer.as_view(), name="withdraw_offer"),
]
