"""The shared filter language as a form and as links; only what is public is offered.

The choices come from the published entries themselves, so that a party or topic that stands on
drafts alone is never named here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from django.http import QueryDict
from django.utils.translation import gettext as _

from timeline.entries import Entry
from timeline.presentation import capitalised

TEXT_FIELDS: Final = ("q", "place", "from", "to", "latest_before", "moved_after", "ordering")
"""Parameters that a form sends even where the reader left them empty."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A box to tick; `count` is how many published commitments bear it."""

    value: str
    label: str
    count: int
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Field:
    """A group of boxes; several ticked ones mean any of them."""

    name: str
    label: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Chosen:
    """A value that narrows the list now; `without` is the query string that drops it."""

    label: str
    value: str
    without: str


_Labels = Callable[[Entry], Iterable[tuple[str, str]]]


def without_empty(params: QueryDict) -> QueryDict:
    """The parameters without the texts that a reader left empty."""
    kept = params.copy()
    for name in TEXT_FIELDS:
        if name in kept and not any(value.strip() for value in kept.getlist(name)):
            del kept[name]
    return kept


def fields(params: QueryDict, everything: Sequence[Entry]) -> tuple[Field, ...]:
    """The groups of boxes over `everything` that is published, those in `params` ticked."""
    groups: tuple[tuple[str, str, _Labels], ...] = (
        ("topic", _("Topic"), lambda e: ((topic.key, topic.name) for topic in e.topics)),
        ("party", _("Party"), lambda e: {(party.key, party.name) for party in e.parties}),
        ("schedule", _("Where it stands in time"), lambda e: [(e.schedule, e.schedule_label)]),
        ("status", _("Status"), lambda e: [(e.status, e.status_label)]),
        ("kind", _("Kind"), lambda e: [(e.kind, e.kind_label)]),
        ("strength", _("Promise or proposal"), lambda e: [(e.strength, e.strength_label)]),
        ("evidence", _("Evidence"), lambda e: [(e.evidence, e.evidence_label)]),
    )
    return tuple(
        Field(name, label, _choices(params.getlist(name), everything, labels))
        for name, label, labels in groups
    )


def _choices(
    chosen: Sequence[str], everything: Iterable[Entry], labels: _Labels
) -> tuple[Choice, ...]:
    counts = Counter(pair for entry in everything for pair in labels(entry))
    found = [
        Choice(value, capitalised(label), count, value in chosen)
        for (value, label), count in counts.items()
    ]
    # What narrows the list is shown even where nothing bears it any more.
    missing = [
        Choice(value, capitalised(value), 0, is_chosen=True)
        for value in dict.fromkeys(chosen)
        if value not in {choice.value for choice in found}
    ]
    return tuple(sorted([*found, *missing], key=lambda choice: (-choice.count, choice.label)))


def chosen(params: QueryDict, offered: Iterable[Field]) -> tuple[Chosen, ...]:
    """Every value that narrows the list, in words where they are known."""
    words = {
        (field.name, choice.value): choice.label for field in offered for choice in field.choices
    }
    names = {field.name: field.label for field in offered} | _text_labels()
    return tuple(
        Chosen(
            label=names.get(name, name),
            value=words.get((name, value), value),
            without=_without(params, name, value),
        )
        for name, values in params.lists()
        for value in dict.fromkeys(values)
        if name != "ordering" and value.strip()
    )


def orders() -> tuple[tuple[str, str], ...]:
    """The orders that a reader may choose beside that of the page itself."""
    return (
        ("-changed_at", _("What changed last first")),
        ("title", _("By title")),
        ("earliest", _("What begins first")),
        ("-latest", _("What is due last first")),
    )


def _text_labels() -> dict[str, str]:
    return {
        "q": _("Search"),
        "place": _("Place"),
        "from": _("From"),
        "to": _("To"),
        "latest_before": _("Last possible day before"),
        "moved_after": _("Date moved after"),
        "role": _("Role of the party"),
        "source": _("Source"),
    }


def hidden(params: QueryDict, offered: Iterable[Field]) -> tuple[tuple[str, str], ...]:
    """What the form has no control for and must send on: `role`, `source` and the like."""
    shown = {field.name for field in offered} | {"q", "place", "from", "to", "ordering"}
    return tuple(
        (name, value) for name, values in params.lists() if name not in shown for value in values
    )


def _without(params: QueryDict, name: str, value: str) -> str:
    left = params.copy()
    left.setlist(name, [other for other in left.getlist(name) if other != value])
    return left.urlencode()
