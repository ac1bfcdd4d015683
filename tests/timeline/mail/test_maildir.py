"""Mail into a folder: the embedded way out."""

from __future__ import annotations

import mailbox
from pathlib import Path
from typing import Any

import pytest
from django.core.mail import EmailMessage, get_connection

from tests.builders import NOW
from tests.timeline.mail.builders import make_queued, state_of, tick
from timeline.enums import MailState
from timeline.mail.transports import Refused

BACKEND = "timeline.mail.maildir.MaildirBackend"


def test_maildir_has_each_mail_in_new(settings: Any, tmp_path: Path) -> None:
    settings.MAILDIR_PATH = tmp_path / "deep" / "mail"
    connection = get_connection(BACKEND)
    messages = [
        EmailMessage(f"No. {n}", "Сәлем", "a@example.org", ["b@example.org"]) for n in (1, 2)
    ]
    assert connection.send_messages(messages) == 2
    box = mailbox.Maildir(settings.MAILDIR_PATH, create=False)
    assert sorted(str(one["Subject"]) for one in box) == ["No. 1", "No. 2"]
    assert len(list((settings.MAILDIR_PATH / "new").iterdir())) == 2
    assert list((settings.MAILDIR_PATH / "tmp").iterdir()) == []


def test_maildir_that_cannot_be_written_says_no(settings: Any, tmp_path: Path) -> None:
    settings.MAILDIR_PATH = tmp_path / "file" / "mail"
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(Refused) as caught:
        get_connection(BACKEND).send_messages([EmailMessage("a", "b", "a@b.org", ["c@d.org"])])
    assert (caught.value.code, caught.value.is_final) == (452, False)


@pytest.mark.django_db
def test_mail_for_a_maildir_that_cannot_be_written_waits(settings: Any, tmp_path: Path) -> None:
    settings.EMAIL_BACKEND = BACKEND
    settings.MAILDIR_PATH = tmp_path / "file" / "mail"
    (tmp_path / "file").write_text("in the way")
    (email,) = make_queued()
    tick(NOW)
    assert state_of(email) == (MailState.QUEUED, 0)
    (tmp_path / "file").unlink()
    tick(email.next_try_at)
    assert state_of(email) == (MailState.SENT, 1)
    (message,) = mailbox.Maildir(settings.MAILDIR_PATH, create=False)
    assert message["Message-ID"] == email.message_id
