"""Pages of saved searches: what somebody wants to be told of, and the page behind the link that stops it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from directory.views.link import kept_nowhere
from safekeeping.policy import Hat
from search import assumptions, saved
from search.filters import ServiceFilter
from search.forms import SavedSearchForm
from search.models import SavedSearch

# Longer than anything that the finder's own link carries.
LONGEST_ASKED = 1000


def worn(request: HttpRequest) -> Hat:
    """Return the hat under which a search is saved; the door lets nobody in without one."""
    hat: Hat = request.hat  # type: ignore[attr-defined]
    return hat


def row_of(request: HttpRequest, pk: UUID) -> SavedSearch:
    """
    Return a search of this hat.

    :raises Http404: if there is none
    """
    row = saved.mine(worn(request)).filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


@require_safe
def saved_searches(request: HttpRequest) -> HttpResponse:
    """List what this hat has saved."""
    rows = [(row, saved.in_words(row.facets, row.place), saved.address_of(row)) for row in saved.mine(worn(request))]
    return render(request, "search/saved.html", {"rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
def save(request: HttpRequest) -> HttpResponse:
    """Show what would be kept of a search, ask for a name, and keep it."""
    at = timezone.now()
    posted = request.method == "POST"
    data = QueryDict(request.POST.get("asked", "")[:LONGEST_ASKED]) if posted else request.GET
    try:
        filters = ServiceFilter(data)
        terms = filters.terms()
        if filters.form.errors:
            raise saved.NothingToSave
        wanted = saved.asked(terms, at=at)
    except saved.NothingToSave:
        if posted:
            return redirect("search:save")
        return render(request, "search/save_nothing.html", status=400 if request.GET else 200)
    if posted:
        form = SavedSearchForm(request.POST, at=at)
    else:
        form = SavedSearchForm(at=at, initial={"name": wanted.words[:60] if "“" not in wanted.words else ""})
    status = 200
    if posted and form.is_valid():
        try:
            saved.save(wanted, form.cleaned_data["name"], by=worn(request), at=at)
        except saved.TooManySaved:
            status = 409
            form.add_error(None, f"You have saved {assumptions.SAVED.number} searches. Delete one first")
        except saved.SavedAlready:
            status = 409
            form.add_error(None, "You have saved this search before")
        else:
            messages.success(request, "Saved. We e-mail you when there is a place.")
            return redirect("search:saved")
    left_out = wanted.left_out or bool(data.get("left_out"))
    context = {"form": form, "wanted": wanted, "left_out": left_out}
    return render(request, "search/save.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def saved_search(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show one search, and give it another name."""
    row = row_of(request, pk)
    at = timezone.now()
    form = (
        SavedSearchForm(request.POST, at=at)
        if request.method == "POST"
        else SavedSearchForm(at=at, initial={"name": row.name})
    )
    if request.method == "POST" and form.is_valid():
        saved.rename(row, form.cleaned_data["name"], by=worn(request))
        messages.success(request, "Saved.")
        return redirect("search:saved")
    context = {"form": form, "row": row, "words": saved.in_words(row.facets, row.place)}
    return render(request, "search/saved_search.html", context)


@require_POST
def pause(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Stop telling about one search."""
    saved.pause(row_of(request, pk), by=worn(request), at=timezone.now())
    messages.success(request, "Paused. We send nothing about it.")
    return redirect("search:saved")


@require_POST
def go_on(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Tell about it again."""
    saved.go_on(row_of(request, pk), by=worn(request), at=timezone.now())
    messages.success(request, "We tell you again of what gets a place from now on.")
    return redirect("search:saved")


@require_POST
def delete(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Forget one search."""
    saved.remove(row_of(request, pk), by=worn(request))
    messages.success(request, "Deleted.")
    return redirect("search:saved")


@kept_nowhere
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_variables("token")
def stop(request: HttpRequest) -> HttpResponse:
    """
    Stop somebody's e-mails about their searches: looking changes nothing, as mail scanners look; the button does.

    :raises Http404: if we have not made that link
    """
    token = (request.POST if request.method == "POST" else request.GET).get("t", "")
    user_id = saved.whose(token)
    if user_id is None:
        raise Http404
    if request.method == "POST":
        saved.stop_all(user_id, at=timezone.now())
    context = {"token": token, "stopped": request.method == "POST", "saved_url": reverse("search:saved")}
    return render(request, "search/stop.html", context)
