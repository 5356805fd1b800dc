"""What a reader is asked who reports something or suggests a service."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms

from directory.models.report import ReportKind, WhatIsWrong
from directory.reports import LONGEST_TEXT, Told, people_in
from safekeeping import personal_data
from safekeeping.forms import Radios

PAGE_CHOICES = [one for one in WhatIsWrong.choices if one[0] in ("contact", "words", "hard", "other")]


def told_of_people(text: str, *, at: datetime, but: str = "") -> str:
    """Return what to say to somebody whose text says who a person is, "" if it does not."""
    found = people_in(text, at=at, but=but)
    if not found:
        return ""
    return f"{personal_data.explain(found[0]).said}. Leave it out, or write a role, like “the manager”"


class FromReader(forms.Form):
    """What both forms ask at their end: where an answer may go."""

    email = forms.EmailField(
        label="Your e-mail address (optional)",
        help_text="Only if you want to hear what became of it. We delete it 90 days after we have answered.",
        required=False,
        max_length=254,
        error_messages={
            "invalid": "Enter an e-mail address like name@example.org",
            "max_length": "Enter a shorter address",
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, at: datetime, **options: Any) -> None:
        super().__init__(*args, **options)
        self.at = at


class ReportForm(FromReader):
    """What is wrong with an entry or a page."""

    what = forms.ChoiceField(
        label="What is wrong?",
        choices=WhatIsWrong.choices,
        widget=Radios,
        error_messages={"required": "Choose what is wrong"},
    )
    text = forms.CharField(
        label="What should it say?",
        help_text="Facts only: no names, and nothing about a child or a family.",
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={
            "required": "Say what is wrong, in a few words",
            "max_length": f"Use {LONGEST_TEXT} characters or fewer",
        },
    )
    field_order = ("what", "text", "email")

    def __init__(self, *args: Any, for_page: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        if for_page:
            self.fields["what"].choices = PAGE_CHOICES  # type: ignore[attr-defined]

    def clean_text(self) -> str:
        text = self.cleaned_data["text"]
        if trouble := told_of_people(text, at=self.at):
            raise forms.ValidationError(trouble)
        return str(text)

    def told(self, *, service_id: UUID | None = None, organization_id: UUID | None = None, page: str = "") -> Told:
        """Return what the reader says."""
        said = self.cleaned_data
        return Told(
            kind=ReportKind.WRONG,
            what=said["what"],
            text=said["text"],
            address=said["email"],
            service_id=service_id,
            organization_id=organization_id,
            page=page,
        )


class SuggestForm(FromReader):
    """Which service is missing."""

    name = forms.CharField(
        label="What is it called?",
        max_length=120,
        error_messages={"required": "Enter what it is called", "max_length": "Use 120 characters or fewer"},
    )
    text = forms.CharField(
        label="What does it do, and for whom?",
        help_text="No names of people, and nothing about a child or a family.",
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={
            "required": "Say what it does, in a few words",
            "max_length": f"Use {LONGEST_TEXT} characters or fewer",
        },
    )
    reach = forms.CharField(
        label="How can we reach them? (optional)",
        help_text="A website, or an office’s telephone number or e-mail address.",
        max_length=200,
        required=False,
        error_messages={"max_length": "Use 200 characters or fewer"},
    )
    field_order = ("name", "text", "reach", "email")

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        for field in ("text", "reach"):
            if said.get(field) and (trouble := told_of_people(said[field], at=self.at, but=said.get("name", ""))):
                self.add_error(field, trouble)
        return said

    def told(self) -> Told:
        """Return what the reader says."""
        said = self.cleaned_data
        return Told(
            kind=ReportKind.MISSING, name=said["name"], text=said["text"], reach=said["reach"], address=said["email"]
        )
