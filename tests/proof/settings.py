"""The development site, with the proofs' own address and a letter box that sometimes does not say that it took the letter."""

from config.settings.development import *  # noqa: F403
from config.settings.development import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.proof.apps.ProofConfig"]
ROOT_URLCONF = "tests.proof.urls"
OUTBOX_DELIVERY_BACKEND = "tests.proof.letter_box.LetterBox"
