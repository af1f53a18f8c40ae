"""Addresses of agreements, beneath the prefix that portal gives them (/agreements/)."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from workflows.agreements import resources, views


class HashConverter(StringConverter):
    """A SHA-256 hash as 64 hexadecimal digits."""

    regex = "[0-9a-fA-F]{64}"


register_converter(HashConverter, "sha256")

app_name = "agreements"

urlpatterns = [
    path("", views.MyAgreements.as_view(), name="list"),
    path("check/", views.Check.as_view(), name="check"),
    path("receipts/<sha256:sha256>/", views.CheckResult.as_view(), name="check_result"),
    path(
        "acceptances/<int:pk>/receipt.pdf",
        views.DownloadReceipt.as_view(),
        name="receipt",
    ),
    path("requests/<int:pk>/", views.OpenRequest.as_view(), name="request"),
    path("reservations/", views.ReservationList.as_view(), name="reservations"),
    path("reservations/<int:pk>/", views.ReservationPage.as_view(), name="reservation"),
    path(
        "reservations/<int:pk>/withdraw/",
        views.WithdrawReservation.as_view(),
        name="withdraw_reservation",
    ),
    path("questions/", views.QuestionList.as_view(), name="questions"),
    path("questions/<int:pk>/", views.QuestionPage.as_view(), name="question"),
    path("<int:pk>/compare/", views.Compare.as_view(), name="compare"),
    path("<int:pk>/organisations/<int:organisation>/", views.OurText.as_view(), name="ours"),
    path("<int:pk>/organisations/<int:organisation>/ask/", views.Ask.as_view(), name="ask"),
    path(
        "<int:pk>/organisations/<int:organisation>/clauses/<uuid:clause>/ask/",
        views.Ask.as_view(),
        name="ask_about_clause",
    ),
    path(
        "<int:pk>/organisations/<int:organisation>/clauses/<uuid:clause>/reserve/",
        views.Reserve.as_view(),
        name="reserve",
    ),
    path("<int:pk>/parties/add/", views.AddParty.as_view(), name="add_party"),
    path("<int:pk>/life/", views.Life.as_view(), name="life"),
    path("<int:pk>/life/review/", views.ReviewNow.as_view(), name="review_now"),
    path("<int:pk>/life/notice/", views.ReviewNotice.as_view(), name="review_notice"),
    path("<int:pk>/withdraw/", views.Withdraw.as_view(), name="withdraw"),
    path("<int:pk>/acceptances/", views.Acceptances.as_view(), name="acceptances"),
    path(
        "<int:pk>/acceptances.<str:file_type>",
        resources.ExportAcceptances.as_view(),
        name="export_acceptances",
    ),
    path("<int:pk>/versions/<int:number>/", views.Version.as_view(), name="version"),
    path("<int:pk>/versions/<int:number>/place/", views.KeepPlace.as_view(), name="keep_place"),
    path("<int:pk>/versions/<int:number>/text.pdf", views.VersionPdf.as_view(), name="version_pdf"),
]
