"""A small site behind the real door: one page for each audience, and the addresses that the templates link to."""

from __future__ import annotations

from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import include, path

from safekeeping import policy
from safekeeping.models import User


def page(request: HttpRequest, **found: object) -> HttpResponse:
    hat = request.hat
    return HttpResponse(f"hat={hat.role if hat else '-'} posted={request.POST.get('words', '')}")


def case(request: HttpRequest, number: int) -> HttpResponse:
    if number != 1:
        raise Http404
    return page(request)


def shortcut(request: HttpRequest, number: int) -> HttpResponse:
    """Sign in with the browser's own cookie, which a test client's `force_login` replaces."""
    user = User.objects.get(pk=number)
    login(request, user, backend="allauth.account.auth_backends.AuthenticationBackend")
    policy.note_second_factor(request, user)
    return HttpResponse()


def broken(request: HttpRequest) -> HttpResponse:
    raise ValueError("BS5 6XX belongs to jo@example.example, 0117 496 0123")


finder = ([path("", page, name="home"), path("find/", page, name="find")], "search")
cases = ([path("", page, name="list"), path("<int:number>/", case, name="one")], "cases")
urlpatterns = [
    path("", include("safekeeping.urls")),
    path("", include("config.development.urls")),
    path("", include(finder)),
    path("cases/", include(cases)),
    path("tree/<path:below>", page),
    path("admin/anything/", page, name="in_the_admin"),
    path("members/", page, name="members"),
    path("forgotten/", page, name="forgotten"),
    path("shortcut/<int:number>/", shortcut, name="shortcut"),
    path("broken/", broken, name="broken"),
]
handler404 = "config.errors.not_found"
handler500 = "config.errors.server_error"
