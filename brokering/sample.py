"""
Sample requests for a demonstration, out of the city's folder, so that nobody meets an empty desk; never in production.

Everything is done through the verbs, by whoever does it in life, so many hours before the sample's now: history, trail and
mails are those of a request that really went that way. What is there already is left as it is.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings

from brokering import deadlines, offers, places, requests, triage
from brokering.answers import AboutChild, Agreement, Help, Preferences, Wishes
from brokering.models import DeclineReason, Offer, PlacementRequest, SupportPlace
from directory.hats import hats_of
from directory.models import Role
from directory.sample import SampleMistake, Say, id_of
from safekeeping.models import User
from safekeeping.policy import Hat
from safekeeping.screening import NO, Answers

FILE = "requests.toml"
SAFE = Answers(danger_now=NO, harm=NO, social_worker=NO, adult_works_with_children=NO, trafficking=NO)
# A draft is begun this long before anything else happens to it, or before now.
WRITING = timedelta(hours=1)


def load(at: datetime, say: Say) -> None:
    """
    Write the sample's requests as of ``at``, unless there are some already.

    :raises SampleMistake: if a file names somebody who is not there, or something that nobody can do
    """
    if PlacementRequest.objects.unscoped(reason="asks whether the sample is there").filter(is_demo=True).exists():
        return
    told = read(settings.CITY.folder / "sample" / FILE)
    for one in told["request"]:
        Sample(one, told["usual"], at=at).write()
    say(f"{len(told['request'])} requests")


def read(file: Path) -> dict[str, Any]:
    """Return what the file says."""
    return tomllib.loads(file.read_text(encoding="utf-8"))


def hat(email: str, roles: Collection[str] | None, at: datetime) -> Hat:
    """
    Return a sample person's first hat of one of these roles, the first of all where ``roles`` is None.

    :raises SampleMistake: if there is none
    """
    for one in hats_of(User.objects.filter(email=email, is_demo=True).first() or User(pk=0), deadlines.day_of(at)):
        if roles is None or one.role in roles:
            return one
    raise SampleMistake(f"the sample names {email}, who is not there or has no such role")


def lists_as_tuples(told: Mapping[str, Any]) -> dict[str, Any]:
    """Return the file's values as answers hold them."""
    return {name: tuple(value) if isinstance(value, list) else value for name, value in told.items()}


@dataclass
class Sample:
    """One request of the file, and how far it has come."""

    told: Mapping[str, Any]
    usual: Mapping[str, Any]
    at: datetime
    asker: Hat = field(init=False)
    row: PlacementRequest = field(init=False)
    asked: Offer = field(init=False)
    place: SupportPlace = field(init=False)

    def write(self) -> None:
        """Begin the request, answer what is told, and do what then happened."""
        steps = self.told["then"]
        begun = self.ago(steps[0]) - WRITING if steps else self.at - WRITING
        self.asker = hat(self.told["by"], None, self.at)
        self.row = requests.begin(by=self.asker, at=begun, is_demo=True)
        requests.answer_screen(self.row, SAFE, postcode=self.told["postcode"], by=self.asker, at=begun)
        self.answer(begun)
        for step in steps:
            deed = DEEDS.get(step["do"])
            if deed is None:
                raise SampleMistake(f"{FILE}: nobody can {step['do']!r}")
            deed(self, step, self.ago(step))

    def ago(self, step: Mapping[str, Any]) -> datetime:
        """Return when a step happened."""
        return self.at - timedelta(hours=step["hours_ago"])

    def answer(self, at: datetime) -> None:
        """Answer every section of the form that the file has something for."""
        on = deadlines.day_of(at)
        child = {**self.usual["child"], **self.told["child"]}
        # The birthday was half a year ago, so that nobody's age turns on the day of the demonstration.
        born = on.replace(year=on.year - child.pop("age"), day=1) - timedelta(days=180)
        about = AboutChild(
            **lists_as_tuples(child), date_of_birth=born, risk_on=on,
            lead_professional_role=self.asker.job_title, lead_professional_contact="0117 496 0170",
        )  # fmt: skip
        requests.tell_child(self.row, about, by=self.asker, at=at)
        if self.told["wishes"]:
            liked = Preferences(**lists_as_tuples(self.told.get("preferences", {})))
            requests.tell_wishes(self.row, Wishes(wishes=self.told["wishes"], preferences=liked), by=self.asker, at=at)
        requests.tell_help(self.row, Help(**lists_as_tuples(self.told["help"])), by=self.asker, at=at)
        if self.told["then"]:
            agreed = Agreement(**self.usual["agreement"], participation_on=on)
            requests.tell_agreement(self.row, agreed, by=self.asker, at=at)

    # --- who does what ---
    @property
    def coordinator(self) -> Hat:
        """Whoever coordinates where the child lives."""
        return hat(self.usual["coordinator"], {Role.COORDINATOR}, self.at)

    @property
    def provider(self) -> Hat:
        """Whoever answers for the service that is asked."""
        return hat(self.usual["provider"], {Role.PROVIDER_ADMIN}, self.at)

    # --- what can happen: one verb each ---
    def submit(self, step: Mapping[str, Any], at: datetime) -> None:
        requests.submit(self.row, by=self.asker, at=at)

    def ask(self, step: Mapping[str, Any], at: datetime) -> None:
        triage.ask(self.row, question=step["words"], by=self.coordinator, at=at)

    def accept(self, step: Mapping[str, Any], at: datetime) -> None:
        triage.accept(self.row, rationale=step["words"], by=self.coordinator, at=at)

    def offer(self, step: Mapping[str, Any], at: datetime) -> None:
        service = id_of("service", step["service"])
        self.asked = offers.make(self.row, service, because=step["words"], by=self.coordinator, at=at)

    def say_yes(self, step: Mapping[str, Any], at: datetime) -> None:
        worker = hat(step["worker"], {Role.PROVIDER_WORKER}, self.at)
        first = deadlines.day_of(at) + timedelta(days=7)
        self.place = offers.accept(
            self.asked,
            worker_role=step["role"],
            first_meeting_on=first,
            worker=worker.membership_id,
            by=self.provider,
            at=at,
        )

    def say_no(self, step: Mapping[str, Any], at: datetime) -> None:
        offers.decline(self.asked, DeclineReason.NO_CAPACITY, by=self.provider, at=at)

    def give_contact(self, step: Mapping[str, Any], at: datetime) -> None:
        card = places.Contact(**lists_as_tuples(self.told["contact"]))
        places.give_contact(self.place, card, by=self.asker, at=at)

    def meet(self, step: Mapping[str, Any], at: datetime) -> None:
        places.introduced(self.place, on=deadlines.day_of(at), by=self.provider, at=at)

    def begin(self, step: Mapping[str, Any], at: datetime) -> None:
        places.start(self.place, on=deadlines.day_of(at), by=self.provider, at=at)


DEEDS: dict[str, Callable[[Sample, Mapping[str, Any], datetime], None]] = {
    "submit": Sample.submit,
    "ask": Sample.ask,
    "accept": Sample.accept,
    "offer": Sample.offer,
    "yes": Sample.say_yes,
    "no": Sample.say_no,
    "contact": Sample.give_contact,
    "met": Sample.meet,
    "begun": Sample.begin,
}
