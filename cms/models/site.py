"""What a steward says once for every page: how the front door is reached, who answers out of hours, what stands in the footer."""

from __future__ import annotations

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q

ONLY = 1  # the one row
# A number that can be dialled here: it begins with 0 and has ten or eleven figures, or is one of the short ones.
TELEPHONE = RegexValidator(
    r"^(?:0(?: ?[0-9]){9,10}|1(?: ?[0-9]){2,5})\Z", "Enter a telephone number in figures, such as 0117 496 0000."
)


class SiteWords(models.Model):
    """
    One row. What is left empty is as the city's data says it, so nothing here can take a number away.

    The number of the front door stands here for the day on which it changes; the city's data stays what is shown when the
    database cannot be read.
    """

    front_door_telephone = models.CharField(
        max_length=20,
        blank=True,
        validators=[TELEPHONE],
        help_text="Only if it is another than the one that came with the site. Ring it before you save it: it is shown "
        "on every page and in every e-mail.",
    )
    front_door_hours = models.CharField(
        max_length=80, blank=True, help_text="In words, like “Monday to Friday, 9am to 5pm”."
    )
    late_name = models.CharField(
        "who answers out of hours",
        max_length=80,
        blank=True,
        help_text="Shown while the front door is closed. Needs a number.",
    )
    late_telephone = models.CharField("their telephone", max_length=20, blank=True, validators=[TELEPHONE])
    footer = models.CharField(
        max_length=240,
        blank=True,
        help_text="One or two sentences at the foot of every page. Never a name or a number.",
    )
    finder_note = models.CharField(
        "words beside the search boxes",
        max_length=160,
        blank=True,
        help_text="Before “Please don’t type a child’s name.”, which stays.",
    )

    class Meta:
        verbose_name = "words of the site"
        verbose_name_plural = "words of the site"
        constraints = [
            models.CheckConstraint(condition=Q(pk=ONLY), name="site_words_are_one_row"),
            models.CheckConstraint(
                condition=Q(late_name="", late_telephone="") | (~Q(late_name="") & ~Q(late_telephone="")),
                name="site_words_late_name_and_number",
            ),
        ]

    def __str__(self) -> str:
        return "Words on every page"
