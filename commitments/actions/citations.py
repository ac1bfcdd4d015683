"""Cite a source for a commitment."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from commitments.actions.recording import (
    difference,
    lock_commitment,
    log_change,
    touch,
    validated,
)
from commitments.enums import ChangeKind, Publication
from commitments.evidence import evidence_level
from commitments.exceptions import InvalidInput, QuoteNotFound
from commitments.models import Citation, Commitment, User
from commitments.quotes import find_quote, nearest_passage
from commitments.roles import CHANGE, demand_of_a_person
from commitments.time_zones import day_at


@transaction.atomic
def cite_source(
    *,
    citation: Citation,
    actor: User | None,
    now: datetime,
    expected_revision: int | None = None,
    reason: str = "",
) -> Citation:
    """Add `citation` to its commitment, or correct it; write nothing where nothing differs.

    Where the source's text is stored, the quote must stand in it: else QuoteNotFound shows the
    nearest passage. A citation stays with its commitment; one that a status change or a date
    move rests on keeps its role and source as well. Raises NotAllowed, StaleRevision, InvalidInput.
    Side effects, in order: the row, the commitment's evidence and revision, the log.
    """
    demand_of_a_person(actor, CHANGE)
    commitment = lock_commitment(citation.commitment, expected_revision=expected_revision)
    is_new = citation._state.adding  # noqa: SLF001  # Django's documented name
    before = None if is_new else _on_record(citation)
    if before is None:
        citation.created_at = now
    else:
        _refuse_rewriting(before, citation)
    citation.quote = (citation.quote or "").replace("\r\n", "\n").strip()
    validated(citation)
    _place_quote(citation)
    changes = difference(before.log_state() if before else {}, citation.log_state())
    if not changes:
        return citation
    citation.save()
    _log(
        commitment,
        {f"citation {citation.pk} {name}": pair for name, pair in changes.items()},
        now=now,
        actor=actor,
        reason=reason,
    )
    return citation


@transaction.atomic
def remove_citation(
    *,
    citation: Citation,
    actor: User | None,
    now: datetime,
    expected_revision: int | None = None,
    reason: str = "",
) -> None:
    """Take back a citation that was entered by mistake; the log keeps what it said.

    Raises NotAllowed, StaleRevision, and InvalidInput where a status change, a date move or a
    proposed verdict rests on it, or where it is the last one of what is published.
    Side effects, in order: the row goes, the commitment's evidence and revision, the log.
    """
    demand_of_a_person(actor, CHANGE)
    commitment = lock_commitment(citation.commitment, expected_revision=expected_revision)
    kept = _on_record(citation)
    if _is_relied_on(kept):
        raise InvalidInput(
            _("A status change or date move rests on this citation: it stays in the record.")
        )
    is_last = not commitment.citations.exclude(pk=kept.pk).exists()
    if is_last and commitment.publication == Publication.PUBLISHED:
        raise InvalidInput(_("It is published: cite another source before you remove the last."))
    gone = {
        f"citation {kept.pk} {name}": [value, None]
        for name, value in kept.log_state().items()
        if value is not None
    }
    kept.delete()
    _log(commitment, gone, now=now, actor=actor, reason=reason)


@transaction.atomic
def note_evidence_search(
    *, commitment: Commitment, day: date, actor: User | None, now: datetime, reason: str = ""
) -> Commitment:
    """Record that an editor looked for evidence on `day`, whatever was found.

    "None found as of that day" is an honest state. Writes nothing where that day is noted
    already. Raises NotAllowed; InvalidInput for a day to come, or before the last look.
    Side effects, in order: the commitment's day of the last look and revision, the log.
    """
    demand_of_a_person(actor, CHANGE)
    current = lock_commitment(commitment)
    if day == current.evidence_checked_on:
        return current
    if day > day_at(current.time_zone, now):
        raise InvalidInput(_("This day is still to come."), field="day")
    if current.evidence_checked_on and day < current.evidence_checked_on:
        raise InvalidInput(
            _("There was a later look already; give its day or a newer one."), field="day"
        )
    before = current.log_state()
    current.evidence_checked_on = day
    touch(current, now=now)
    validated(current)
    current.save()
    log_change(
        record=current,
        kind=ChangeKind.EVIDENCE_CHECKED,
        changes=difference(before, current.log_state()),
        now=now,
        actor=actor,
        reason=reason,
    )
    return current


def citations_of(commitment: Commitment, given: Iterable[Citation]) -> tuple[Citation, ...]:
    """The rows of `given` as they are now, with their sources; for use under the lock.

    Raises InvalidInput where one is of another commitment, or was removed meanwhile.
    """
    wanted = {citation.pk for citation in given}
    found = commitment.citations.filter(pk__in=wanted).select_related("source").order_by("pk")
    if len(found) != len(wanted):
        raise InvalidInput(
            _("This citation is of another commitment, or was removed."), field="citations"
        )
    return tuple(found)


def refresh_evidence(commitment: Commitment) -> None:
    """Set the level that its citations show now; the caller saves."""
    commitment.evidence = evidence_level(
        commitment.citations.select_related("source")
        .only("commitment", "role", "source__kind", "source__independent")
        .order_by()
    )


def _log(
    commitment: Commitment,
    changes: dict[str, list[object]],
    *,
    now: datetime,
    actor: User | None,
    reason: str,
) -> None:
    before = commitment.log_state()
    refresh_evidence(commitment)
    touch(commitment, now=now)
    commitment.save()
    log_change(
        record=commitment,
        kind=ChangeKind.CITED,
        changes={**changes, **difference(before, commitment.log_state())},
        now=now,
        actor=actor,
        reason=reason,
    )


def _is_relied_on(citation: Citation) -> bool:
    return (
        citation.status_changes.exists()
        or citation.date_moves.exists()
        or citation.status_proposals.exists()
    )


def _on_record(citation: Citation) -> Citation:
    """The row as it is now, under the lock; somebody else may have removed it since."""
    found = Citation.objects.select_related("source", "said_by").filter(pk=citation.pk).first()
    if found is None:
        raise InvalidInput(_("This citation was removed meanwhile."))
    return found


def _refuse_rewriting(before: Citation, citation: Citation) -> None:
    if before.commitment_id != citation.commitment_id:
        raise InvalidInput(
            _("A citation stays with its commitment: add one to the other."), field="commitment"
        )
    is_rewritten = (before.role, before.source_id) != (citation.role, citation.source_id)
    if is_rewritten and _is_relied_on(before):
        raise InvalidInput(
            _(
                "A status change or date move rests on this citation: its source and what it "
                "does stay. Add another citation instead."
            ),
            field="role",
        )


def _place_quote(citation: Citation) -> None:
    text = citation.source.text
    is_marked = citation.start is not None and bool(citation.quote)
    if is_marked and text[citation.start : citation.end] == citation.quote:
        return  # the mark stands in the text, perhaps not at the first place of these words
    citation.start = citation.end = None
    if not (text and citation.quote):
        return
    span = find_quote(text, citation.quote)
    if span is None:
        nearest = nearest_passage(text, citation.quote)
        sentence = _("These words are not in the stored text. Nearest passage: “%(nearest)s”.")
        raise QuoteNotFound(sentence % {"nearest": nearest or "—"}, nearest=nearest)
    citation.start, citation.end = span
