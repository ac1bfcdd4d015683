"""Commitments that recur: "consultations every year" as milestones under one programme."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Final

from dateutil.rrule import rrulestr
from django.db import transaction
from django.utils.translation import gettext as _

from commitments.actions.links import Part, record_milestone
from commitments.enums import Kind
from commitments.exceptions import InvalidInput
from commitments.models import Commitment, User
from commitments.roles import CHANGE, PUBLISH, demand
from commitments.window import Window

MOST_OCCURRENCES: Final = 200
LONGEST_RULE: Final = 200
_DAYS: Final = frozenset({"BYDAY", "BYMONTHDAY", "BYYEARDAY", "BYEASTER"})
_TIMES: Final = frozenset({"BYHOUR", "BYMINUTE", "BYSECOND"})


@transaction.atomic
def add_occurrences(
    *, programme: Commitment, rule: str, first: date, last: date, actor: User, now: datetime
) -> list[Commitment]:
    """Record the occurrences of `rule` from `first` to `last` as milestones of `programme`.

    `rule` is an RRULE (RFC 5545, 3.3.10), as "FREQ=YEARLY". An occurrence is only as exact as
    the rule: a year for "every year", a month for "every May", a day only where the rule names
    it. What is on record already is left as it is, so that the action can be repeated and
    prolonged. Raises NotAllowed, InvalidInput. Side effects: those of `record_milestone` for each
    new one. Returns the new ones.
    """
    demand(actor, PUBLISH if programme.published_at else CHANGE)
    if programme.kind != Kind.PROGRAMME:
        raise InvalidInput(_("Only a programme has occurrences."), field="programme")
    windows = occurrence_windows(rule, first=first, last=last)
    known = set(
        Commitment.objects.filter(parent=programme, key__isnull=False).values_list("key", flat=True)
    )
    recorded = []
    for window in windows:
        key = f"{programme.public_id}-{window}".lower()
        if key in known:
            continue
        part = Part(title=_title(programme, window), window=window)
        recorded.append(
            record_milestone(
                programme=programme, part=part, key=key, actor=actor, now=now, reason=rule
            )
        )
    return recorded


def occurrence_windows(rule: str, *, first: date, last: date) -> list[Window]:
    """The windows of `rule` from `first` to `last` (both included), each once, in order.

    Raises InvalidInput for what is no rule of days, and for more than `MOST_OCCURRENCES`.
    """
    parts = _parts_of(rule)
    end = datetime.combine(last, time.max)
    windows: dict[str, Window] = {}
    for instant in _instants(rule, first):
        if instant > end:
            break
        window = Window.parse(_as_exact_as(parts, instant.date()))
        windows[str(window)] = window
        if len(windows) > MOST_OCCURRENCES:
            sentence = _("At most %(most)d occurrences at once; choose an earlier end.")
            raise InvalidInput(sentence % {"most": MOST_OCCURRENCES}, field="last")
    if not windows:
        raise InvalidInput(_("The rule has no occurrence in this time."), field="last")
    return list(windows.values())


def _no_rule() -> InvalidInput:
    return InvalidInput(
        _("Write a rule as in a calendar: FREQ=YEARLY, or FREQ=MONTHLY;BYMONTHDAY=1."),
        field="rule",
    )


def _parts_of(rule: str) -> dict[str, str]:
    pairs = [part.split("=", 1) for part in rule.removeprefix("RRULE:").upper().split(";")]
    if len(rule) > LONGEST_RULE or any(len(pair) != len(("NAME", "value")) for pair in pairs):
        raise _no_rule()
    parts = dict(pairs)
    # An interval of 0 would repeat the first occurrence for ever.
    if not re.fullmatch(r"[1-9]\d{0,3}", parts.get("INTERVAL", "1")):
        raise _no_rule()
    if parts.get("FREQ") not in {"YEARLY", "MONTHLY", "WEEKLY", "DAILY"} or parts.keys() & _TIMES:
        raise _no_rule()
    return parts


def _instants(rule: str, first: date) -> Iterator[datetime]:
    try:
        parsed = rrulestr(rule.removeprefix("RRULE:"), dtstart=datetime.combine(first, time()))
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError) as error:
        raise _no_rule() from error
    return iter(parsed)


def _as_exact_as(parts: dict[str, str], day: date) -> str:
    """EDTF of the occurrence on `day`, no more exact than the rule says."""
    frequency = parts["FREQ"]
    if parts.keys() & _DAYS or frequency == "DAILY":
        return day.isoformat()
    if frequency == "WEEKLY":
        monday = day - timedelta(days=day.weekday())
        return f"{monday.isoformat()}/{(monday + timedelta(days=6)).isoformat()}"
    if frequency == "MONTHLY" or "BYMONTH" in parts:
        return f"{day:%Y-%m}"
    return f"{day:%Y}"


def _title(programme: Commitment, window: Window) -> str:
    suffix = f" ({window})"
    return programme.title[: 300 - len(suffix)] + suffix
