"""What is told to Sentry: the error, and nothing that is a secret or somebody's."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import sentry_sdk
from django.test import Client
from sentry_sdk.envelope import Envelope
from sentry_sdk.transport import Transport

from config.errors import report_errors

pytestmark = [pytest.mark.django_db, pytest.mark.once]


class Kept(Transport):
    """Keeps what would be sent."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[Any] = []

    def capture_envelope(self, envelope: Envelope) -> None:
        self.told.append(envelope.get_event())


@pytest.fixture
def kept() -> Iterator[Kept]:
    transport = Kept()
    report_errors(
        "https://key@sentry.example.org/1", transport=transport, auto_enabling_integrations=False
    )
    yield transport
    sentry_sdk.get_client().close(timeout=0)
    sentry_sdk.get_global_scope().set_client(None)


def _fail(_self: Any, request: Any) -> None:
    raise RuntimeError(f"cannot make {request.path}")


def test_an_error_is_told_without_secrets(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("config.languages.LanguageMiddleware.process_request", _fail)
    client = Client(raise_request_exception=False)
    client.cookies["sessionid"] = "s3ssion"
    path = "/feeds/abcdefgh/s3cret.ics"
    answer = client.get(f"{path}?email=reader@example.org", REMOTE_ADDR="203.0.113.9")
    assert answer.status_code == 500
    assert len(kept.told) >= 1
    told = str(kept.told)
    assert "cannot make /feeds/abcdefgh/[secret]" in told
    for secret in ("s3cret", "s3ssion", "reader@example.org", "203.0.113.9"):
        assert secret not in told
