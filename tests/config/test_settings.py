"""Every variable: what it switches, and the sentence with which nonsense is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import override_settings
from django.utils.module_loading import import_string

from tests.config.loading import load_settings, refusal

pytestmark = pytest.mark.once

SECRET = "pa55word"


def test_settings_without_secret_key_stop_with_a_sentence(tmp_path: Path) -> None:
    assert refusal(tmp_path, SECRET_KEY="") == (
        "Setting SECRET_KEY: is missing; set a long random text (or DEBUG=true to try things)."
    )


def test_settings_without_allowed_hosts_stop_with_a_sentence(tmp_path: Path) -> None:
    assert refusal(tmp_path, ALLOWED_HOSTS="") == (
        "Setting ALLOWED_HOSTS: is missing; set it to the host names of the site, with commas."
    )


def test_settings_with_debug_need_neither(tmp_path: Path) -> None:
    settings = load_settings(tmp_path, DEBUG="true", SECRET_KEY="", ALLOWED_HOSTS="")
    assert settings["SECRET_KEY"] == "only-for-debugging"
    assert settings["ALLOWED_HOSTS"] == ["localhost", "127.0.0.1", "[::1]"]


def test_settings_are_not_for_debugging_by_default(tmp_path: Path) -> None:
    assert load_settings(tmp_path)["DEBUG"] is False


@pytest.mark.parametrize("name", ["DEBUG", "REQUIRE_SECOND_PERSON"])
def test_flag_that_is_neither_yes_nor_no_is_refused(tmp_path: Path, name: str) -> None:
    assert refusal(tmp_path, **{name: "perhaps"}) == f"Setting {name}: expected true or false."


NUMBERS = [
    ("PORT", 1, 65535),
    ("WEB_PROCESSES", 1, 64),
    ("NUM_PROXIES", 0, 10),
    ("DATABASE_POOL_SIZE", 0, 100),
    ("DUE_SOON_DAYS", 0, 366),
    ("REMINDER_LEAD_DAYS", 0, 366),
    ("MAILS_PER_MINUTE", 1, 100_000),
    ("TICK_SECONDS", 1, 3600),
]


@pytest.mark.parametrize(("name", "least", "most"), NUMBERS)
def test_number_outside_its_bounds_is_refused(
    tmp_path: Path, name: str, least: int, most: int
) -> None:
    sentence = f"Setting {name}: expected a whole number from {least} to {most}."
    for nonsense in (str(least - 1), str(most + 1), "many", "1.5"):
        assert refusal(tmp_path, **{name: nonsense}) == sentence


@pytest.mark.parametrize(("name", "least", "most"), NUMBERS)
def test_number_at_its_bounds_is_taken(tmp_path: Path, name: str, least: int, most: int) -> None:
    for value in (least, most):
        assert load_settings(tmp_path, **{name: str(value)})[name] == value


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ("example.org", "expected an address such as https://example.org."),
        ("ftp://example.org", "expected an address such as https://example.org."),
        (
            "https://example.org/",
            "expected scheme and host only, without a path or a slash at the end.",
        ),
        (
            "https://me@example.org",
            "expected scheme and host only, without a path or a slash at the end.",
        ),
        ("https://example.org:99999", "this is not an address; look at the host and the port."),
    ],
)
def test_site_url_that_links_cannot_begin_with_is_refused(
    tmp_path: Path, given: str, sentence: str
) -> None:
    assert refusal(tmp_path, SITE_URL=given) == f"Setting SITE_URL: {sentence}"


def test_site_url_follows_the_port(tmp_path: Path) -> None:
    assert load_settings(tmp_path, PORT="9000")["SITE_URL"] == "http://localhost:9000"


def test_site_over_https_has_cookies_for_https_only(tmp_path: Path) -> None:
    settings = load_settings(tmp_path, SITE_URL="https://example.org")
    assert settings["SESSION_COOKIE_SECURE"] is True
    assert settings["CSRF_COOKIE_SECURE"] is True
    assert settings["SECURE_HSTS_SECONDS"] == 31_536_000
    assert settings["CSRF_TRUSTED_ORIGINS"] == ["https://example.org"]


def test_header_of_a_proxy_is_believed_only_behind_one(tmp_path: Path) -> None:
    assert "SECURE_PROXY_SSL_HEADER" not in load_settings(tmp_path)
    assert load_settings(tmp_path, NUM_PROXIES="1")["SECURE_PROXY_SSL_HEADER"] == (
        "HTTP_X_FORWARDED_PROTO",
        "https",
    )


def test_time_zone_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path, DEFAULT_PLACE_TIME_ZONE="Asia/Nowhere") == (
        "Setting DEFAULT_PLACE_TIME_ZONE: "
        "expected a name of the IANA time zone database, such as Asia/Almaty."
    )


def test_database_is_a_careful_sqlite_by_default(tmp_path: Path) -> None:
    database = load_settings(tmp_path)["DATABASES"]["default"]
    assert database["NAME"] == str(tmp_path / "db.sqlite3")
    assert database["OPTIONS"] == {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
    }
    assert database["CONN_MAX_AGE"] == 60


def test_database_url_switches_to_postgresql_with_a_pool(tmp_path: Path) -> None:
    url = f"postgres://desk:{SECRET}@db.example.org:5433/record"
    database = load_settings(tmp_path, DATABASE_URL=url)["DATABASES"]["default"]
    assert database["ENGINE"] == "django.db.backends.postgresql"
    assert (database["HOST"], database["PORT"], database["NAME"]) == (
        "db.example.org",
        5433,
        "record",
    )
    assert database["OPTIONS"]["pool"] == {"min_size": 1, "max_size": 8, "timeout": 10}


def test_database_pool_can_be_switched_off(tmp_path: Path) -> None:
    settings = load_settings(tmp_path, DATABASE_URL="postgres:///record", DATABASE_POOL_SIZE="0")
    assert settings["DATABASES"]["default"]["OPTIONS"] == {}


@pytest.mark.parametrize(
    "given", ["db.sqlite3", "mysql://u@h/n", "sqlite://:memory:", "postgres://h:x/n", "sqlite://"]
)
def test_database_that_nobody_else_could_open_is_refused(tmp_path: Path, given: str) -> None:
    assert refusal(tmp_path, DATABASE_URL=given) == (
        "Setting DATABASE_URL: "
        "expected sqlite:///var/db.sqlite3 or postgres://user:password@host:5432/name."
    )


def test_broker_is_a_folder_by_default(tmp_path: Path) -> None:
    settings = load_settings(tmp_path)
    assert settings["CELERY_BROKER_URL"] == "filesystem://localhost"
    assert settings["CELERY_BROKER_TRANSPORT"] == "config.file_broker:Transport"
    assert settings["CELERY_BROKER_TRANSPORT_OPTIONS"]["polling_interval"] == 0.2
    assert settings["CELERY_WORKER_PREFETCH_MULTIPLIER"] == 4
    assert (tmp_path / "broker" / "messages").is_dir()


def test_redis_url_switches_broker_and_cache(tmp_path: Path) -> None:
    settings = load_settings(tmp_path, REDIS_URL="redis://cache.example.org:6379/2")
    assert settings["CELERY_BROKER_URL"] == "redis://cache.example.org:6379/2"
    assert settings["CACHES"]["default"]["LOCATION"] == "redis://cache.example.org:6379/2"
    assert settings["CELERY_BROKER_TRANSPORT_OPTIONS"]["socket_timeout"] == 1
    assert settings["WORKER_BROKER_TRANSPORT_OPTIONS"]["socket_timeout"] == 30


@pytest.mark.parametrize("given", ["localhost:6379", "amqp://localhost", "redis://localhost:x"])
def test_redis_url_of_something_else_is_refused(tmp_path: Path, given: str) -> None:
    assert refusal(tmp_path, REDIS_URL=given).startswith("Setting REDIS_URL: ")


def test_mail_goes_to_a_maildir_by_default(tmp_path: Path) -> None:
    settings = load_settings(tmp_path)
    assert settings["EMAIL_BACKEND"] == "timeline.mail.maildir.MaildirBackend"
    assert settings["MAILDIR_PATH"] == tmp_path / "mail"


def test_email_url_names_another_maildir(tmp_path: Path) -> None:
    settings = load_settings(tmp_path, EMAIL_URL="maildir:var/other")
    assert settings["MAILDIR_PATH"] == settings["BASE_DIR"] / "var" / "other"


def test_email_url_switches_to_the_console(tmp_path: Path) -> None:
    settings = load_settings(tmp_path, EMAIL_URL="console:")
    assert settings["EMAIL_BACKEND"] == "django.core.mail.backends.console.EmailBackend"


@pytest.mark.parametrize(
    ("given", "port", "starttls", "tls"),
    [
        ("smtp://mail.example.org", 25, False, False),
        ("smtp+tls://mail.example.org", 587, True, False),
        ("smtps://mail.example.org", 465, False, True),
        ("smtps://mail.example.org:2465", 2465, False, True),
    ],
)
def test_email_url_switches_to_smtp(
    tmp_path: Path, given: str, port: int, starttls: bool, tls: bool
) -> None:
    settings = load_settings(tmp_path, EMAIL_URL=given)
    assert settings["EMAIL_BACKEND"] == "django.core.mail.backends.smtp.EmailBackend"
    assert settings["EMAIL_HOST"] == "mail.example.org"
    assert settings["EMAIL_PORT"] == port
    assert (settings["EMAIL_USE_TLS"], settings["EMAIL_USE_SSL"]) == (starttls, tls)
    assert settings["EMAIL_TIMEOUT"] == 15


@pytest.mark.parametrize("provider", ["brevo", "mailersend", "postmark", "resend", "sparkpost"])
def test_email_url_switches_to_a_provider(tmp_path: Path, provider: str) -> None:
    settings = load_settings(tmp_path, EMAIL_URL=f"{provider}:{SECRET}")
    backend = import_string(settings["EMAIL_BACKEND"])
    assert backend.__module__ == f"anymail.backends.{provider}"
    with override_settings(ANYMAIL=settings["ANYMAIL"]):
        backend()  # it complains when its key is missing


def test_email_url_carries_user_password_and_timeout(tmp_path: Path) -> None:
    url = "smtp://desk%40example.org:a%2Fb@mail.example.org?timeout=3"
    settings = load_settings(tmp_path, EMAIL_URL=url)
    assert settings["EMAIL_HOST_USER"] == "desk@example.org"
    assert settings["EMAIL_HOST_PASSWORD"] == "a/b"
    assert settings["EMAIL_TIMEOUT"] == 3


@pytest.mark.parametrize(
    "given",
    ["mail.example.org", "imap://h", "smtp://", "maildir:", "postmark:", "smtp://h?timeout=0"],
)
def test_email_url_of_something_else_is_refused(tmp_path: Path, given: str) -> None:
    assert refusal(tmp_path, EMAIL_URL=given).startswith("Setting EMAIL_URL: expected ")


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("DATABASE_URL", f"mysql://desk:{SECRET}@db/record"),
        ("EMAIL_URL", f"imap://desk:{SECRET}@mail"),
        ("REDIS_URL", f"amqp://desk:{SECRET}@queue"),
    ],
)
def test_refusal_does_not_repeat_a_secret(tmp_path: Path, name: str, given: str) -> None:
    assert SECRET not in refusal(tmp_path, **{name: given})


def test_empty_variable_counts_as_not_set(tmp_path: Path) -> None:
    settings = load_settings(tmp_path, PORT="", DATABASE_URL=" ", EMAIL_URL="", DEBUG="")
    assert settings["PORT"] == 8000
    assert settings["DEBUG"] is False


def test_key_of_the_history_depends_on_the_secret_key(tmp_path: Path) -> None:
    one = load_settings(tmp_path)["RECORD_KEY"]
    other = load_settings(tmp_path, SECRET_KEY="another")["RECORD_KEY"]
    kept = load_settings(tmp_path, SECRET_KEY="another", RECORD_KEY=one)["RECORD_KEY"]
    assert len(one) == 64
    assert one != other
    assert kept == one


def test_tick_is_the_only_entry_of_the_beat(tmp_path: Path) -> None:
    schedule = load_settings(tmp_path, TICK_SECONDS="5")["CELERY_BEAT_SCHEDULE"]
    assert schedule == {
        "tick": {"task": "timeline.tick", "schedule": 5.0, "options": {"expires": 5.0}}
    }


def test_passwords_are_kept_with_argon2(tmp_path: Path) -> None:
    hashers = load_settings(tmp_path)["PASSWORD_HASHERS"]
    assert hashers[0] == "django.contrib.auth.hashers.Argon2PasswordHasher"
