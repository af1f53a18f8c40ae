"""One Content-Security-Policy for the service, a looser one for Wagtail's own screens.

Wagtail's editor writes inline scripts and styles. Only requests under EDITORS_PATH, which only
editors can open, are allowed that; every page that a family or a school sees is not.
"""

from csp.middleware import CSPMiddleware, PolicyParts
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase


class ContentSecurityMiddleware(CSPMiddleware):
    """Set the policy by the path of the request."""

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        """Return the editors' policy under their path, the service's everywhere else."""
        parts = super().get_policy_parts(request, response, report_only)
        if not report_only and request.path_info.startswith(settings.EDITORS_PATH):
            parts.config = settings.EDITORS_SECURITY_POLICY
        return parts

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """Add the header; let the editor's preview frame show pages of this site."""
        if request.path_info.startswith(settings.EDITORS_PATH):
            response.headers["X-Frame-Options"] = "SAMEORIGIN"
        return super().process_response(request, response)
