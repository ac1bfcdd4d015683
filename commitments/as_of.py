"""The record as of an earlier day, in the shape of today's: `Commitment` objects that nobody saves.

Two questions, two axes (`Axis`): *known* is what the record said by the end of that day,
*effective* is how things stood on that day by what is known now. What was taken back since is in
neither.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any, Final, TypeVar, cast

from django.db.models import (
    Exists,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Value,
    prefetch_related_objects,
)
from django.db.models.functions import Concat
from django.http import QueryDict
from django.utils.translation import gettext as _

from commitments.enums import PartyRole
from commitments.exceptions import InvalidInput
from commitments.filters import CommitmentFilter, refuse_bad_parameters, selected_by
from commitments.models import (
    Citation,
    Commitment,
    CommitmentVersion,
    DateMove,
    Involvement,
    Party,
    Source,
    StatusChange,
    Target,
    TargetValue,
    Topic,
)
from commitments.models.version import COPIED, Axis
from commitments.parameters import invalid_parameters, without_empty
from commitments.querysets.commitments import CommitmentQuerySet
from commitments.querysets.versions import CommitmentVersionQuerySet

PARAMETERS: Final = ("as_of", "as_of_time")
_FROM_STATE: Final = ("summary", "note", "language", "wording", "hemisphere", "translations")


@dataclass(frozen=True, slots=True)
class AsOf:
    """A day (UTC) and what is asked of it."""

    day: date
    axis: Axis

    @property
    def instant(self) -> datetime:
        """The last instant of the day: what was recorded on it was known on it."""
        return datetime.combine(self.day, time.max, tzinfo=UTC)


def read_as_of(params: QueryDict, *, now: datetime) -> tuple[AsOf | None, QueryDict]:
    """The day that `params` ask for (None: now), and the rest of them.

    `as_of=2026-03-01`, `as_of_time=known` (as it is without) or `effective`. Raises
    InvalidInput for anything else, and for a day that is yet to come.
    """
    rest = params.copy()
    days, axes = rest.pop("as_of", []), rest.pop("as_of_time", [])
    if len(days) > 1 or len(axes) > 1:
        raise _invalid("as_of", _("Give one value, not several."))
    text, axis = "".join(map(str, days)), "".join(map(str, axes))
    if axis not in {"", *Axis.values}:
        known = ", ".join(Axis.values)
        raise _invalid("as_of_time", _("Choose one of: %(known)s.") % {"known": known})
    if not text:
        return None, rest
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise _invalid("as_of", _("Write a day as 2026-12-31.")) from error
    if day > now.astimezone(UTC).date():
        raise _invalid("as_of", _("This day is yet to come."))
    return AsOf(day, Axis(axis or Axis.KNOWN)), rest


def _invalid(field: str, sentence: str) -> InvalidInput:
    return invalid_parameters({field: [sentence]}, "invalid_parameter")


class VersionFilter(CommitmentFilter):
    """The same filters on versions, which name their parties and topics in a text."""

    is_indexed = False

    class Meta:
        model = CommitmentVersion
        fields: list[str] = []

    def __init__(
        self, data: QueryDict, *, as_of: AsOf, versions: CommitmentVersionQuerySet | None = None
    ) -> None:
        self.as_of = as_of
        if versions is None:
            versions = CommitmentVersion.objects.at(as_of.instant, as_of.axis).published()
        super().__init__(data, queryset=versions, now=as_of.instant)
        self._offer("party", lambda: _named_in(versions, Party.objects.all(), "parties", ":"))
        self._offer("topic", lambda: _named_in(versions, Topic.objects.all(), "topics", "|"))

    def naming_commitments(self) -> CommitmentQuerySet:
        return Commitment.objects.published()

    def text_columns(self) -> list[str]:
        return ["title", "state__summary", "state__wording", *self.translated_columns("state__")]

    def filter_party(self, queryset: Any, _name: str, parties: Iterable[Party]) -> Any:
        roles = self.form.cleaned_data.get("role") or PartyRole.values
        keys = [f"{role}:{party.key}|" for party in parties for role in roles]
        return _naming(queryset, "parties", keys)

    def filter_role(self, queryset: Any, _name: str, roles: list[str]) -> Any:
        if self.form.cleaned_data.get("party"):
            return queryset
        return _naming(queryset, "parties", [f"{role}:" for role in roles])

    def filter_topic(self, queryset: Any, _name: str, topics: Iterable[Topic]) -> Any:
        return _naming(queryset, "topics", [f"{topic.key}|" for topic in topics])

    def filter_source(self, queryset: Any, _name: str, sources: Iterable[Source]) -> Any:
        keys = [source.pk for source in sources]
        if not keys:
            return queryset
        cited = _citations(self.as_of).filter(source__in=keys)
        return queryset.filter(commitment__in=cited.values("commitment"))

    def filter_moved_after(self, queryset: Any, _name: str, day: date) -> Any:
        moves = _rows(DateMove, self.as_of).filter(recorded_at__date__gt=day)
        return queryset.filter(commitment__in=moves.values("commitment"))


def select_versions(as_of: AsOf, params: QueryDict) -> CommitmentVersionQuerySet:
    """The public versions at `as_of` that `params` (the shared filter) ask for, in their order.

    The schedule is that of the day. Raises InvalidInput as `select_commitments` does.
    """
    refuse_bad_parameters(params)
    selected = selected_by(VersionFilter(without_empty(params), as_of=as_of), params)
    return cast("CommitmentVersionQuerySet", selected)


def commitments_at(
    versions: Iterable[CommitmentVersion], as_of: AsOf, *, in_short: bool = False
) -> list[Commitment]:
    """`versions` as commitments with the relations that they had, in the same order.

    They carry the keys of today's rows, so they must never be saved. The number of queries does
    not depend on the number of versions. `in_short` is for lists: without links to others, date
    moves and targets.
    """
    rows = list(versions)
    keys = [version.commitment_id for version in rows]
    today = Commitment.objects.in_bulk(keys)
    linked = {} if in_short else _linked(rows)
    found = [_commitment(version, today[version.commitment_id], linked) for version in rows]
    prefetch_related_objects(found, *(_short_relations if in_short else _relations)(as_of))
    _give_named(found, rows)
    return found


def _commitment(
    version: CommitmentVersion, today: Commitment, linked: dict[str, Commitment]
) -> Commitment:
    earlier = Commitment(
        pk=today.pk,
        key=today.key,
        created_at=today.created_at,
        published_at=today.published_at,
        **{name: getattr(version, name) for name in COPIED},
        **{name: version.state[name] for name in _FROM_STATE},
    )
    checked_on = version.state["evidence_checked_on"]
    earlier.evidence_checked_on = date.fromisoformat(checked_on) if checked_on else None
    for link in ("parent", "successor", "duplicate_of"):
        setattr(earlier, link, linked.get(version.state[link] or ""))
    return earlier


def _linked(versions: Iterable[CommitmentVersion]) -> dict[str, Commitment]:
    links = ("parent", "successor", "duplicate_of")
    ids = {version.state[link] for version in versions for link in links} - {None}
    return {row.public_id: row for row in Commitment.objects.filter(public_id__in=ids)}


def _citations(as_of: AsOf) -> QuerySet[Citation]:
    """Those that were recorded by then, or whose source had said it by then."""
    cited = Citation.objects.select_related("source", "said_by").defer("source__text")
    cited = cited.order_by("source__date", "pk")
    if as_of.axis is Axis.KNOWN:
        return cited.filter(created_at__lte=as_of.instant)
    return cited.filter(source__date__lte=as_of.day)


Row = TypeVar("Row", DateMove, StatusChange)


def _rows(model: type[Row], as_of: AsOf) -> QuerySet[Row]:
    rows = model._default_manager.order_by("pk")  # noqa: SLF001  # Django's documented name
    if as_of.axis is Axis.KNOWN:
        return rows.filter(recorded_at__lte=as_of.instant)
    return rows.filter(since__lte=as_of.day)


def _values(as_of: AsOf) -> QuerySet[TargetValue]:
    reported = TargetValue.objects.select_related("source").defer("source__text")
    reported = reported.order_by("period", "pk")
    if as_of.axis is Axis.KNOWN:
        return reported.filter(recorded_at__lte=as_of.instant)
    return reported.filter(source__date__lte=as_of.day)


def _relations(as_of: AsOf) -> tuple[Prefetch[Any], ...]:
    return (
        Prefetch("citations", queryset=_citations(as_of)),
        Prefetch("date_moves", queryset=_rows(DateMove, as_of)),
        Prefetch("status_changes", queryset=_rows(StatusChange, as_of)),
        Prefetch("target", queryset=Target.objects.all()),
        Prefetch("target__values", queryset=_values(as_of)),
    )


def _short_relations(as_of: AsOf) -> tuple[Prefetch[Any], ...]:
    return (
        Prefetch("citations", queryset=_citations(as_of)),
        Prefetch("date_moves", queryset=DateMove.objects.none()),
        Prefetch("status_changes", queryset=_rows(StatusChange, as_of)),
        Prefetch("target", queryset=Target.objects.none()),
    )


def _give_named(found: Sequence[Commitment], versions: Sequence[CommitmentVersion]) -> None:
    """Hand out topics and parties as they stood, by their permanent keys."""
    topic_keys = {key for version in versions for key in version.state["topics"]}
    party_keys = {key for version in versions for _role, key in version.state["parties"]}
    topics = {topic.key: topic for topic in Topic.objects.filter(key__in=topic_keys)}
    parties = {party.key: party for party in Party.objects.filter(key__in=party_keys)}
    for commitment, version in zip(found, versions, strict=True):
        _give(commitment, "topics", [topics[key] for key in version.state["topics"]])
        parts = [
            Involvement(commitment=commitment, party=parties[key], role=role)
            for role, key in version.state["parties"]
        ]
        _give(commitment, "involvements", parts)


def _give(commitment: Commitment, relation: str, related: list[Any]) -> None:
    """Make `commitment.<relation>.all()` be `related`, as a prefetch does."""
    rows = getattr(commitment, relation).all()
    rows._result_cache = related  # noqa: SLF001  # what Django's own prefetch sets
    rows._prefetch_done = True  # noqa: SLF001  # the same
    kept: dict[str, Any] = commitment.__dict__.setdefault("_prefetched_objects_cache", {})
    kept[relation] = rows


def _named_in(
    versions: CommitmentVersionQuerySet, choices: QuerySet[Any], column: str, before: str
) -> QuerySet[Any]:
    """Those of `choices` whose key stands in `column` of a version: they may be gone by now."""
    key = Concat(Value(before), OuterRef("key"), Value("|"))
    return choices.filter(Exists(versions.filter(**{f"{column}__contains": key})))


def _naming(queryset: Any, column: str, keys: list[str]) -> Any:
    if not keys:
        return queryset
    found = Q()
    for key in keys:
        found |= Q(**{f"{column}__contains": f"|{key}"})
    return queryset.filter(found)
