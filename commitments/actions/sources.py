"""Record and correct sources."""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from commitments.actions.citations import refresh_evidence
from commitments.actions.dates import follow_anchor
from commitments.actions.recording import (
    difference,
    lock_commitment,
    lock_record,
    log_change,
    touch,
    validated,
)
from commitments.enums import ChangeKind
from commitments.exceptions import InvalidInput
from commitments.models import Commitment, Source, User
from commitments.quotes import find_quote
from commitments.roles import demand_of_a_person, write_permission


@transaction.atomic
def save_source(*, source: Source, actor: User | None, now: datetime, reason: str = "") -> Source:
    """Record a new `source`, or a correction of one; write nothing where nothing differs.

    Line ends of the text become LF. A corrected text must still hold every quote that was
    taken from it: else InvalidInput names the first that is lost, and nothing is written.
    Raises NotAllowed, InvalidInput. Side effects, in order: the row, the new spans of its
    quotes, a row in the log, the evidence of what it shows more or less for now, the windows of
    what counts from its date; each with its row in the log.
    """
    demand_of_a_person(actor, write_permission(source))
    lock_record()
    source.text = _with_plain_line_ends(source.text or "")
    source.key = source.key or None
    before = Source.objects.filter(pk=source.pk).first()
    if before is None:
        source.created_at = now
    elif before.key and before.key != source.key:
        raise InvalidInput(_("The key is permanent: statement files name it."), field="key")
    validated(source)
    source.text_sha256 = sha256_of(source.text)
    changes = difference(before.log_state() if before else {}, source.log_state())
    if not changes:
        return source
    _keep_answer_of_address(source, before)
    source.save()
    if before and before.text_sha256 != source.text_sha256:
        _find_quotes_again(source)
    kind = ChangeKind.CORRECTED if before else ChangeKind.CREATED
    log_change(record=source, kind=kind, changes=changes, now=now, actor=actor, reason=reason)
    if before and (before.kind, before.independent) != (source.kind, source.independent):
        _weigh_evidence_again(source, actor=actor, now=now, reason=reason)
    follow_anchor(source, actor=actor, now=now)
    return source


def sha256_of(text: str) -> str:
    """The hash by which `text` is known, "" of none; a browser's line ends make no difference."""
    plain = _with_plain_line_ends(text)
    return hashlib.sha256(plain.encode()).hexdigest() if plain else ""


def _with_plain_line_ends(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _keep_answer_of_address(source: Source, before: Source | None) -> None:
    """What the link check has found meanwhile stays; of a new address nothing is known yet."""
    same = before is not None and before.url == source.url
    source.link_checked_at = before.link_checked_at if before and same else None
    source.link_state = before.link_state if before and same else ""
    source.link_detail = before.link_detail if before and same else ""
    source.link_failures = before.link_failures if before and same else None
    source.link_claimed_until = before.link_claimed_until if before and same else None


def _weigh_evidence_again(
    source: Source, *, actor: User | None, now: datetime, reason: str
) -> None:
    for commitment in Commitment.objects.filter(citations__source=source).distinct().order_by("pk"):
        current = lock_commitment(commitment)
        before = current.log_state()
        refresh_evidence(current)
        changes = difference(before, current.log_state())
        if not changes:
            continue
        touch(current, now=now)
        current.save()
        log_change(
            record=current,
            kind=ChangeKind.CORRECTED,
            changes=changes,
            now=now,
            actor=actor,
            reason=reason,
        )


def _find_quotes_again(source: Source) -> None:
    for citation in source.citations.exclude(quote=""):
        span = find_quote(source.text, citation.quote) if source.text else None
        if source.text and span is None:
            raise InvalidInput(
                _("This quote of %(id)s is not in the new text: “%(quote)s”. Correct it first.")
                % {"id": citation.commitment.public_id, "quote": citation.quote[:200]},
                field="text",
            )
        citation.start, citation.end = span or (None, None)
        citation.save(update_fields=["start", "end"])
