"""Who a service is for, in plain words, and whether an age fits: arithmetic and wording without a database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

# What a reader is told of a group's make-up, where the vocabulary's own label would not read as part of a sentence.
COMPOSITION_WORDS = {
    "mixed": "any gender",
    "culturally_specific": "a shared culture",
    "girls_only": "girls",
    "boys_only": "boys",
    "lgbtq_plus": "LGBTQ+ young people",
    "parents_carers": "parents and carers",
    "care_experienced": "care-experienced young people",
    "send_specialist": "young people with special educational needs",
}
SIBLINGS = "siblings_family"
# Said of those whom no age describes.
SUBJECT_WORDS = {
    "parent": "Parents and carers",
    "context": "Schools, groups and places",
    "professional": "Professionals",
    "any": "Anybody",
}


@dataclass(frozen=True, slots=True)
class Ages:
    """Completed years, both ends included; None leaves an end open. Tested on the day support starts (domain V11)."""

    minimum: int | None = None
    maximum: int | None = None

    def take(self, age: int) -> bool:
        """Say whether somebody of that age fits."""
        return (self.minimum is None or self.minimum <= age) and (self.maximum is None or age <= self.maximum)

    def words(self) -> str:
        """Return "10 to 16", "from 16", "up to 12", or "" where age does not matter."""
        match self.minimum, self.maximum:
            case None, None:
                return ""
            case lowest, None:
                return f"from {lowest}"
            case None, highest:
                return f"up to {highest}"
            case lowest, highest:
                return str(lowest) if lowest == highest else f"{lowest} to {highest}"

    def misfit(self, age: int) -> str:
        """Return why that age does not fit: "takes people from 16"; "" if it fits."""
        if self.minimum is not None and age < self.minimum:
            return f"takes people from {self.minimum}"
        if self.maximum is not None and age > self.maximum:
            return f"takes people up to {self.maximum}"
        return ""


def for_whom(ages: Ages, *, subject: str = "child", compositions: Mapping[str, str] | None = None) -> str:
    """
    Return the line "10 to 16, any gender, and brothers and sisters".

    :param compositions: the group's make-up, code to label
    """
    told = dict(compositions or {})
    siblings = told.pop(SIBLINGS, None) is not None
    if subject in SUBJECT_WORDS and subject != "any":
        first = SUBJECT_WORDS[subject]
        extra = [
            COMPOSITION_WORDS.get(code, label)
            for code, label in told.items()
            if code not in ("mixed", "parents_carers")
        ]
        return ", ".join([first, *extra])
    parts = [ages.words() or ("any age" if subject != "any" else "anybody")]
    parts += [COMPOSITION_WORDS.get(code, label) for code, label in told.items()] or (
        ["any gender"] if subject == "child" else []
    )
    if siblings:
        parts.append("and brothers and sisters")
    line = ", ".join(parts)
    return line[0].upper() + line[1:]


def alternatives(rules: Iterable[tuple[int, str]]) -> list[str]:
    """
    Return one line for each group of rules: within a group any one is enough, and all groups must hold.

    :param rules: pairs of group and message
    """
    groups: dict[int, list[str]] = {}
    for group, message in rules:
        groups.setdefault(group, []).append(message.rstrip("."))
    return [". Or: ".join(messages) for messages in groups.values()]


def in_a_row(names: Sequence[str], *, most: int = 6) -> str:
    """Return "Ashley, Central and Easton"; beyond ``most`` names, "… and 5 more"."""
    if len(names) > most:
        return f"{', '.join(names[:most])} and {len(names) - most} more"
    return names[0] if len(names) == 1 else " and ".join([", ".join(names[:-1]), names[-1]]) if names else ""
