"""Windows that count from something else: "within 40 days of the signing"."""

from __future__ import annotations

from datetime import date

from commitments.enums import Status
from commitments.models import Commitment
from commitments.phrases.reading import AnchorRule, Unit
from commitments.window import Window


def anchored_window(commitment: Commitment) -> Window:
    """The window of `commitment` as it follows from its anchor now.

    From the first day on which the anchor may fall to the end of the distance from its last; open
    or undated where the anchor is. Raises PhraseError beyond the year 9999, and ValueError
    for a commitment that has no anchor.
    """
    if not commitment.anchor_unit or commitment.anchor_amount is None:
        raise ValueError(f"{commitment.public_id} counts from nothing")
    first, last = _days_of_anchor(commitment)
    rule = AnchorRule("", commitment.anchor_amount, _UNITS[commitment.anchor_unit])
    start = first.isoformat() if first else ".."
    end = str(rule.window(last).latest) if last else ".."
    return Window.undated() if start == end == ".." else Window.parse(f"{start}/{end}")


_UNITS: dict[str, Unit] = {"day": "day", "week": "week", "month": "month", "year": "year"}


def _days_of_anchor(commitment: Commitment) -> tuple[date | None, date | None]:
    if commitment.anchor_source is not None:
        return commitment.anchor_source.date, commitment.anchor_source.date
    anchor = commitment.anchor_commitment
    if anchor is None:
        return None, None
    if anchor.status == Status.DELIVERED and anchor.effective:
        return anchor.effective_earliest, anchor.effective_latest
    return anchor.earliest, anchor.latest
