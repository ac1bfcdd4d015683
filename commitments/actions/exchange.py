"""Import the rows of a file: all of them, or none."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar, Final

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commitments.actions.citations import cite_source
from commitments.actions.commitments import correct_commitment, record_commitment
from commitments.actions.parties import save_party, save_topic
from commitments.actions.publication import (
    publish_commitment,
    retract_commitment,
    submit_for_review,
)
from commitments.actions.recording import lock_record
from commitments.actions.sources import save_source
from commitments.actions.targets import set_target
from commitments.enums import PartyRole, Publication, Status
from commitments.exceptions import InvalidInput, RecordError
from commitments.exchange.columns import (
    CITATION,
    COMMITMENT,
    PARTY,
    SOURCE,
    TARGET,
    TOPIC,
    WRITE_ORDER,
    FileRow,
)
from commitments.exchange.comparing import Comparison
from commitments.exchange.entries import Entry, Outcome
from commitments.exchange.filling import FIELDS, filled
from commitments.exchange.known import Known, names_of
from commitments.exchange.values import text_of_value
from commitments.models import Citation, Commitment, Party, Target, Topic, User
from commitments.roles import CHANGE, PUBLISH, demand
from commitments.window import Window

_REFERENCES: Final = {PARTY: ("body",), COMMITMENT: ("parent", "duplicate_of")}


class ImportRefused(InvalidInput):
    """Rows that cannot be imported; `entries` are those that are wrong. Nothing was written."""

    code: ClassVar[str] = "import_refused"

    def __init__(self, message: str, *, entries: Sequence[Entry]) -> None:
        super().__init__(message, field="file")
        self.entries = tuple(entries)


@dataclass(slots=True)
class _Writer:
    comparison: Comparison
    actor: User
    now: datetime
    written: list[tuple[Commitment, str]] = field(default_factory=list)

    @property
    def known(self) -> Known:
        return self.comparison.known


def import_rows(
    *, rows: Sequence[FileRow], actor: User, now: datetime, time_zone: str, publish: bool
) -> Generator[int, None, None]:
    """Write what `rows` say, in one transaction; yields how many rows are done.

    The transaction ends when the last number was taken: who stops before writes nothing. A new
    commitment begins as a draft with the status of its row (`FIRST_STATUSES`); with `publish`,
    which needs the permission to publish, it then comes to the publication of its row. `time_zone`
    is for places that name none. Raises NotAllowed, and ImportRefused with the rows that are wrong.
    Side effects, in order: the record is locked; topics, parties, sources, commitments, citations
    and publications, each with its rows in the log.
    """
    demand(actor, CHANGE)
    if publish:
        demand(actor, PUBLISH)
    with transaction.atomic():
        lock_record()
        comparison = Comparison(rows, now=now, time_zone=time_zone, publish=publish)
        entries = list(comparison.entries())
        _refuse([entry for entry in entries if entry.outcome is Outcome.WRONG])
        writer = _Writer(comparison, actor, now)
        for done, entry in enumerate(_in_writing_order(entries), start=1):
            _write_row(writer, entry)
            yield done
        for commitment, publication in writer.written:
            _set_publication(writer, commitment, publication)


def _refuse(wrong: Sequence[Entry]) -> None:
    if wrong:
        sentence = ngettext(
            "Nothing was imported: %(count)d row is wrong.",
            "Nothing was imported: %(count)d rows are wrong.",
            len(wrong),
        )
        raise ImportRefused(sentence % {"count": len(wrong)}, entries=wrong)


def _in_writing_order(entries: Sequence[Entry]) -> Iterator[Entry]:
    for record in WRITE_ORDER:
        same_record = [entry for entry in entries if entry.row.record == record]
        yield from _what_is_named_first(same_record, _REFERENCES.get(record, ()))


def _what_is_named_first(entries: list[Entry], columns: tuple[str, ...]) -> Iterator[Entry]:
    """A body before its members, a programme before its parts; the file may have them anyhow."""
    waiting = entries
    while waiting:
        names = {name for entry in waiting for name in names_of(entry.row)}
        later = []
        for entry in waiting:
            needed = {entry.values.get(column, "").strip() for column in columns}
            if needed & names - set(names_of(entry.row)):
                later.append(entry)
            else:
                yield entry
                names -= set(names_of(entry.row))
        if len(later) == len(waiting):  # a circle through records and rows: its action refuses it
            yield from later
            return
        waiting = later


def _write_row(writer: _Writer, entry: Entry) -> None:
    if entry.outcome is Outcome.SAME:
        return
    try:
        _WRITERS[entry.row.record](writer, entry)
    except ImportRefused:
        raise
    except RecordError as error:
        entry.complain(error.field, str(error.message))
        _refuse([entry])


def _write_topic(writer: _Writer, entry: Entry) -> None:
    topic: Topic = filled(entry, time_zone="")
    save_topic(topic=topic, actor=writer.actor, now=writer.now)
    writer.known.topics[topic.key] = topic


def _write_party(writer: _Writer, entry: Entry) -> None:
    party: Party = filled(entry, time_zone="")
    if "body" in entry.values:
        body = entry.values["body"].strip()
        party.body = writer.known.parties[body] if body else None
    save_party(party=party, actor=writer.actor, now=writer.now)
    writer.known.parties[party.key] = party


def _write_source(writer: _Writer, entry: Entry) -> None:
    source = save_source(source=filled(entry, time_zone=""), actor=writer.actor, now=writer.now)
    writer.known.add_source(source)


def _write_commitment(writer: _Writer, entry: Entry) -> None:
    write = _record if entry.found is None else _correct
    commitment = write(writer, entry)
    writer.known.add_commitment(commitment)
    if any(one.column in TARGET for one in entry.differences):
        _write_target(writer, entry, commitment)
    is_cited = any(one.column == "source" for one in entry.differences) or entry.found is None
    if is_cited and entry.values.get("source"):
        _cite(writer, entry, commitment)


def _record(writer: _Writer, entry: Entry) -> Commitment:
    values = entry.values
    commitment: Commitment = filled(entry, time_zone=writer.comparison.time_zone)
    for column in _REFERENCES[COMMITMENT]:
        if name := values.get(column, "").strip():
            setattr(commitment, column, writer.known.commitments[name])
    commitment = record_commitment(
        commitment=commitment,
        window=values.get("window") or Window.undated(),
        parties=_parties(writer, entry),
        topics=_topics(writer, entry),
        first_status=Status(values.get("status", Status.ANNOUNCED)),
        effective=values.get("effective"),
        actor=writer.actor,
        now=writer.now,
    )
    if writer.comparison.publish and values.get("publication"):
        writer.written.append((commitment, values["publication"]))
    return commitment


def _correct(writer: _Writer, entry: Entry) -> Commitment:
    """Correct the fields that differ, and no others: somebody may have changed those since."""
    changed = {
        one.column.partition(":")[0] if ":" not in one.column else "translations"
        for one in entry.differences
    }
    instance: Commitment = filled(entry, time_zone="")
    fields: dict[str, Any] = {
        name: getattr(instance, name)
        for name in (*FIELDS[COMMITMENT], "translations")
        if name in changed
    }
    for column in changed & set(_REFERENCES[COMMITMENT]):
        name = entry.values[column].strip()
        fields[column] = writer.known.commitments[name] if name else None
    return correct_commitment(
        commitment=entry.found,
        fields=fields,
        parties=_parties(writer, entry) if "parties" in changed else None,
        topics=_topics(writer, entry) if "topics" in changed else None,
        actor=writer.actor,
        now=writer.now,
    )


def _parties(writer: _Writer, entry: Entry) -> list[tuple[Party, PartyRole]]:
    named = entry.values.get("parties", [])
    return [(writer.known.parties[key], PartyRole(role)) for role, key in named]


def _topics(writer: _Writer, entry: Entry) -> list[Topic]:
    return [writer.known.topics[key] for key in entry.values.get("topics", [])]


def _write_target(writer: _Writer, entry: Entry, commitment: Commitment) -> None:
    target = Target(commitment=commitment)
    with suppress(Target.DoesNotExist):
        target = Target.objects.get(commitment=commitment)
    for name, value in entry.given(*TARGET).items():
        setattr(target, name, text_of_value(value) if name == "baseline_period" else value)
    set_target(target=target, actor=writer.actor, now=writer.now)


def _write_citation(writer: _Writer, entry: Entry) -> None:
    _cite(writer, entry, writer.known.commitments[entry.values["commitment"].strip()])


def _cite(writer: _Writer, entry: Entry, commitment: Commitment) -> None:
    said_by = entry.values.get("said_by", "").strip()
    citation = Citation(
        commitment=commitment,
        source=writer.known.sources[entry.values["source"].strip()],
        said_by=writer.known.parties[said_by] if said_by else None,
        **entry.given("role", "quote", "locator"),
    )
    cite_source(citation=citation, actor=writer.actor, now=writer.now)


def _set_publication(writer: _Writer, commitment: Commitment, publication: str) -> None:
    actor, now = writer.actor, writer.now
    if publication == Publication.PUBLISHED:
        publish_commitment(commitment=commitment, actor=actor, now=now)
    elif publication == Publication.IN_REVIEW:
        submit_for_review(commitment=commitment, actor=actor, now=now)
    elif publication == Publication.RETRACTED:
        reason = _("The imported file says that it is retracted.")
        retract_commitment(commitment=commitment, actor=actor, now=now, reason=reason)


_WRITERS: Final = {
    TOPIC: _write_topic,
    PARTY: _write_party,
    SOURCE: _write_source,
    COMMITMENT: _write_commitment,
    CITATION: _write_citation,
}
