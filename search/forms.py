"""What the finder asks beside the search itself: where to send an entry, and what to call a saved search."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms

from search import saved


class SendForm(forms.Form):
    """Where an entry is sent. There is no box for words: nothing about a child can be written."""

    email = forms.EmailField(
        label="Their e-mail address",
        help_text="We use it for this one e-mail and do not keep it.",
        max_length=254,
        error_messages={
            "required": "Enter their e-mail address",
            "invalid": "Enter one e-mail address, like name@example.org",
            "max_length": "Enter a shorter address",
        },
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


class SavedSearchForm(forms.Form):
    """What a saved search is called."""

    name = forms.CharField(
        label="What will you call it?",
        help_text="Only you see this. Name what you look for, never a child or a family.",
        max_length=60,
        error_messages={"required": "Give it a name", "max_length": "Use 60 characters or fewer"},
    )

    def __init__(self, *args: Any, at: datetime, **options: Any) -> None:
        super().__init__(*args, **options)
        self.at = at

    def clean_name(self) -> str:
        name = " ".join(str(self.cleaned_data["name"]).split())
        if trouble := saved.trouble_with_name(name, at=self.at):
            raise forms.ValidationError(trouble)
        return name
