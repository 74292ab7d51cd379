"""One settings file for development and production; all that differs is an environment variable.

`ZHENGGAI_ENV=production` refuses to start while anything it needs is missing, with one sentence
each. Secrets come from the variable itself, or from the file that `<VARIABLE>_FILE` names (as
container secrets arrive), or, in development only, from `var/keys/`, where the launcher makes
them on a first start. No secret has a default.
"""

from pathlib import Path

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from environs import Env

from config import mail

env = Env()

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(env.str("ZHENGGAI_VAR", str(BASE_DIR / "var")))

ENVIRONMENT = env.str("ZHENGGAI_ENV", "development")
if ENVIRONMENT not in {"development", "production"}:
    raise ImproperlyConfigured(
        f"ZHENGGAI_ENV is {ENVIRONMENT!r}; use 'development' or 'production'."
    )
PRODUCTION = ENVIRONMENT == "production"
DEBUG = env.bool("DEBUG", False)

_missing: list[str] = []


def _required(name: str, meaning: str) -> str:
    """The variable's value; in production its absence is noted and refused further down."""
    value = env.str(name, "")
    if PRODUCTION and not value:
        _missing.append(f"{name} is not set: {meaning}.")
    return value


def _secret(name: str, meaning: str, development_file: str) -> str:
    """A secret from `name`, the file in `name_FILE`, or in development from var/keys/."""
    value = env.str(name, "")
    file = env.str(f"{name}_FILE", "")
    if not value and not file and not PRODUCTION:
        candidate = VAR_DIR / "keys" / development_file
        file = str(candidate) if candidate.is_file() else ""
    if not value and file:
        value = Path(file).read_text(encoding="utf-8").strip()
    if PRODUCTION and not value:
        _missing.append(f"{name} is not set: {meaning}.")
    return value


# --- Secrets and addresses -----------------------------------------------------------------

SECRET_KEY = _secret("SECRET_KEY", "it signs sessions; 50 random characters or more", "secret")
SECRET_KEY_FALLBACKS: list[str] = env.list("SECRET_KEY_FALLBACKS", [])
ZHENGGAI_KEYS = _secret(
    "ZHENGGAI_KEYS", "the keys that seal personal data, as id:base64, current key first", "data"
)
ZHENGGAI_INDEX_KEY = _secret(
    "ZHENGGAI_INDEX_KEY", "the key of the blind indexes, base64, not one of ZHENGGAI_KEYS", "index"
)
# The cipher that seals from now on; what an older one sealed stays readable.
ZHENGGAI_CIPHER = env.str("ZHENGGAI_CIPHER", "AES-256-GCM")
ZHENGGAI_PUBLIC_URL = _required(
    "ZHENGGAI_PUBLIC_URL", "the https address that a notice's QR code carries"
).rstrip("/")
if not ZHENGGAI_PUBLIC_URL:
    ZHENGGAI_PUBLIC_URL = "http://127.0.0.1:8000"

_hosts = _required("ALLOWED_HOSTS", "the host names of this portal, separated by commas")
ALLOWED_HOSTS = [host.strip() for host in _hosts.split(",") if host.strip()] or [
    "localhost",
    "127.0.0.1",
    "[::1]",
]
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", [])
# How many of our own proxies stand before gunicorn; 0 = believe no X-Forwarded-For.
ZHENGGAI_PROXY_COUNT = env.int("ZHENGGAI_PROXY_COUNT", 0)

# --- Database ------------------------------------------------------------------------------

if not _required("DATABASE_URL", "the PostgreSQL to use, postgres://user@host/name"):
    if not PRODUCTION:
        raise ImproperlyConfigured(
            "DATABASE_URL is not set: start through ./run (for Django commands: ./run manage …), "
            "or name a PostgreSQL 15 or newer, postgres://user@host/name."
        )
    DATABASES = {}
else:
    _database = env.dj_db_url("DATABASE_URL")
    _database["OPTIONS"] = dict(_database.get("OPTIONS", {}))
    # A unix socket is written as ?host=/directory.
    _database["HOST"] = _database["HOST"] or _database["OPTIONS"].pop("host", "")
    _statement_timeout = env.str("ZHENGGAI_STATEMENT_TIMEOUT", "15s")
    _database["OPTIONS"]["options"] = (
        f"-c statement_timeout={_statement_timeout} -c lock_timeout=5s"
        " -c idle_in_transaction_session_timeout=60s"
        # Compiling a query costs more than any of ours takes.
        " -c jit=off"
    )
    _database["OPTIONS"]["application_name"] = "zhenggai"
    # One connection per thread, kept for a minute and checked before use: a restarted database
    # costs one reconnect, not an error page. A pool on top would only add a second queue.
    _database["CONN_MAX_AGE"] = 60
    _database["CONN_HEALTH_CHECKS"] = True
    DATABASES = {"default": _database}

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": env.dj_cache_url("CACHE_URL", "locmem://")}

# --- Rooms ---------------------------------------------------------------------------------

_ROOMS = [
    "look",
    "vault",
    "accounts",
    "audit",
    "legal",
    "jobs",
    "deadlines",
    "enterprises",
    "notices",
    "inspections",
    "rectification",
    "penalties",
    "bulletins",
    "dashboard",
    "demo",
]

INSTALLED_APPS = [
    "accounts.backroom.BackRoomConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "axes",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_filters",
    "django_htmx",
    *_ROOMS,
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "audit.middleware.AuditMiddleware",
    "accounts.middleware.AccountMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "look.context.layout",
            ],
        },
    },
]
# Facts that rooms put into the layout of every page; see look.context.
LAYOUT_FACTS = ["legal.today.day", "dashboard.context.counts"]
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

# --- Who may come in -----------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "accounts.backends.StaffBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["username", "name", "police_number"]},
    },
    {"NAME": "accounts.passwords.PolicyValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "desk"
LOGOUT_REDIRECT_URL = "login"

# Five failures lock an account for this address for a quarter of an hour (GB/T 22239 level 3).
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "accounts.views.locked_out"
# Trying on during the lock does not prolong it: the page has said when it ends.
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_CLIENT_IP_CALLABLE = "audit.middleware.client_ip"
AXES_VERBOSE = False
AXES_ENABLE_ADMIN = False

# Seconds. Idle: a quarter of an hour in production; a demonstration may lie open longer.
SESSION_IDLE_SECONDS = env.int("ZHENGGAI_SESSION_IDLE", 15 * 60 if PRODUCTION else 4 * 3600)
SESSION_ABSOLUTE_SECONDS = env.int("ZHENGGAI_SESSION_ABSOLUTE", 8 * 3600)
SESSION_COOKIE_AGE = SESSION_ABSOLUTE_SECONDS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_HTTPONLY = True  # forms carry the token; no script reads it
CSRF_COOKIE_SAMESITE = "Lax"
if PRODUCTION:
    SESSION_COOKIE_NAME = "__Host-sessionid"
    CSRF_COOKIE_NAME = "__Host-csrftoken"

# --- Headers -------------------------------------------------------------------------------

SESSION_COOKIE_SECURE = PRODUCTION
CSRF_COOKIE_SECURE = PRODUCTION
SECURE_SSL_REDIRECT = PRODUCTION
SECURE_REDIRECT_EXEMPT = [r"^health/$"]  # asked by the container itself, over plain HTTP
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PRODUCTION else None
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = PRODUCTION
SECURE_HSTS_PRELOAD = PRODUCTION
SECURE_CONTENT_TYPE_NOSNIFF = True
# Not no-referrer: browsers would then send "Origin: null" with forms and CSRF would refuse them.
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    },
}

# --- Language and time ---------------------------------------------------------------------

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("中文")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
FORMAT_MODULE_PATH = ["config.formats"]
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

# --- Files ---------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("ZHENGGAI_STATIC_ROOT", str(VAR_DIR / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"] if (BASE_DIR / "static").is_dir() else []
# Development serves the sources directly, so that no start waits for collectstatic.
WHITENOISE_USE_FINDERS = not PRODUCTION
MEDIA_ROOT = Path(env.str("ZHENGGAI_MEDIA_ROOT", str(VAR_DIR / "media")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            "whitenoise.storage.CompressedManifestStaticFilesStorage"
            if PRODUCTION
            else "django.contrib.staticfiles.storage.StaticFilesStorage"
        )
    },
}
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
# A file over vault's own limit reaches the form, which says so in words; this limit is for the
# fields around it. An order may carry 200 findings of ten fields.
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
DATA_UPLOAD_MAX_NUMBER_FILES = 50

# --- Celery: the doorbell ------------------------------------------------------------------

CELERY_BROKER_URL = (
    _required("CELERY_BROKER_URL", "the broker, redis://host:6379/0") or "filesystem://localhost/"
)
EMBEDDED_BROKER = CELERY_BROKER_URL.startswith("filesystem:")
if EMBEDDED_BROKER:
    # One folder for both directions, and nothing kept once it is read.
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(VAR_DIR / "broker"),
        "data_folder_out": str(VAR_DIR / "broker"),
        "control_folder": str(VAR_DIR / "broker-control"),
        "store_processed": False,
        # Seconds between two looks into the folder; the library's own one second would let two
        # processes print no more than two papers in it.
        "polling_interval": 0.1,
    }
else:
    # Longer than the longest task, or a slow one would run twice.
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "visibility_timeout": 600,
        "socket_connect_timeout": 2,
        "socket_timeout": 10,
    }
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
# The request that rings must not wait for a dead broker: the sweep finds the row anyway.
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 120
CELERY_TASK_SOFT_TIME_LIMIT = 90
CELERY_WORKER_POOL = "prefork"
# One message in hand while the folder is not looked into; a server hands over at once.
CELERY_WORKER_PREFETCH_MULTIPLIER = 2 if EMBEDDED_BROKER else 1
CELERY_WORKER_CONCURRENCY = env.int("ZHENGGAI_WORKER_PROCESSES", 2)
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 500_000  # KiB
CELERY_WORKER_MAX_TASKS_PER_CHILD = 1000
# A child prints once before it reports for work; on a busy machine that takes a while.
CELERY_WORKER_PROC_ALIVE_TIMEOUT = 60
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "run" / "beat-schedule")
_sweep_seconds = 15 if EMBEDDED_BROKER else 60
# How often it is asked what falls due, and the hour at which the day of reminders begins: a rung
# that falls on a day is said from that hour on, and not at midnight.
ZHENGGAI_REMIND_SECONDS = env.int("ZHENGGAI_REMIND_SECONDS", 300)
ZHENGGAI_REMIND_HOUR = env.int("ZHENGGAI_REMIND_HOUR", 8)
if ZHENGGAI_REMIND_SECONDS < 1 or ZHENGGAI_REMIND_HOUR not in range(24):
    raise ImproperlyConfigured(
        "ZHENGGAI_REMIND_SECONDS must be 1 or more and ZHENGGAI_REMIND_HOUR from 0 to 23."
    )
CELERY_BEAT_SCHEDULE = {
    "sweep": {
        "task": "jobs.tasks.sweep",
        "schedule": _sweep_seconds,
        "options": {"expires": _sweep_seconds},
    },
    "remind": {
        "task": "deadlines.tasks.remind",
        "schedule": ZHENGGAI_REMIND_SECONDS,
        # A worker that was away finds one message, not one for each time it missed.
        "options": {"expires": ZHENGGAI_REMIND_SECONDS},
    },
    "sweep_previews": {
        "task": "notices.tasks.sweep_previews",
        "schedule": 3600,
        "options": {"expires": 3600},
    },
    "sweep_batches": {
        "task": "notices.tasks.sweep_batches",
        "schedule": 3600,
        "options": {"expires": 3600},
    },
}
# By default one queue serves all; a large office may give printing its own workers.
_print_queue = env.str("ZHENGGAI_PRINT_QUEUE", "")
ZHENGGAI_PRINT_QUEUE = _print_queue or None

# --- Mail ----------------------------------------------------------------------------------

# Without a server letters become files that a person can open.
_smtp_file = env.str("ZHENGGAI_SMTP_URL_FILE", "")
_mail = mail.server(
    env.str("ZHENGGAI_SMTP_URL", "")
    or (Path(_smtp_file).read_text(encoding="utf-8").strip() if _smtp_file else "")
)
EMAIL_BACKEND = _mail.backend
EMAIL_FILE_PATH = str(VAR_DIR / "mail")
EMAIL_HOST, EMAIL_PORT = _mail.host, _mail.port
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail.user, _mail.password
EMAIL_USE_TLS, EMAIL_USE_SSL = _mail.starttls, _mail.tls
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.str("ZHENGGAI_MAIL_FROM", "") or "zhenggai@localhost"
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# --- Policies of the house -----------------------------------------------------------------

# Whether the paper that refuses more time names reconsideration and suit (docs/adr/0011).
EXTENSION_REFUSAL_STATES_REMEDIES = env.bool("EXTENSION_REFUSAL_STATES_REMEDIES", False)
# Working days for a statement in defence; no statute sets them (行政处罚法 44, 45, 62).
CASE_DEFENCE_DAYS = env.int("CASE_DEFENCE_DAYS", 3)
# Which periods do not count in the ninety days; certain is the time of an appraisal alone.
CASE_EXCLUSIONS = tuple(env.list("CASE_EXCLUSIONS", default=["appraisal", "publication"]))
# No article says until when a revoked decision must be taken anew: whether the ninety
# days count anew from the receipt of the result, or only what was left of them at the decision.
CASE_REDO_COUNTS_ANEW = env.bool("CASE_REDO_COUNTS_ANEW", True)
# What the 3 % a day are reckoned on: the fine ("fine"), or what is still unpaid of it ("unpaid").
SURCHARGE_BASE = env.str("SURCHARGE_BASE", "unpaid")
# Confiscated gains from this sum (yuan) on give a right to a hearing; the law says 较大.
HEARING_CONFISCATION_UNIT = env.int("HEARING_CONFISCATION_UNIT", 10_000)
HEARING_CONFISCATION_PERSON = env.int("HEARING_CONFISCATION_PERSON", 2_000)
# Whether each penalty decision must be made public, or only those of which somebody says so; and
# whether a bulletin, which names nobody, counts as making its decisions public (docs/adr/0017).
PUBLISH_EVERY_DECISION = env.bool("PUBLISH_EVERY_DECISION", True)
BULLETIN_PUBLISHES_DECISIONS = env.bool("BULLETIN_PUBLISHES_DECISIONS", False)
# Days after which a published paper counts as served (Civil Procedure Law, article 95).
SERVICE_BY_PUBLICATION_DAYS = env.int("SERVICE_BY_PUBLICATION_DAYS", 30)
# Seconds of silence after which another worker takes a job over; None = each kind's own.
JOBS_LEASE_SECONDS = env.int("JOBS_LEASE_SECONDS", None)

# --- Logging: no personal data, no query strings -------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("ZHENGGAI_LOG_LEVEL", "INFO")},
    "loggers": {
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        "django.server": {"handlers": [], "level": "INFO", "propagate": True},
        "axes": {"level": "WARNING"},
        "celery.beat": {"level": "WARNING"},
        # Every task is told by the ledger already; failures are logged as errors all the same.
        "celery.app.trace": {"level": "WARNING"},
        "celery.worker.strategy": {"level": "WARNING"},
        "fontTools": {"level": "ERROR"},
        "weasyprint": {"level": "WARNING"},
        "pikepdf": {"level": "WARNING"},
    },
}

if _missing:
    raise ImproperlyConfigured("The portal does not start in production:\n" + "\n".join(_missing))
if PRODUCTION and DEBUG:
    raise ImproperlyConfigured("DEBUG is on: it shows the inside of the portal to anybody.")
