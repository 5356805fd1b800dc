"""Pages of the shortlist: what somebody puts aside, compares, prints, passes on as a link, or sends to a family."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from directory.models import Service
from directory.views.link import kept_nowhere
from safekeeping import policy
from safekeeping.floods import TooMany
from safekeeping.headers import client_address
from safekeeping.policy import Hat
from search import assumptions, saved, sending
from search import shortlist as lists
from search.forms import SendForm
from search.shortlist import Full, Shortlist


def hat_of(request: HttpRequest) -> Hat | None:
    """Return the hat that is worn, None if nobody has signed in."""
    hat: Hat | None = getattr(request, "hat", None)
    return hat


@kept_nowhere
@require_safe
def shortlist(request: HttpRequest) -> HttpResponse:
    """Show what was put aside."""
    return the_list(request, lists.of(request))


def the_list(request: HttpRequest, held: Shortlist, *, trouble: str = "", status: int = 200) -> HttpResponse:
    """Draw the list, with what is wrong, if anything is."""
    told = lists.told(held.ids, hat=hat_of(request), at=timezone.now())
    wanted = lists.slugs_in(request.GET.getlist("service"))
    chosen = set(wanted or [card.slug for card in told.cards[: lists.MOST_COMPARED]])
    context = {
        "told": told,
        "rows": [(card, card.slug in chosen, card.slug in told.public and not card.restricted) for card in told.cards],
        "trouble": trouble,
        "most_compared": lists.MOST_COMPARED,
        "held": held,
        "saves": saved.may_save(hat_of(request)),
    }
    return render(request, "search/shortlist.html", context, status=status)


def asked_for(request: HttpRequest) -> list[UUID]:
    """
    Return the services that a button names, those that this reader may see.

    :raises Http404: if there are none
    """
    ids = lists.visible(lists.slugs_in(request.POST.getlist("service")), hat=hat_of(request))
    if not ids:
        raise Http404
    return ids


def still_shown(request: HttpRequest, held: Shortlist) -> Shortlist:
    """Return the list without what this reader may not see any more: it would only take room."""
    seen = set(
        Service.objects.visible_to(hat_of(request)).filter(pk__in=held.ids).values_list("pk", flat=True)
    )  # fmt: skip
    return Shortlist(tuple(one for one in held.ids if one in seen))


@require_POST
def add(request: HttpRequest) -> HttpResponse:
    """Put one or several aside."""
    ids, held = asked_for(request), still_shown(request, lists.of(request))
    try:
        held = held.with_these(ids)
    except Full:
        trouble = f"Your shortlist holds {assumptions.SHORTLIST.number} services. Take one away first"
        if getattr(request, "htmx", False) and len(ids) == 1:
            return the_button(request, ids[0], held, trouble=trouble)
        return the_list(request, held, trouble=trouble, status=409)
    return changed(request, held, ids)


@require_POST
def remove(request: HttpRequest) -> HttpResponse:
    """Take one or several away."""
    ids = asked_for(request)
    return changed(request, still_shown(request, lists.of(request)).without(ids), ids)


@require_POST
def empty(request: HttpRequest) -> HttpResponse:
    """Forget the whole list."""
    response = redirect("search:shortlist")
    lists.keep(request, response, Shortlist())
    return response


def changed(request: HttpRequest, held: Shortlist, ids: Iterable[UUID]) -> HttpResponse:
    """Have the list kept, and go back to where the button was; a script only wants the button."""
    first, *others = ids
    if getattr(request, "htmx", False) and not others:
        response = the_button(request, first, held)
    else:
        back = policy.safe_next(request, default=reverse("search:shortlist"))
        at_the_button = f"#list-{request.POST['service']}" if not others and "#" not in back else ""
        response = redirect(back + at_the_button)
    lists.keep(request, response, held)
    patch_vary_headers(response, ["HX-Request"])
    return response


def the_button(request: HttpRequest, service_id: UUID, held: Shortlist, *, trouble: str = "") -> HttpResponse:
    """Draw the button anew, and the line that says how many there are."""
    service = Service.objects.filter(pk=service_id).values("slug", "name")[0]
    context = {"shortlist": held, "listed": service_id in held, "trouble": trouble, "oob": True, **service}
    return render(request, "components/shortlist_changed.html", context)


@kept_nowhere
@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    """Show two to four services side by side, those of them that this reader may see."""
    slugs = lists.slugs_in(request.GET.getlist("service"))
    if len(slugs) > lists.MOST_COMPARED or len(slugs) < 2:
        trouble = f"Choose two to {lists.MOST_COMPARED} services to compare"
        return the_list(request, lists.of(request), trouble=trouble, status=400)
    told = lists.told(
        lists.visible(slugs, hat=hat_of(request)), hat=hat_of(request), at=timezone.now()
    )  # fmt: skip
    context = {"told": told, "lines": lists.compared(told.cards), "gone": len(slugs) - len(told.cards)}
    return render(request, "search/compare.html", context)


@kept_nowhere
@require_safe
def shared(request: HttpRequest) -> HttpResponse:
    """Show what somebody has passed on, as far as this reader may see it."""
    slugs = lists.slugs_in(request.GET.getlist("service"))
    told = lists.told(lists.visible(slugs, hat=hat_of(request)), hat=hat_of(request), at=timezone.now())
    return render(request, "search/shared.html", {"told": told, "gone": len(slugs) - len(told.cards)})


@kept_nowhere
@require_http_methods(["GET", "HEAD", "POST"])
def send(request: HttpRequest, slug: str) -> HttpResponse:
    """
    Ask where an entry is to be sent, and send it.

    :raises Http404: if there is none that everybody may see
    """
    at, status = timezone.now(), 200
    page = sending.page_to_send(slug, at=at)
    if page is None:
        raise Http404
    form = SendForm(request.POST) if request.method == "POST" else SendForm()
    if request.method == "POST" and form.is_valid():
        try:
            sending.send(page, to=form.cleaned_data["email"], sender=sender_of(request), at=at)
        except TooMany:
            form.add_error(None, "Many e-mails were sent just now. Please try again in an hour, or print the page")
            status = 429
        else:
            return redirect("search:sent", slug=slug)
    return render(request, "search/send.html", {"form": form, "card": page.card}, status=status)


def sender_of(request: HttpRequest) -> str:
    """Return what a sender is counted by: themselves, or the network address of whoever has not signed in."""
    user: Any = request.user
    return f"person {user.pk}" if user.is_authenticated else client_address(request)


@kept_nowhere
@require_safe
def sent(request: HttpRequest, slug: str) -> HttpResponse:
    """
    Say that an entry is on its way.

    :raises Http404: if there is none that everybody may see
    """
    page = sending.page_to_send(slug, at=timezone.now())
    if page is None:
        raise Http404
    return render(request, "search/sent.html", {"card": page.card})
