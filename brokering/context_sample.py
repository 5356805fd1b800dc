"""
Sample requests about places and groups for a demonstration, out of the city's folder: made through the real verbs.

What is there already stays as it is: somebody may have worked on it since.
"""

from __future__ import annotations

import tomllib
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

from brokering import contexts
from brokering.context_answers import AboutPlace, Decided, Happening, Wanted
from brokering.models import ContextOutcome, ContextRequest
from brokering.sample import hat
from directory.models import Organization, Role, Ward
from directory.sample import SampleMistake, Say
from safekeeping import screening

NOTHING_WRONG = screening.Answers(
    danger_now=screening.NO, harm=screening.NO, adult_works_with_children=screening.NO, trafficking=screening.NO
)


def load(at: datetime, say: Say) -> None:
    """Ask for the sample's schools, groups and places, unless somebody has."""
    demo = ContextRequest.objects.unscoped(reason="whether the sample is there").filter(is_demo=True)
    file = settings.CITY.folder / "sample" / "contexts.toml"
    if demo.exists() or not file.exists():
        return
    rows = tomllib.loads(file.read_text(encoding="utf-8"))["context"]
    for told in rows:
        try:
            ask(told, at=at)
        except contexts.AnswerRefused as refused:
            raise SampleMistake(f"contexts.toml, {told['key']}: {refused.errors}") from refused
    say(f"Requests for schools, groups and places: {len(rows)}.")


def known_place(code: str) -> str:
    """Return the code of a known place, whose organization the file names by its slug."""
    kind, _, slug = code.partition(":")
    return f"{kind}:{Organization.objects.get(slug=slug).pk}" if kind == "organization" else code


def ask(told: dict[str, Any], *, at: datetime) -> None:
    """Ask for one of them, and let become of it what the file says."""
    then = at - timedelta(hours=told["hours_ago"])
    by = hat(told["asked_by"], contexts.REQUESTERS, at)
    context = contexts.begin(by=by, at=then, is_demo=True)
    contexts.answer_screen(context, NOTHING_WRONG, by=by, at=then)
    ward = Ward.objects.get(name=told["ward"]).pk if "ward" in told else ""
    place = AboutPlace(
        context_type=told["kind"], known_as=known_place(told.get("known_as", "")), label=told["label"],
        place_description=told["where"], ward=ward,
    )  # fmt: skip
    contexts.tell_place(context, place, by=by, at=then)
    happening = Happening(
        harm_types=tuple(told["harms"]), pattern=tuple(told["pattern"]), what_is_known=told["known"],
        affected=told["affected"], youngest=told["youngest"], oldest=told["oldest"], strengths=told["strengths"],
    )  # fmt: skip
    contexts.tell_happening(context, happening, by=by, at=then)
    wanted = Wanted(
        response_wanted=tuple(told["wanted"]), accountable_owner=told["owner"], partners=told.get("partners", ""),
        tried_already=told["tried"],
    )  # fmt: skip
    contexts.tell_help(context, wanted, by=by, at=then)
    contexts.submit(context, by=by, at=then)
    if told["then"] == "sent":
        return
    deciding = hat(told["by"], {Role.PARTNERSHIP_TEAM}, at)
    contexts.take(context, by=deciding, at=then + timedelta(hours=3))
    if told["then"] == "agreed":
        agreed = Decided(
            outcome=ContextOutcome.RESPONSE_AGREED, rationale=told["because"], told=told["told"],
            review_on=(at + timedelta(days=told["review_in_days"])).date(),
        )  # fmt: skip
        contexts.decide(context, agreed, by=deciding, at=then + timedelta(hours=20))
