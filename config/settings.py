"""Every setting, from the environment only. `.env.example` lists the variables and what they do.

Two ways to run, one code: without any variable the embedded parts (SQLite, a broker of files, mail
into a Maildir); DATABASE_URL, REDIS_URL, EMAIL_URL and SITE_URL switch to the production parts.
"""

import hashlib
from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from config import environment as env

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
# For tests only: with it anybody who can enter a source can make this host ask its neighbours.
LINK_CHECK_ALLOW_PRIVATE = env.flag("LINK_CHECK_ALLOW_PRIVATE", default=False)
REMINDER_LEAD_DAYS = env.number("REMINDER_LEAD_DAYS", 7, least=0, most=366)
DEFAULT_PLACE_TIME_ZONE = env.time_zone("DEFAULT_PLACE_TIME_ZONE", "Asia/Almaty")

INSTALLED_APPS = [
    # Ours first: of two translations of one text, the one of the earlier app is shown.
    "commitments",
    "timeline",
    "django.contrib.staticfiles",
    "unfold",  # before the admin: it replaces templates of it
    "unfold.contrib.filters",
    "unfold.contrib.forms",
    "unfold.contrib.import_export",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "import_export",
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.middleware.ContentSecurityPolicy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "config.languages.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
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
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# People
AUTH_USER_MODEL = "commitments.User"
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"
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
STATIC_ROOT = VAR_DIR / "static"
STATIC_ROOT.mkdir(exist_ok=True)  # whitenoise warns of a folder that is not there
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
MAILS_PER_MINUTE = env.number("MAILS_PER_MINUTE", 200, least=1, most=100_000)

# Redis, or the embedded parts
REDIS_URL = env.redis_url("REDIS_URL")
if REDIS_URL:
    CACHES: dict[str, Any] = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": REDIS_URL,
            "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1},
        }
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
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    CELERY_BROKER_URL = "filesystem://localhost"
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
REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "commitments.api.negotiation.Negotiation",
    # What is public needs no key, and a session must not make a difference to it.
    "DEFAULT_AUTHENTICATION_CLASSES": [],
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
    },
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
    "DASHBOARD_CALLBACK": "commitments.admin.site.dashboard",
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
IMPORT_EXPORT_USE_TRANSACTIONS = True

# Browsers
_over_https = SITE_URL.startswith("https://")
CSRF_TRUSTED_ORIGINS = [SITE_URL]
CSRF_COOKIE_SECURE = SESSION_COOKIE_SECURE = _over_https
SECURE_HSTS_SECONDS = 31_536_000 if _over_https else 0
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

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"},
    },
    "handlers": {
        "stdout": {
            "class": "logging.StreamHandler",
            "stream": "ext://sys.stdout",
            "formatter": "plain",
        },
    },
    "root": {"handlers": ["stdout"], "level": "INFO"},
}
