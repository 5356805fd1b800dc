"""
What a browser is told about every answer, and the number by which one request is found again in logs and audit.

The strict content policy of the site is in the settings (`CONTENT_SECURITY_POLICY`); the exception is here, with its
reason: some pages of the content management system carry scripts in their text, which a strict policy refuses.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from contextvars import ContextVar

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

ADMIN = "/admin/"
# Without a nonce on purpose: a nonce makes browsers ignore 'unsafe-inline'. Its previews are framed by itself.
ADMIN_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self' 'unsafe-inline'",
        "style-src 'self' 'unsafe-inline'",  # its text editor and its accessibility checker add style elements
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "manifest-src 'self'",
        "frame-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "object-src 'none'",
        "frame-ancestors 'self'",
    )
)

_request_id: ContextVar[str] = ContextVar("request_id", default="")


def request_id() -> str:
    """Return the number of the request that is being answered, or nothing outside of one."""
    return _request_id.get()


def client_address(request: HttpRequest) -> str:
    """
    Return the address of the caller.

    Behind `settings.TRUSTED_PROXIES` proxies it is what the outermost of them saw; what a caller claims counts nothing.
    """
    proxies = getattr(settings, "TRUSTED_PROXIES", 0)
    hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()]
    if proxies and len(hops) >= proxies:
        return hops[-proxies]
    return request.META.get("REMOTE_ADDR", "")


class HeadersMiddleware:
    """Numbers the request and completes the headers that the middlewares below leave open."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        number = secrets.token_hex(8)
        token = _request_id.set(number)
        request.number = number
        try:
            response = self.get_response(request)
        finally:
            _request_id.reset(token)
        response["X-Request-ID"] = number
        response["Cross-Origin-Resource-Policy"] = "same-origin"
        if request.path.startswith(ADMIN):
            # Assigned, not defaulted: a preview arrives with the strict policy of the page that it shows.
            response["Content-Security-Policy"] = ADMIN_POLICY
            response["X-Frame-Options"] = "SAMEORIGIN"
        else:
            response["X-Frame-Options"] = "DENY"
        return response
