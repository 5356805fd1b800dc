"""What somebody may say about the e-mails they get."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from directory.models import LetterKind
from safekeeping.forms import Checkboxes

HINTS: dict[str, str] = {
    LetterKind.DUE: "Is this still right? One e-mail a day at most, in working hours.",
    LetterKind.ANSWERS: "Published, or not yet and why. The page of your service says it in any case.",
    LetterKind.DIGEST: "On Mondays, if something is.",
    LetterKind.WAITING: "On working days, if something waits for a steward.",
}


class LettersForm(forms.Form):
    """The kinds of e-mail that somebody can do without; one without a tick is not sent."""

    kinds = forms.MultipleChoiceField(
        label="Which of these do you want?", required=False, widget=Checkboxes(hints=HINTS)
    )

    def __init__(self, *args: Any, kinds: Iterable[LetterKind], **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["kinds"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(kind.value, kind.label) for kind in kinds]
        field.error_messages["invalid_choice"] = "Choose from the e-mails in this list"

    def nobody_else(self) -> None:
        """Say why nobody can be left out."""
        self.add_error(
            "kinds",
            "You are the only one who is asked. Let a colleague who is a manager be asked first, then you can stop",
        )
