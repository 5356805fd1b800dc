"""The shape of a provider's answers: yes or no to an offer, and what becomes of a support place."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms

from brokering.answers import MOST_CHARACTERS, SHORT
from brokering.models import NEVER_STARTED, DeclineReason, EndReason
from safekeeping.forms import DatePartsField, Radios, offer_choices

NOBODY = ""
# What a provider says most often; the others are behind "Another reason" (domain §3.19).
COMMON = (
    DeclineReason.NO_CAPACITY,
    DeclineReason.AGE,
    DeclineReason.AREA,
    DeclineReason.RISK_TOO_HIGH,
    DeclineReason.CO_ATTENDANCE,
    DeclineReason.SPECIALISM,
    DeclineReason.INFORMATION,
)
ANOTHER = "another"
OTHERS = tuple(one for one in DeclineReason if one not in COMMON)


class AcceptForm(forms.Form):
    """Who will be the worker and when they could first meet."""

    prefix = "yes"
    worker = forms.ChoiceField(
        label="Who will it be?",
        required=False,
        help_text="They see their own young people here, and no others. You can leave this for now.",
    )
    worker_role = forms.CharField(
        label="In which role?",
        help_text="Such as mentor or keyworker. The family is told this.",
        max_length=120,
        error_messages={"required": "Enter the worker’s role, such as mentor"},
    )
    first_meeting_on = DatePartsField(
        label="When could you first meet?",
        help_text="For example, 24 11 2026",
        error_messages={"required": "Enter the day when you could first meet"},
    )

    def __init__(self, *args: Any, workers: Iterable[tuple[int, str]] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        workers = list(workers)
        if workers:
            offer_choices(self, "worker", [(NOBODY, "Not decided yet"), *((str(pk), name) for pk, name in workers)])
        else:
            del self.fields["worker"]

    @property
    def worker_membership(self) -> int | None:
        """The membership of the chosen worker, if one was chosen."""
        chosen = self.cleaned_data.get("worker")
        return int(chosen) if chosen else None


class DeclineForm(forms.Form):
    """Why not: one tick for the common reasons, the others behind "Another reason"."""

    prefix = "no"
    why = forms.ChoiceField(
        label="Why? It tells us where to look next.",
        choices=[*((one.value, one.label) for one in COMMON), (ANOTHER, "Another reason")],
        widget=Radios,
        error_messages={"required": "Choose why you cannot"},
    )
    other = forms.ChoiceField(
        label="Which?",
        required=False,
        choices=[("", "Choose a reason"), *((one.value, one.label) for one in OTHERS)],
    )
    words = forms.CharField(
        label="Anything to add",
        help_text="Only the coordinator reads it. No names.",
        required=False,
        max_length=SHORT,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        if found.get("why") == ANOTHER and not found.get("other"):
            self.add_error("other", "Choose which reason it is")
        elif found.get("other") == DeclineReason.OTHER and found.get("why") == ANOTHER and not found.get("words"):
            self.add_error("words", "Say in a few words why you cannot")
        return found

    @property
    def reason(self) -> DeclineReason:
        """The reason as it is recorded."""
        why = self.cleaned_data["why"]
        return DeclineReason(self.cleaned_data["other"] if why == ANOTHER else why)


class QuestionForm(forms.Form):
    """A question before answering; the clock keeps running."""

    prefix = "ask"
    text = forms.CharField(
        label="Your question",
        help_text="The coordinator answers it here. No names. The clock keeps running.",
        max_length=MOST_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Write your question"},
    )


class MetForm(forms.Form):
    """When worker and child first met."""

    prefix = "met"
    on = DatePartsField(label="When did you first meet?", error_messages={"required": "Enter the day when you met"})

    def __init__(self, *args: Any, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["on"].initial = today


class StartForm(forms.Form):
    """When support began and until when it is planned; what the days may be, `brokering.places` decides."""

    prefix = "start"
    on = DatePartsField(
        label="When did support begin?", error_messages={"required": "Enter the day when support began"}
    )
    planned_end_on = DatePartsField(
        label="Until when is it planned?",
        required=False,
        help_text="Leave it empty for as long as your service lasts.",
    )

    def __init__(self, *args: Any, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["on"].initial = today


class EndForm(forms.Form):
    """Why it ends, what comes next, and whether the family knows."""

    prefix = "end"
    reason = forms.ChoiceField(label="Why does it end?", error_messages={"required": "Choose why it ends"})
    next_step = forms.CharField(
        label="What comes next for them?",
        help_text="The coordinator and whoever asked read this. No names.",
        max_length=MOST_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say what comes next, even if it is nothing"},
    )
    family_told_on = DatePartsField(
        label="When was the family told?",
        required=False,  # not after a child's death: `brokering.places` knows
        help_text="A person tells them, before this is saved.",
    )

    def __init__(self, *args: Any, met: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        offer_choices(
            self,
            "reason",
            [
                ("", "Choose a reason"),
                *((one.value, one.label) for one in EndReason if met is not (one in NEVER_STARTED)),
            ],
        )
