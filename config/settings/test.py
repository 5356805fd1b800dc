"""Tests: fixed keys, quick hashing, mail kept in the outbox."""

import os
import tempfile
from pathlib import Path

# A test run leaves nothing beside the newcomer's own data.
os.environ.setdefault("VAR_DIR", str(Path(tempfile.gettempdir()) / f"alongside-tests-{os.getuid()}"))

from config.settings.base import *  # noqa: F403
from config.settings.base import INSTALLED_APPS, STORAGES

ENVIRONMENT = "test"
SECRET_KEY = "only-for-tests-" + "x" * 50
SEAL_KEYS = {"k1": bytes(range(32))}
SEAL_INDEX_KEY = bytes(range(1, 33))
AUDIT_KEY = bytes(range(2, 34))
ALLOWED_HOSTS = ["*"]
INSTALLED_APPS = [*INSTALLED_APPS, "config.development"]
SAMPLE_PEOPLE = True
# Whoever tests Elasticsearch says so (tests/elasticsearch); an address in the environment is not for everybody.
ELASTICSEARCH_URL = ""
SEARCH_BACKEND = "search.backends.database.DatabaseBackend"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
OUTBOX_DELIVERY_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
