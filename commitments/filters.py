"""The one filter language: page, API, feeds and subscriptions read the same query string.

`select_commitments` is the only way in. Several values of one parameter mean "any of them";
several parameters mean "all of them"; an empty value is none. What it does not know it refuses,
naming what it knows: a filter that is silently ignored would show a list nobody asked for.

A filter through another table is a subquery and never a join: a join doubles rows, and DISTINCT
over every column of them is slow and gets in the way of keyset paging.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final, cast

import django_filters
from django.conf import settings
from django.db.models import QuerySet
from django.db.models.enums import TextChoices
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy

from commitments.enums import Evidence, Kind, PartyRole, Schedule, Status, Strength
from commitments.mentions import parties_named_by, sources_named_by, topics_named_by
from commitments.models import Citation, Commitment, DateMove, Involvement, Party, Source, Topic
from commitments.models.ends import NO_END
from commitments.ordering import Order, SortKey, expressions
from commitments.parameters import (
    invalid_parameters,
    refuse_unknown,
    refuse_unreadable,
    without_empty,
)
from commitments.querysets.commitments import CommitmentQuerySet
from commitments.querysets.searching import containing, search

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

DEFAULT_ORDERING: Final = "latest"
_COLUMNS: Final = {
    "latest": "last_day",
    "earliest": "first_day",
    "changed_at": "changed_at",
    "title": "title",
}
ORDERINGS: Final[dict[str, Order]] = {
    f"{sign}{name}": (SortKey(column, bool(sign)), SortKey("public_id", bool(sign)))
    for name, column in _COLUMNS.items()
    for sign in ("", "-")
}


def _unknown_value(known: Iterable[str]) -> Promise:
    sentence = gettext_lazy("“%(value)s” is not known here. Known: {known}.")
    return format_lazy(sentence, known=", ".join(known))


def _any_of(
    choices: type[TextChoices], label: _StrPromise, **options: Any
) -> django_filters.MultipleChoiceFilter:
    return django_filters.MultipleChoiceFilter(
        choices=choices.choices,
        label=label,
        distinct=False,
        error_messages={"invalid_choice": _unknown_value(choices.values)},
        **options,
    )


def _day(label: _StrPromise, **options: Any) -> django_filters.DateFilter:
    # One notation in every language: 11/10 would be two different days.
    return django_filters.DateFilter(
        label=label,
        input_formats=["%Y-%m-%d"],
        error_messages={"invalid": gettext_lazy("Write a day as 2026-12-31.")},
        **options,
    )


class CommitmentFilter(django_filters.FilterSet):
    """Declared once for every outlet; `now` decides the schedule.

    Parties, topics and sources can be asked for where a commitment of `queryset` names them, so
    that nobody learns of a draft by its party.
    """

    id = django_filters.CharFilter(method="filter_id", label=gettext_lazy("Public ids"))
    status = _any_of(Status, gettext_lazy("Status"))
    schedule = _any_of(
        Schedule,
        gettext_lazy("Schedule"),
        method="filter_schedule",
        help_text=gettext_lazy("Where it stands in time today, by the calendar of its place."),
    )
    kind = _any_of(Kind, gettext_lazy("Kind"))
    strength = _any_of(Strength, gettext_lazy("Promise or proposal"))
    evidence = _any_of(Evidence, gettext_lazy("Evidence"))
    party = django_filters.ModelMultipleChoiceFilter(
        queryset=Party.objects.all(),
        to_field_name="key",
        method="filter_party",
        label=gettext_lazy("Party"),
        error_messages={"invalid_choice": gettext_lazy("There is no party “%(value)s” here.")},
    )
    role = _any_of(
        PartyRole,
        gettext_lazy("Role of the party"),
        method="filter_role",
        help_text=gettext_lazy("With a party: what it has to do with the commitment."),
    )
    topic = django_filters.ModelMultipleChoiceFilter(
        queryset=Topic.objects.all(),
        to_field_name="key",
        method="filter_topic",
        label=gettext_lazy("Topic"),
        error_messages={"invalid_choice": gettext_lazy("There is no topic “%(value)s” here.")},
    )
    source = django_filters.ModelMultipleChoiceFilter(
        queryset=Source.objects.all(),
        to_field_name="public_id",
        method="filter_source",
        label=gettext_lazy("Source"),
        error_messages={"invalid_choice": gettext_lazy("There is no source “%(value)s” here.")},
    )
    place = django_filters.CharFilter(method="filter_place", label=gettext_lazy("Place"))
    from_ = _day(
        gettext_lazy("From"),
        method="filter_from",
        help_text=gettext_lazy("Dated ones that may still lie on this day or after it."),
    )
    to = _day(
        gettext_lazy("To"),
        method="filter_to",
        help_text=gettext_lazy("Dated ones that may already lie on this day or before it."),
    )
    latest_before = _day(
        gettext_lazy("Last possible day before"), field_name="latest", lookup_expr="lt"
    )
    moved_after = _day(gettext_lazy("Date moved after"), method="filter_moved_after")
    q = django_filters.CharFilter(
        method="filter_text",
        label=gettext_lazy("Search"),
        help_text=gettext_lazy("Words of title, summary or date, in any language of the record."),
    )
    ordering = django_filters.ChoiceFilter(
        choices=[(name, name) for name in ORDERINGS],
        method="filter_ordering",
        label=gettext_lazy("Order"),
        help_text=gettext_lazy("With a minus in front: descending. Those without a date are last."),
        error_messages={"invalid_choice": _unknown_value(ORDERINGS)},
    )

    is_indexed = True  # for the search of words

    class Meta:
        model = Commitment
        fields: list[str] = []

    def __init__(self, data: QueryDict, *, queryset: QuerySet[Any], now: datetime) -> None:
        self.now = now
        declared: dict[str, Any] = type(self).base_filters
        # Each is copied and made a field of a form: only those that are asked for.
        self.base_filters = OrderedDict((name, declared[name]) for name in declared if name in data)
        super().__init__(data, queryset=queryset)
        self._offer("party", lambda: parties_named_by(self.naming_commitments()))
        self._offer("topic", lambda: topics_named_by(self.naming_commitments()))
        self._offer("source", lambda: sources_named_by(self.naming_commitments()).defer("text"))

    def _offer(self, name: str, choices: Callable[[], QuerySet[Any]]) -> None:
        if name in self.filters:
            declared: Any = self.filters[name]
            declared.queryset = choices()

    def naming_commitments(self) -> CommitmentQuerySet:
        """Those whose parties, topics and sources can be asked for."""
        return cast("CommitmentQuerySet", self.queryset)

    def text_columns(self) -> list[str]:
        """The columns that are searched."""
        return ["title", "summary", "wording", *self.translated_columns("")]

    def translated_columns(self, prefix: str) -> list[str]:
        """The translations that are searched, in the languages of the site."""
        return [
            f"{prefix}translations__{language}__{field}"
            for language, _name in settings.LANGUAGES
            for field in ("title", "summary")
        ]

    @classmethod
    def get_filters(cls) -> dict[str, Any]:  # type: ignore[override]
        """`from` is a word of Python, so the attribute has another name than the parameter."""
        filters = super().get_filters()
        return {name.rstrip("_"): declared for name, declared in filters.items()}

    def filter_id(self, queryset: CommitmentQuerySet, _name: str, text: str) -> CommitmentQuerySet:
        # An id that is not there selects nothing: a feed of one commitment outlives it.
        ids = [part.strip() for part in text.split(",")]
        return queryset.filter(public_id__in=ids)

    def filter_schedule(
        self, queryset: CommitmentQuerySet, _name: str, values: list[str]
    ) -> CommitmentQuerySet:
        if not values:
            return queryset
        return queryset.where_schedule(values, self.now)

    def filter_party(
        self, queryset: CommitmentQuerySet, _name: str, parties: Iterable[Party]
    ) -> CommitmentQuerySet:
        keys = [party.pk for party in parties]
        if not keys:
            return queryset
        roles = self.form.cleaned_data.get("role") or PartyRole.values
        parts = Involvement.objects.filter(party__in=keys, role__in=roles)
        return queryset.filter(pk__in=parts.values("commitment"))

    def filter_role(
        self, queryset: CommitmentQuerySet, _name: str, roles: list[str]
    ) -> CommitmentQuerySet:
        # With a party, the role is that party's and was asked for by `filter_party`.
        if not roles or self.form.cleaned_data.get("party"):
            return queryset
        parts = Involvement.objects.filter(role__in=roles)
        return queryset.filter(pk__in=parts.values("commitment"))

    def filter_topic(
        self, queryset: CommitmentQuerySet, _name: str, topics: Iterable[Topic]
    ) -> CommitmentQuerySet:
        keys = [topic.pk for topic in topics]
        if not keys:
            return queryset
        links = Commitment.topics.through.objects.filter(topic__in=keys)
        return queryset.filter(pk__in=links.values("commitment"))

    def filter_source(
        self, queryset: CommitmentQuerySet, _name: str, sources: Iterable[Source]
    ) -> CommitmentQuerySet:
        keys = [source.pk for source in sources]
        if not keys:
            return queryset
        citations = Citation.objects.filter(source__in=keys)
        return queryset.filter(pk__in=citations.values("commitment"))

    def filter_place(
        self, queryset: CommitmentQuerySet, _name: str, text: str
    ) -> CommitmentQuerySet:
        return queryset.filter(containing(queryset, ["place"], text))

    def filter_from(
        self, queryset: CommitmentQuerySet, _name: str, day: date
    ) -> CommitmentQuerySet:
        # An open end reaches every day, also the last one there is.
        return queryset.dated().filter(last_day__gte=min(day, NO_END))

    def filter_to(self, queryset: CommitmentQuerySet, _name: str, day: date) -> CommitmentQuerySet:
        return queryset.dated().filter(first_day__lte=day)

    def filter_moved_after(
        self, queryset: CommitmentQuerySet, _name: str, day: date
    ) -> CommitmentQuerySet:
        moves = DateMove.objects.filter(recorded_at__date__gt=day)
        return queryset.filter(pk__in=moves.values("commitment"))

    def filter_text(
        self, queryset: CommitmentQuerySet, _name: str, text: str
    ) -> CommitmentQuerySet:
        found = search(queryset, text, self.text_columns(), is_indexed=self.is_indexed)
        return cast("CommitmentQuerySet", found)

    def filter_ordering(
        self, queryset: CommitmentQuerySet, _name: str, _ordering: str
    ) -> CommitmentQuerySet:
        # Every list is ordered, with or without this parameter: by `select_commitments`.
        return queryset


def known_parameters() -> list[str]:
    """The names of all filters, in the order of the alphabet."""
    return sorted(CommitmentFilter.base_filters)


def repeatable_parameters() -> list[str]:
    """Those of which several values may be given, meaning any of them."""
    several = django_filters.MultipleChoiceFilter
    return [
        name
        for name, declared in CommitmentFilter.base_filters.items()
        if isinstance(declared, several)
    ]


def order_of(params: QueryDict) -> Order:
    """The order in which `select_commitments` puts its rows for `params`."""
    return ORDERINGS.get(params.get("ordering", ""), ORDERINGS[DEFAULT_ORDERING])


def select_commitments(
    params: QueryDict, *, queryset: CommitmentQuerySet, now: datetime
) -> CommitmentQuerySet:
    """Those of `queryset` that `params` ask for, as of the instant `now`, in a total order.

    Raises InvalidInput for an unknown parameter or value; its `errors` name each.
    """
    refuse_bad_parameters(params)
    asked = CommitmentFilter(without_empty(params), queryset=queryset, now=now)
    return cast("CommitmentQuerySet", selected_by(asked, params))


def refuse_bad_parameters(params: QueryDict) -> None:
    """Raise InvalidInput for an unknown name and for a value that nobody can read."""
    refuse_unknown(params, known_parameters())
    refuse_unreadable(params, repeatable=repeatable_parameters())


def selected_by(asked: CommitmentFilter, params: QueryDict) -> QuerySet[Any]:
    """What `asked` selects, in the order of `params`; raises InvalidInput for a wrong value."""
    if not asked.is_valid():
        errors = {
            field: [str(one) for one in sentences] for field, sentences in asked.errors.items()
        }
        raise invalid_parameters(errors, "invalid_parameter")
    return asked.qs.order_by(*expressions(order_of(params)))
