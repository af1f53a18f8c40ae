"""Addresses of cases. None names a pupil."""

from django.urls import path

from . import resources, views

app_name = "cases"

urlpatterns = [
    path("", views.CaseList.as_view(), name="list"),
    path("export.csv", resources.ExportCases.as_view(), name="export"),
    path("<slug:reference>/", views.CaseDetail.as_view(), name="detail"),
    path("<slug:reference>/map/", views.CaseMap.as_view(), name="map"),
    path("<slug:reference>/documents/add/", views.AddDocument.as_view(), name="add_document"),
    path("<slug:reference>/documents/<int:pk>/", views.ReadDocument.as_view(), name="document"),
    path(
        "<slug:reference>/documents/<int:pk>/preview/",
        views.PreviewDocument.as_view(),
        name="preview",
    ),
    path("<slug:reference>/contact/", views.ContactLog.as_view(), name="contact_log"),
    path("<slug:reference>/contact/add/", views.AddContact.as_view(), name="add_contact"),
    path(
        "<slug:reference>/contact/<int:pk>/correct/",
        views.CorrectContact.as_view(),
        name="correct_contact",
    ),
    path("<slug:reference>/links/add/", views.LinkCase.as_view(), name="link"),
    path("<slug:reference>/links/<int:pk>/end/", views.EndLink.as_view(), name="end_link"),
    path("<slug:reference>/notes/add/", views.AddNote.as_view(), name="add_note"),
]
