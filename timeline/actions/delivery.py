"""Deliver mails of the outbox: claim, look again at what is true, hand over, write down the end.

The order of the last steps is what it is all about. Everything but the final dot is sent; then
`maybe_delivered` is raised in a commit of its own, under the lease; then the dot goes out. Who
dies or is cut off before that commit has sent nothing that counts; after it, one copy may have
arrived, the row says so, and one more is sent at most.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from django.conf import settings
from django.db import IntegrityError, InterfaceError, OperationalError, connection

from timeline.actions import outbox
from timeline.actions.claims import LEASE, MOST_OWN_FAILURES, claim_emails
from timeline.actions.letters import Letter, look_again
from timeline.mail.identity import envelope_sender
from timeline.mail.one_step import OneStepTransport
from timeline.mail.smtp import FINAL_REPLY_SECONDS, SmtpTransport
from timeline.mail.transports import (
    ConnectionBroken,
    Envelope,
    Refused,
    Reply,
    Transport,
    uses_smtp,
)
from timeline.mail.writing import WrittenMail
from timeline.models import OutboxEmail

logger = logging.getLogger(__name__)

BATCH: Final = 100
"""What a batch costs as a whole (a claim, a look at the record) is shared by so many; more would
wait for longer than their lease behind a slow host."""
LEASE_FOR_THE_FINAL_REPLY: Final = timedelta(seconds=FINAL_REPLY_SECONDS) + LEASE
HOST_AWAY: Final = timedelta(minutes=1)
"""How long to leave a mail host alone that could not be reached."""
SECONDS_TO_INSIST: Final = 60.0

Clock = Callable[[], datetime]


class LeaseLost(Exception):
    """Another worker has the mail now; nothing more may be sent."""


def deliver_emails(
    *,
    ids: Collection[int],
    clock: Clock,
    patience_seconds: float,
    transport: Transport | None = None,
) -> int:
    """Deliver the waiting mails among `ids` in batches; return how many this worker took.

    Whatever somebody else holds or has done is passed over. Where the pace allows no more, it
    waits, at most `patience_seconds` in all; the rest stays in the outbox for the next tick.
    """
    way_out = transport or (SmtpTransport() if uses_smtp() else OneStepTransport())
    rest, taken = list(ids), 0
    try:
        while rest:
            # A batch of the keys and not all of them: reading a statement with thousands of keys
            # took the database's driver longer than the claim itself.
            chunk = rest[:BATCH]
            claim = claim_emails(
                ids=chunk, limit=BATCH, per_minute=settings.MAILS_PER_MINUTE, now=clock()
            )
            if claim.emails:
                taken += len(claim.emails)
                mine = {email.pk for email in claim.emails}
                rest = [number for number in rest if number not in mine]
                if not _deliver_batch(claim.emails, way_out, clock):
                    break
            elif not claim.seconds_to_wait:
                logger.info("Not claimable: %s of %s mails", len(chunk), len(ids))
                rest = rest[BATCH:]
            elif claim.seconds_to_wait <= patience_seconds:
                patience_seconds -= claim.seconds_to_wait
                time.sleep(claim.seconds_to_wait)
            else:
                logger.info("The pace allows no more: %s of %s mails wait", len(rest), len(ids))
                break
    finally:
        way_out.close()
    return taken


def _deliver_batch(emails: Sequence[OutboxEmail], transport: Transport, clock: Clock) -> bool:
    """Deliver claimed mails; give the rest back and return False where nobody answers."""
    letters = look_again(emails, now=clock())
    is_begun = False
    for position, letter in enumerate(letters):
        try:
            transport.open()
        except ConnectionBroken as error:
            logger.warning("The mail host cannot be reached: %s", error)
            left = [letter.email for letter in letters[position:]]
            outbox.release_emails(emails=left, text=str(error), next_try_at=clock() + HOST_AWAY)
            return False
        following = next((one.email for one in letters[position + 1 : position + 2]), None)
        if is_begun or outbox.begin_attempt(email=letter.email, lease=LEASE, now=clock()):
            is_begun = _deliver_one(letter, following, transport, clock)
    return True


def _deliver_one(
    letter: Letter, following: OutboxEmail | None, transport: Transport, clock: Clock
) -> bool:
    """Hand over a mail that was begun; return whether the one that follows was begun as well."""
    email = letter.email
    try:
        written = letter.written(now=clock())
    except Exception as error:
        logger.exception("Mail %s cannot be written", email.pk)
        outbox.record_own_failure(
            email=email,
            text=f"{type(error).__name__}: {error}",
            most_failures=MOST_OWN_FAILURES,
            now=clock(),
        )
        return False
    return _Delivery(email, following, written, clock).run(transport)


class _Delivery:
    """One attempt to hand over one mail; its end and the beginning of the next are one commit."""

    def __init__(
        self,
        email: OutboxEmail,
        following: OutboxEmail | None,
        written: WrittenMail,
        clock: Clock,
    ) -> None:
        self._email = email
        self._following = following
        self._written = written
        self._clock = clock
        self._was_handed_over = False

    def run(self, transport: Transport) -> bool:
        """Whether the mail that follows was begun."""
        envelope = Envelope(envelope_sender(), self._email.to_address, self._written.content)
        try:
            reply = transport.deliver(envelope, before_final_dot=self._raise_maybe_delivered)
        except LeaseLost:
            return False
        except IntegrityError:
            # It would have been the third copy: the database has refused, and no dot was sent.
            text = "a third copy was about to be sent"
            self._insist(partial(outbox.record_unresolved, email=self._email, text=text))
        except Refused as refusal:
            self._insist(self._refusal(refusal))
        except ConnectionBroken as error:
            self._insist(self._broken_connection(error))
        else:
            return self._arrived(reply)
        return False

    def _arrived(self, reply: Reply) -> bool:
        if self._following is None:
            sent = partial(outbox.record_sent, code=reply.code, text=reply.text)
            self._insist(partial(sent, email=self._email))
            return False
        begin = partial(outbox.record_sent_and_begin, following=self._following, lease=LEASE)
        return self._insist(partial(begin, email=self._email, code=reply.code, text=reply.text))

    def _raise_maybe_delivered(self) -> None:
        if not outbox.raise_maybe_delivered(
            email=self._email,
            rendered=self._written.content,
            subject=self._written.subject,
            lease=LEASE_FOR_THE_FINAL_REPLY,
            now=self._clock(),
        ):
            raise LeaseLost
        self._was_handed_over = True

    def _refusal(self, refusal: Refused) -> Callable[..., bool]:
        return partial(
            outbox.record_refusal,
            email=self._email,
            code=refusal.code,
            text=refusal.text,
            is_final=refusal.is_final,
            was_handed_over=self._was_handed_over,
        )

    def _broken_connection(self, error: ConnectionBroken) -> Callable[..., bool]:
        return partial(
            outbox.record_broken_connection,
            email=self._email,
            text=str(error),
            was_handed_over=self._was_handed_over,
        )

    def _insist(self, record: Callable[..., bool]) -> bool:
        """Write down the end although the database may be away: what is not written is repeated.

        After a minute, or once the lease is lost, the row stays as it is and is called in later.
        """
        end = time.monotonic() + SECONDS_TO_INSIST
        while True:
            try:
                return record(now=self._clock())
            except (OperationalError, InterfaceError):
                if time.monotonic() > end:
                    raise
                logger.exception("Mail %s: the database is away", self._email.pk)
                connection.close()
                time.sleep(1)
