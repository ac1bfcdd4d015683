"""Move the promised time of a commitment, and all that counts from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from commitments.actions.citations import citations_of
from commitments.actions.commitments import refuse_circles
from commitments.actions.recording import (
    difference,
    lock_commitment,
    log_change,
    touch,
    validated,
)
from commitments.anchors import anchored_window
from commitments.enums import AnchorUnit, ChangeKind, DateMoveKind
from commitments.exceptions import InvalidInput, TransitionRefused
from commitments.models import Citation, Commitment, DateMove, Source, User
from commitments.roles import CHANGE, demand
from commitments.time_zones import day_at
from commitments.window import Window
from commitments.window_comparison import compare_windows


@dataclass(frozen=True, slots=True)
class WindowMove:
    """What is said about a move: the fields of the form and of the API.

    `effective` is when the move was said. `is_correction` is for our own typing errors.
    """

    window: Window
    wording: str = ""
    effective: Window = field(default_factory=Window.undated)
    reason: str = ""
    citations: tuple[Citation, ...] = ()
    is_correction: bool = False


@transaction.atomic
def move_date(
    *,
    commitment: Commitment,
    window: Window,
    actor: User,
    now: datetime,
    wording: str = "",
    effective: Window | None = None,
    reason: str = "",
    citations: Sequence[Citation] = (),
    is_correction: bool = False,
    expected_revision: int | None = None,
) -> DateMove:
    """Move the window to `window`; the old one stays in the history.

    A move was said by somebody: it needs a citation. `is_correction` is for our own typing
    errors: it needs a reason, and counts as no slip. `effective` is when the move was said.
    A window that was counted from an anchor is so no longer: somebody has named a date.
    Raises NotAllowed, StaleRevision, InvalidInput, and TransitionRefused (`has_verdict`) after a
    verdict. Side effects, in order: the DateMove, the commitment's window, wording and revision,
    a row in the log, the same for what counts from it.
    """
    demand(actor, CHANGE)
    current = lock_commitment(commitment, expected_revision=expected_revision)
    move = WindowMove(
        window=current.at_its_place(window),
        wording=wording or (current.wording if is_correction else ""),
        effective=effective or Window.undated(),
        reason=reason,
        citations=citations_of(current, citations),
        is_correction=is_correction,
    )
    _refuse(current, move, today=day_at(current.time_zone, now))
    before = current.log_state()
    _clear_anchor(current)
    written = _write_move(current, move, before=before, actor=actor, now=now)
    follow_anchor(current, actor=actor, now=now)
    return written


@transaction.atomic
def anchor_date(
    *,
    commitment: Commitment,
    anchor: Source | Commitment,
    amount: int,
    unit: AnchorUnit,
    actor: User,
    now: datetime,
    wording: str = "",
    expected_revision: int | None = None,
) -> Commitment:
    """Let the window count from `anchor`: "within 40 days of the signing".

    The anchor is the date of a source, or the window of another commitment (once that is
    delivered, the day of its delivery). Raises as `move_date`, and CircleError. Side effects, in
    order: the anchor, the DateMove where the window changes, a row in the log, and the same for
    what counts from this one.
    """
    demand(actor, CHANGE)
    current = lock_commitment(commitment, expected_revision=expected_revision)
    _refuse_after_verdict(current)
    before = current.log_state()
    anchor.refresh_from_db()
    current.anchor_source = anchor if isinstance(anchor, Source) else None
    current.anchor_commitment = anchor if isinstance(anchor, Commitment) else None
    current.anchor_amount = amount
    current.anchor_unit = unit
    validated(current)
    refuse_circles(current)
    window = anchored_window(current)
    move = WindowMove(window=window, wording=wording or current.wording)
    if window == current.window_value:
        _save_and_log(current, before, {}, kind=ChangeKind.CORRECTED, actor=actor, now=now)
    else:
        _write_move(current, move, before=before, actor=actor, now=now)
    follow_anchor(current, actor=actor, now=now)
    return current


def follow_anchor(anchor: Source | Commitment, *, actor: User | None, now: datetime) -> None:
    """Move what counts from `anchor`, and what counts from that; inside the caller's transaction.

    What has its verdict already stays as it was judged.
    """
    for anchored in anchor.anchored.order_by("pk"):
        current = lock_commitment(anchored)
        window = anchored_window(current)
        if current.is_final or window == current.window_value:
            continue
        # Without its name: the reason is public, and the anchor may be a draft.
        reason = _("What it counts from has moved.")
        move = WindowMove(window=window, wording=current.wording, reason=reason)
        _write_move(current, move, before=current.log_state(), actor=actor, now=now)
        follow_anchor(current, actor=actor, now=now)


def _clear_anchor(commitment: Commitment) -> None:
    commitment.anchor_source = commitment.anchor_commitment = None
    commitment.anchor_amount = None
    commitment.anchor_unit = ""


def _write_move(
    current: Commitment,
    move: WindowMove,
    *,
    before: dict[str, object],
    actor: User | None,
    now: datetime,
) -> DateMove:
    old = current.window_value
    compared = compare_windows(old, move.window)
    touch(current, now=now)
    row = DateMove(
        commitment=current,
        kind=DateMoveKind.CORRECTED if move.is_correction else DateMoveKind(compared.kind),
        from_window=str(old),
        to_window=str(move.window),
        from_wording=current.wording,
        to_wording=move.wording,
        slip_days=None if move.is_correction else compared.slip_days,
        effective=str(move.effective),
        since=move.effective.earliest or day_at(current.time_zone, now),
        recorded_at=now,
        actor=actor,
        reason=move.reason,
        revision=current.revision,
    )
    validated(row)
    row.save()
    row.citations.set(move.citations)
    current.set_window(move.window)
    current.wording = move.wording
    logged = {"date_move": [None, row.log_state()]}
    _save_and_log(
        current,
        before,
        logged,
        kind=ChangeKind.DATE_MOVED,
        actor=actor,
        now=now,
        reason=move.reason,
    )
    return row


def _save_and_log(
    current: Commitment,
    before: dict[str, object],
    logged: Mapping[str, object],
    *,
    kind: ChangeKind,
    actor: User | None,
    now: datetime,
    reason: str = "",
) -> None:
    changes = difference(before, current.log_state())
    if not (changes or logged):
        return
    if kind is not ChangeKind.DATE_MOVED:
        touch(current, now=now)
    validated(current)
    current.save()
    log_change(
        record=current,
        kind=kind,
        changes={**changes, **logged},
        now=now,
        actor=actor,
        reason=reason,
    )


def _refuse_after_verdict(commitment: Commitment) -> None:
    if commitment.is_final:
        raise TransitionRefused(
            _("It has its verdict: reopen it before its date is moved."), code="has_verdict"
        )


def _refuse(commitment: Commitment, move: WindowMove, *, today: date) -> None:
    _refuse_after_verdict(commitment)
    if commitment.window_value == move.window:
        raise InvalidInput(_("This is the date that it has already."), field="window")
    if move.effective.earliest is not None and move.effective.earliest > today:
        raise InvalidInput(_("The day on which it was said is still to come."), field="effective")
    if move.is_correction and not move.reason.strip():
        raise InvalidInput(_("Say what was entered wrongly."), field="reason")
    if not move.is_correction and not move.citations:
        raise InvalidInput(
            _("Cite the source that moves the date, or mark it as a correction of our own error."),
            field="citations",
        )
