"""The site as a production host has it: behind a proxy with TLS."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.config.loading import load_settings

HOST = "example.org"
ENVIRONMENT = {
    "SECRET_KEY": "".join(chr(ord("a") + number % 26) for number in range(60)),
    "ALLOWED_HOSTS": HOST,
    "SITE_URL": f"https://{HOST}",
    "NUM_PROXIES": "1",
    "DATABASE_URL": "postgres://desk:secret@localhost/record",
    "REDIS_URL": "redis://localhost:6379/0",
    "EMAIL_URL": "smtp+tls://desk:secret@mail.example.org",
}
BY_TLS = {"Host": HOST, "X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.1"}
_KINDS = ("SECURE_", "SESSION_COOKIE_", "CSRF_", "LANGUAGE_COOKIE_", "DEVICE_COOKIE_", "X_FRAME")
_NAMES = ("ALLOWED_HOSTS", "SITE_URL", "NUM_PROXIES", "CONTENT_SECURITY_POLICY")


def browse_in_production(settings: Any, folder: Path, **variables: str) -> None:
    """Give the running tests what concerns browsers of production's settings."""
    loaded = load_settings(folder, **ENVIRONMENT | variables)
    for name, value in loaded.items():
        if name.startswith(_KINDS) or name in _NAMES:
            setattr(settings, name, value)
