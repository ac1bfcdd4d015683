"""Lists by the page: a few entries in full, and counts over all that the filter asks for.

A pane of the door to the record (`record_reader.py`): published records only. The number of
queries depends neither on the number of commitments nor on the page.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Final

from django.db.models import Case, Count, DateField, F, Prefetch, Q, QuerySet, Value, When
from django.db.models.enums import TextChoices
from django.http import QueryDict
from django.utils import translation
from django.utils.translation import gettext as _

from commitments.as_of import AsOf, read_as_of, select_versions
from commitments.enums import (
    FINAL_STATUSES,
    OPEN_STATUSES,
    Evidence,
    Kind,
    Publication,
    Schedule,
    Status,
    Strength,
)
from commitments.exceptions import InvalidInput
from commitments.filters import select_commitments
from commitments.models import (
    Citation,
    Commitment,
    DateMove,
    Involvement,
    Party,
    StatusChange,
    Topic,
)
from commitments.querysets.standing import schedule_case
from commitments.window import Hemisphere, Window
from timeline.entries import Entry
from timeline.narrowing import naming, split_names
from timeline.record_reader import entries_of, entries_of_versions

PAGE_SIZE: Final = 50
SECTIONS: Final[tuple[tuple[str, frozenset[str]], ...]] = (
    ("overdue", frozenset({Schedule.OVERDUE})),
    ("open", frozenset({Schedule.DUE_SOON, Schedule.OPEN})),
    ("coming", frozenset({Schedule.UPCOMING})),
    ("undated", frozenset({Schedule.UNDATED})),
    ("finished", frozenset({Schedule.EARLY, Schedule.ON_TIME, Schedule.LATE, Schedule.CLOSED})),
)
"""The parts of a list, in the order of the page, by where a commitment stands in time."""
_FINISHED: Final = SECTIONS[-1][1]

_VOCABULARIES: Final[dict[str, type[TextChoices]]] = {
    "schedule": Schedule,
    "status": Status,
    "kind": Kind,
    "strength": Strength,
    "evidence": Evidence,
}

Counted = tuple[str, str, int]
"""A value, its label in the reader's language, and how many commitments bear it."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A commitment in a line: no more of it than that."""

    public_id: str
    title: str
    window: Window
    status: str
    schedule: str


@dataclass(frozen=True, slots=True)
class Selected:
    """What an address asks for: `rows` are commitments or, as of an earlier day, versions.

    `filters` are those of the address without the day. List and picture share it.
    """

    rows: QuerySet[Any]
    filters: QueryDict
    as_of: AsOf | None
    now: datetime

    def refuse_unknown_names(self) -> None:
        """Raise InvalidInput if a filter names what is not on record; to ask if nothing is found.

        One query for each filter that names a party, a topic or a source.
        """
        _filtered(self.filters, self.as_of, self.now)

    @property
    def moment(self) -> datetime:
        """The instant that is told of."""
        return self.as_of.instant if self.as_of else self.now

    def dated(self) -> QuerySet[Any]:
        """Those with at least one bound, in no order."""
        rows: Any = self.rows.order_by()
        found: QuerySet[Any] = rows.dated()
        return found


@dataclass(frozen=True, slots=True)
class ListPage:
    """One page of a list, `number` from 1 to `pages`, and what is counted over all of it.

    `offered` is over everything published, by the name of the filter: what can be chosen.
    """

    entries: tuple[Entry, ...]
    number: int
    pages: int
    total: int
    total_of_all: int
    by_schedule: Mapping[str, int]
    by_status: Mapping[str, int]
    offered: Mapping[str, Sequence[Counted]]
    as_of: AsOf | None


def select_list(params: QueryDict, *, now: datetime) -> Selected:
    """What `params` (the shared filter, and `as_of`) ask for; InvalidInput for an unknown filter.

    No query for a filter that names one party, topic or source: who finds nothing calls
    `refuse_unknown_names`.
    """
    as_of, filters = read_as_of(params, now=now)
    rest, names = split_names(filters)
    chosen = _filtered(rest, as_of, now)
    for dimension, key in names.items():
        chosen = naming(chosen, as_of, dimension, key, filters.getlist("role"))
    return Selected(chosen, filters, as_of, now)


def _filtered(filters: QueryDict, as_of: AsOf | None, now: datetime) -> QuerySet[Any]:
    if as_of is not None:
        return select_versions(as_of, filters)
    return select_commitments(filters, queryset=Commitment.objects.published(), now=now)


def read_list_page(selected: Selected, *, page: str, language: str) -> ListPage:
    """Page `page` ("" is the first) of what was `selected`.

    In the order of the parts, what is due first; the finished ones last first. With `ordering`,
    in that order. Raises InvalidInput for a page that is not there.
    """
    chosen, as_of, moment = selected.rows, selected.as_of, selected.moment
    everything: QuerySet[Any] = (
        select_versions(as_of, QueryDict()) if as_of else Commitment.objects.published()
    )
    counts, of_all = _counts(everything, chosen if selected.filters else None, moment)
    total = counts.total
    if not total:
        selected.refuse_unknown_names()
    pages = max(1, -(-total // PAGE_SIZE))
    number = _page_number(page, pages)
    first = (number - 1) * PAGE_SIZE
    if not selected.filters.get("ordering"):
        shown, before = _parts_shown(counts.by("schedule"), first)
        chosen = _in_parts(chosen, moment, shown)
        first -= before
    return ListPage(
        entries=tuple(_entries(chosen, first, as_of, language=language, now=selected.now)),
        number=number,
        pages=pages,
        total=total,
        total_of_all=of_all.total,
        by_schedule=counts.by("schedule"),
        by_status=counts.by("status"),
        offered=_offered(of_all, as_of, language=language),
        as_of=as_of,
    )


@dataclass(frozen=True, slots=True)
class _Counts:
    """How many commitments bear each set of values, in the order of `_VOCABULARIES`."""

    rows: Sequence[tuple[Any, ...]]

    @property
    def total(self) -> int:
        return sum(row[-1] for row in self.rows)

    def by(self, name: str) -> dict[str, int]:
        place = list(_VOCABULARIES).index(name)
        found: Counter[str] = Counter()
        for row in self.rows:
            found[row[place]] += row[-1]
        return {value: found[value] for value in _VOCABULARIES[name].values if found[value]}


def _counts(
    everything: QuerySet[Any], chosen: QuerySet[Any] | None, moment: datetime
) -> tuple[_Counts, _Counts]:
    """The counts over `chosen` (None: all) and over everything; one query."""
    named = everything.order_by().annotate(schedule=schedule_case(moment, None))
    if chosen is not None:
        among = Q(pk__in=chosen.order_by().values("pk"))
        named = named.annotate(is_chosen=Case(When(among, then=Value(1)), default=Value(0)))
    columns = [*(["is_chosen"] if chosen is not None else []), *_VOCABULARIES]
    rows = list(named.values_list(*columns).annotate(how_many=Count("pk")))
    if chosen is None:
        return _Counts(rows), _Counts(rows)
    return _Counts([row[1:] for row in rows if row[0]]), _Counts([row[1:] for row in rows])


def _page_number(text: str, pages: int) -> int:
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else 1
    if (text and str(number) != text) or not 1 <= number <= pages:
        sentence = _("There is no page “%(page)s”; they go from 1 to %(last)d.")
        values = {"page": text[:20], "last": pages}
        raise InvalidInput(sentence % values, field="page", code="no_such_page")
    return number


def _parts_shown(counts: Mapping[str, int], first: int) -> tuple[list[frozenset[str]], int]:
    """The parts that have rows on the page from place `first` on, and how many are before them."""
    shown, place, before = [], 0, 0
    for _key, values in SECTIONS:
        many = sum(counts.get(value, 0) for value in values)
        if place + many <= first:
            before += many
        elif place < first + PAGE_SIZE:
            shown.append(values)
        place += many
    return shown, before


def _in_parts(
    chosen: QuerySet[Any], moment: datetime, shown: Sequence[frozenset[str]]
) -> QuerySet[Any]:
    """Those of the parts `shown`, in the order of `SECTIONS`; the finished ones backwards in time.

    One part alone has an order that an index has as well: no page sorts the whole list.
    """
    # The schedule is long in SQL: it is asked for once, and no verdict needs it.
    annotated: QuerySet[Any] = chosen.alias(schedule=schedule_case(moment, None))
    if len(shown) == 1:
        if shown[0] == _FINISHED:
            verdicts = chosen.filter(status__in=list(FINAL_STATUSES))
            return verdicts.order_by("-last_day", "title", "public_id")
        ongoing = annotated.filter(status__in=list(OPEN_STATUSES), schedule__in=list(shown[0]))
        return ongoing.order_by("last_day", "title", "public_id")
    annotated = annotated.filter(schedule__in=list(frozenset[str]().union(*shown)))
    part = Case(
        *(When(schedule__in=list(values), then=Value(at)) for at, (_k, values) in _numbered()),
        default=Value(len(SECTIONS)),
    )
    finished = Q(status__in=list(FINAL_STATUSES))
    forwards = Case(When(finished, then=Value(date.max)), default=F("last_day"))
    backwards = Case(
        When(finished, then=F("last_day")), default=Value(date.min), output_field=DateField()
    )
    return annotated.order_by(
        part.asc(), forwards.asc(), backwards.desc(), F("title").asc(), F("public_id").asc()
    )


def _numbered() -> Iterable[tuple[int, tuple[str, frozenset[str]]]]:
    return enumerate(SECTIONS)


def _entries(
    chosen: Any, first: int, as_of: AsOf | None, *, language: str, now: datetime
) -> list[Entry]:
    after = first + PAGE_SIZE
    if as_of is not None:
        rows = chosen[first:after]
        return entries_of_versions(rows, as_of, language=language, in_short=True)
    # What a card says: no list needs the moves of dates, nor earlier statuses.
    citations = Citation.objects.select_related("source", "said_by").defer("source__text")
    related = (
        Prefetch("topics", queryset=Topic.objects.order_by("key")),
        Prefetch("involvements", queryset=Involvement.objects.select_related("party")),
        Prefetch("citations", queryset=citations.order_by("source__date", "pk")),
        Prefetch("date_moves", queryset=DateMove.objects.none()),
        Prefetch("status_changes", queryset=StatusChange.objects.none()),
    )
    return entries_of(chosen, related, first=first, after=after, language=language, now=now)


def read_standings(
    chosen: QuerySet[Any], *, moment: datetime, language: str, in_order: bool = False
) -> list[Standing]:
    """All of `chosen` (commitments or versions), dated or not; one query of few columns."""
    is_today = chosen.model is Commitment
    texts = ("hemisphere", "translations") if is_today else ("state",)
    columns = ("public_id", "title", "window", "status", "schedule", *texts)
    ordered = chosen if in_order else chosen.order_by()
    with_schedule = ordered.annotate(schedule=schedule_case(moment, None))
    found = []
    for public_id, title, window, status, schedule, *rest in with_schedule.values_list(*columns):
        hemisphere = rest[0] if is_today else rest[0]["hemisphere"]
        translations = rest[1] if is_today else rest[0]["translations"]
        own = translations.get(language, {}).get("title")
        found.append(
            Standing(public_id, own or title, _window(window, hemisphere), status, schedule)
        )
    return found


@lru_cache(maxsize=20_000)
def _window(text: str, hemisphere: str) -> Window:
    """Windows are values, and many commitments have the same one."""
    return Window.parse(text, hemisphere=Hemisphere(hemisphere))


def _offered(of_all: _Counts, as_of: AsOf | None, *, language: str) -> dict[str, list[Counted]]:
    """What can be chosen, over all that is published; as of an earlier day no names: they moved."""
    with translation.override(language):
        found: dict[str, list[Counted]] = {
            name: [
                (value, str(known(value).label), many) for value, many in of_all.by(name).items()
            ]
            for name, known in _VOCABULARIES.items()
        }
    named: dict[str, list[Counted]] = {"topic": [], "party": []}
    borne = _borne(Topic, "topic").union(_borne(Party, "party"), all=True)
    for name, key, own, translations, many in [] if as_of else borne:
        words = translations.get(language, {}).get("name") or own
        named[name].append((key, words, many))
    return {**named, **found}


def _borne(model: type[Topic | Party], name: str) -> Any:
    """The topics or parties that published commitments bear, each with how many.

    A party may stand in several roles; a topic is borne once, and to sort for that is dear.
    """
    public = Q(commitments__publication=Publication.PUBLISHED)
    counted: Any = model._default_manager.order_by().filter(public)  # noqa: SLF001
    return counted.annotate(
        filter_name=Value(name), how_many=Count("commitments", distinct=model is Party)
    ).values_list("filter_name", "key", "name", "translations", "how_many")
