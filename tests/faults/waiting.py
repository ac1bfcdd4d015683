"""What the stories of failing neighbours share: a reader who is owed a mail, and waiting for it."""

from __future__ import annotations

from typing import Final

from django.utils import timezone

from tests.faults.keeper import wait_until
from tests.services.programs import Program
from tests.services.smtp import SmtpServer
from tests.timeline.mail.builders import make_due, make_subscription
from timeline.enums import MailState
from timeline.models import OutboxEmail

PATIENCE_SECONDS: Final = 60


class Readers:
    """Readers of one commitment that is due in a week; each new one is owed a mail at once."""

    def __init__(self, server: SmtpServer) -> None:
        self._server = server
        self._owed: list[str] = []
        make_due(now=timezone.now())

    def owe_one(self) -> None:
        """One more reader; the next tick, whoever ticks, plans their mail."""
        reader = make_subscription(now=timezone.now()).subscriber
        self._owed.append(reader.address)

    def wait(self, *programs: Program) -> None:
        """Return when all that is owed has come; raise with the output of `programs` else."""
        wait_until(
            lambda: len(self._server.messages) >= len(self._owed),
            seconds=PATIENCE_SECONDS,
            why=lambda: "\n".join(program.output[-4000:] for program in programs),
        )

    def assert_each_was_told_once(self) -> None:
        """One copy for each reader, and every row knows it."""
        told = [received.recipients for received in self._server.messages]
        assert sorted(told) == sorted([address] for address in self._owed)
        states = OutboxEmail.objects.values_list("state", "maybe_delivered")
        assert list(states) == [(MailState.SENT, 1)] * len(self._owed)
