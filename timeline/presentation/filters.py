"""The shared filter language as a form and as links; only what is public is offered.

The choices come from the published entries themselves, so that a party or topic that stands on
drafts alone is never named here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.http import QueryDict
from django.utils.translation import gettext as _

from commitments.enums import Status
from timeline.entries import Entry
from timeline.presentation.lists import Tally, capitalised

TEXT_FIELDS: Final = (
    "q",
    "place",
    "from",
    "to",
    "latest_before",
    "moved_after",
    "ordering",
    "as_of",
    "as_of_time",
    "page",
)
"""Parameters that a form sends even where the reader left them empty."""


MOST_CHOICES: Final = 60


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
        Field(name, label, _choices(params.getlist(name), _count(everything, labels)))
        for name, label, labels in groups
    )


def counted_fields(
    params: QueryDict, offered: Mapping[str, Sequence[tuple[str, str, int]]]
) -> tuple[Field, ...]:
    """The same groups from counts: value, label and how many, by the name of the filter."""
    return tuple(
        Field(field.name, field.label, _choices(params.getlist(field.name), offered[field.name]))
        for field in fields(QueryDict(), [])
    )


def _count(everything: Iterable[Entry], labels: _Labels) -> list[tuple[str, str, int]]:
    counts = Counter(pair for entry in everything for pair in labels(entry))
    return [(value, label, count) for (value, label), count in counts.items()]


def _choices(chosen: Sequence[str], counts: Iterable[tuple[str, str, int]]) -> tuple[Choice, ...]:
    found = [
        Choice(value, capitalised(label), count, value in chosen) for value, label, count in counts
    ]
    found.sort(key=lambda choice: (not choice.is_chosen, -choice.count))
    # A record of hundreds of parties: the rest are on the pages of their commitments.
    del found[MOST_CHOICES:]
    # What narrows the list is shown even where nothing bears it any more.
    missing = [
        Choice(value, capitalised(value), 0, is_chosen=True)
        for value in dict.fromkeys(chosen)
        if value not in {choice.value for choice in found}
    ]
    return tuple(sorted([*found, *missing], key=lambda choice: (-choice.count, choice.label)))


def chosen(
    params: QueryDict, offered: Iterable[Field], seen: QueryDict | None = None
) -> tuple[Chosen, ...]:
    """Every value of `params` that narrows the list, in words where they are known.

    `seen` is the whole address that a link leaves one of them out of; without, `params` is.
    """
    words = {
        (field.name, choice.value): choice.label for field in offered for choice in field.choices
    }
    names = {field.name: field.label for field in offered} | _text_labels()
    return tuple(
        Chosen(
            label=names.get(name, name),
            value=words.get((name, value), value),
            without=_without(params if seen is None else seen, name, value),
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
        "as_of": _("As of"),
        "as_of_time": _("Which time is meant"),
        "id": _("Public ids"),
    }


def hidden(params: QueryDict, offered: Iterable[Field]) -> tuple[tuple[str, str], ...]:
    """What the form has no control for and must send on: `role`, `source` and the like."""
    shown = {field.name for field in offered}
    shown |= {"q", "place", "from", "to", "ordering", "as_of", "page"}
    return tuple(
        (name, value) for name, values in params.lists() if name not in shown for value in values
    )


def _without(params: QueryDict, name: str, value: str) -> str:
    left = params.copy()
    left.setlist(name, [other for other in left.getlist(name) if other != value])
    return left.urlencode()


@dataclass(frozen=True, slots=True)
class CountedLink:
    """A count with its word, and the query string of the list of just these."""

    key: str
    label: str
    count: int
    query: str


def linked_tally(parts: Iterable[Tally], params: QueryDict) -> tuple[CountedLink, ...]:
    """The parts of a list, each as a link that narrows to it; empty ones too, without a link."""
    return tuple(
        CountedLink(
            part.key,
            part.title,
            part.count,
            _narrowed(params, "schedule", part.schedules) if part.count else "",
        )
        for part in parts
    )


def linked_statuses(counts: Mapping[str, int], params: QueryDict) -> tuple[CountedLink, ...]:
    """The statuses that there are, in the order of the record, each as a link to just these."""
    return tuple(
        CountedLink(status, str(Status(status).label), count, _narrowed(params, "status", [status]))
        for status, count in counts.items()
    )


def _narrowed(params: QueryDict, name: str, values: Sequence[str]) -> str:
    narrowed = params.copy()
    already = [value for value in narrowed.getlist(name) if value in values]
    narrowed.setlist(name, already or list(values))
    return narrowed.urlencode()


@dataclass(frozen=True, slots=True)
class PageLink:
    """A page of a list; `number` 0 is a gap. `query` is its address, without the "?"."""

    number: int
    query: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class PageLinks:
    """The pages around the present one, and the query strings of its neighbours, None without."""

    links: tuple[PageLink, ...]
    number: int
    last: int
    before: str | None
    after: str | None


def page_links(asked: QueryDict, *, number: int, pages: int) -> PageLinks:
    """The first, the last, and what lies around page `number`."""
    shown = sorted({1, pages, *range(max(1, number - 2), min(pages, number + 2) + 1)})
    links: list[PageLink] = []
    for one in shown:
        if links and one > links[-1].number + 1:
            links.append(PageLink(0, "", is_current=False))
        links.append(PageLink(one, _of_page(asked, one), is_current=one == number))
    return PageLinks(
        links=tuple(links),
        number=number,
        last=pages,
        before=_of_page(asked, number - 1) if number > 1 else None,
        after=_of_page(asked, number + 1) if number < pages else None,
    )


def _of_page(asked: QueryDict, number: int) -> str:
    query = asked.copy()
    query.pop("page", None)
    if number > 1:
        query["page"] = str(number)
    return query.urlencode()
