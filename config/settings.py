"""All settings. Installations differ by environment variables only: see .env.example."""

import os
from pathlib import Path

import dj_database_url
from csp.constants import NONE, SELF

from config.embedded import Server
from config.environment import env, kept_secret, read_site, require_in_production

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(env.str("DATA_DIR", "") or BASE_DIR / "var").absolute()
DATA_DIR.mkdir(parents=True, exist_ok=True)
PORT = env.int("PORT", 8000)
HOST = env.str("HOST", "127.0.0.1")

# --- Where the book lives: one address decides local or production mode ---

SITE = read_site(env.str("SITE_URL", "") or f"http://localhost:{PORT}")
SITE_URL = SITE.url
SITE_ORIGIN = SITE.origin  # what stands before reverse(...): that one already starts with SITE_URL's path
BOOK_NAME = env.str("BOOK_NAME", "Book of Experts")
SOURCE_URL = env.str("SOURCE_URL", "")  # where readers find the code that runs here
require_in_production(SITE, ("DATABASE_URL", "EMAIL_HOST"))

DEBUG = env.bool("DEBUG", False)
SECRET_KEY = env.str("SECRET_KEY", "") or kept_secret(DATA_DIR / "secret-key")
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"] if SITE.local else [SITE.host]
CSRF_TRUSTED_ORIGINS = [SITE.origin]
FORCE_SCRIPT_NAME = SITE.path or None
TRUSTED_PROXIES: list[str] = env.list("TRUSTED_PROXIES", [])

# --- What it is made of ---

INSTALLED_APPS = [
    "config",  # first: its migrate command knows the two database roles
    "accounts",
    "directory",
    "referrals",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "crispy_forms",
    "csp",
    "django_filters",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "pgtrigger",
]

MIDDLEWARE = [
    "config.middleware.proxies",
    "config.middleware.headers",
    "csp.middleware.CSPMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",  # it pads each answer at random, against guessing by length (BREACH)
    "config.middleware.readable_input",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "accounts.middleware.own_time_zone",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "config.urls"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "config.context.book",
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

CRISPY_ALLOWED_TEMPLATE_PACKS = ["book"]
CRISPY_TEMPLATE_PACK = "book"

# --- The database: the one of DATABASE_URL, or our own server in DATA_DIR ---

DATABASE_URL = env.str("DATABASE_URL", "")
EMBEDDED = None if DATABASE_URL else Server(DATA_DIR / "postgres")
if EMBEDDED:
    app, owner = EMBEDDED.database(user="book_app"), EMBEDDED.database(user="book_owner")
else:
    app = dict(dj_database_url.parse(DATABASE_URL))
    owner = dict(dj_database_url.parse(env.str("DATABASE_OWNER_URL", "") or DATABASE_URL))
DATABASES = {
    "default": app
    | {
        "ENGINE": "config.database",
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": app.get("OPTIONS", {})
        | {
            "connect_timeout": 3,
            "tcp_user_timeout": 5000,
            "options": (
                # Rows lie in memory or on solid state; at the default of 4 the planner avoids the search's indexes.
                f"-c statement_timeout={env.int('STATEMENT_TIMEOUT', 0)}s -c random_page_cost=1.1"
            ),
        },
    },
}
DATABASE_APP_ROLE = app["USER"]  # reads and writes rows
DATABASE_OWNER = {name: owner.get(name, "") for name in ("USER", "PASSWORD", "HOST", "PORT")}  # makes tables

# Shared by all processes, so that limits hold whichever answers; "local" is each process's own memory.
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "book_cache"},
    "local": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
}

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

# --- People and their sign-in ---

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "accounts.passwords.StaffLength"},
    {"NAME": "accounts.passwords.NotOurWords"},
]
PASSWORD_RESET_TIMEOUT = 60 * 60
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "directory:home"
LOGOUT_REDIRECT_URL = "directory:home"

ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = True
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = 10 * 60
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 10 * 60
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = SITE.scheme
ALLAUTH_TRUSTED_PROXY_COUNT = 0  # config.middleware.proxies has already put the visitor's address in place

MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = SITE.local
MFA_TOTP_ISSUER = BOOK_NAME

# --- Cookies, headers, limits ---

SESSION_COOKIE_NAME = f"{SITE.cookie_prefix}session"
SESSION_COOKIE_AGE = 14 * 24 * 60 * 60
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SITE.secure
SESSION_COOKIE_PATH = CSRF_COOKIE_PATH = f"{SITE.path}/"
CSRF_COOKIE_NAME = f"{SITE.cookie_prefix}csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "config.errors.csrf_failure"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

SECURE_REFERRER_POLICY = "same-origin"  # no-referrer would break the CSRF check of forms sent by https
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if SITE.secure else 0
SECURE_HSTS_PRELOAD = SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("HSTS_PRELOAD", False)
X_FRAME_OPTIONS = "DENY"
SILENCED_SYSTEM_CHECKS = [
    # Preload and subdomains lock the operator's whole domain: his choice, HSTS_PRELOAD=1.
    "security.W005",
    "security.W021",
    # The proxy redirects to https; a second redirect here runs in circles behind one that does not say so.
    "security.W008",
]

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    },
}

DATA_UPLOAD_MAX_MEMORY_SIZE = 512 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200
DATA_UPLOAD_MAX_NUMBER_FILES = 5
REQUEST_MAX_BYTES = 17 * 1024 * 1024  # files included; the largest single file has its own limit in its form
LIMITS_FACTOR = env.float("LIMITS_FACTOR", 1)

# --- Files ---

WHITENOISE_ALLOW_ALL_ORIGINS = False
STATIC_URL = f"{SITE.path}/static/"
STATIC_ROOT = DATA_DIR / "static"
STATIC_ROOT.mkdir(exist_ok=True)  # whitenoise warns of a folder that is not there yet
BUILT_DIR = DATA_DIR / "built"  # what `setup` makes before collecting: the subset fonts
BUILT_DIR.mkdir(exist_ok=True)
STATICFILES_DIRS = [BASE_DIR / "static", BUILT_DIR]
MEDIA_URL = f"{SITE.path}/media/"
MEDIA_ROOT = DATA_DIR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# --- Letters ---

EMAIL_HOST = env.str("EMAIL_HOST", "")
EMAIL_PORT = env.int("EMAIL_PORT", 25)
EMAIL_HOST_USER = env.str("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = env.str("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = env.bool("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = env.bool("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 10
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend" if EMAIL_HOST else "config.mail.LocalBackend"
EMAIL_FILE_PATH = DATA_DIR / "mail"
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "") or f"{BOOK_NAME} <book@{SITE.host}>"
SERVER_EMAIL = DEFAULT_FROM_EMAIL
REPLY_TO_EMAIL = env.str("REPLY_TO_EMAIL", "")
OPERATORS: list[str] = env.list("ADMINS", [])
ADMINS = [("", address) for address in OPERATORS]

# --- Language, time, log ---

LANGUAGE_CODE = env.str("LANGUAGE_CODE", "en")
TIME_ZONE = env.str("TIME_ZONE", "UTC")
USE_I18N = USE_TZ = True
WEB_CONCURRENCY = env.int("WEB_CONCURRENCY", 0) or os.cpu_count() or 1

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"no_addresses": {"()": "config.logs.NoAddresses"}},
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {
        "stdout": {
            "class": "logging.StreamHandler",
            "stream": "ext://sys.stdout",
            "formatter": "line",
            "filters": ["no_addresses"],
        },
    },
    "root": {"handlers": ["stdout"], "level": env.str("LOG_LEVEL", "INFO")},
    "loggers": {
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        "django_tasks": {"level": "WARNING"},
        "django_tasks_db": {"level": "WARNING"},
        "fontTools": {"level": "WARNING"},
    },
}
