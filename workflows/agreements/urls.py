"""Addresses of agreements, beneath the prefix that portal gives them (/agreements/)."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from workflows.agreements import views


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
    path("<int:pk>/acceptances/", views.Acceptances.as_view(), name="acceptances"),
    path("<int:pk>/versions/<int:number>/", views.Version.as_view(), name="version"),
]
