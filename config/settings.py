"""Every setting, from the environment only. `.env.example` lists the variables and what they do.

Two ways to run, one code: without any variable the embedded parts (SQLite, a broker of files, mail
into a Maildir); DATABASE_URL, REDIS_URL, EMAIL_URL and SITE_URL switch to the production parts.
"""

import hashlib
import logging
from datetime import timedelta
from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from config import environment as env
from config.errors import report_errors
from config.logs import logging_settings

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / env.text("VAR_DIR", "var")
VAR_DIR.mkdir(parents=True, exist_ok=True)

# Who we are
DEBUG = env.flag("DEBUG", default=False)
HOST = env.text("HOST", "127.0.0.1")
PORT = env.number("PORT", 8000, least=1, most=65535)
WEB_PROCESSES = env.number("WEB_PROCESSES", 1, least=1, most=64)
SITE_URL = env.site_url("SITE_URL", f"http://localhost:{PORT}")
NUM_PROXIES = env.number("NUM_PROXIES", 0, least=0, most=10)
HSTS_SUBDOMAINS = env.flag("HSTS_SUBDOMAINS", default=True)

LOCAL_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
SECRET_KEY = env.text("SECRET_KEY", "only-for-debugging" if DEBUG else "")
if not SECRET_KEY:
    env.stop("SECRET_KEY", "is missing; set a long random text (or DEBUG=true to try things).")
ALLOWED_HOSTS = env.names("ALLOWED_HOSTS", LOCAL_HOSTS if DEBUG else [])
if not ALLOWED_HOSTS:
    env.stop("ALLOWED_HOSTS", "is missing; set it to the host names of the site, with commas.")

# Who changes SECRET_KEY keeps the old key of the history chain by setting RECORD_KEY to it.
RECORD_KEY = env.text("RECORD_KEY", hashlib.sha256(f"record:{SECRET_KEY}".encode()).hexdigest())

# The rules of the desk
ADMIN_PASSWORD = env.text("ADMIN_PASSWORD")
REQUIRE_SECOND_PERSON = env.flag("REQUIRE_SECOND_PERSON", default=True)
DUE_SOON_DAYS = env.number("DUE_SOON_DAYS", 30, least=0, most=366)
EVIDENCE_OLD_DAYS = env.number("EVIDENCE_OLD_DAYS", 180, least=1, most=3660)
STALLED_LONG_DAYS = env.number("STALLED_LONG_DAYS", 180, least=1, most=3660)
# 0 switches the link check of the ticks off; `manage.py check_links` remains.
LINK_CHECK_HOURS = env.number("LINK_CHECK_HOURS", 24, least=0, most=8760)
# For tests only: with it anybody who can enter a source can make this host ask its neighbours.
LINK_CHECK_ALLOW_PRIVATE = env.flag("LINK_CHECK_ALLOW_PRIVATE", default=False)
WEBHOOKS_ALLOW_PRIVATE = env.flag("WEBHOOKS_ALLOW_PRIVATE", default=False)
REMINDER_LEAD_DAYS = env.number("REMINDER_LEAD_DAYS", 7, least=0, most=366)
DEFAULT_PLACE_TIME_ZONE = env.time_zone("DEFAULT_PLACE_TIME_ZONE", "Asia/Almaty")
RECORD_LICENCE = env.text("RECORD_LICENCE")

INSTALLED_APPS = [
    # Ours first: of two translations of one text, the one of the earlier app is shown.
    "commitments",
    "timeline",
    "django.contrib.staticfiles",
    "unfold",  # before the admin: it replaces templates of it
    "unfold.contrib.filters",
    "unfold.contrib.forms",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "rest_framework",
    "rest_framework_api_key",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "csp",
    "axes",
    "django_structlog",
    "config",  # for the commands that concern the whole house
]

MIDDLEWARE = [
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "config.logs.RequestIds",
    "config.metrics.count_feed_polls",
    "config.middleware.headers_of_every_answer",
    "config.replica.read_public_from_the_copy",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "commitments.api.unchanged.answer_unchanged",
    "config.middleware.ContentSecurityPolicy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "config.languages.LanguageMiddleware",
    "config.refusals.refuse_wrong_hosts",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "timeline.middleware.forget_the_number_after_writes",
    "config.logins.remember_the_device",
    "config.second_factor.lead_to_the_second_factor",
    "axes.middleware.AxesMiddleware",
    "config.metrics.CountedRequests",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
            ],
        },
    },
]

# The database
DATABASE_POOL_SIZE = env.number("DATABASE_POOL_SIZE", 8, least=0, most=100)
DATABASES = {
    "default": env.database(
        "DATABASE_URL",
        default=VAR_DIR / "db.sqlite3",
        root=BASE_DIR,
        pool_size=DATABASE_POOL_SIZE,
    )
}
# A copy that follows the database by itself, for what everybody may read.
if env.text("READ_DATABASE_URL"):
    DATABASES["replica"] = env.database(
        "READ_DATABASE_URL",
        default=VAR_DIR / "db.sqlite3",
        root=BASE_DIR,
        pool_size=DATABASE_POOL_SIZE,
    )
    DATABASE_ROUTERS = ["config.replica.PublicReads"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# People
AUTH_USER_MODEL = "commitments.User"
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"
LOGIN_BY_PASSWORD = "config.second_factor.PasswordAlone"  # noqa: S105 - a class
LOGIN_BY_CODE = "config.second_factor.PasswordAndCode"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",  # first: it refuses who has guessed too often
    LOGIN_BY_PASSWORD,
    LOGIN_BY_CODE,
]
# Who may change something logs in with a code as well, on a site that others can reach.
REQUIRE_SECOND_FACTOR = env.flag(
    "REQUIRE_SECOND_FACTOR", default=SITE_URL.startswith("https://") and not DEBUG
)
# Ten wrong passwords of an account, or from an address, close it for at most 15 minutes. They are
# counted in the database, so it does not matter which host is asked.
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # else who goes on guessing keeps it closed
AXES_LOCKOUT_PARAMETERS = "config.logins.counted_by"
AXES_CLIENT_IP_CALLABLE = "config.logins.address_of"
AXES_LOCKOUT_CALLABLE = "config.logins.locked_out"
AXES_DISABLE_ACCESS_LOG = True  # who logged in from where, for ever: nobody needs it
AXES_ENABLE_ADMIN = False  # ours is in the theme: `commitments/admin/login_failures.py`
AXES_VERBOSE = False
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "code", "current_code"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
_VALIDATION = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{_VALIDATION}.UserAttributeSimilarityValidator"},
    {"NAME": f"{_VALIDATION}.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": f"{_VALIDATION}.CommonPasswordValidator"},
    {"NAME": f"{_VALIDATION}.NumericPasswordValidator"},
]

# Languages and time
LANGUAGE_CODE = "en"
# Each language by its own name, in every language.
LANGUAGES = [("en", "English"), ("ru", "Русский"), ("kk", "Қазақша")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# Static files
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / env.text("STATIC_DIR", str(VAR_DIR / "static"))
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # whitenoise warns of a folder that is not there
_PLAIN = "django.contrib.staticfiles.storage.StaticFilesStorage"
_NAMED_BY_CONTENT = "whitenoise.storage.CompressedManifestStaticFilesStorage"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": _PLAIN if DEBUG else _NAMED_BY_CONTENT},
}
MEDIA_ROOT = VAR_DIR / "media"

# Mail
_mail = env.mail("EMAIL_URL", default=VAR_DIR / "mail", root=BASE_DIR)
EMAIL_BACKEND: str = _mail["EMAIL_BACKEND"]
EMAIL_HOST: str = _mail.get("EMAIL_HOST", "")
EMAIL_PORT: int = _mail.get("EMAIL_PORT", 25)
EMAIL_HOST_USER: str = _mail.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD: str = _mail.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS: bool = _mail.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL: bool = _mail.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT: int = _mail.get("EMAIL_TIMEOUT", 15)
ANYMAIL: dict[str, str] = _mail.get("ANYMAIL", {})
MAILDIR_PATH: Path = _mail.get("MAILDIR_PATH", VAR_DIR / "mail")
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "Commitments <commitments@localhost>")
# Failures come back to a signed address of each mail under this one: bounces+…@example.org.
RETURN_PATH = env.text("RETURN_PATH")
MAIL_WEBHOOK_SECRET = env.text("MAIL_WEBHOOK_SECRET")
if MAIL_WEBHOOK_SECRET:
    # MailerSend signs with it; all others show it as user:password.
    ANYMAIL = ANYMAIL | {
        "WEBHOOK_SECRET": MAIL_WEBHOOK_SECRET,
        "MAILERSEND_SIGNING_SECRET": MAIL_WEBHOOK_SECRET,
    }
MAILS_PER_MINUTE = env.number("MAILS_PER_MINUTE", 200, least=1, most=100_000)
KEEP_MAILS_DAYS = env.number("KEEP_MAILS_DAYS", 365, least=0, most=36_500)

# Redis, or the embedded parts
REDIS_URL = env.redis_url("REDIS_URL")
if REDIS_URL:
    CACHES: dict[str, Any] = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": REDIS_URL,
            "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1},
        },
        # What counts requests must not keep them waiting: it gives up sooner.
        "limits": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": REDIS_URL,
            "OPTIONS": {"socket_connect_timeout": 0.25, "socket_timeout": 0.25},
        },
    }
    CELERY_BROKER_URL = REDIS_URL
    # A web request that publishes gives up after about 1 s when Redis accepts but does not answer;
    # with Celery's own options it would hang for 45 s.
    CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = {
        "socket_connect_timeout": 1,
        "socket_timeout": 1,
        "max_retries": 0,
        "retry_on_timeout": False,
    }
    # A worker has nobody waiting for it: it outlasts a restart of Redis.
    WORKER_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = {
        "socket_connect_timeout": 5,
        "socket_timeout": 30,
        "socket_keepalive": True,
        "retry_on_timeout": True,
    }
else:
    _in_memory = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    CACHES = {"default": _in_memory, "limits": _in_memory}
    CELERY_BROKER_URL = "filesystem://localhost"
    CELERY_BROKER_TRANSPORT = "config.file_broker:Transport"
    _broker = VAR_DIR / "broker"
    for _folder in ("messages", "processed", "control"):
        (_broker / _folder).mkdir(parents=True, exist_ok=True)
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(_broker / "messages"),
        "data_folder_out": str(_broker / "messages"),
        "processed_folder": str(_broker / "processed"),
        "control_folder": str(_broker / "control"),
        "polling_interval": 0.2,
    }
    WORKER_BROKER_TRANSPORT_OPTIONS = CELERY_BROKER_TRANSPORT_OPTIONS

# Celery
TICK_SECONDS = env.number("TICK_SECONDS", 60, least=1, most=3600)
WORKER_BROKER_CONNECTION_TIMEOUT = 10
CELERY_BROKER_CONNECTION_TIMEOUT = 2
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_IGNORE_RESULT = True
CELERY_TIMEZONE = "UTC"
# The files' broker hands out one message a poll when less is prefetched.
CELERY_WORKER_PREFETCH_MULTIPLIER = 4
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat-schedule")
# One entry: what is due stands in the database. A tick that nobody took is worth nothing once the
# next one is out.
CELERY_BEAT_SCHEDULE = {
    "tick": {
        "task": "timeline.tick",
        "schedule": float(TICK_SECONDS),
        "options": {"expires": float(TICK_SECONDS)},
    },
}

# The API
# Requests of one address, of one key or user, and writes of either, in a minute; 0 is "no limit".
API_ANONYMOUS_PER_MINUTE = env.number("API_ANONYMOUS_PER_MINUTE", 200, least=0, most=1_000_000)
API_KEY_PER_MINUTE = env.number("API_KEY_PER_MINUTE", 1200, least=0, most=1_000_000)
API_WRITES_PER_MINUTE = env.number("API_WRITES_PER_MINUTE", 120, least=0, most=1_000_000)
# Requests that may wait for a change at the same time, for each process of the web server.
LONG_POLLS = env.number("LONG_POLLS", 2, least=0, most=1000)
# What the first address of the API leads to beside the record itself.
API_FRONT = [
    f"timeline_api:{name}" for name in ("changes", "timeline", "webhooks", "subscriptions")
]
REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["commitments.api.renderers.JsonRenderer"],
    "DEFAULT_PARSER_CLASSES": ["commitments.api.parsing.JsonParser"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "commitments.api.negotiation.Negotiation",
    # What is public needs no key, and a session must not make a difference to it.
    "DEFAULT_AUTHENTICATION_CLASSES": ["commitments.api.authentication.KeyAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["commitments.api.permissions.NeedsScope"],
    "DEFAULT_FILTER_BACKENDS": [],  # `commitments.filters` is the one filter language
    "DEFAULT_SCHEMA_CLASS": "commitments.api.schema.ApiSchema",
    "EXCEPTION_HANDLER": "commitments.api.errors.problem_response",
    # None would believe a header that anyone can set; the number counts the proxies we trust.
    "NUM_PROXIES": NUM_PROXIES,
}
_ENUMS = "commitments.enums"
SPECTACULAR_SETTINGS = {
    "TITLE": "Commitments",
    "DESCRIPTION": "Dated public commitments: what was said, by whom, by when, what became of it.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": r"/api/v[0-9]+",
    "SERVE_INCLUDE_SCHEMA": False,
    "ENUM_NAME_OVERRIDES": {
        name: f"{_ENUMS}.{name}"
        for name in (
            "ChangeKind",
            "CitationRole",
            "Comparison",
            "DateMoveKind",
            "Evidence",
            "Kind",
            "PartyKind",
            "PartyRole",
            "ReasonCode",
            "Schedule",
            "SourceKind",
            "Status",
            "Strength",
        )
    }
    | {name: f"timeline.enums.{name}" for name in ("ReminderKind", "SwitchedOff", "WebhookState")},
    "ENUM_SUFFIX": "",
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
}

# The admin
UNFOLD = {
    "SITE_TITLE": _("Commitments"),
    "SITE_HEADER": _("Commitments"),
    "SITE_SUBHEADER": _("The editors' desk"),
    "SITE_SYMBOL": "event_available",
    "SHOW_HISTORY": False,  # the history of the record stands on its own pages
    "SHOW_LANGUAGES": True,
    "SITE_FAVICONS": [
        {"rel": "icon", "type": "image/svg+xml", "href": "commitments.admin.site.icon"}
    ],
    "STYLES": ["commitments.admin.site.stylesheet"],
    "SCRIPTS": ["commitments.admin.site.script"],
    "DASHBOARD_CALLBACK": "timeline.admin.front_page.dashboard",
    "LOGIN": {"form": "commitments.forms.second_factor.LoginForm"},
    "ACCOUNT": {"navigation": "commitments.admin.site.account_links"},
    "SIDEBAR": {"navigation": "commitments.admin.site.navigation"},
    "COLORS": {
        "primary": {
            "50": "#f0fafa",
            "100": "#d7f0f1",
            "200": "#b0e0e3",
            "300": "#7dc9cf",
            "400": "#48aab3",
            "500": "#2b8c97",
            "600": "#1f717c",
            "700": "#1c5b65",
            "800": "#1b4a52",
            "900": "#1a3e45",
            "950": "#0b272d",
        },
    },
}

# Browsers
_over_https = SITE_URL.startswith("https://")
CSRF_TRUSTED_ORIGINS = [SITE_URL]
CSRF_FAILURE_VIEW = "config.refusals.csrf_failure"
# A browser takes a cookie called __Host- from this very host only, over https, for all of it.
_cookies = "__Host-" if _over_https else ""
SESSION_COOKIE_NAME = f"{_cookies}sessionid"
CSRF_COOKIE_NAME = f"{_cookies}csrftoken"
LANGUAGE_COOKIE_NAME = f"{_cookies}django_language"
DEVICE_COOKIE_NAME = f"{_cookies}device"
CSRF_COOKIE_SECURE = SESSION_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = _over_https
SESSION_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 43_200  # a working day, in seconds
# Only a proxy tells us that a request came without TLS; whoever watches the house asks from inside.
SECURE_SSL_REDIRECT = _over_https and NUM_PROXIES > 0
SECURE_REDIRECT_EXEMPT = [r"^healthz/", r"^metrics$"]
SECURE_HSTS_SECONDS = 31_536_000 if _over_https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = _over_https and HSTS_SUBDOMAINS
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if NUM_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    },
}

# What happens, told to programs. Without Redis it is the embedded default, read by people.
LOG_FORMAT = env.choice("LOG_FORMAT", "json" if REDIS_URL else "plain", of=("json", "plain"))
LOGGING = logging_settings(LOG_FORMAT)
DJANGO_STRUCTLOG_CELERY_ENABLED = True
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False  # addresses of visitors stand in no log of ours
DJANGO_STRUCTLOG_STATUS_START_LOG_LEVEL = logging.DEBUG
_each_request = logging.INFO if LOG_FORMAT == "json" else logging.DEBUG
DJANGO_STRUCTLOG_STATUS_DEFAULT_LOG_LEVEL = _each_request
DJANGO_STRUCTLOG_STATUS_2XX_LOG_LEVEL = DJANGO_STRUCTLOG_STATUS_4XX_LOG_LEVEL = _each_request
DJANGO_STRUCTLOG_CELERY_DEFAULT_LOG_LEVEL = logging.DEBUG  # Celery tells of tasks itself
# Who may see the figures at /metrics; without either nobody.
METRICS_TOKEN = env.text("METRICS_TOKEN")
METRICS_NETWORKS = env.networks("METRICS_NETWORKS")
SENTRY_DSN = env.text("SENTRY_DSN")
if SENTRY_DSN:
    report_errors(SENTRY_DSN)
