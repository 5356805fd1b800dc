"""The stewards' page "What is stale": every kind of it with a count, and the rows of the one that was chosen."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from directory import asking, assurance, stale
from directory.availability import LONDON
from directory.models import Organization, OrganizationStanding, ServiceStanding
from search import misses

PER_PAGE = 40
MAY = "directory.change_servicestanding"


def stewards_only(request: HttpRequest) -> None:
    """
    Let nobody in who writes only about courses.

    :raises Http404: for whoever may not say how an entry stands
    """
    if not request.user.has_perm(MAY):
        raise Http404


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Show the counts, and one page of the rows of one section."""
    stewards_only(request)
    at = timezone.now()
    counted = stale.counts(at)
    wanted = request.GET.get("show", "")
    first = next((section.code for section, count in counted if count), stale.SECTIONS[0].code)
    section = stale.BY_CODE.get(wanted, stale.BY_CODE[first])
    rows = Paginator(section.rows(at), PER_PAGE).get_page(request.GET.get("p"))
    today = at.astimezone(LONDON).date()
    lines = [section.line(row, today) for row in rows]
    here = f"{reverse('what_is_stale')}?{urlencode({'show': section.code})}"
    # What is suspended already is not to be suspended again: a word of a steward stands beside it.
    may_suspend = section.code not in ("suspended", "hidden")
    context = {"counted": counted, "section": section, "rows": rows, "lines": lines} | {
        "here": here,
        "may_suspend": may_suspend,
        "missed": misses.shown(at),
    }
    return render(request, "cms/what_is_stale.html", context)


@require_POST
def vouch(request: HttpRequest) -> HttpResponse:
    """Record that a steward has found an entry's words right; what the clock alone had hidden is shown again."""
    stewards_only(request)
    standing = standing_of(request)
    assurance.vouch([standing], by=request.hat, at=timezone.now())
    standing.refresh_from_db()
    messages.success(request, f"Checked today: {standing}.")
    chosen = request.POST.get("show", "")
    back = reverse("what_is_stale")
    return redirect(f"{back}?{urlencode({'show': chosen})}" if chosen in stale.BY_CODE else back)


@require_POST
def ask(request: HttpRequest) -> HttpResponse:
    """Have a provider asked now about all that is due of it."""
    stewards_only(request)
    try:
        organization = get_object_or_404(Organization, pk=UUID(request.POST.get("organization", "")))
    except ValueError:
        raise Http404 from None
    ask_and_say(request, organization)
    chosen = request.POST.get("show", "")
    back = reverse("what_is_stale")
    return redirect(f"{back}?{urlencode({'show': chosen})}#rows" if chosen in stale.BY_CODE else back)


def ask_and_say(request: HttpRequest, organization: Organization) -> None:
    """Have a provider asked, and tell the steward what became of it."""
    at = timezone.now()
    try:
        goes_at = asking.ask_now(organization.pk, by=request.hat, at=at)
    except asking.NobodyToAsk:
        messages.warning(
            request, f"{organization} has no manager whom our e-mails reach. Ring them, or invite somebody."
        )
    except asking.NothingDue:
        messages.info(request, f"Nothing of {organization} has to be asked for today, so nothing was sent.")
    except asking.AskedToday:
        messages.info(
            request, f"{organization} has its e-mail of that day already: one a day is the most, so nothing was sent."
        )
    else:
        if goes_at <= at:
            messages.success(request, f"On its way: {organization} is asked about all that is due.")
        else:
            messages.success(
                request,
                f"Nobody is at work now. {organization} is asked on {stale.day(goes_at)} at {goes_at:%H:%M}, "
                "about all that is still due then.",
            )


def standing_of(request: HttpRequest) -> ServiceStanding | OrganizationStanding:
    """
    Return the standing that the form names, of an entry that somebody can vouch for.

    :raises Http404: if there is none
    """
    try:
        pk = UUID(request.POST.get("entry", ""))
    except ValueError:
        raise Http404 from None
    service = assurance.services_to_vouch_for().filter(pk=pk).select_related("standing").first()
    if service is not None:
        return service.standing
    organization = assurance.organizations_to_vouch_for().filter(pk=pk).select_related("standing").first()
    if organization is None:
        raise Http404
    return organization.standing


URLS = [
    path("what-is-stale/", page, name="what_is_stale"),
    path("what-is-stale/right/", vouch, name="vouch_for_words"),
    path("what-is-stale/ask/", ask, name="ask_now"),
]
