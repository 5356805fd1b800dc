"""
What a log line may hold: what happened and where in the code, never what somebody typed, searched for or is called.

Free of Django, so that the web server can use it before Django is there.
"""

from __future__ import annotations

import logging
import re
import traceback
from typing import Any

POSTCODE = r"\b[A-Za-z]{1,2}[0-9][A-Za-z0-9]?(?:\s|%20|\+|-|_)*[0-9][A-Za-z]{2}\b"
PATTERNS = (
    # the web server quotes what it could not read
    (re.compile(r"Invalid request from ip=\S+ ([A-Za-z ]+).*", re.DOTALL), r"Invalid request: \1"),
    # everything after the question mark of an address
    (re.compile(r"\?[^\s\"'<>]+"), "?[query]"),
    (re.compile(r"[\w.+'%-]+(?:@|%40)[\w-]+(?:\.[\w-]+)+"), "[e-mail]"),
    (re.compile(POSTCODE), "[postcode]"),
    # a telephone number, spoken or not: 0 or +44, then nine or more figures
    (re.compile(r"(?<![\w-])(?:\+44|0044|0)(?:[\s()./-]*\d){9,11}(?!\w)"), "[number]"),
)


def redact(text: str) -> str:
    """Return ``text`` without query strings, e-mail addresses, postcodes and telephone numbers."""
    for pattern, instead in PATTERNS:
        text = pattern.sub(instead, text)
    return text


def outline(error: BaseException) -> str:
    """
    Return where an exception came from, link by link of its chain: files, lines, functions and kinds, without words.

    The words of an exception often quote what was being saved or parsed.
    """
    told: list[str] = []
    seen: set[int] = set()
    link: BaseException | None = error
    while link is not None and id(link) not in seen:
        seen.add(id(link))
        frames = traceback.extract_tb(link.__traceback__)
        told.append(
            f"{type(link).__module__}.{type(link).__qualname__}\n"
            + "\n".join(f'  File "{frame.filename}", line {frame.lineno}, in {frame.name}' for frame in frames)
        )
        link = link.__cause__ or (None if link.__suppress_context__ else link.__context__)
    return "\nafter ".join(told)


class Redact(logging.Filter):
    """Rewrites each record on its way out; a record that cannot be rewritten loses its words rather than its safety."""

    def filter(self, record: logging.LogRecord) -> bool:
        try:
            message = redact(record.getMessage())
        except Exception:  # a wrong number of arguments must not print them
            message = f"[message of {record.name} could not be written]"
        record.msg, record.args = message, ()
        if record.exc_info:
            error: Any = record.exc_info[1]
            record.exc_text = outline(error) if isinstance(error, BaseException) else None
            record.exc_info = None
        elif record.exc_text:
            record.exc_text = redact(record.exc_text)
        if record.stack_info:
            record.stack_info = redact(record.stack_info)
        return True
