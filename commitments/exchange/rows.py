"""The record as the rows of a file: what a person entered, and nothing that is computed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.db.models import Prefetch, QuerySet

from commitments.enums import Status
from commitments.exchange.columns import (
    CITATION,
    COLUMNS,
    COMMITMENT,
    PARTY,
    SHOWS_STATUS,
    SOURCE,
    TARGET,
    TOPIC,
    TRANSLATED,
    VALUE,
)
from commitments.exchange.values import text_of_value
from commitments.models import (
    Citation,
    Commitment,
    Party,
    Source,
    StatusChange,
    Target,
    TargetValue,
    Topic,
)
from commitments.models.translated import TranslatedTexts
from commitments.querysets.commitments import CommitmentQuerySet
from commitments.transitions import FIRST_STATUSES

Cells = dict[str, str]

_PLAIN: Final[Mapping[str, tuple[str, ...]]] = {
    COMMITMENT: COLUMNS[COMMITMENT][2 : COLUMNS[COMMITMENT].index("topics")],
    SOURCE: COLUMNS[SOURCE][2:-1],
    PARTY: ("key", "kind", "name", "office", "country_code"),
    TOPIC: ("key", "name"),
}
_LONGEST_PART: Final = 16_000
"""Characters of a text in one cell: a spreadsheet program takes 32,767 halves of UTF-16."""
_AT_ONCE: Final = 400


def with_parts(commitments: QuerySet[Commitment]) -> QuerySet[Commitment]:
    """`commitments` with all that their rows need, in a number of queries that does not grow."""
    cited = Citation.objects.select_related("source", "said_by").defer("source__text")
    moves = StatusChange.objects.order_by("pk").prefetch_related(
        Prefetch("citations", queryset=Citation.objects.order_by("pk").only("pk"))
    )
    reported = TargetValue.objects.select_related("source").defer("source__text")
    links = ("parent", "duplicate_of", "successor", "anchor_source", "anchor_commitment", "target")
    return (
        commitments.select_related(*links)
        .defer("anchor_source__text")
        .prefetch_related(
            "topics",
            "involvements__party",
            Prefetch("citations", queryset=cited),
            Prefetch("status_changes", queryset=moves),
            Prefetch("target__values", queryset=reported),
        )
    )


def rows_of(commitments: CommitmentQuerySet) -> dict[str, list[Cells]]:
    """The rows of `commitments` and of every source, party and topic that they name, by record.

    In the order of their last days and ids, so that equal records give equal files.
    """
    found = list(with_parts(commitments.order_by("last_day", "public_id")))
    citations = [list(commitment.citations.all()) for commitment in found]
    values = [(one, value) for one in found for value in _values_of(one)]
    sources = {one.source_id: one.source for cited in citations for one in cited}
    sources |= {value.source_id: value.source for _one, value in values}
    sources |= {one.anchor_source.pk: one.anchor_source for one in found if one.anchor_source}
    topics = {topic.pk: topic for one in found for topic in one.topics.all()}
    return {
        COMMITMENT: [commitment_cells(one) for one in found],
        CITATION: [
            {"commitment": reference(commitment), **_shown_cells(commitment, citation)}
            for commitment, cited in zip(found, citations, strict=True)
            for citation in cited[1:]
        ],
        VALUE: [{"commitment": reference(one), **value_cells(value)} for one, value in values],
        SOURCE: _source_rows(sorted(sources.values(), key=_source_order)),
        PARTY: [party_cells(one) for one in _parties_of(found, citations)],
        TOPIC: [topic_cells(one) for one in sorted(topics.values(), key=lambda one: one.key)],
    }


def _source_rows(sources: list[Source]) -> list[Cells]:
    """With their texts, which are read a few at a time."""
    rows = []
    for start in range(0, len(sources), _AT_ONCE):
        some = sources[start : start + _AT_ONCE]
        with_text = Source.objects.filter(pk__in=[one.pk for one in some]).exclude(text="")
        texts = dict(with_text.values_list("pk", "text"))
        rows += [{**source_cells(one), **_text_cells(texts.get(one.pk, ""))} for one in some]
    return rows


def _text_cells(text: str) -> Cells:
    parts = [text[at : at + _LONGEST_PART] for at in range(0, len(text), _LONGEST_PART)]
    return {f"text {n}" if n > 1 else "text": part for n, part in enumerate(parts, start=1)}


def _source_order(source: Source) -> tuple[Any, ...]:
    return source.date, source.public_id


def _parties_of(found: list[Commitment], citations: list[list[Citation]]) -> list[Party]:
    """The parties of `found` with the speakers, and the bodies that they belong to."""
    named = [part.party for one in found for part in one.involvements.all()]
    named += [citation.said_by for cited in citations for citation in cited if citation.said_by]
    parties = {party.pk: party for party in named}
    while missing := {one.body_id for one in parties.values() if one.body_id} - set(parties):
        parties |= Party.objects.in_bulk(list(missing))
    for party in parties.values():
        party.body = parties[party.body_id] if party.body_id else None
    return sorted(parties.values(), key=lambda one: one.key)


def reference(record: Commitment | Source | None) -> str:
    """How a file names a record: by its key, or by its id where it has none."""
    return "" if record is None else record.key or record.public_id


def commitment_cells(commitment: Commitment) -> Cells:
    """The row of a commitment, with its first citation and its target."""
    cited = list(commitment.citations.all())
    return {
        "id": commitment.public_id,
        "key": commitment.key or "",
        **_plain_cells(COMMITMENT, commitment),
        "topics": text_of_value(sorted(topic.key for topic in commitment.topics.all())),
        "parties": text_of_value(
            sorted((part.role, part.party.key) for part in commitment.involvements.all())
        ),
        **_anchor_cells(commitment),
        "parent": reference(commitment.parent),
        "duplicate_of": reference(commitment.duplicate_of),
        "status": commitment.status,
        "effective": commitment.effective,
        **_move_cells(commitment),
        "publication": commitment.publication,
        **(_shown_cells(commitment, cited[0]) if cited else {}),
        **target_cells(getattr(commitment, "target", None)),
        **_translation_cells(COMMITMENT, commitment),
    }


def _anchor_cells(commitment: Commitment) -> Cells:
    anchor = commitment.anchor_source or commitment.anchor_commitment
    if anchor is None:
        return {}
    record = SOURCE if commitment.anchor_source else COMMITMENT
    return {
        "anchor": f"{record}:{reference(anchor)}",
        "anchor_amount": str(commitment.anchor_amount),
        "anchor_unit": commitment.anchor_unit,
    }


def _last_move(commitment: Commitment) -> StatusChange | None:
    moves = list(commitment.status_changes.all())
    return moves[-1] if moves else None


def _rests_on(commitment: Commitment) -> set[int]:
    """The keys of the citations on which its status rests; a first status rests on none."""
    last = _last_move(commitment)
    if last is None or commitment.status == Status.ANNOUNCED:
        return set()
    return {citation.pk for citation in last.citations.all()}


def _move_cells(commitment: Commitment) -> Cells:
    last = _last_move(commitment)
    if last is None:
        return {}
    cells = {"successor": reference(commitment.successor), "reason": last.reason}
    if commitment.status in FIRST_STATUSES and not _rests_on(commitment):
        return cells
    refused = "yes" if last.explicit_refusal else ""
    return {**cells, "reason_code": last.reason_code, "missing": last.missing, "refused": refused}


def _shown_cells(commitment: Commitment, citation: Citation) -> Cells:
    is_shown = citation.pk in _rests_on(commitment)
    return {**citation_cells(citation), SHOWS_STATUS: "yes" if is_shown else ""}


def _values_of(commitment: Commitment) -> list[TargetValue]:
    target = getattr(commitment, "target", None)
    return list(target.values.all()) if target else []


def value_cells(value: TargetValue) -> Cells:
    """What was reported, without the commitment."""
    return {
        "value": text_of_value(value.value),
        "period": value.period,
        "source": reference(value.source),
        "locator": value.locator,
    }


def citation_cells(citation: Citation) -> Cells:
    """What is cited, without the commitment."""
    return {
        "source": reference(citation.source),
        "role": citation.role,
        "quote": citation.quote,
        "locator": citation.locator,
        "said_by": citation.said_by.key if citation.said_by else "",
    }


def target_cells(target: Target | None) -> Cells:
    """What is measured; nothing where no target is set."""
    return {name: text_of_value(getattr(target, name)) for name in TARGET} if target else {}


def source_cells(source: Source) -> Cells:
    """The row of a source without its text."""
    return {
        "id": source.public_id,
        "key": source.key or "",
        **_plain_cells(SOURCE, source),
        **_translation_cells(SOURCE, source),
    }


def party_cells(party: Party) -> Cells:
    """The row of a party."""
    body = {"body": party.body.key if party.body else ""}
    return {**_plain_cells(PARTY, party), **body, **_translation_cells(PARTY, party)}


def topic_cells(topic: Topic) -> Cells:
    """The row of a topic."""
    return {**_plain_cells(TOPIC, topic), **_translation_cells(TOPIC, topic)}


def _plain_cells(record: str, instance: Any) -> Cells:
    return {name: text_of_value(getattr(instance, name)) for name in _PLAIN[record]}


def _translation_cells(record: str, instance: TranslatedTexts) -> Cells:
    return {
        f"{name}:{language}": text
        for language, texts in sorted(instance.translations.items())
        for name, text in sorted(texts.items())
        if name in TRANSLATED[record] and text
    }


def languages_in(rows: Iterable[Cells]) -> set[str]:
    """The languages that translations of `rows` are in."""
    return {column.partition(":")[2] for row in rows for column in row if ":" in column}
