"""A partner's own pages about words: see how each entry stands, write, preview, send, take back. Limited to the hat's organization."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from directory import assurance, draft_page, proposals, words
from directory.models import Service
from directory.proposals import Draft, Stage, Where
from directory.words import Entry, Section, Word
from directory.words_forms import SectionPage
from safekeeping import policy
from safekeeping.assumptions import in_words

# How each stage is drawn: colour, words, shape.
TAGS: dict[Stage, tuple[str, str, str]] = {
    Stage.NEW: ("quiet", "Not sent yet", "dash"),
    Stage.PUBLISHED: ("open", "Published", "disc"),
    Stage.UNSENT: ("few", "Changed, not sent yet", "half"),
    Stage.WAITING: ("few", "Waiting for a steward", "clock"),
    Stage.NOT_APPROVED: ("few", "Not approved yet", "triangle"),
    Stage.TAKEN_DOWN: ("quiet", "Taken down", "bars"),
}
CONFLICT = 409


# --- what a page says ---------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Line:
    """One entry of the list: ``kind``, ``said`` and ``shape`` are its tag."""

    entry: Entry
    where: Where
    kind: str
    said: str
    shape: str


@dataclass(frozen=True, slots=True)
class Asked:
    """One field of a form, beside what is public; ``theirs`` is what somebody else has written meanwhile."""

    bound: Any
    word: Word
    public: tuple[str, ...]
    theirs: tuple[str, ...]
    choose: Any
    changed: bool

    @property
    def small(self) -> bool:
        """A long list of boxes to tick is drawn small."""
        return self.word.kind == words.TERMS


@dataclass(frozen=True, slots=True)
class Links:
    """Where the pages of an entry are."""

    page: str
    preview: str
    send: str
    withdraw: str
    discard: str
    right: str
    sections: tuple[tuple[Section, str], ...]


def line_of(entry: Entry, where: Where) -> Line:
    """Return an entry as its page and its list tell of it."""
    kind, said, shape = TAGS[where.stage]
    return Line(entry, where, kind, said, shape)


def links_of(entry: Entry) -> Links:
    """Return where the pages of this entry are."""
    name, args = ("our_service", [entry.pk]) if isinstance(entry, Service) else ("our_organization", [])
    return Links(
        page=reverse(f"directory:{name}", args=args),
        **{
            one: reverse(f"directory:{name}_{one}", args=args)
            for one in ("preview", "send", "withdraw", "discard", "right")
        },
        sections=tuple(
            (one, reverse(f"directory:{name}_words", args=[*args, one.slug] if args else args))
            for one in words.sections_of(entry)
        ),
    )


def entry_of(request: HttpRequest, pk: UUID | None) -> Entry:
    """
    Return the service if it belongs to the organization of the hat, or, without an id, that organization.

    :raises Http404: if there is none, or it is somebody else's
    """
    if pk is None:
        return proposals.own_organization(request.hat.organization_id)
    found = Service.objects.run_by(request.hat.organization_id).select_related("standing", "organization")
    service: Service | None = found.filter(pk=pk).first()
    if service is None:
        raise Http404
    return service


def may_write(request: HttpRequest) -> bool:
    """Say whether this hat may change anything here; a worker reads."""
    return policy.is_for("directory:our_service_words", request.hat)


def can_be_right(entry: Entry, where: Where) -> bool:
    """Say whether the provider can vouch for the words as they are public."""
    return where.stage == Stage.PUBLISHED and assurance.can_be_vouched_for(entry)


# --- lists and overviews --------------------------------------------------------------------------------------------------------
@require_safe
def our_services(request: HttpRequest) -> HttpResponse:
    """Show every service of the provider with how its words stand."""
    found = proposals.own_services(request.hat.organization_id)
    stands = proposals.where_they_stand(found)
    context = {
        "lines": [line_of(entry, stands[entry.pk]) for entry in found],
        "may_write": may_write(request),
    }
    return render(request, "directory/our_services.html", context)


@require_safe
def overview(request: HttpRequest, pk: UUID | None = None) -> HttpResponse:
    """Show one entry: how it stands, what would change, and where to change it."""
    return overview_of(request, entry_of(request, pk))


def overview_of(
    request: HttpRequest,
    entry: Entry,
    *,
    clashing: dict[str, Any] | None = None,
    wrong: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Draw that page; where a steward has written meanwhile, with both texts and the question which stays."""
    draft = proposals.draft_of(entry)
    where = proposals.where_they_stand([entry])[entry.pk]
    clashes = words.differences(entry, clashing, {n: draft.now[n] for n in clashing}) if clashing else []
    context = {
        "line": line_of(entry, where),
        "where": where,
        "entry": entry,
        "is_service": isinstance(entry, Service),
        "links": links_of(entry),
        "changes": draft.differences,
        "clashes": clashes,
        "wrong": wrong or [],
        "can_be_right": may_write(request) and can_be_right(entry, where),
        "may_write": may_write(request),
        "may_change": may_write(request) and where.stage != Stage.WAITING,
    }
    return render(request, "directory/our_entry.html", context, status=status)


@require_safe
def preview(request: HttpRequest, pk: UUID | None = None) -> HttpResponse:
    """Show the page as it would be for everybody."""
    entry = entry_of(request, pk)
    shown = proposals.preview_of(entry)
    at = timezone.now()
    if isinstance(shown, Service):
        context = {**draft_page.context_of(shown, at=at), "back": links_of(entry).page}
        return render(request, "directory/our_service_preview.html", context)
    return render(request, "directory/our_organization_preview.html", {"object": shown, "back": links_of(entry).page})


# --- writing --------------------------------------------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest, pk: UUID | None = None, section: str = "profile") -> HttpResponse:
    """
    Take what a partner writes in one section, and keep it until they send it.

    :raises Http404: if there is no such section
    """
    entry = entry_of(request, pk)
    asked = words.section_of(entry, section)
    if asked is None:
        raise Http404
    draft = proposals.draft_of(entry)
    page = SectionPage(type(entry), asked.words, now=draft.now, data=request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return section_page(request, entry, asked, page, draft)
    if "add" in request.POST and page.child:
        return section_page(request, entry, asked, page.with_another_row(), draft)
    if not page.is_valid():
        return section_page(request, entry, asked, page, draft)
    try:
        proposals.write(
            entry,
            page.typed(),
            seen=page.form.was_seen(),
            chosen=page.form.chosen(),
            by=request.hat,
            at=timezone.now(),
        )
    except proposals.SomebodyElseWrote as both:
        draft = proposals.draft_of(entry_of(request, pk))
        page = page.after_somebody_else(both.theirs, draft.now)
        return section_page(request, entry, asked, page, draft, theirs=both.theirs, status=CONFLICT)
    except proposals.AlreadyWaiting:
        page.form.add_error(
            None,
            "These words are with a steward, so they cannot be changed now. What you typed is below and is not saved. "
            "Keep a copy, take your change back, and enter it again",
        )
        return section_page(request, entry, asked, page, draft, status=CONFLICT)
    messages.success(
        request, f"Kept: {asked.title}. Nobody outside sees it until you send it and a steward has read it."
    )
    return redirect(links_of(entry).page)


def section_page(
    request: HttpRequest,
    entry: Entry,
    section: Section,
    page: SectionPage,
    draft: Draft,
    *,
    theirs: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Draw the form of a section, each field beside what is public."""
    context = {
        "entry": entry,
        "section": section,
        "page": page,
        "form": page.form,
        "asked": asked_of(page, draft, theirs or shown_twice(page, draft)),
        "child": page.child,
        "public_rows": public_rows(page, draft),
        "their_rows": rows_told(
            page, (theirs or shown_twice(page, draft)).get(page.child.name) if page.child else None
        ),
        "choose_rows": choice_of(page, page.child.name) if page.child else None,
        "has_public": bool(draft.public),
        "links": links_of(entry),
        "waiting": proposals.is_waiting(entry),
    }
    return render(request, "directory/our_words.html", context, status=status)


def shown_twice(page: SectionPage, draft: Draft) -> dict[str, Any]:
    """Return the other text of the fields that the form asks about twice."""
    return {name: draft.now.get(name) for name in page.form.clashes}


def choice_of(page: SectionPage, name: str) -> Any:
    """Return the question which text stays, None where there is only one."""
    return page.form[f"choose_{name}"] if f"choose_{name}" in page.form.fields else None


def asked_of(page: SectionPage, draft: Draft, theirs: dict[str, Any]) -> list[Asked]:
    """Return the fields of the form with what is public beside them."""
    single = [word for word in page.asked if word.kind not in words.CHILDREN]
    labels = words.labels_for(single, draft.public, theirs)
    return [
        Asked(
            bound=page.form[word.name],
            word=word,
            public=words.told(word, draft.public.get(word.name), labels),
            theirs=words.told(word, theirs.get(word.name), labels),
            choose=choice_of(page, word.name),
            changed=bool(draft.public) and draft.public.get(word.name) != draft.now.get(word.name),
        )
        for word in single
    ]


def rows_told(page: SectionPage, value: Any) -> tuple[str, ...]:
    """Return contacts or conditions in words."""
    return words.told(page.child, value, {}) if page.child else ()


def public_rows(page: SectionPage, draft: Draft) -> tuple[str, ...]:
    """Return the contacts or conditions that are public."""
    return rows_told(page, draft.public.get(page.child.name)) if page.child else ()


@require_http_methods(["GET", "HEAD", "POST"])
def new_service(request: HttpRequest) -> HttpResponse:
    """Begin a service: what it is called and what kind it is; the rest follows on its own page."""
    page = SectionPage(Service, words.FIRST_WORDS, now={}, data=request.POST if request.method == "POST" else None)
    if request.method == "POST" and page.is_valid():
        made = proposals.begin_service(page.typed(), by=request.hat, at=timezone.now())
        messages.success(request, f"Begun: {made.name}. Say more about it below, then send it to the stewards.")
        return redirect(links_of(made).page)
    return render(request, "directory/our_new_service.html", {"page": page, "form": page.form})


# --- sending and taking back -------------------------------------------------------------------------------------------------------
@require_POST
def send(request: HttpRequest, pk: UUID | None = None) -> HttpResponse:
    """Send what was written to the stewards."""
    entry = entry_of(request, pk)
    chosen = {name.removeprefix("choose_"): value for name, value in request.POST.items() if name.startswith("choose_")}
    try:
        became = proposals.propose_changes(entry, by=request.hat, at=timezone.now(), chosen=chosen)
    except proposals.SomebodyElseWrote as both:
        return overview_of(request, entry_of(request, pk), clashing=both.theirs, status=CONFLICT)
    except proposals.NotComplete as wrong:
        return overview_of(request, entry_of(request, pk), wrong=wrong.errors)
    except proposals.AlreadyWaiting:
        messages.info(request, "This is with a steward already.")
    except proposals.NothingToSend:
        messages.info(request, "There is nothing to send: nothing has changed.")
    except proposals.NoModeration:
        messages.error(
            request, "Nobody could read it yet: the directory team has to finish setting up. Your words are kept."
        )
    else:
        messages.success(request, said_of(became))
    return redirect(links_of(entry).page)


def said_of(became: proposals.Sent) -> str:
    """Return what is said of what was sent."""
    if became == proposals.Sent.PUBLISHED:
        return "Published. What you changed needs no steward: people see it now."
    soon = in_words("proposal.answer")
    return f"Sent. A steward reads it, usually within {soon}. This page says what was decided."


@require_POST
def right(request: HttpRequest, pk: UUID | None = None) -> HttpResponse:
    """Record that the provider has read the public words and found them right; words that are on their way say otherwise."""
    entry = entry_of(request, pk)
    if can_be_right(entry, proposals.where_they_stand([entry])[entry.pk]):
        assurance.vouch([entry.standing], by=request.hat, at=timezone.now())
        messages.success(request, "Thank you. People who read it see that it was checked today.")
    else:
        messages.info(request, "These words are being changed, or nobody sees them, so there was nothing to confirm.")
    return redirect(links_of(entry).page)


@require_POST
def withdraw(request: HttpRequest, pk: UUID | None = None) -> HttpResponse:
    """Take back what waits."""
    entry = entry_of(request, pk)
    try:
        proposals.withdraw(entry, by=request.hat, at=timezone.now())
    except proposals.NothingWaits:
        messages.info(request, "There was nothing to take back: it has been decided meanwhile.")
    else:
        messages.success(request, "Taken back. No steward has it any more; your words are kept here.")
    return redirect(links_of(entry).page)


@require_POST
def discard(request: HttpRequest, pk: UUID | None = None) -> HttpResponse:
    """Forget what was written and is not public."""
    entry = entry_of(request, pk)
    try:
        proposals.discard(entry, by=request.hat, at=timezone.now())
    except proposals.AlreadyWaiting:
        messages.info(request, "This is with a steward. Take it back first.")
    else:
        messages.success(request, "Forgotten. Everything is as the public sees it.")
    return redirect(links_of(entry).page)
