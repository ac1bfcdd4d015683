"""Which changes of the record a reader hears of, in the order of their numbers, for any filter.

A change is told by how its commitment stands now, not by how it stood then: what is public and
selected is told with its kind, what has left is told as gone, and nothing is told that was not
public when it happened. Three rules keep what is no longer public from leaking:

- What was taken back is told as gone to everybody, whatever their filter: else a search for a word
  would tell whether it stood in a text that nobody may read any more.
- Gone from a filter are only those that are still public and that it selected once; their earlier
  versions are public as well (`commitments/as_of.py`).
- Who begins is told of an unknown party, topic or source, as everywhere. Who goes on is not: the
  last commitment that named it may just have been taken back, and that must arrive.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.http import QueryDict
from django.utils.translation import gettext as _

from commitments.as_of import AsOf, VersionFilter
from commitments.enums import ChangeKind, Publication
from commitments.exceptions import InvalidInput
from commitments.filters import (
    CommitmentFilter,
    known_parameters,
    refuse_bad_parameters,
    select_commitments,
)
from commitments.mentions import parties_named_by, sources_named_by, topics_named_by
from commitments.models import (
    Commitment,
    CommitmentVersion,
    Party,
    RecordHead,
    RecordType,
    Revision,
    Topic,
)
from commitments.models.version import Axis
from commitments.parameters import invalid_parameters, without_empty
from commitments.querysets.commitments import CommitmentQuerySet

ROWS_AT_ONCE: Final = 500
MOST_READS: Final = 10
"""Of the log, for one page: a rare selection is found in several short answers."""

PLACE_IN_TIME: Final = "schedule"
# Where a version cannot be asked: then one that was never selected may be told as gone, too.
_NOT_IN_VERSIONS: Final = (PLACE_IN_TIME, "ordering", "source", "moved_after")


@dataclass(frozen=True, slots=True)
class VisibleChange:
    """One change as a reader may know it.

    Of what is gone there is the number, the id, the instant and nothing else; `merged_into` is the
    id of the public one under which it goes on, or "". `commitment_key` is the integer key that the
    tables of `timeline` point to. `changes` is `{field: [old, new]}` as in the log.
    """

    number: int
    record_type: str
    record_id: str
    recorded_at: datetime
    commitment_key: int | None = None
    is_gone: bool = False
    merged_into: str = ""
    kind: str = ""
    revision: int | None = None
    changes: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ChangePage:
    """Changes in the order of their numbers; read on after `next` until that is the `head`."""

    changes: list[VisibleChange]
    next: int
    head: int


def changes_after(params: QueryDict, *, after: int, limit: int, now: datetime) -> ChangePage:
    """The first `limit` changes after number `after` that `params` (the shared filter) ask for.

    Raises InvalidInput for an unknown filter, and for a number that the record has not come to.
    The number of queries does not depend on the number of changes found in one read of the log.
    """
    selection = _Selection(params, now=now, is_new=after == 0)
    # Before the rows: what is committed in between is told next time, not skipped.
    head = RecordHead.objects.values_list("number", flat=True).first() or 0
    if after > head:
        sentence = _("The record has come to number %(head)d only; begin again from there.")
        raise InvalidInput(sentence % {"head": head}, field="since", code="ahead_of_the_record")
    found: list[VisibleChange] = []
    place = after
    for size in _sizes(limit):
        if place >= head:
            break
        rows = list(visible_rows().filter(number__gt=place, number__lte=head)[:size])
        found += selection.told(rows)
        if len(found) >= limit:
            return ChangePage(found[:limit], next=found[limit - 1].number, head=head)
        place = rows[-1].number if len(rows) == size else head
    return ChangePage(found, next=place, head=head)


def changes_before(
    params: QueryDict, *, before: int | None, limit: int, now: datetime
) -> list[VisibleChange]:
    """The newest `limit` changes of commitments with a number below `before` (None: of all).

    The newest first. Raises InvalidInput for an unknown filter.
    """
    selection = _Selection(params, now=now, is_new=True)
    about_commitments = visible_rows().filter(commitment__isnull=False).order_by("-number")
    found: list[VisibleChange] = []
    for size in _sizes(limit):
        rows = about_commitments if before is None else about_commitments.filter(number__lt=before)
        read = list(rows[:size])
        found += selection.told(read)
        if len(found) >= limit or len(read) < size:
            break
        before = read[-1].number
    return found[:limit]


def _sizes(limit: int) -> list[int]:
    """How many rows to read each time: first what is enough where the filter lets all pass."""
    return [min(limit, ROWS_AT_ONCE), *[ROWS_AT_ONCE] * (MOST_READS - 1)]


def selection_parameters() -> list[str]:
    """The filters that changes can be selected by; `ordering` is taken and changes nothing."""
    return [name for name in known_parameters() if name != PLACE_IN_TIME]


def refuse_place_in_time(params: QueryDict) -> None:
    """Raise InvalidInput where `params` select by the schedule, which moves on without a change."""
    if any(params.getlist(PLACE_IN_TIME)):
        sentence = _(
            "Where a commitment stands in time moves on with the calendar, and no change of the "
            "record tells of it. Use “latest_before”, “from”, “to” or “status” here."
        )
        raise invalid_parameters({PLACE_IN_TIME: [sentence]}, "not_for_changes")


def visible_rows() -> QuerySet[Revision]:
    """Rows of the log that told of something public when they were written, in their order."""
    steps = Revision.objects.filter(
        commitment=OuterRef("commitment"), kind__in=(ChangeKind.PUBLISHED, ChangeKind.RETRACTED)
    )
    last = steps.filter(revision__lte=OuterRef("revision")).order_by("-revision")
    earlier = steps.filter(revision__lt=OuterRef("revision"), kind=ChangeKind.PUBLISHED)
    rows: Any = Revision.objects.annotate(
        publication_step=Subquery(last.values("kind")[:1]), was_public=Exists(earlier)
    )
    return rows.filter(  # type: ignore[no-any-return]
        Q(commitment__isnull=True)
        | Q(publication_step=ChangeKind.PUBLISHED)
        | Q(kind=ChangeKind.RETRACTED, was_public=True)
    ).order_by("number")


class _Selection:
    """A filter, asked about the rows of the log."""

    def __init__(self, params: QueryDict, *, now: datetime, is_new: bool) -> None:
        self.params = params
        self.now = now
        refuse_bad_parameters(params)  # before a value goes near the database
        known, is_nothing = (params, False) if is_new else _still_known(params)
        public = Commitment.objects.published()
        chosen = select_commitments(known, queryset=public, now=now).order_by()
        self.selected = chosen.none() if is_nothing else chosen

    def told(self, rows: Iterable[Revision]) -> list[VisibleChange]:
        """What is told of `rows`, in their order."""
        rows = list(rows)
        about = _commitments({row.commitment_id for row in rows if row.commitment_id is not None})
        public = {key for key, one in about.items() if one.publication == Publication.PUBLISHED}
        chosen = set(self.selected.filter(pk__in=public).values_list("pk", flat=True))
        left = self._once_selected(public - chosen)
        named = self._named(rows)
        merged = _merged_into(about[key] for key in about.keys() - public)
        told = []
        for row in rows:
            key = row.commitment_id
            if key is None:
                is_told, is_gone = (row.record_type, row.record_id) in named, False
            elif key in public:
                is_told, is_gone = key in chosen or key in left, key in left
            else:
                is_told, is_gone = row.kind == ChangeKind.RETRACTED, True
            if is_told:
                told.append(_told(row, is_gone=is_gone, merged_into=merged.get(key, "")))
        return told

    def _once_selected(self, keys: Collection[int]) -> set[int]:
        """Those of `keys`, which are public, that the filter has selected in an earlier version."""
        if not keys:
            return set()
        rest = without_empty(self.params)
        for name in _NOT_IN_VERSIONS:
            rest.pop(name, None)
        versions = CommitmentVersion.objects.filter(
            commitment__in=keys, axis=Axis.KNOWN, publication=Publication.PUBLISHED
        )
        asked = _EarlierFilter(rest, versions=versions, now=self.now)
        if not asked.is_valid():  # a party that there never was
            return set()
        return set(asked.qs.order_by().values_list("commitment", flat=True))

    def _named(self, rows: Iterable[Revision]) -> set[tuple[str, str]]:
        """The parties, topics and sources of `rows` that a selected commitment names."""
        ids: dict[str, set[str]] = {}
        for row in rows:
            if row.commitment_id is None:
                ids.setdefault(row.record_type, set()).add(row.record_id)
        found: set[tuple[str, str]] = set()
        for record_type, asked in ids.items():
            all_named, column = _naming(record_type, self.selected)
            names = all_named.filter(**{f"{column}__in": asked}).values_list(column, flat=True)
            found |= {(record_type, str(name)) for name in names}
        return found


class _EarlierFilter(VersionFilter):
    """The shared filter on earlier versions of public commitments, whenever they were so."""

    class Meta:
        model = CommitmentVersion
        fields: list[str] = []

    def __init__(self, data: QueryDict, *, versions: QuerySet[Any], now: datetime) -> None:
        self.as_of = AsOf(now.astimezone(UTC).date(), Axis.KNOWN)
        CommitmentFilter.__init__(self, data, queryset=versions, now=now)
        # Of every name: a version that has it is public, and one that has it not tells nothing.
        self._offer("party", Party.objects.all)
        self._offer("topic", Topic.objects.all)


def _naming(record_type: str, commitments: CommitmentQuerySet) -> tuple[QuerySet[Any], str]:
    """What `commitments` name of this type, and the column that readers know it by."""
    if record_type == RecordType.PARTY:
        return parties_named_by(commitments), "key"
    if record_type == RecordType.TOPIC:
        return topics_named_by(commitments), "key"
    return sources_named_by(commitments), "public_id"


def _still_known(params: QueryDict) -> tuple[QueryDict, bool]:
    """`params` without names that no public commitment has now; whether nothing can be left."""
    kept, is_nothing = params.copy(), False
    for name in (RecordType.PARTY.value, RecordType.TOPIC.value, RecordType.SOURCE.value):
        asked = [value for value in params.getlist(name) if value.strip(" ")]
        if asked:
            named, column = _naming(name, Commitment.objects.published())
            known = set(named.filter(**{f"{column}__in": asked}).values_list(column, flat=True))
            kept.setlist(name, [value for value in asked if value in known])
            is_nothing = is_nothing or not known
    return kept, is_nothing


def _commitments(keys: Collection[int]) -> dict[int, Commitment]:
    columns = ("public_id", "publication", "duplicate_of")
    return Commitment.objects.only(*columns).in_bulk(keys)


def _merged_into(gone: Iterable[Commitment]) -> dict[int | None, str]:
    """By the key of one that was taken back, the id of the public one that it was merged into.

    One query for each link of the longest chain of merges, however many there are.
    """
    waiting = {row.pk: row.duplicate_of_id for row in gone if row.duplicate_of_id}
    found: dict[int | None, str] = {}
    while waiting:
        targets = _commitments(set(waiting.values()))
        following: dict[int, int] = {}
        for key, target_key in waiting.items():
            target = targets[target_key]
            if target.publication == Publication.PUBLISHED:
                found[key] = target.public_id
            elif target.duplicate_of_id:  # circles cannot be written, so the walk ends
                following[key] = target.duplicate_of_id
        waiting = following
    return found


def _told(row: Revision, *, is_gone: bool, merged_into: str) -> VisibleChange:
    if is_gone:
        return VisibleChange(
            number=row.number,
            record_type=row.record_type,
            record_id=row.record_id,
            recorded_at=row.recorded_at,
            is_gone=True,
            merged_into=merged_into,
        )
    return visible_change(row)


def visible_change(row: Revision) -> VisibleChange:
    """What a reader is told of a row of the log whose record stands in public."""
    return VisibleChange(
        number=row.number,
        record_type=row.record_type,
        record_id=row.record_id,
        recorded_at=row.recorded_at,
        commitment_key=row.commitment_id,
        kind=row.kind,
        revision=row.revision,
        changes=row.changes,
    )


def check_selection(params: QueryDict, *, now: datetime) -> None:
    """Raise InvalidInput where no list of changes can be made for the filter `params`."""
    refuse_place_in_time(params)
    _Selection(params, now=now, is_new=True)
