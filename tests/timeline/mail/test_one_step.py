"""Other Django backends as a way out: we see only whether they raise."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend

from tests.builders import NOW
from tests.timeline.mail.builders import make_queued, state_of, tick
from timeline.enums import MailState
from timeline.mail.mime import write_message
from timeline.mail.one_step import ReadyMail
from timeline.mail.transports import Envelope
from timeline.models import OutboxEmail


class PlannedBackend(BaseEmailBackend):
    """Raises what it was told to, else takes everything."""

    raises: Exception | None = None
    takes = True

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        if self.raises is not None:
            raise self.raises
        return len(email_messages) if self.takes else 0


@pytest.fixture
def backend(settings: Any, monkeypatch: pytest.MonkeyPatch) -> type[PlannedBackend]:
    settings.EMAIL_BACKEND = f"{__name__}.PlannedBackend"
    monkeypatch.setattr(PlannedBackend, "raises", None)
    monkeypatch.setattr(PlannedBackend, "takes", True)
    return PlannedBackend


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("raises", "expected"),
    [
        (None, (MailState.SENT, 1)),
        (ConnectionRefusedError("nobody"), (MailState.QUEUED, 0)),
        (socket.gaierror("no such host"), (MailState.QUEUED, 0)),
        (TimeoutError("silence"), (MailState.UNKNOWN, 1)),
        (RuntimeError("a bug"), (MailState.UNKNOWN, 1)),
    ],
)
def test_what_a_backend_raises_decides(
    raises: Exception | None, expected: tuple[str, int], backend: type[PlannedBackend]
) -> None:
    (email,) = make_queued()
    backend.raises = raises
    tick(NOW)
    assert state_of(email) == expected


@pytest.mark.django_db
def test_backend_that_takes_nothing_is_asked_again(backend: type[PlannedBackend]) -> None:
    (email,) = make_queued()
    backend.takes = False
    tick(NOW)
    assert state_of(email) == (MailState.QUEUED, 0)


@pytest.mark.django_db
def test_sent_bytes_are_the_ones_that_were_written_down(monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[bytes] = []
    raise_copies = OutboxEmail.objects.filter
    make_queued()
    monkeypatch.setattr(
        "timeline.actions.delivery.outbox.record_sent",
        lambda *, email, **_: kept.append(bytes(raise_copies(pk=email.pk).get().rendered or b"")),
    )
    tick(NOW)
    (sent,) = mail.outbox
    assert sent.message().as_bytes().replace(b"\n", b"\r\n") == kept[0]


def test_ready_mail_has_parts_for_backends_that_want_them() -> None:
    content = write_message(
        headers=[
            ("From", "=?utf-8?b?0JHRjtGA0L4=?= <desk@example.org>"),
            ("To", "ann@example.org"),
            ("Subject", "Сәлем"),
            ("Message-ID", "<1@example.org>"),
        ],
        text="Words",
        html="<p>Words</p>",
    )
    ready = ReadyMail(Envelope("desk@example.org", "ann@example.org", content))
    assert isinstance(ready, EmailMultiAlternatives)
    assert (ready.subject, ready.body.strip(), ready.to) == ("Сәлем", "Words", ["ann@example.org"])
    assert ready.from_email == "Бюро <desk@example.org>"
    assert ready.extra_headers == {"Message-ID": "<1@example.org>"}
    (alternative,) = ready.alternatives
    assert (str(alternative[0]).strip(), alternative[1]) == ("<p>Words</p>", "text/html")
