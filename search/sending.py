"""
An entry of the directory, sent to a family by e-mail: what stands on its public page, and not a word of the sender's.

Only what everybody may read is sent, and nothing that a coordinator wants to be asked about first. The address is
forgotten when the e-mail has left. What counts how many come from one person, go to one address, or are sent in all is a
pair of keyed marks that are others every day, and gone after one.
"""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse

from directory import service_page
from directory.models import Service
from directory.service_page import ServicePage
from safekeeping import bounces, front_door, outbox
from safekeeping.floods import DAY, HOUR, Limit, TooMany, mark_of
from search.models import EntrySent

FROM_ONE = Limit(10, within=HOUR)
TO_ONE = Limit(3, within=DAY)
IN_ALL = Limit(120, within=HOUR)
FORGET_AFTER = timedelta(days=1)


def page_to_send(slug: str, *, at: datetime) -> ServicePage | None:
    """Return the public page of that entry; None if there is none, or it is not to be passed on without a word."""
    pk = Service.objects.visible_to(None).filter(slug=slug).values_list("pk", flat=True).first()
    page = service_page.page_of(pk, hat=None, at=at) if pk else None
    return page if page and not page.card.restricted else None


@transaction.atomic
def send(page: ServicePage, *, to: str, sender: str, at: datetime) -> bool:
    """
    Send what stands on the public page to one address; False if letters to it come back, which the sender is not told.

    :param sender: what the sender is known by: a person's id, or a network address
    :raises TooMany: if too many were sent from there, to that address, or in all
    """
    address = to.strip().lower()
    sent_from, sent_to = f"from:{sender}", f"to:{address}"
    sent = EntrySent.objects.all()
    if (
        IN_ALL.reached(sent, at=at)
        or FROM_ONE.reached(sent.filter(sender__in=FROM_ONE.marks_of(sent_from, at=at)), at=at)
        or TO_ONE.reached(sent.filter(recipient__in=TO_ONE.marks_of(sent_to, at=at)), at=at)
    ):
        raise TooMany
    EntrySent.objects.create(sender=mark_of(sent_from, at=at), recipient=mark_of(sent_to, at=at), sent_at=at)
    if bounces.bouncing([address]):
        return False
    text = render_to_string(
        "search/mail/entry.txt",
        {
            "page": page,
            "card": page.card,
            "address": settings.BASE_URL + reverse("directory:service", args=[page.card.slug]),
            "site_name": settings.SITE_NAME,
            "city": front_door.city(),
            "front_door": front_door.door(),
        },
    )
    # The subject says nothing: somebody else may see the list of a family's e-mails.
    outbox.mail(
        key=f"entry:{uuid.uuid4()}",
        to=to.strip(),
        subject=f"Something to read, from {settings.SITE_NAME}",
        text=text,
        at=at,
        forget=True,
    )
    return True


def forget(at: datetime) -> None:
    """Forget yesterday's marks."""
    EntrySent.objects.filter(sent_at__lte=at - FORGET_AFTER).delete()
