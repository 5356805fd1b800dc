"""What the finder tells people by e-mail: that something has a place. Neither a name that they gave nor an age is in it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import urlencode

from directory.availability import LONDON
from safekeeping import front_door, outbox

if TYPE_CHECKING:
    from search.saved import News

# An e-mail lists so many for each search; the search itself has all of them.
MOST_LISTED = 8


def tell_of_places(news: Sequence[News], *, token: str, at: datetime) -> bool:
    """Tell one person what has a place now; False if they were told of something today."""
    from search.saved import in_words

    person = news[0].row.membership.user
    lines = [
        {
            "words": in_words(one.row.facets, one.row.place, with_age=False),
            "cards": one.cards[:MOST_LISTED],
            "more": max(0, len(one.cards) - MOST_LISTED),
        }
        for one in news
    ]
    count = len({card.id for one in news for card in one.cards})
    text = render_to_string(
        "search/mail/places.txt",
        {
            "to": person.get_short_name() if person.name else "",
            "lines": lines,
            "base_url": settings.BASE_URL,
            "saved": settings.BASE_URL + reverse("search:saved"),
            "stop": f"{settings.BASE_URL}{reverse('search:stop')}?{urlencode({'t': token})}",
            "site_name": settings.SITE_NAME,
            "front_door": front_door.door(),
        },
    )
    row = outbox.mail(
        key=f"saved-searches:{person.pk}:{at.astimezone(LONDON):%Y%m%d}",
        to=person.email,
        subject="A service that you look for has a place"
        if count == 1
        else f"{count} services that you look for have a place",
        text=text,
        at=at,
    )
    return row is not None
