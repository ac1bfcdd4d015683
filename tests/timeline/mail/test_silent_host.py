"""A mail host that takes a mail and then never says so."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.builders import NOW
from tests.timeline.mail.builders import make_queued, state_of, tick, use_smtp
from tests.timeline.mail.scripted_smtp import HANG, ScriptedSmtp
from timeline.enums import MailState
from timeline.mail.smtp import SmtpTransport

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("silences", "expected"), [(1, (MailState.SENT, 2)), (9, (MailState.UNRESOLVED, 2))]
)
def test_silence_after_the_dot_makes_two_copies_at_most_rem10(
    silences: int, expected: tuple[str, int], settings: Any, scripted_smtp: ScriptedSmtp
) -> None:
    use_smtp(settings, scripted_smtp.port)
    scripted_smtp.script["DOT"] = [HANG] * silences
    (email,) = make_queued()
    tick(NOW, transport=SmtpTransport(final_reply_seconds=0.5))
    assert state_of(email) == (MailState.UNKNOWN, 1)
    assert email.last_text == "SMTPServerDisconnected: Connection unexpectedly closed: timed out"
    for hours in range(1, 5):
        later = NOW + timedelta(hours=hours)
        tick(later, transport=SmtpTransport(final_reply_seconds=0.5))
    assert state_of(email) == expected
    first, second = scripted_smtp.messages
    assert first == second
