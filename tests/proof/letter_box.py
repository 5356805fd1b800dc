"""A letter box in a folder: takes every letter, and after one in five pretends that it did not."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from random import SystemRandom

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import EmailMessage

LOST = float(os.environ.get("PROOF_LOST_ANSWERS", "0.2"))
LETTERS = os.environ.get("PROOF_LETTERS")  # where another disk than the site's is wanted
chance = SystemRandom()


class AnswerLost(OSError):
    """The letter is in the box, and the line went dead before it said so."""


class LetterBox(BaseEmailBackend):
    """Writes one line of JSON for each letter, to the end of `letters.jsonl` in the site's folder or of another file."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """
        Take the letters.

        :raises AnswerLost: after one in five has been taken
        """
        for message in email_messages:
            line = json.dumps({"id": message.extra_headers["Message-ID"], "subject": message.subject, "to": message.to})
            descriptor = os.open(
                LETTERS or settings.VAR / "letters.jsonl", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600
            )
            try:
                os.write(descriptor, f"{line}\n".encode())
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
            if chance.random() < LOST:
                raise AnswerLost
        return len(email_messages)
