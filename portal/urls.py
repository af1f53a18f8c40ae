"""The addresses of the whole site.

Each slice lists its own below the prefix given here; permissions lists its own from the root. Last
come the published pages: whatever nothing else claims is looked for among them.
"""

from django.urls import URLPattern, URLResolver, include, path, re_path
from wagtail import urls as wagtail_pages
from wagtail.admin import urls as wagtail_admin
from wagtail.documents.views.serve import serve as wagtail_document

from portal import refusals, views

handler400 = refusals.bad_request
handler403 = refusals.forbidden
handler404 = refusals.not_found
handler500 = refusals.failed

urlpatterns: list[URLPattern | URLResolver] = [
    path("dashboard/", views.Dashboard.as_view(), name="dashboard"),
    path("search/", views.Search.as_view(), name="search"),
    path("jobs/", views.Jobs.as_view(), name="jobs"),
    path("jobs/<int:pk>/retry/", views.RetryJob.as_view(), name="retry_job"),
    path("jobs/steps/<int:pk>/retry/", views.RetryStep.as_view(), name="retry_step"),
    path("accessibility/", views.Accessibility.as_view(), name="accessibility"),
    path("privacy/", views.Privacy.as_view(), name="privacy"),
    path("source/", views.Source.as_view(), name="source"),
    path("partnership-colours.css", views.colours, name="colours"),
    path("healthz", views.healthz),
    path("healthz/", views.healthz, name="healthz"),
    path("", include("permissions.urls")),
    path("tasks/", include("workflows.engine.urls")),
    path("cases/", include("workflows.cases.urls")),
    path("providers/", include("workflows.providers.urls")),
    path("letters/", include("workflows.letters.urls")),
    path("criteria/", include("workflows.criteria.urls")),
    path("questionnaires/", include("workflows.questionnaires.urls")),
    path("referrals/", include("workflows.referrals.urls")),
    path("panels/", include("workflows.panels.urls")),
    path("placements/", include("workflows.placements.urls")),
    path("reviews/", include("workflows.reviews.urls")),
    path("reintegration/", include("workflows.reintegration.urls")),
    path("calendar/", include("workflows.calendar.urls")),
    path("agreements/", include("workflows.agreements.urls")),
    path("scorecards/", include("workflows.scorecards.urls")),
    path("", include("workflows.families.urls")),
    path("", include("pages.urls")),
    # Editors sign in where everybody does.
    path("editors/login/", views.EditorsSignIn.as_view()),
    # People and groups are Accord's own: what these screens change would be undone or, worse, not.
    re_path(r"^editors/(?:users|groups)/", views.not_here),
    path("editors/", include(wagtail_admin)),
    # Wagtail asks here whether the person may open the document's collection.
    re_path(r"^documents/(\d+)/(.*)$", wagtail_document, name="wagtaildocs_serve"),
    path("", include(wagtail_pages)),
]
