"""
Addresses that letters come back from: who marks one, who hears of it, and how it is forgiven.

An address is marked when a mail server refuses it for good while we send, or when the operator's mail system says that a
letter came back later (`manage.py bounced`). A server that refuses *us* (5.7.x: policy, relaying) says nothing about the
address, nor does a full mailbox (5.2.2): a fault of ours must not silence everybody. Codes: RFC 5321, RFC 3463.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from smtplib import SMTPRecipientsRefused
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.dispatch import Signal
from django.http import HttpRequest

from safekeeping import audit
from safekeeping.models import BouncingAddress, User
from safekeeping.policy import Hat

NO_SUCH_ADDRESS = (550, 551, 553)
ENHANCED = re.compile(r"\b5\.(\d{1,3})\.(\d{1,3})\b")
FORGET_AFTER = timedelta(days=400)
# Sent with `email` and `at`, in the transaction in which an address is newly marked.
address_returned = Signal()


def refused_for_good(trouble: BaseException) -> dict[str, str]:
    """Return the addresses that a mail server says do not exist, with the code; nothing for any other trouble."""
    if not isinstance(trouble, SMTPRecipientsRefused):
        return {}
    return {
        address: str(status)
        for address, (status, words) in trouble.recipients.items()
        if means_no_such_address(status, words)
    }


def means_no_such_address(status: int, words: bytes | str) -> bool:
    """Say whether a server's answer is about the address: by its finer code if it gives one."""
    text = words.decode("ascii", "replace") if isinstance(words, bytes) else str(words)
    if not 500 <= status < 600:
        return False
    finer = ENHANCED.search(text)
    if finer is None:
        return status in NO_SUCH_ADDRESS
    subject, detail = finer.groups()
    return subject == "1" or (subject, detail) == ("2", "1")


@transaction.atomic
def mark(email: str, *, code: str, at: datetime) -> bool:
    """Send nothing to that address any more, and tell whom it concerns; False if it was marked already."""
    row, new = BouncingAddress.objects.get_or_create(
        email=email.strip().lower(), defaults={"code": code[:12], "bounced_at": at}
    )
    if new:
        address_returned.send(sender=BouncingAddress, email=row.email, at=at)
        audit.record("address.returns", by=None, kind="mail", at=at, subject="address", ref=str(row.pk))
    return new


@transaction.atomic
def forgive(email: str, *, by: Hat | None, actor: int | None = None, at: datetime) -> bool:
    """Send letters to that address again; False if they were sent already."""
    row = BouncingAddress.objects.filter(email=email.lower()).first()
    if row is None:
        return False
    number = str(row.pk)
    row.delete()
    audit.record("address.works", by=by, actor=actor, at=at, subject="address", ref=number)
    return True


def bouncing(emails: Iterable[str]) -> set[str]:
    """Return those of the addresses, in lower case, that letters come back from."""
    wanted = {one.lower() for one in emails}
    return set(BouncingAddress.objects.filter(email__in=wanted).values_list("email", flat=True))


def of(user: User) -> BouncingAddress | None:
    """Return since when letters to this person come back; None if they do not."""
    return BouncingAddress.objects.filter(email=user.email.lower()).first()


def say_at_sign_in(sender: Any, request: HttpRequest, user: User, **more: Any) -> None:
    """Tell somebody who signs in that our letters do not reach them."""
    if of(user) is not None:
        told = f"Our e-mails to {user.email} come back, so we send you none. “Your account” says what you can do."
        messages.warning(request, told, fail_silently=True)  # a program that signs in has no page to say it on


def forget_old(at: datetime) -> None:
    """Forget what came back more than a year ago: the address may be somebody else's by now."""
    BouncingAddress.objects.filter(bounced_at__lt=at - FORGET_AFTER).delete()
