"""Settings that every way of running shares; what differs is in `development`, `production` and `test`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from csp.constants import NONCE, NONE, SELF

from config.city import City
from config.databases import database_from
from config.tiles import tiles_origin

BASE_DIR = Path(__file__).resolve().parent.parent.parent
VAR = Path(os.environ.get("VAR_DIR", BASE_DIR / "var"))
CITY = City.load(os.environ.get("CITY", "bristol"))
SITE_NAME = os.environ.get("SITE_NAME", CITY.site_name)
BASE_URL = os.environ.get("BASE_URL", "http://127.0.0.1:8000")

DEBUG = False
ALLOWED_HOSTS: list[str] = []
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
# A transaction belongs to the verb that needs it: on SQLite every atomic request would take the one write lock.
ATOMIC_REQUESTS = False
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES = {"default": database_from(os.environ.get("DATABASE_URL", ""), default=VAR / "alongside.sqlite3")}
POSTCODES_FILE = VAR / "postcodes.sqlite3"
OUTLINES_FILE = VAR / "outlines.json"

INSTALLED_APPS = [
    # Ours, from the top of the house down; an app's templates win over those of the libraries below it.
    "cms",
    "brokering",
    "training",
    "search",
    "directory",
    "safekeeping",
    "config",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "csp",
    "django_filters",
    "django_htmx",
    "wagtail.contrib.redirects",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.users",
    "wagtail.sites",  # the list of pages links to it for a superuser, and fails without
    "cms.quiet_admin.QuietAdminConfig",  # wagtail.admin, which mails nobody
    "wagtail",
    "modelsearch",  # finds pages, pictures and documents in the admin; services have a finder of their own
    "modelcluster",
    "taggit",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "safekeeping.headers.HeadersMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "safekeeping.audit.RequestFactsMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "safekeeping.sessions.SessionRulesMiddleware",
    "safekeeping.policy.PolicyMiddleware",
    "cms.groups.GroupsFollowTheHat",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
    "cms.redirects.OldAddresses",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "config.context.site",
            ],
            "builtins": ["config.templatetags.look"],
        },
    }
]
FORM_RENDERER = "config.forms.Renderer"

# --- people -----------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "safekeeping.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "start"
WAGTAILADMIN_LOGIN_URL = LOGIN_URL  # else the CMS has a door of its own, without the second factor
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_ADAPTER = "safekeeping.accounts.AccountAdapter"
ACCOUNT_EMAIL_VERIFICATION = "none"  # accounts are made by a steward for a known work address; there is no sign-up
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
# allauth counts failed sign-ins in each process's cache, and `axes` counts them in the database: one lock is enough.
ACCOUNT_RATE_LIMITS = {"login_failed": None}
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # a stranger's address gets no mail from us
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_FORMS = {
    "login": "safekeeping.account_forms.SignIn",
    "reset_password": "safekeeping.account_forms.ForgottenPassword",
    "reset_password_from_key": "safekeeping.account_forms.NewPassword",
    "change_password": "safekeeping.account_forms.ChangePassword",
    "reauthenticate": "safekeeping.account_forms.Confirm",
}
MFA_ADAPTER = "safekeeping.accounts.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "safekeeping.account_forms.SecondFactor",
    "reauthenticate": "safekeeping.account_forms.SecondFactorAgain",
    "activate_totp": "safekeeping.account_forms.SetUpSecondFactor",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = SITE_NAME
MFA_TOTP_TOLERANCE = 1  # half a minute either way, for those who type slowly; each code works once all the same
MFA_RECOVERY_CODES_SHOW_ONCE = True
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_FORM_FIELD = "login"
AXES_USERNAME_CALLABLE = "safekeeping.accounts.account_tried"
AXES_CLIENT_IP_CALLABLE = "safekeeping.headers.client_address"
AXES_SENSITIVE_PARAMETERS = ["login", "email", "code", "csrfmiddlewaretoken", "next"]
TRUSTED_PROXIES = int(os.environ.get("TRUSTED_PROXIES", "0"))  # how many stand in front and write X-Forwarded-For
AXES_HTTP_RESPONSE_CODE = 429
AXES_LOCKOUT_TEMPLATE = "429.html"
AXES_VERBOSE = False  # its messages hold addresses of people
AXES_DISABLE_ACCESS_LOG = True

# --- sessions and cookies: 30 minutes idle, 12 hours in all -------------------------------------------------------
SESSION_ENGINE = "safekeeping.session_store"
SESSION_COOKIE_AGE = 30 * 60
SESSION_SAVE_EVERY_REQUEST = False  # safekeeping.sessions saves once a minute, and ends what is 12 hours old
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "config.errors.csrf_failure"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# --- what a browser may do ----------------------------------------------------------------------------------------
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY: dict[str, Any] = {
    "EXCLUDE_URL_PREFIXES": ["/admin/"],  # safekeeping.headers gives the admin its own policy, and says why
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
    },
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    name: []
    for name in (
        "accelerometer", "autoplay", "camera", "display-capture", "encrypted-media", "fullscreen", "geolocation",
        "gyroscope", "magnetometer", "microphone", "midi", "payment", "usb",
    )
}  # fmt: skip

# --- mail: everything goes through the outbox ---------------------------------------------------------------------
EMAIL_BACKEND = "safekeeping.outbox.OutboxEmailBackend"
OUTBOX_DELIVERY_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_TIMEOUT = 20  # seconds: a delivery ends long before another worker may take it over
DEFAULT_FROM_EMAIL = os.environ.get("DEFAULT_FROM_EMAIL", f"{SITE_NAME} <no-reply@alongside.example>")
ADMINS: list[tuple[str, str]] = []  # error mails would carry what the person typed

# --- words, time, static ------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_TZ = True
USE_I18N = True
STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
MEDIA_ROOT = VAR / "media"
MEDIA_URL = "/media/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500

# --- the content management system ---------------------------------------------------------------------------------
WAGTAIL_SITE_NAME = SITE_NAME
WAGTAILADMIN_BASE_URL = BASE_URL
WAGTAIL_GRAVATAR_PROVIDER_URL = None  # no picture from another site
WAGTAIL_ENABLE_UPDATE_CHECK = False  # and no question to one
WAGTAIL_PASSWORD_RESET_ENABLED = False  # the sign-in library's is the only one
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_WORKFLOW_ENABLED = True
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False  # name, address and password are the sign-in library's
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_FRONTEND_LOGIN_URL = LOGIN_URL
WAGTAILADMIN_PERMITTED_LANGUAGES = [("en", "English")]
WAGTAIL_USER_TIME_ZONES = [TIME_ZONE]
WAGTAIL_PRIVATE_PAGES = {"SHARED_PASSWORD": False}  # a password that several people know is nobody's
WAGTAILDOCS_PRIVATE_COLLECTION_OPTIONS = {"SHARED_PASSWORD": False}
WAGTAILADMIN_COMMENTS_ENABLED = False  # they would mail; what is to be said about a change is said in its workflow
WAGTAIL_AUTOSAVE_INTERVAL = 0  # a half-typed sentence would become the latest draft, and approval publishes the latest
WAGTAILADMIN_RICH_TEXT_EDITORS = {
    "default": {
        "WIDGET": "wagtail.admin.rich_text.DraftailRichTextArea",
        "OPTIONS": {"features": ["h2", "h3", "bold", "ul", "ol", "link", "document-link"]},
    }
}
WAGTAILIMAGES_EXTENSIONS = ["gif", "jpg", "jpeg", "png", "webp"]
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAILDOCS_INLINE_CONTENT_TYPES: list[str] = []  # a document is downloaded, never shown under our address
WAGTAILDOCS_EXTENSIONS = ["pdf", "docx", "xlsx", "odt", "ods", "txt"]

# --- search --------------------------------------------------------------------------------------------------------
# With an address, Elasticsearch finds, and the database answers when it is away; without one the database does it all.
ELASTICSEARCH_URL = os.environ.get("ELASTICSEARCH_URL", "")
ELASTICSEARCH_API_KEY = os.environ.get("ELASTICSEARCH_API_KEY", "")
ELASTICSEARCH_CA = os.environ.get("ELASTICSEARCH_CA", "")  # a file with the authority that signed its certificate
ELASTICSEARCH_INDEX = os.environ.get("ELASTICSEARCH_INDEX", "services")  # how the names of its indexes begin
ELASTICSEARCH_REPLICAS = int(os.environ.get("ELASTICSEARCH_REPLICAS", "0"))
SEARCH_BACKEND = os.environ.get("SEARCH_BACKEND") or (
    "search.backends.elastic_first.ElasticFirst" if ELASTICSEARCH_URL else "search.backends.database.DatabaseBackend"
)

# --- maps ----------------------------------------------------------------------------------------------------------
# The address of map pictures, such as "https://tiles.example/{z}/{x}/{y}.png", and who made them. Without it a map has the
# outlines that set-up draws, and nobody's browser asks anybody else for anything.
MAP_TILES_URL = os.environ.get("MAP_TILES_URL", "")
MAP_TILES_ATTRIBUTION = os.environ.get("MAP_TILES_ATTRIBUTION", "")
if MAP_TILES_URL:
    CONTENT_SECURITY_POLICY["DIRECTIVES"]["img-src"] += [tiles_origin(MAP_TILES_URL)]

# --- logs: paths without query strings, nothing typed, nobody's name -------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"redact": {"()": "safekeeping.logs.Redact"}},
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["redact"]}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django.request": {"level": "ERROR"},
        "django.security": {"level": "WARNING"},
        "axes": {"level": "ERROR"},
        "django_tasks": {"level": "WARNING"},
        "elastic_transport": {"level": "ERROR"},  # search.backends.elastic_line says what matters
        "wagtail": {"level": "WARNING"},  # it would write titles; who edited what is in its own log of actions
    },
}
