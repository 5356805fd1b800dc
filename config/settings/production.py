"""Production: every secret comes from the environment, everything travels over HTTPS, and there are no sample people."""

import os

from config.settings.base import *  # noqa: F403

ENVIRONMENT = "production"


def key(name: str) -> bytes:
    """
    Return a 32-byte key given as hexadecimal digits.

    :raises RuntimeError: if it is missing or has another length
    """
    value = bytes.fromhex(os.environ.get(name, ""))
    if len(value) != 32:
        raise RuntimeError(f"{name} must hold 64 hexadecimal digits")
    return value


SECRET_KEY = os.environ["SECRET_KEY"]
# "k2:hex,k1:hex": the first seals, all of them open
SEAL_KEYS = {
    name: bytes.fromhex(value) for name, value in (pair.split(":") for pair in os.environ["SEAL_KEYS"].split(","))
}
SEAL_INDEX_KEY = key("SEAL_INDEX_KEY")
AUDIT_KEY = key("AUDIT_KEY")

ALLOWED_HOSTS = os.environ["ALLOWED_HOSTS"].split(",")
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS]
SECURE_SSL_REDIRECT = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_NAME = "__Host-csrf"
SAMPLE_PEOPLE = False
# safekeeping.headers says who may frame a page: nobody, and in the CMS its own previews
SILENCED_SYSTEM_CHECKS = ["security.W002"]
EMAIL_HOST = os.environ.get("EMAIL_HOST", "localhost")
EMAIL_PORT = int(os.environ.get("EMAIL_PORT", "587"))
EMAIL_HOST_USER = os.environ.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = True
