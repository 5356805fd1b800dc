"""Make the search index anew from the published rows."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand

from search import common_words
from search.backends import backend
from search.documents import all_documents


class Command(BaseCommand):
    help = "Make the search index anew. Readers see the old one until the new one is whole."

    def handle(self, *args: Any, **options: Any) -> None:
        started = time.monotonic()
        engine = backend()
        engine.replace_all(all_documents())
        common_words.count()
        self.stdout.write(f"Search: {len(engine.digests())} services in {time.monotonic() - started:.1f} s.")
