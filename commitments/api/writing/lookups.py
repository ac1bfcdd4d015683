"""From the names in a request to the rows of the record; an unknown one points at its field.

Run under the lock of the record: what is found here stays until the write is done. The rows of a
batch name the same few again and again, and a source has a long text: so each is read once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeAlias

from django.db.models import Q
from django.utils.translation import gettext as _

from commitments.api.writing.operations import Data, Writer, within
from commitments.enums import CitationRole, PartyRole
from commitments.exceptions import InvalidInput
from commitments.models import Citation, Commitment, Party, Source, Topic
from commitments.public_ids import number_of

Named: TypeAlias = "dict[tuple[type[Party | Source | Topic], str], Any]"
"""Rows by their kind and the name under which they were asked for."""

_named: ContextVar[Named | None] = ContextVar("named", default=None)


@contextmanager
def remembering(named: Named) -> Iterator[None]:
    """Look into `named` before the database, and put into it what is found.

    The caller empties it when a party, source or topic was written, or a write was undone.
    """
    token = _named.set(named)
    try:
        yield
    finally:
        _named.reset(token)


def commitment_named(writer: Writer, public_id: str | None, *, field: str) -> Commitment | None:
    """The commitment with this id; None for None. Raises InvalidInput."""
    if public_id is None:
        return None
    found = writer.commitments().filter(public_id=public_id).first()
    if found is None:
        raise _unknown(public_id, field)
    return found


def source_named(name: str, *, field: str = "source") -> Source:
    """The source with this id, or else with this key. Raises InvalidInput."""
    named = _remembered()
    if (Source, name) not in named:
        found = list(Source.objects.filter(Q(public_id=name) | Q(key=name)))
        by_id = [source for source in found if source.public_id == name]
        if not found:
            raise _unknown(name, field)
        named[Source, name] = (by_id or found)[0]
    source: Source = named[Source, name]
    return source


def party_named(key: str | None, *, field: str) -> Party | None:
    """The party with this key; None for None. Raises InvalidInput."""
    return None if key is None else _by_key(Party, [key], [field])[0]


def topics_named(keys: Sequence[str]) -> list[Topic]:
    """The topics with these keys. Raises InvalidInput."""
    return _by_key(Topic, keys, [f"topics/{place}" for place in range(len(keys))])


def parties_named(parts: Sequence[Data]) -> list[tuple[Party, PartyRole]]:
    """The parties with their roles. Raises InvalidInput."""
    fields = [f"parties/{place}/party" for place in range(len(parts))]
    found = _by_key(Party, [part["party"] for part in parts], fields)
    roles = [PartyRole(part["role"]) for part in parts]
    return list(zip(found, roles, strict=True))


def citation_of(commitment: Commitment, public_id: str) -> Citation | None:
    """The citation of this commitment with this id, or None."""
    number = number_of(public_id)
    if number is None:
        return None
    return commitment.citations.select_related("source").filter(pk=number).first()


def citations_named(commitment: Commitment, ids: Sequence[str]) -> list[Citation]:
    """The citations of `commitment` with these ids. Raises InvalidInput."""
    found = []
    for place, public_id in enumerate(ids):
        citation = citation_of(commitment, public_id)
        if citation is None:
            raise _unknown(public_id, f"citations/{place}")
        found.append(citation)
    return found


def new_citation(commitment: Commitment, data: Data) -> Citation:
    """An unsaved citation, as the request has it. Raises InvalidInput."""
    return Citation(
        commitment=commitment,
        source=source_named(data["source"]),
        role=CitationRole(data["role"]),
        quote=data.get("quote", ""),
        locator=data.get("locator", ""),
        said_by=party_named(data.get("said_by"), field="said_by"),
    )


def new_citations(commitment: Commitment, given: Iterable[Data], *, field: str) -> list[Citation]:
    """As `new_citation`, for a list in the field `field`."""
    made = []
    for place, data in enumerate(given):
        with within(f"{field}/{place}"):
            made.append(new_citation(commitment, data))
    return made


def _by_key(model: Any, keys: Sequence[str], fields: Sequence[str]) -> list[Any]:
    named = _remembered()
    missing = {key for key in keys if (model, key) not in named}
    if missing:
        found = model.objects.filter(key__in=missing)
        named.update({(model, row.key): row for row in found})
    for key, field in zip(keys, fields, strict=True):
        if (model, key) not in named:
            raise _unknown(key, field)
    return [named[model, key] for key in keys]


def _remembered() -> Named:
    """What was found so far; nothing, and nothing is kept, outside of a batch."""
    named = _named.get()
    return {} if named is None else named


def _unknown(name: str, field: str) -> InvalidInput:
    sentence = _("There is no “%(name)s” on record.") % {"name": name}
    return InvalidInput(sentence, field=field, code="unknown_reference")
