"""A partner's own pages about where and when: live at once, except how much of an address is shown."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from directory import facts, proposals
from directory.availability import LONDON
from directory.facts_forms import (
    ClosureForm,
    Closures,
    NewVenueForm,
    SeenForm,
    Times,
    TimesForm,
    VenueForm,
    VisibilityForm,
    WhereForm,
    rows_in,
    seen_of,
)
from directory.models import ChangeProposal, Location, Service, ServiceAtLocation, TaxonomyTerm
from directory.views.words import CONFLICT, entry_of, may_write
from directory.words_forms import steady, with_another_row

ANYTIME = ("GET", "HEAD", "POST")
ROWS = "form"  # Django's own name for the rows of a page


def service_of(request: HttpRequest, pk: UUID) -> Service:
    """
    Return the service if it is the hat's organization's.

    :raises Http404: if there is none, or it is somebody else's
    """
    found = entry_of(request, pk)
    assert isinstance(found, Service)
    return found


def venue_of(request: HttpRequest, pk: UUID) -> Location:
    """
    Return the place if the hat's organization keeps its details.

    :raises Http404: if there is none, or it is somebody else's
    """
    found = facts.own_venues(request.hat.organization_id).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def places_of(service: Service) -> list[tuple[str, str]]:
    """Return where the service happens, as choices."""
    found = ServiceAtLocation.objects.filter(service=service).order_by("location__name", "pk")
    return [(str(pk), name) for pk, name in found.values_list("pk", "location__name")]


# --- when ------------------------------------------------------------------------------------------------------------------------
@require_http_methods(ANYTIME)
def times(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show and take the regular times of a service."""
    service = service_of(request, pk)
    current = facts.times_of(service)

    def keep(rows: list[dict[str, Any]], seen: str) -> None:
        facts.write_times(service, rows, seen=seen, by=request.hat, at=timezone.now())

    initial = [TimesForm.initial_of(row) for row in current]
    about = {"title": "Days and hours", "noun": "line", "kind": "times"}
    return rows_page(request, service, Times, initial, facts.plain(current), keep, about)


@require_http_methods(ANYTIME)
def closures(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show and take the days on which a service is closed."""
    service = service_of(request, pk)
    today = timezone.now().astimezone(LONDON).date()
    current = facts.closures_of(service, on=today)

    def keep(rows: list[dict[str, Any]], seen: str) -> None:
        facts.write_closures(service, rows, seen=seen, by=request.hat, at=timezone.now(), on=today)

    initial = [ClosureForm.initial_of(row) for row in current]
    about = {"title": "Days when it is closed", "noun": "closure", "kind": "closures"}
    return rows_page(request, service, Closures, initial, facts.plain(current), keep, about)


def rows_page(
    request: HttpRequest,
    service: Service,
    formset_class: Any,
    initial: list[dict[str, Any]],
    digest: str,
    keep: Any,
    about: dict[str, str],
) -> HttpResponse:
    """Draw rows to change, and take them; what somebody else has entered meanwhile is shown beside what was typed."""
    options = {"initial": initial, "form_kwargs": {"places": places_of(service)}}
    theirs, status = None, 200
    if request.method == "POST" and "add" in request.POST:
        data = with_another_row(request.POST, ROWS)
        rows, seen = formset_class(data, **options), SeenForm(data)
    elif request.method == "POST":
        rows, seen = formset_class(steady(request.POST, ROWS), **options), SeenForm(request.POST)
        if rows.is_valid() and seen.is_valid():
            try:
                keep(rows_in(rows), seen.cleaned_data["seen"])
            except proposals.SomebodyElseWrote:
                status, theirs = CONFLICT, formset_class(prefix="theirs", **options)
                seen = SeenForm({"seen": digest})
            else:
                messages.success(request, f"Saved. People see it now: {service.name}.")
                return redirect("directory:our_service", service.pk)
    else:
        rows, seen = formset_class(**options), SeenForm(initial={"seen": digest})
    context = {
        **about,
        "entry": service,
        "rows": rows,
        "seen": seen,
        "digest": digest,
        "theirs": theirs.initial if theirs else None,
        "conflict": theirs is not None,
        "rows_wrong": rows.is_bound and not rows.is_valid(),
    }
    return render(request, "directory/our_rows.html", context, status=status)


# --- where -----------------------------------------------------------------------------------------------------------------------
@require_http_methods(ANYTIME)
def where(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show where a service happens, and take another place or take one away."""
    service = service_of(request, pk)
    venues = facts.usable_venues(request.hat.organization_id)
    happens = ServiceAtLocation.objects.filter(service=service).select_related("location").order_by("location__name")
    form = WhereForm(venues=venues)
    if request.method == "POST" and "remove" in request.POST:
        chosen = next((one for one in happens if str(one.pk) == request.POST["remove"]), None)
        if chosen is None:
            messages.info(request, "That was taken away already.")
        else:
            facts.no_longer_at(chosen, by=request.hat, at=timezone.now())
            messages.success(request, f"Taken away: {chosen.location.name}. People see it now.")
        return redirect("directory:our_service_where", service.pk)
    if request.method == "POST":
        form = WhereForm(request.POST, venues=venues)
        if form.is_valid():
            told = form.cleaned_data
            facts.happens_at(service, told["location"], told["description"], by=request.hat, at=timezone.now())
            messages.success(request, f"Saved. People see it now: {told['location'].name}.")
            return redirect("directory:our_service_where", service.pk)
    return render(request, "directory/our_where.html", {"entry": service, "happens": happens, "form": form})


@require_safe
def venues(request: HttpRequest) -> HttpResponse:
    """Show the places whose details this organization keeps."""
    found = list(facts.own_venues(request.hat.organization_id).select_related("address").order_by("name", "pk"))
    waiting = set(
        ChangeProposal.objects.filter(
            location__organization_id=request.hat.organization_id, state=ChangeProposal.State.WAITING
        ).values_list("location_id", flat=True)
    )
    context = {
        "lines": [(place, place.pk in waiting) for place in found],
        "may_write": may_write(request),
    }
    return render(request, "directory/our_venues.html", context)


@require_http_methods(ANYTIME)
def new_venue(request: HttpRequest) -> HttpResponse:
    """Take a place that is not there yet."""
    form = NewVenueForm(request.POST) if request.method == "POST" else NewVenueForm()
    if request.method == "POST" and form.is_valid():
        made = facts.add_venue(
            form.typed(), wanted=form.cleaned_data["visible"], found=form.found, by=request.hat, at=timezone.now()
        )
        messages.success(request, f"Added: {made.name}. A steward decides how much of its address people may see.")
        return redirect("directory:our_venues")
    return render(request, "directory/our_venue.html", {"form": form, "place": None})


@require_http_methods(ANYTIME)
def venue(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show a place, take its details, and ask a steward about its address."""
    place = venue_of(request, pk)
    now = facts.venue_values(place)
    form, asking, status = VenueForm(now=now), VisibilityForm(initial={"becomes": place.address_visibility}), 200
    if request.method == "POST" and "ask" in request.POST:
        asking = VisibilityForm(request.POST)
        if asking.is_valid() and asked_about(request, place, asking):
            return redirect("directory:our_venue", place.pk)
    elif request.method == "POST":
        form = VenueForm(request.POST, now=now)
        if form.is_valid():
            try:
                facts.change_venue(
                    place, form.typed(), seen=form.was_seen(), found=form.found, by=request.hat, at=timezone.now()
                )
            except proposals.SomebodyElseWrote as both:
                status, form = CONFLICT, after_somebody_else(request.POST, place, both.theirs)
            else:
                messages.success(request, f"Saved: {form.cleaned_data['name']}.")
                return redirect("directory:our_venues")
    last = ChangeProposal.objects.filter(location=place).select_related("decided_by", "proposed_by").first()
    context = {
        "form": form,
        "asking": asking,
        "place": place,
        "last": last,
        "waiting": last is not None and last.state == ChangeProposal.State.WAITING,
    }
    return render(request, "directory/our_venue.html", context, status=status)


def asked_about(request: HttpRequest, place: Location, asking: VisibilityForm) -> bool:
    """Ask the stewards about an address; False, with a message beside the question, if nothing would change."""
    told = asking.cleaned_data
    if told["becomes"] == place.address_visibility:
        asking.add_error("becomes", "It is shown like that already. Choose something else")
        return False
    try:
        facts.propose_visibility(place, told["becomes"], because=told["because"], by=request.hat, at=timezone.now())
    except proposals.AlreadyWaiting:
        messages.info(request, "A steward has a question about this address already.")
    else:
        messages.success(request, "Sent. A steward decides; until then the address is shown as before.")
    return True


def after_somebody_else(data: QueryDict, place: Location, theirs: dict[str, Any]) -> VenueForm:
    """Return the form as it was typed, telling beside each field what somebody else has written there meanwhile."""
    now = facts.venue_values(Location.objects.get(pk=place.pk))
    typed = data.copy()
    typed["seen"] = seen_of(now)
    form = VenueForm(typed, now=now)
    labels = {term.pk: term.shown for term in TaxonomyTerm.objects.filter(pk__in=theirs.get("access_needs", []))}
    for name, value in theirs.items():
        shown = ", ".join(labels[pk] for pk in value) if name == "access_needs" else value
        form.add_error(name, f"Somebody else has written “{shown}” here meanwhile. Save again to keep yours instead")
    return form


@require_POST
def withdraw_visibility(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take the question about an address back."""
    place = venue_of(request, pk)
    try:
        facts.withdraw_visibility(place, by=request.hat, at=timezone.now())
    except proposals.NothingWaits:
        messages.info(request, "There was nothing to take back: it has been decided meanwhile.")
    else:
        messages.success(request, "Taken back. The address is shown as before.")
    return redirect("directory:our_venue", place.pk)
