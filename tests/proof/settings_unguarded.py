"""For the control of the race: the ledger of places without its guard. No setting of the site itself can do this."""

from tests.proof.settings import *  # noqa: F403
from tests.proof.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS[:-1], "tests.proof.apps.UnguardedConfig"]
