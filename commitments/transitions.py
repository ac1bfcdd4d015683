"""The one table of status moves: which are possible, who makes them, and what each needs.

Plain data and plain functions: the action `change_status`, the admin's buttons, the API and the
public methodology page all read this table. A need that is not met has a stable code and a
sentence that says what is missing.
"""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from commitments.enums import FINAL_STATUSES, OPEN_STATUSES, Evidence, Status
from commitments.evidence import RANK
from commitments.roles import APPROVE, CHANGE
from commitments.window import Window


class Need(enum.StrEnum):
    """What a move needs; the values are stable codes."""

    EVIDENCE = "needs_evidence"
    NEWER_EVIDENCE = "needs_newer_evidence"
    DOCUMENTED_EVIDENCE = "needs_documented_evidence"
    NEW_EVIDENCE = "needs_new_evidence"
    REASON = "needs_reason"
    REASON_CODE = "needs_reason_code"
    MISSING_PART = "needs_missing_part"
    PASSED_OR_REFUSED = "needs_last_day_passed"
    WITHDRAWAL_SOURCE = "needs_withdrawal_source"
    SUCCESSOR = "needs_successor"
    EFFECTIVE = "needs_effective"


@dataclass(frozen=True, slots=True)
class Transition:
    """A row of the table. `by` is a permission; `second_person` asks for another one's consent."""

    from_statuses: frozenset[Status]
    to_status: Status
    needs: tuple[Need, ...]
    by: str = CHANGE
    second_person: bool = False


def _row(
    from_statuses: frozenset[Status] | Status,
    to_status: Status,
    *needs: Need,
    by: str = CHANGE,
    second_person: bool = False,
) -> Transition:
    statuses = frozenset({from_statuses}) if isinstance(from_statuses, Status) else from_statuses
    return Transition(statuses, to_status, needs, by, second_person)


_BEGUN: Final = frozenset({Status.ANNOUNCED, Status.IN_PROGRESS})

TABLE: Final[tuple[Transition, ...]] = (
    _row(Status.ANNOUNCED, Status.IN_PROGRESS, Need.EVIDENCE),
    # Silence is not "stalled": somebody has to have said or shown that it stands still.
    _row(_BEGUN, Status.STALLED, Need.EVIDENCE, Need.REASON_CODE),
    _row(Status.STALLED, Status.IN_PROGRESS, Need.NEWER_EVIDENCE),
    _row(
        OPEN_STATUSES,
        Status.DELIVERED,
        Need.DOCUMENTED_EVIDENCE,
        Need.EFFECTIVE,
        second_person=True,
    ),
    _row(
        OPEN_STATUSES,
        Status.PARTLY_DELIVERED,
        Need.DOCUMENTED_EVIDENCE,
        Need.MISSING_PART,
        Need.EFFECTIVE,
        second_person=True,
    ),
    _row(
        OPEN_STATUSES,
        Status.NOT_DELIVERED,
        Need.PASSED_OR_REFUSED,
        Need.REASON_CODE,
        second_person=True,
    ),
    _row(OPEN_STATUSES, Status.WITHDRAWN, Need.WITHDRAWAL_SOURCE, second_person=True),
    _row(OPEN_STATUSES, Status.SUPERSEDED, Need.SUCCESSOR),
    _row(OPEN_STATUSES, Status.UNVERIFIABLE, Need.REASON, second_person=True),
    _row(FINAL_STATUSES, Status.ANNOUNCED, Need.REASON, Need.EVIDENCE, by=APPROVE),
    _row(FINAL_STATUSES, Status.IN_PROGRESS, Need.REASON, Need.EVIDENCE, by=APPROVE),
    _row(
        Status.PARTLY_DELIVERED,
        Status.DELIVERED,
        Need.NEW_EVIDENCE,
        Need.EFFECTIVE,
        second_person=True,
    ),
)

# What a source may report on the day it is recorded; later moves go by the table. A delivery that
# the source itself reports stays "claimed" until better evidence is cited.
FIRST_STATUSES: Final = frozenset({Status.ANNOUNCED, Status.IN_PROGRESS, Status.DELIVERED})


@dataclass(frozen=True, slots=True)
class Facts:
    """All that the needs look at, gathered by the action. `today` is the day at the place.

    `evidence` is the level of the citations given with the move, `new_evidence` that of those
    which no earlier move has used, and `newest_evidence` the day of the newest source among these
    that shows anything; `status_since` is the first possible day of the present status.
    """

    today: date
    latest: date | None
    effective: Window
    evidence: Evidence
    new_evidence: Evidence
    newest_evidence: date | None
    has_source: bool
    status_since: date | None
    reason: str
    reason_code: str
    missing: str
    explicit_refusal: bool
    has_successor: bool


@dataclass(frozen=True, slots=True)
class Unmet:
    """A need that is not met: a stable code, the input that would meet it, and a sentence."""

    code: str
    field: str
    sentence: str | Promise


def _at_least(level: Evidence) -> Callable[[Facts], bool]:
    return lambda facts: RANK[facts.evidence] >= RANK[level]


def _is_newer(facts: Facts) -> bool:
    newest, since = facts.newest_evidence, facts.status_since
    return newest is not None and (since is None or newest >= since)


def _passed_or_refused(facts: Facts) -> bool:
    if facts.explicit_refusal:
        return facts.has_source
    return facts.latest is not None and facts.latest < facts.today


def _has_effective(facts: Facts) -> bool:
    return not facts.effective.is_undated


_CHECKS: Final[dict[Need, tuple[Callable[[Facts], bool], str, str | Promise]]] = {
    Need.EVIDENCE: (
        _at_least(Evidence.CLAIMED),
        "citations",
        _("Cite a source that reports or confirms it."),
    ),
    Need.NEWER_EVIDENCE: (
        _is_newer,
        "citations",
        _("Cite a source that is newer than the stall and reports that it goes on."),
    ),
    Need.DOCUMENTED_EVIDENCE: (
        _at_least(Evidence.DOCUMENTED),
        "citations",
        _(
            "Cite a document or an independent source that shows it; "
            "a party's own word is not enough."
        ),
    ),
    Need.NEW_EVIDENCE: (
        lambda facts: RANK[facts.new_evidence] >= RANK[Evidence.DOCUMENTED],
        "citations",
        _("Cite a document or an independent source that no earlier move has used."),
    ),
    Need.REASON: (lambda facts: bool(facts.reason.strip()), "reason", _("Give the reason.")),
    Need.REASON_CODE: (
        lambda facts: bool(facts.reason_code),
        "reason_code",
        _("Choose the kind of reason; “unknown” is an honest answer."),
    ),
    Need.MISSING_PART: (
        lambda facts: bool(facts.missing.strip()),
        "missing",
        _("Say what is missing."),
    ),
    Need.PASSED_OR_REFUSED: (
        _passed_or_refused,
        "explicit_refusal",
        _(
            "Only when its last possible day has passed, or after an explicit refusal: mark the "
            "refusal and cite its source."
        ),
    ),
    Need.WITHDRAWAL_SOURCE: (
        lambda facts: facts.has_source,
        "citations",
        _("Cite the source of the withdrawal."),
    ),
    Need.SUCCESSOR: (
        lambda facts: facts.has_successor,
        "successor",
        _("Name the commitment that takes its place."),
    ),
    # Without it nobody could say whether it came early, on time or late.
    Need.EFFECTIVE: (
        _has_effective,
        "effective",
        _("Say when it was delivered, as exactly as the source does: 2025, or 2025-06-03."),
    ),
}


def find_transition(from_status: Status, to_status: Status) -> Transition | None:
    """The row for a move, or None where the table has none."""
    for row in TABLE:
        if from_status in row.from_statuses and to_status is row.to_status:
            return row
    return None


def transitions_from(status: Status) -> tuple[Transition, ...]:
    """The rows that lead on from `status`, in the order of the table."""
    return tuple(row for row in TABLE if status in row.from_statuses)


def unmet_needs(row: Transition, facts: Facts) -> tuple[Unmet, ...]:
    """What is still missing for `row`, in the order of its needs; empty when it may go ahead."""
    unmet = [
        Unmet(need.value, field, sentence)
        for need in row.needs
        for check, field, sentence in [_CHECKS[need]]
        if not check(facts)
    ]
    if facts.effective.earliest is not None and facts.effective.earliest > facts.today:
        future = _("The day since when it is so cannot be in the future.")
        unmet.append(Unmet("effective_in_future", "effective", future))
    return tuple(unmet)


def sentence_of(need: Need) -> str | Promise:
    """What to do to meet `need`, for a form or the methodology page."""
    return _CHECKS[need][2]
