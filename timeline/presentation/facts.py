"""What the page of one commitment says: its facts in sentences, and its story.

Pure functions over `Entry`, in the active language.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from commitments.enums import Evidence
from timeline.dates_in_words import day_in_words
from timeline.entries import Entry, EntryCitation, EntryMove, EntryParty, EntryStatusChange
from timeline.numbers_in_words import number_in_words
from timeline.presentation.chart import Chart, Measured, draw_chart
from timeline.presentation.lists import capitalised, overdue_since
from timeline.record_pages import ReportedValue


@dataclass(frozen=True, slots=True)
class Happening:
    """One step of a commitment's story; `day` is when it was said or recorded."""

    day: date
    what: str
    look: str
    text: str
    remark: str


def overdue_sentence(entry: Entry) -> str:
    """What is to be said of an overdue one, and no more; "" for the others."""
    if overdue_since(entry) is None:
        return ""
    if entry.evidence == Evidence.NONE:
        return _("The last possible day has passed without evidence. No verdict has been given.")
    return _("The last possible day has passed. No verdict has been given.")


def evidence_sentence(entry: Entry) -> str:
    """What the sources show, and as of when somebody looked."""
    if entry.evidence != Evidence.NONE:
        return capitalised(entry.evidence_label)
    if entry.evidence_checked_on is None:
        return _("None found; nobody has recorded a search for it yet")
    day = day_in_words(entry.evidence_checked_on, entry.language)
    return _("None found as of %(day)s") % {"day": day}


def window_in_days(entry: Entry) -> str:
    """The window as first and last possible day; "" where its words say no less."""
    earliest, latest = entry.window.earliest, entry.window.latest
    if entry.window.is_day or (earliest is None and latest is None):
        return ""
    first = day_in_words(earliest, entry.language) if earliest else _("no first day")
    last = day_in_words(latest, entry.language) if latest else _("no last day")
    return _("%(first)s to %(last)s") % {"first": first, "last": last}


def target_sentence(entry: Entry) -> str:
    """What is measured and how far it is to go, "" without a target.

    "mutual trade per year: more than 30 billion USD (from 28.4 billion, 2023)"
    """
    target = entry.target
    if target is None:
        return ""
    goal = {
        "measure": target.measure,
        "comparison": target.comparison_label,
        "goal": number_in_words(target.goal, entry.language),
        "unit": target.unit,
    }
    sentence = _("%(measure)s: %(comparison)s %(goal)s %(unit)s") % goal
    if not target.baseline:
        return sentence
    start = number_in_words(target.baseline, entry.language)
    period = f", {target.baseline_period}" if target.baseline_period else ""
    return sentence + " " + _("(from %(baseline)s)") % {"baseline": f"{start}{period}"}


def parties_by_role(entry: Entry) -> tuple[tuple[str, tuple[EntryParty, ...]], ...]:
    """The parties under the label of what they have to do with it, in the order of the record."""
    roles: dict[str, list[EntryParty]] = {}
    for party in entry.parties:
        roles.setdefault(party.role_label, []).append(party)
    return tuple((capitalised(label), tuple(found)) for label, found in roles.items())


def story(entry: Entry, values: Iterable[ReportedValue] = ()) -> tuple[Happening, ...]:
    """What was said, moved, reported and judged, and the last possible day, in order of time."""
    recorded = [
        *((move.recorded_at, _moved(move)) for move in entry.moves),
        *((change.recorded_at, _judged(change)) for change in entry.status_changes),
    ]
    steps = [
        *(_said(citation) for citation in entry.citations),
        *(_reported(entry, value) for value in values),
        *(step for _instant, step in sorted(recorded, key=lambda pair: pair[0])),
        *_due(entry),
    ]
    # On one day: what was said, what was recorded of it in its order, then the day itself.
    return tuple(sorted(steps, key=lambda step: step.day))


def _due(entry: Entry) -> tuple[Happening, ...]:
    if entry.window.latest is None:
        return ()
    return (
        Happening(
            day=entry.window.latest,
            what=_("Last possible day"),
            look="due",
            text=capitalised(entry.window_words),
            remark="",
        ),
    )


def _said(citation: EntryCitation) -> Happening:
    who = " · ".join(part for part in (citation.said_by, citation.locator) if part)
    return Happening(
        day=citation.source_date,
        what=pgettext("step of a story", "Source: %(role)s") % {"role": citation.role_label},
        look="said",
        text=citation.source_title,
        remark=who,
    )


def _reported(entry: Entry, value: ReportedValue) -> Happening:
    who = " · ".join(part for part in (value.source_title, value.locator) if part)
    unit = entry.target.unit if entry.target else ""
    return Happening(
        day=value.source_date,
        what=_("Value reported"),
        look="said",
        text=f"{number_in_words(value.value, entry.language)} {unit} ({value.period_words})",
        remark=who,
    )


def target_chart(entry: Entry, values: Sequence[ReportedValue]) -> Chart | None:
    """The values that were reported for its target, against the goal; None without any."""
    if entry.target is None or not values:
        return None
    measured = [
        Measured(
            day=value.period.latest or value.source_date,
            value=float(value.value),
            value_words=number_in_words(value.value, entry.language),
            period_words=value.period_words,
        )
        for value in values
    ]
    first = entry.target.baseline_window.latest
    if entry.target.baseline and first is not None:
        words = number_in_words(entry.target.baseline, entry.language)
        start = float(entry.target.baseline)
        measured.append(
            Measured(first, start, words, entry.target.baseline_period, is_baseline=True)
        )
    return draw_chart(measured, goal=float(entry.target.goal), due=entry.window.latest)


def goal_in_words(entry: Entry) -> str:
    """ "more than 30 billion USD", "" without a target."""
    if entry.target is None:
        return ""
    goal = number_in_words(entry.target.goal, entry.language)
    return f"{entry.target.comparison_label} {goal} {entry.target.unit}"


def _moved(move: EntryMove) -> Happening:
    before_after = {"before": move.from_words, "after": move.to_words}
    return Happening(
        day=_day(move.recorded_at),
        what=pgettext("step of a story", "Date: %(kind)s") % {"kind": move.kind_label},
        look="moved",
        text=_("From %(before)s to %(after)s") % before_after,
        remark=move.reason,
    )


def _judged(change: EntryStatusChange) -> Happening:
    remarks = [change.reason_label, change.reason]
    if change.missing:
        remarks.append(_("Missing: %(what)s") % {"what": change.missing})
    if change.by_two:
        remarks.append(_("Agreed by a second person."))
    label = capitalised(change.to_label)
    if change.effective_words:
        names = {"status": label, "when": change.effective_words}
        label = pgettext("a status and since when", "%(status)s (%(when)s)") % names
    return Happening(
        day=_day(change.recorded_at),
        what=(
            pgettext("step of a story", "Status")
            if change.from_status
            else pgettext("step of a story", "Entered in the record")
        ),
        look=change.to_status,
        text=label,
        remark=" · ".join(part for part in remarks if part),
    )


def _day(instant: datetime) -> date:
    # The story is told in UTC days: it has steps from many places, and one order.
    return instant.astimezone(UTC).date()
