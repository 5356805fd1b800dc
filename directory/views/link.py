"""
The page behind the link in a provider's e-mail: opened by whoever holds it, without signing in.

Only a POST changes anything: mail programs and their scanners open every link. The token travels in the address of the
first page and in a field of its forms, never in a link of the page, a log line or the trail.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from directory import capacity, confirm_page, links
from directory.forms import form_for
from directory.models import CapacityPool, ConfirmationLink, Doubt
from directory.tokens import TOKEN
from directory.words_asked import Entry

RIGHT, CHANGE, PAUSE = "right", "change", "pause"
DOUBTS = {"not-right-change": Doubt.Wish.CHANGE, "not-right-ring": Doubt.Wish.RING}
View = Callable[..., HttpResponse]


def kept_nowhere(view: View) -> View:
    """Have the page neither stored by a browser or a proxy, nor listed by a search engine."""

    @wraps(view)
    def answer(request: HttpRequest, *args: object, **named: object) -> HttpResponse:
        response = never_cache(view)(request, *args, **named)
        response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        return response

    return answer


@kept_nowhere
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_variables("token")
def confirm(request: HttpRequest) -> HttpResponse:
    """Show the figures that the link is for, and take the answer about them."""
    at = timezone.now()
    token = (request.POST if request.method == "POST" else request.GET).get("t", "")
    try:
        link = links.find(token, at=at)
        if request.method == "POST":
            return answered(request, link, token, at=at)
    except links.LinkIsDead:
        if request.method == "POST":
            links.refused(token, at=at)
        return dead(request, token)
    return render(request, "directory/confirm.html", {"page": confirm_page.page_of(link, at=at), "t": token, "at": at})


@sensitive_variables("token")
def answered(request: HttpRequest, link: ConfirmationLink, token: str, *, at: datetime) -> HttpResponse:
    """
    Do what the button says; what cannot be done comes back with what was typed.

    :raises LinkIsDead: if the link is not for that pool
    """
    deed, chosen = request.POST.get("act", ""), request.POST.get("pool", "")
    if about := request.POST.get("entry", ""):
        return about_words(link, entry_of(link, about, at=at), deed, token, at=at)
    if deed == RIGHT and not chosen:
        page = confirm_page.page_of(link, at=at)
        waiting = [one.line.id for one in page.figures if one.can_be_right]
        words = [one.entry for one in page.words if one.waits]
        if waiting or words:
            links.confirm(link, links.pools_of(link, at=at).filter(pk__in=waiting), words, at=at)
        return back(token)
    pool = pool_of(link, chosen, at=at)
    if deed == RIGHT and pool.paused_at is None:
        links.confirm(link, [pool], at=at)
    elif deed == PAUSE:
        links.pause(link, pool, at=at)
    elif deed == CHANGE:
        return changed(request, link, pool, token, at=at)
    return back(token)


@sensitive_variables("token")
def about_words(link: ConfirmationLink, entry: Entry, deed: str, token: str, *, at: datetime) -> HttpResponse:
    """
    Take what is said of the words of one entry.

    :raises LinkIsDead: if the link was stopped meanwhile
    """
    if deed == RIGHT:
        links.confirm(link, [], [entry], at=at)
    elif deed in DOUBTS:
        links.doubt(link, entry, DOUBTS[deed], at=at)
    return back(token)


def entry_of(link: ConfirmationLink, chosen: str, *, at: datetime) -> Entry:
    """
    Return the entry if the link is for its words.

    :raises LinkIsDead: if it is not, or is none: no page of ours sends that
    """
    found = next((one for one in links.entries_of(link.asking, at=at) if str(one.id) == chosen), None)
    if found is None:
        raise links.LinkIsDead
    return found


@sensitive_variables("token")
def changed(
    request: HttpRequest, link: ConfirmationLink, pool: CapacityPool, token: str, *, at: datetime
) -> HttpResponse:
    """Take new figures by the rules of the provider's own page."""
    form = form_for(pool)(request.POST, pool=pool, auto_id="figure-typed-%s")
    status = 200
    if form.is_valid():
        try:
            links.change(link, pool, form.declaration(), version=form.cleaned_data["version"], at=at)
        except capacity.FigureChanged:
            status = 409
            pool.refresh_from_db()
            form = form.after_somebody_else(pool)
        else:
            return back(token)
    page = confirm_page.page_of(link, at=at, typed={pool.pk: form})
    return render(request, "directory/confirm.html", {"page": page, "form": form, "t": token, "at": at}, status=status)


def pool_of(link: ConfirmationLink, chosen: str, *, at: datetime) -> CapacityPool:
    """
    Return the pool if the link is for it.

    :raises LinkIsDead: if it is not, or is none: no page of ours sends that
    """
    try:
        pk = UUID(chosen)
    except ValueError:
        raise links.LinkIsDead
    pool = links.pools_of(link, at=at).filter(pk=pk).first()
    if pool is None:
        raise links.LinkIsDead
    return pool


def back(token: str) -> HttpResponse:
    """Lead back to the page, which says how the figures stand; pressing reload there does nothing again."""
    return redirect(f"{reverse('directory:confirm')}?{urlencode({'t': token})}")


def dead(request: HttpRequest, token: str) -> HttpResponse:
    """Say the same of every link that does not work, whether it ever did or not, and offer a new one."""
    t = token if TOKEN.fullmatch(token) else ""
    return render(request, "directory/link_dead.html", {"t": t}, status=404)


@kept_nowhere
@require_POST
def new_link(request: HttpRequest) -> HttpResponse:
    """Send a new link to whoever had the old one; what is said does not depend on whether there was one."""
    links.send_anew(request.POST.get("t", ""), at=timezone.now())
    return redirect("directory:link_sent")


@kept_nowhere
@require_safe
def link_sent(request: HttpRequest) -> HttpResponse:
    """Say where a new link has gone, if there was an old one."""
    return render(request, "directory/link_sent.html")
