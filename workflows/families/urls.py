"""Addresses of families: the school's pages of a case's links, and the private pages themselves."""

from django.urls import path

from workflows.families import views

app_name = "families"

urlpatterns = [
    path("families/<slug:reference>/", views.Links.as_view(), name="links"),
    path("families/<slug:reference>/<int:pk>/end/", views.EndLink.as_view(), name="end_link"),
    path("your-views/<int:pk>/", views.YourViews.as_view(), name="write"),
    path("your-views/<int:pk>/sent/", views.Sent.as_view(), name="sent"),
    path("your-views/<str:token>/", views.Door.as_view(), name="door"),
]
