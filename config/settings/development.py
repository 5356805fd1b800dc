"""One machine, one command: random keys on the first start, sample people, mail readable in the browser."""

import os

from config.settings.base import *  # noqa: F403
from config.settings.base import INSTALLED_APPS, STORAGES, VAR
from config.settings.keys import keys_of

ENVIRONMENT = "development"
keys = keys_of(VAR)
SECRET_KEY = keys["secret"]
SEAL_KEYS = {"k1": bytes.fromhex(keys["seal"])}
SEAL_INDEX_KEY = bytes.fromhex(keys["seal_index"])
AUDIT_KEY = bytes.fromhex(keys["audit"])

DEBUG = os.environ.get("DEBUG") == "1"
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
INSTALLED_APPS = [*INSTALLED_APPS, "config.development"]
SAMPLE_PEOPLE = True  # the sign-in page offers them, one button each; production has neither setting nor address
OUTBOX_DELIVERY_BACKEND = "config.development.mail.Readable"
if DEBUG:
    STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
