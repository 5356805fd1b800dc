"""
The statutory screen: what is asked before anybody asks for support, and what has to happen first.

Asking here never replaces the duty to tell the children's front door. A child in danger stops everything until somebody
has called and says that the child is safe; harm that nobody has reported stops the request until it is reported;
everything else is advice that the person sees and the request keeps. Pure: it knows no database, no city and no clock.
Whoever calls gives the council's code, the front door's name and the time.

The same screen stands before a request, a consultation, a mapping session and a rapid response, where it never delays
what has to go out, but leaves a task behind.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

# Changes with every change of a question's meaning: answers to another version are asked again (INV-S1).
TEXT_VERSION = "2026-11-1"


class Answer(StrEnum):
    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"

    @property
    def label(self) -> str:
        """What a person reads."""
        return {"yes": "Yes", "no": "No", "unknown": "I don’t know"}[self.value]


YES, NO, UNKNOWN = Answer


class For(StrEnum):
    """What the screen stands before."""

    CHILD = "child"
    CONTEXT = "context"
    RAPID = "rapid"
    PARENT = "parent"
    CONSULTATION = "consultation"
    MAPPING = "mapping"


CHILD_IS_KNOWN = frozenset({For.CHILD, For.RAPID, For.PARENT})
EVERY_KIND = frozenset(For)


@dataclass(frozen=True, slots=True)
class Question:
    """
    One question; `field` is its name in `Answers`.

    ``choices`` is empty where the answer is a place (where the child lives) or a time and a reference (the report).
    ``when`` names the field and the answers after which it is asked; None asks always. ``adult`` is its text where the
    request is for somebody of 18 or over (INV-S13), ``parent`` where a parent asks.
    """

    field: str
    text: str
    hint: str = ""
    choices: tuple[Answer, ...] = (YES, NO)
    kinds: frozenset[For] = EVERY_KIND
    when: frozenset[str] | None = None
    missing: str = ""
    adult: str = ""
    parent: str = ""

    def wording(self, *, kind: For = For.CHILD, adult: bool = False) -> str:
        """Return the question as this person reads it."""
        if adult and self.adult:
            return self.adult
        return self.parent if kind is For.PARENT and self.parent else self.text


QUESTIONS: tuple[Question, ...] = (
    Question(
        field="danger_now",
        text="Is a child in danger right now?",
        parent="Is your child in danger right now?",
        adult="Is anybody in danger right now?",
        missing="Say whether a child is in danger right now",
    ),
    Question(
        field="harm",
        text="Has a child told you about harm, or have you seen signs of it?",
        parent="Has your child told you about harm, or have you seen signs of it?",
        adult="Has the person told you about harm, or have you seen signs of it?",
        hint="Injury, threats, unexplained money, being moved around, pictures shared.",
        missing="Say whether there are signs of harm",
    ),
    Question(
        field="report",
        text="When did you tell {front_door}, and what is their reference?",
        adult="When did you tell the council’s adult social care team, and what is their reference?",
        hint="If they gave you none, the role of the person you spoke to. No names.",
        choices=(),
        when=frozenset({"danger_now", "harm"}),
    ),
    Question(
        field="social_worker",
        text="Does the child have a social worker now?",
        parent="Does your child have a social worker now?",
        adult="Does the person have a social worker now?",
        hint="If they do, the social worker should hear about this from you before we start.",
        choices=(YES, NO, UNKNOWN),
        kinds=CHILD_IS_KNOWN,
        missing="Say whether there is a social worker now",
    ),
    Question(
        field="home_council",
        text="Where does the child live?",
        parent="Where does your child live?",
        adult="Where does the person live?",
        hint="Full postcode. We use it once, to find the council and the ward, and keep only its first part.",
        choices=(),
        kinds=CHILD_IS_KNOWN,
        missing="Enter the postcode where the child lives",
    ),
    Question(
        field="adult_works_with_children",
        text="Is the worry about an adult who works or volunteers with children?",
        hint="A teacher, coach, carer, youth worker, taxi driver on a school run: paid or not.",
        missing="Say whether the worry is about an adult who works with children",
    ),
    Question(
        field="trafficking",
        text="Could this be trafficking or modern slavery?",
        hint="Made to sell or carry drugs, moved from place to place, or made to work or to have sex.",
        choices=(YES, NO, UNKNOWN),
        missing="Say whether this could be trafficking or modern slavery",
    ),
)


def questions_for(kind: For) -> tuple[Question, ...]:
    """Return the questions that stand before this kind of request, in the order in which they are asked."""
    return tuple(question for question in QUESTIONS if kind in question.kinds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """
    What somebody answered; None or "" is not answered yet.

    ``home_council`` is the code of the council where the child lives (found from a postcode by whoever calls), and
    "unknown" where nobody knows. ``reported_reference`` is what the front door gave, ``reported_to_role`` the role of
    whoever took a report by telephone: one of them is enough. ``safe_confirmed``: the person says that the child is
    safe now.
    """

    danger_now: Answer | None = None
    harm: Answer | None = None
    social_worker: Answer | None = None
    home_council: str = ""
    adult_works_with_children: Answer | None = None
    trafficking: Answer | None = None
    reported_at: datetime | None = None
    reported_reference: str = ""
    reported_to_role: str = ""
    safe_confirmed: bool = False
    adult: bool = False
    text_version: str = TEXT_VERSION

    @property
    def reported(self) -> bool:
        """Whether time and addressee of a report are recorded."""
        return self.reported_at is not None and bool(self.reported_reference.strip() or self.reported_to_role.strip())

    def as_json(self) -> dict[str, Any]:
        """Return what can be stored; `from_json` reads it."""
        return {
            "danger_now": self.danger_now,
            "harm": self.harm,
            "social_worker": self.social_worker,
            "home_council": self.home_council,
            "adult_works_with_children": self.adult_works_with_children,
            "trafficking": self.trafficking,
            "reported_at": self.reported_at.isoformat() if self.reported_at else None,
            "reported_reference": self.reported_reference,
            "reported_to_role": self.reported_to_role,
            "safe_confirmed": self.safe_confirmed,
            "adult": self.adult,
            "text_version": self.text_version,
        }

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> Answers:
        """
        Return the answers that were stored.

        :raises ValueError: if an answer is none of those that exist
        """
        known = {name: told[name] for name in cls.__slots__ if name in told}
        for name in ("danger_now", "harm", "social_worker", "adult_works_with_children", "trafficking"):
            if known.get(name) is not None:
                known[name] = Answer(known[name])
        if known.get("reported_at"):
            known["reported_at"] = datetime.fromisoformat(known["reported_at"])
        return cls(**known)


class Must(StrEnum):
    """What is missing before the request may be sent."""

    ANSWER_AGAIN = "answer_again"
    ANSWER_DANGER = "danger_now"
    ANSWER_HARM = "harm"
    ANSWER_SOCIAL_WORKER = "social_worker"
    ANSWER_HOME = "home_council"
    ANSWER_ADULT = "adult_works_with_children"
    ANSWER_TRAFFICKING = "trafficking"
    BE_SAFE = "safe_confirmed"
    REPORT_WHEN = "reported_at"
    REPORT_NOT_IN_FUTURE = "reported_in_future"
    REPORT_TO_WHOM = "reported_reference"


class Advice(StrEnum):
    """What the person is told to do besides; it stops nothing."""

    CALL_999 = "call_999"
    TELL_FRONT_DOOR = "tell_front_door"
    TELL_SOCIAL_WORKER = "tell_social_worker"
    ASK_FOR_SOCIAL_WORKER = "ask_for_social_worker"
    TELL_HOME_COUNCIL = "tell_home_council"
    TELL_DESIGNATED_OFFICER = "tell_designated_officer"
    NATIONAL_REFERRAL = "national_referral"


@dataclass(frozen=True, slots=True)
class Words:
    """A heading and a sentence or two, with `{front_door}`, `{telephone}` and `{home_council}` to be filled in."""

    title: str
    text: str


DUTY = Words(
    "Asking here does not replace telling {front_door}",
    "If you think that a child is being harmed or may be, tell {front_door} on {telephone}. In an emergency call 999.",
)
DUTY_ADULT = Words(
    "Asking here does not replace reporting a concern",
    "If you think that somebody is being harmed or may be, tell the council’s adult social care team. "
    "In an emergency call 999.",
)
MUST_WORDS: dict[Must, str] = {
    Must.ANSWER_AGAIN: "The questions have changed since you answered. Answer them again",
    Must.ANSWER_DANGER: "Say whether a child is in danger right now",
    Must.ANSWER_HARM: "Say whether there are signs of harm",
    Must.ANSWER_SOCIAL_WORKER: "Say whether there is a social worker now",
    Must.ANSWER_HOME: "Enter the postcode where the child lives",
    Must.ANSWER_ADULT: "Say whether the worry is about an adult who works with children",
    Must.ANSWER_TRAFFICKING: "Say whether this could be trafficking or modern slavery",
    Must.BE_SAFE: "Tell us that the child is safe now",
    Must.REPORT_WHEN: "Enter when you told {front_door}",
    Must.REPORT_NOT_IN_FUTURE: "The time when you told {front_door} must be in the past",
    Must.REPORT_TO_WHOM: "Enter their reference, or the role of the person you spoke to",
}
MUST_WORDS_ADULT: dict[Must, str] = {
    **MUST_WORDS,
    Must.ANSWER_DANGER: "Say whether anybody is in danger right now",
    Must.ANSWER_HOME: "Enter the postcode where the person lives",
    Must.BE_SAFE: "Tell us that the person is safe now",
    Must.REPORT_WHEN: "Enter when you told adult social care",
    Must.REPORT_NOT_IN_FUTURE: "The time when you told adult social care must be in the past",
}
ADVICE_WORDS: dict[Advice, Words] = {
    Advice.CALL_999: Words(
        "Call 999 now",
        "Say where the child is before anything else. Then call {front_door} on {telephone}. Your request can wait.",
    ),
    Advice.TELL_FRONT_DOOR: Words(
        "{front_door} needs to know first",
        "Call {telephone}. We keep your place here. Come back with the time and their reference.",
    ),
    Advice.TELL_SOCIAL_WORKER: Words(
        "Tell the child’s social worker", "They should hear about this from you before we start."
    ),
    Advice.ASK_FOR_SOCIAL_WORKER: Words(
        "You need not find out", "We ask whether there is a social worker, and tell you."
    ),
    Advice.TELL_HOME_COUNCIL: Words(
        "The child lives in {home_council}",
        "A worry about a child goes to the front door of the council where the child lives, here {home_council}, and to "
        "{front_door} on {telephone} about anything that happens here.",
    ),
    Advice.TELL_DESIGNATED_OFFICER: Words(
        "Tell the local authority designated officer",
        "A worry about an adult who works with children goes to the designated officer (LADO) within one working day. "
        "{front_door} puts you through on {telephone}. Write nothing about that adult here.",
    ),
    Advice.NATIONAL_REFERRAL: Words(
        "Say “trafficking” when you call {front_door}",
        "A first responder, such as the council or the police, refers a child to the National Referral Mechanism. "
        "A child’s agreement is not needed for that. Call {telephone}.",
    ),
}
ADVICE_WORDS_ADULT: dict[Advice, Words] = {
    Advice.CALL_999: Words("Call 999 now", "Say where the person is before anything else. Your request can wait."),
    Advice.TELL_FRONT_DOOR: Words(
        "Adult social care needs to know first",
        "Call the adult social care team of the council where the person lives. We keep your place here. "
        "Come back with the time and their reference.",
    ),
    Advice.TELL_SOCIAL_WORKER: Words(
        "Tell the person’s social worker", "They should hear about this from you before we start."
    ),
    Advice.ASK_FOR_SOCIAL_WORKER: Words(
        "You need not find out", "We ask whether there is a social worker, and tell you."
    ),
    Advice.TELL_HOME_COUNCIL: Words(
        "The person lives in {home_council}", "A worry about an adult goes to adult social care there."
    ),
    Advice.TELL_DESIGNATED_OFFICER: ADVICE_WORDS[Advice.TELL_DESIGNATED_OFFICER],
    Advice.NATIONAL_REFERRAL: Words(
        "Ask about the National Referral Mechanism",
        "A first responder, such as the council or the police, can refer an adult who agrees to it.",
    ),
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """
    What follows from the answers.

    ``must``: what is missing; while it is not empty, ``may_submit`` is False, except before a rapid response: there it
    is always True and ``tasks`` holds what has to be reported within the hour (INV-S2). ``home_council`` is the code of
    another council whose front door has to be named, "" if the child lives here. ``stopped``: the danger page comes
    now.
    """

    may_submit: bool
    must: tuple[Must, ...]
    advice: tuple[Advice, ...]
    show_999: bool
    show_front_door: bool
    stopped: bool
    home_council: str
    adult: bool
    tasks: tuple[Must, ...] = ()


def judge(answers: Answers, *, council: str, at: datetime, kind: For = For.CHILD) -> Verdict:
    """
    Say whether a request with these answers may be sent, what is missing, and what the person is told.

    ``council`` is the code of the council that this installation serves, ``at`` when the answers are judged.
    """
    danger, harm = answers.danger_now is YES, answers.harm is YES
    reported = (danger or harm) and _report_is_recorded(answers, at=at)
    missing = (*_unanswered(answers, kind=kind), *_not_yet_done(answers, danger=danger, harm=harm, at=at))
    elsewhere = _lives_elsewhere(answers.home_council, council=council)
    stopped = danger and not (reported and answers.safe_confirmed)
    told = {
        Advice.CALL_999: stopped,
        Advice.TELL_FRONT_DOOR: (danger or harm) and not reported,
        Advice.TELL_SOCIAL_WORKER: answers.social_worker is YES,
        Advice.ASK_FOR_SOCIAL_WORKER: answers.social_worker is UNKNOWN,
        Advice.TELL_HOME_COUNCIL: bool(elsewhere),
        Advice.TELL_DESIGNATED_OFFICER: answers.adult_works_with_children is YES,
        Advice.NATIONAL_REFERRAL: answers.trafficking in (YES, UNKNOWN),
    }
    rapid = kind is For.RAPID
    return Verdict(
        may_submit=rapid or not missing,
        must=() if rapid else missing,
        advice=tuple(advice for advice, holds in told.items() if holds),
        show_999=stopped,
        show_front_door=not answers.adult,  # always, not only when something is wrong (INV-S3)
        stopped=stopped and not rapid,
        home_council=elsewhere,
        adult=answers.adult,
        tasks=missing if rapid else (),
    )


def _unanswered(answers: Answers, *, kind: For) -> Iterable[Must]:
    """Yield the questions that this kind of request needs an answer to."""
    if answers.text_version != TEXT_VERSION:
        yield Must.ANSWER_AGAIN
    for question in questions_for(kind):
        if question.when is None and not getattr(answers, question.field):
            yield Must(question.field)


def _not_yet_done(answers: Answers, *, danger: bool, harm: bool, at: datetime) -> Iterable[Must]:
    """Yield what danger or harm makes necessary and nobody has recorded."""
    if not (danger or harm):
        return
    if answers.reported_at is None:
        yield Must.REPORT_WHEN
    elif answers.reported_at > at:
        yield Must.REPORT_NOT_IN_FUTURE
    if not (answers.reported_reference.strip() or answers.reported_to_role.strip()):
        yield Must.REPORT_TO_WHOM
    if danger and not answers.safe_confirmed:
        yield Must.BE_SAFE


def _report_is_recorded(answers: Answers, *, at: datetime) -> bool:
    return answers.reported and answers.reported_at is not None and answers.reported_at <= at


def _lives_elsewhere(home: str, *, council: str) -> str:
    """Return the code of the home council if it is known and not ours."""
    return home if home not in ("", UNKNOWN, council) else ""


def words_for(
    verdict: Verdict, *, front_door: str, telephone: str, home_council: str = ""
) -> tuple[list[str], list[Words]]:
    """
    Return what is missing and what is advised, as the person reads it.

    ``home_council`` is the name of the other council, where there is one.
    """
    known = {"front_door": front_door, "telephone": telephone, "home_council": home_council or "another council’s area"}
    must_words = MUST_WORDS_ADULT if verdict.adult else MUST_WORDS
    advice_words = ADVICE_WORDS_ADULT if verdict.adult else ADVICE_WORDS
    missing = [must_words[one].format(**known) for one in (*verdict.must, *verdict.tasks)]
    advised = [
        Words(words.title.format(**known), words.text.format(**known))
        for words in (advice_words[one] for one in verdict.advice)
    ]
    return missing, advised


def duty(*, front_door: str, telephone: str, adult: bool = False) -> Words:
    """Return the sentence that stands on every request's pages and in its mails (INV-S3)."""
    words = DUTY_ADULT if adult else DUTY
    return Words(
        words.title.format(front_door=front_door), words.text.format(front_door=front_door, telephone=telephone)
    )
