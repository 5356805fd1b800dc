"""
Sample courses, their sessions and a few bookings, out of the city's folder; never in production.

Sessions lie so many working days from the sample's today. Who has booked has done so through `training.bookings`; seats
that were "given by e-mail" are figures of the invented organization that runs the course.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django.conf import settings

from directory import hats, sample, vocabularies
from directory.models import CapacityPool, Location, Membership, Organization, TaxonomyTerm
from directory.sample import SampleMistake, Say, id_of, told
from safekeeping.working_time import LONDON, next_working_day
from training import bookings, conditions, sessions
from training.assumptions import terms
from training.models import CalledOff, Course, CourseSession

# A session that is over was planned and booked as long before it as one that is to come.
PLANNED_BEFORE = timedelta(days=60)
PLAIN = ("title", "code", "level", "summary", "for_whom", "prerequisites", "content_note")


def register() -> None:
    """Have these loaded with the directory's sample."""
    sample.also_load(load)


def load(at: datetime, say: Say) -> None:
    """Write courses and sessions as of ``at``; where they are there already, put them back as the file has them."""
    file = settings.CITY.folder / "sample" / "training.toml"
    if not file.exists():
        return
    courses = told(file)["course"]
    for one in courses:
        course = write_course(one)
        for number, held in enumerate(one.get("session", []), start=1):
            write_session(course, f"{one['slug']} {number}", held, at=at)
    say(f"Courses: {len(courses)}, sessions: {CourseSession.objects.filter(is_demo=True).count()}")


def write_course(one: dict[str, Any]) -> Course:
    """
    Write a course and publish it, as the team would.

    :raises SampleMistake: if it names an organization, or an audience, that is not there, or a real organization
    """
    key = id_of("course", one["slug"])
    course = Course.objects.filter(pk=key).first() or Course(pk=key)
    organization = Organization.objects.filter(slug=one["organization"]).first()
    if organization is None or organization.is_real:
        raise SampleMistake(f"{one['slug']}: seats are figures, and {one['organization']} is nobody we invented")
    course.slug, course.organization = one["slug"], organization
    for name in PLAIN:
        setattr(course, name, one.get(name, ""))
    course.duration_minutes = one["minutes"]
    course.outcomes, course.parts = "\n".join(one.get("outcomes", [])), "\n".join(one.get("parts", []))
    course.is_demo = True
    course.save()
    known = {word.code for word in vocabularies.packaged()["training_audience"]}
    if unknown := set(one.get("audiences", [])) - known:
        raise SampleMistake(f"{one['slug']}: training_audience has no {sorted(unknown)}")
    course.audiences = list(
        TaxonomyTerm.objects.filter(taxonomy="training_audience", code__in=one.get("audiences", []))
    )
    course.save_revision(changed=False).publish()
    return course


def write_session(course: Course, key: str, held: dict[str, Any], *, at: datetime) -> None:
    """Plan a session, open it, book the seats that sample people have; one that is there gets its days anew."""
    ref = id_of("session", key)
    begins, ends = (datetime.combine(date.min, time.fromisoformat(held[name])).time() for name in ("from", "until"))
    first = working_day(at, held["in_working_days"])
    last = first
    for _ in range(held.get("days", 1) - 1):
        last = next_working_day(last)
    starts = datetime.combine(first, begins, tzinfo=LONDON)
    plan = sessions.Plan(
        starts_at=starts,
        ends_at=datetime.combine(last, ends, tzinfo=LONDON),
        booking_closes_at=conditions.booking_closes(starts, terms=terms()),
        location=place(key, held),
        room=held.get("room", ""),
        seats=held["seats"],
        elsewhere=held.get("by_mail", 0),
        joining=held.get("joining", ""),
    )
    row = CourseSession.objects.filter(pk=ref).first()
    if row is not None:
        CourseSession.objects.filter(pk=ref).update(**sessions.columns(plan))
        return
    when = min(at, starts) - PLANNED_BEFORE
    row = sessions.plan(course, plan, by=None, at=when, ref=ref)
    CourseSession.objects.filter(pk=ref).update(is_demo=True)
    CapacityPool.objects.filter(pk=ref).update(is_demo=True)
    if held.get("planned"):
        return
    sessions.open_for_booking(row, by=None, at=when + timedelta(days=1))
    for email in held.get("booked_by", []):
        membership = Membership.objects.filter(user__email=email).select_related("user", "organization")[0]
        bookings.book(
            ref,
            manager_agreed=True,
            by=hats.hat_of(membership),
            at=when + timedelta(days=20),
            ref=id_of("booking", f"{key} {email}"),
        )
    if "called_off" in held:
        by = Membership.objects.filter(role="partnership_team", user__is_demo=True).select_related("user")[0]
        sessions.call_off(row, CalledOff(held["called_off"]), by=hats.hat_of(by), at=at - timedelta(hours=20))


def place(key: str, held: dict[str, Any]) -> Location | None:
    """
    Return where a session is, None where it is online.

    :raises SampleMistake: if there is no such venue
    """
    if "at" not in held:
        return None
    found = Location.objects.filter(pk=id_of("location", held["at"])).first()
    if found is None:
        raise SampleMistake(f"{key}: there is no venue {held['at']!r}")
    return found


def working_day(at: datetime, days: int) -> date:
    """Return the working day so many working days from the sample's today; before it, where negative."""
    day = at.astimezone(LONDON).date()
    if days < 0:
        return conditions.working_days_before(day, -days)
    for _ in range(days):
        day = next_working_day(day)
    return day
