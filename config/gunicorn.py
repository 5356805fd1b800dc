"""How the web server runs: few processes, some threads, and log lines that hold a path and never what was searched for."""

from __future__ import annotations

import os
from typing import Any

from config import collector

bind = os.environ.get("BIND") or f"127.0.0.1:{os.environ.get('PORT') or '8000'}"
workers = int(os.environ.get("WEB_CONCURRENCY") or "2")
preload_app = True  # read once and shared: a worker, also one that takes another's place, is there at once
worker_class = "gthread"
threads = 4
timeout = 60  # seconds; a request that takes longer has lost its reader
graceful_timeout = 10
keepalive = 5
control_socket_disable = True  # else it is one file in the home folder, which every site of this user would fight for
max_requests = 5000  # then a worker is replaced, so that a slow leak never becomes an outage
max_requests_jitter = 500
limit_request_line = 4094
forwarded_allow_ips = os.environ.get("FORWARDED_ALLOW_IPS", "127.0.0.1")

# Moment, method, path, status, bytes, milliseconds. Not the query string (%(q)s, %(r)s), where postcodes and words of
# a search are; not the referrer (%(f)s), which repeats them; not the address of the caller (%(h)s), nor the browser.
access_log_format = "%(t)s %(m)s %(U)s %(s)s %(B)s %(M)s"
logconfig_dict = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"redact": {"()": "safekeeping.logs.Redact"}},
    "formatters": {
        "line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"},
        "bare": {"format": "{message}", "style": "{"},
    },
    "handlers": {
        "errors": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["redact"]},
        "requests": {"class": "logging.StreamHandler", "formatter": "bare", "filters": ["redact"]},
    },
    "root": {"handlers": ["errors"], "level": "INFO"},
    "loggers": {
        # A request that cannot be read is quoted in the message: the filter takes out what it quotes.
        "gunicorn.error": {"handlers": ["errors"], "level": "INFO", "propagate": False},
        "gunicorn.access": {"handlers": ["requests"], "level": "INFO", "propagate": False},
    },
}


def when_ready(server: Any) -> None:
    """Before the first worker: read the addresses as well, so that all views are shared, and what every search needs to know."""
    from django.db import DatabaseError, connections
    from django.urls import get_resolver

    from search.tasks import read_ahead

    get_resolver().reverse_dict  # noqa: B018 - reading it imports every view
    try:
        read_ahead()
    except DatabaseError as away:  # each worker reads it when it is first asked; readiness says what is wrong
        server.log.warning("nothing could be read ahead: %s", type(away).__name__)
    finally:
        connections.close_all()  # no two processes may speak on one connection
    collector.look_less_often()
