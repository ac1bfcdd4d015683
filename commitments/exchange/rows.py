"""The record as the rows of a file: what a person entered, and nothing that is computed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.db.models import Prefetch, QuerySet

from commitments.exchange.columns import (
    CITATION,
    COLUMNS,
    COMMITMENT,
    PARTY,
    SOURCE,
    TARGET,
    TOPIC,
    TRANSLATED,
)
from commitments.exchange.values import text_of_value
from commitments.models import Citation, Commitment, Party, Source, Target, Topic
from commitments.models.translated import TranslatedTexts
from commitments.querysets.commitments import CommitmentQuerySet

Cells = dict[str, str]

_PLAIN: Final[Mapping[str, tuple[str, ...]]] = {
    COMMITMENT: COLUMNS[COMMITMENT][2 : COLUMNS[COMMITMENT].index("topics")],
    SOURCE: COLUMNS[SOURCE][2:],
    PARTY: ("key", "kind", "name", "office", "country_code"),
    TOPIC: ("key", "name"),
}


def with_parts(commitments: QuerySet[Commitment]) -> QuerySet[Commitment]:
    """`commitments` with all that their rows need, in a number of queries that does not grow."""
    cited = Citation.objects.select_related("source", "said_by").defer("source__text")
    return commitments.select_related("parent", "duplicate_of", "target").prefetch_related(
        "topics", "involvements__party", Prefetch("citations", queryset=cited)
    )


def rows_of(commitments: CommitmentQuerySet) -> dict[str, list[Cells]]:
    """The rows of `commitments` and of every source, party and topic that they name, by record.

    In the order of their last days and ids, so that equal records give equal files.
    """
    found = list(with_parts(commitments.order_by("last_day", "public_id")))
    citations = [list(commitment.citations.all()) for commitment in found]
    sources = {one.source_id: one.source for cited in citations for one in cited}
    topics = {topic.pk: topic for one in found for topic in one.topics.all()}
    return {
        COMMITMENT: [commitment_cells(one) for one in found],
        CITATION: [
            {"commitment": reference(commitment), **citation_cells(citation)}
            for commitment, cited in zip(found, citations, strict=True)
            for citation in cited[1:]
        ],
        SOURCE: [source_cells(one) for one in sorted(sources.values(), key=_source_order)],
        PARTY: [party_cells(one) for one in _parties_of(found, citations)],
        TOPIC: [topic_cells(one) for one in sorted(topics.values(), key=lambda one: one.key)],
    }


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
        "parent": reference(commitment.parent),
        "duplicate_of": reference(commitment.duplicate_of),
        "status": commitment.status,
        "effective": commitment.effective,
        "publication": commitment.publication,
        **(citation_cells(cited[0]) if cited else {}),
        **target_cells(getattr(commitment, "target", None)),
        **_translation_cells(COMMITMENT, commitment),
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
    """The row of a source; its text is too long for a cell and stays out."""
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
