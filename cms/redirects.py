"""Old addresses that lead on: only where nothing of ours is, so that no redirect can stand in front of a page or betray one."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from wagtail.contrib.redirects.middleware import RedirectMiddleware

from safekeeping import policy

OF_PAGES = "wagtail_serve"


class OldAddresses(RedirectMiddleware):
    """Looks for a redirect where an address is nobody's, or was a page's; a closed door stays what it is."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        match = request.resolver_match
        nobodys = match is None or match.view_name == OF_PAGES
        if response.status_code != 404 or not nobodys or policy.is_private(request.path):
            return response
        if request.method not in ("GET", "HEAD"):
            return response
        found: HttpResponseBase = super().process_response(request, response)
        return found
