"""Write one row of a file through the actions of the desk."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext as _

from commitments.actions.citations import cite_source
from commitments.actions.commitments import correct_commitment, record_commitment
from commitments.actions.parties import save_party, save_topic
from commitments.actions.publication import (
    publish_commitment,
    retract_commitment,
    submit_for_review,
)
from commitments.actions.sources import save_source
from commitments.actions.status import StatusMove, change_status, propose_status
from commitments.actions.targets import report_value, set_target
from commitments.enums import PartyRole, Publication, ReasonCode, Status
from commitments.exchange.columns import (
    CITATION,
    COMMITMENT,
    PARTY,
    SHOWS_STATUS,
    SOURCE,
    TARGET,
    TOPIC,
    VALUE,
)
from commitments.exchange.comparing import Comparison
from commitments.exchange.entries import Entry
from commitments.exchange.filling import FIELDS, filled
from commitments.exchange.known import Known
from commitments.exchange.values import text_of_value
from commitments.models import Citation, Commitment, Party, Target, Topic, User
from commitments.window import Window

_CORRECTABLE_LINKS: Final = ("parent", "duplicate_of")
REFERENCES: Final = {PARTY: ("body",), COMMITMENT: (*_CORRECTABLE_LINKS, "anchor")}
"""The columns by which a row waits for another one of the file."""


@dataclass(slots=True)
class Writer:
    """One import: what it is held against, who writes when, and what is left for its end."""

    comparison: Comparison
    actor: User
    now: datetime
    written: list[tuple[Commitment, str]] = field(default_factory=list)
    linked_later: list[tuple[Commitment, Entry]] = field(default_factory=list)
    moved_later: list[tuple[Commitment, Entry]] = field(default_factory=list)
    shown: dict[int, list[Citation]] = field(default_factory=dict)
    """The citations on which a status rests, by the key of their commitment."""

    @property
    def known(self) -> Known:
        return self.comparison.known


def _write_topic(writer: Writer, entry: Entry) -> None:
    topic: Topic = filled(entry, time_zone="")
    save_topic(topic=topic, actor=writer.actor, now=writer.now)
    writer.known.topics[topic.key] = topic


def _write_party(writer: Writer, entry: Entry) -> None:
    party: Party = filled(entry, time_zone="")
    if "body" in entry.values:
        body = entry.values["body"].strip()
        party.body = writer.known.parties[body] if body else None
    save_party(party=party, actor=writer.actor, now=writer.now)
    writer.known.parties[party.key] = party


def _write_source(writer: Writer, entry: Entry) -> None:
    source = save_source(source=filled(entry, time_zone=""), actor=writer.actor, now=writer.now)
    writer.known.add_source(source)


def _write_commitment(writer: Writer, entry: Entry) -> None:
    write = _record if entry.found is None else _correct
    commitment = write(writer, entry)
    writer.known.add_commitment(commitment)
    if any(one.column in TARGET for one in entry.differences):
        _write_target(writer, entry, commitment)
    is_cited = any(one.column == "source" for one in entry.differences) or entry.found is None
    if is_cited and entry.values.get("source"):
        _cite(writer, entry, commitment)


def _record(writer: Writer, entry: Entry) -> Commitment:
    values = entry.values
    commitment: Commitment = filled(entry, time_zone=writer.comparison.time_zone)
    _link(writer, entry, commitment)
    # What comes by a move begins as announced, and says its reason there.
    is_moved = entry.move is not None
    commitment = record_commitment(
        commitment=commitment,
        window=values.get("window") or Window.undated(),
        parties=_parties(writer, entry),
        topics=_topics(writer, entry),
        first_status=Status.ANNOUNCED
        if is_moved
        else Status(values.get("status", Status.ANNOUNCED)),
        effective=None if is_moved else values.get("effective"),
        reason="" if is_moved else values.get("reason", ""),
        actor=writer.actor,
        now=writer.now,
    )
    if is_moved:
        writer.moved_later.append((commitment, entry))
    if writer.comparison.publish and values.get("publication"):
        writer.written.append((commitment, values["publication"]))
    return commitment


def _link(writer: Writer, entry: Entry, commitment: Commitment) -> None:
    """Set what a new commitment belongs to and counts from; what is not there yet comes later."""
    values, known = entry.values, writer.known.commitments
    for column in _CORRECTABLE_LINKS:
        name = values.get(column, "").strip()
        if name in known:
            setattr(commitment, column, known[name])
        elif name:
            writer.linked_later.append((commitment, entry))
    if "anchor" in values:
        record, name = values["anchor"]
        if record == SOURCE:
            commitment.anchor_source = writer.known.sources[name]
        else:
            commitment.anchor_commitment = known[name]
        commitment.anchor_amount = values["anchor_amount"]
        commitment.anchor_unit = values["anchor_unit"]


def write_links(writer: Writer, commitment: Commitment, entry: Entry) -> None:
    """Set the links to what came after it."""
    links = {name: entry.values.get(name, "").strip() for name in _CORRECTABLE_LINKS}
    fields = {name: writer.known.commitments[other] for name, other in links.items() if other}
    correct_commitment(commitment=commitment, fields=fields, actor=writer.actor, now=writer.now)


def write_move(writer: Writer, commitment: Commitment, entry: Entry) -> None:
    """Make the move to the status of the row, or propose it where it takes a second person."""
    values = entry.values
    successor = values.get("successor", "").strip()
    code = values.get("reason_code")
    move = StatusMove(
        to_status=Status(values["status"]),
        effective=values.get("effective") or Window.undated(),
        reason=values.get("reason", ""),
        reason_code=ReasonCode(code) if code else None,
        missing=values.get("missing", ""),
        explicit_refusal=values.get("refused", False),
        successor=writer.known.commitments[successor] if successor else None,
        citations=tuple(writer.shown.get(commitment.pk, ())),
    )
    needs_another = entry.move is not None and entry.move.second_person
    act = propose_status if needs_another and not writer.comparison.decides else change_status
    act(commitment=commitment, move=move, actor=writer.actor, now=writer.now)


def _correct(writer: Writer, entry: Entry) -> Commitment:
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
    for column in changed & set(_CORRECTABLE_LINKS):
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


def _parties(writer: Writer, entry: Entry) -> list[tuple[Party, PartyRole]]:
    named = entry.values.get("parties", [])
    return [(writer.known.parties[key], PartyRole(role)) for role, key in named]


def _topics(writer: Writer, entry: Entry) -> list[Topic]:
    return [writer.known.topics[key] for key in entry.values.get("topics", [])]


def _write_target(writer: Writer, entry: Entry, commitment: Commitment) -> None:
    target = Target(commitment=commitment)
    with suppress(Target.DoesNotExist):
        target = Target.objects.get(commitment=commitment)
    for name, value in entry.given(*TARGET).items():
        setattr(target, name, text_of_value(value) if name == "baseline_period" else value)
    set_target(target=target, actor=writer.actor, now=writer.now)


def _write_citation(writer: Writer, entry: Entry) -> None:
    _cite(writer, entry, writer.known.commitments[entry.values["commitment"].strip()])


def _cite(writer: Writer, entry: Entry, commitment: Commitment) -> None:
    said_by = entry.values.get("said_by", "").strip()
    citation = Citation(
        commitment=commitment,
        source=writer.known.sources[entry.values["source"].strip()],
        said_by=writer.known.parties[said_by] if said_by else None,
        **entry.given("role", "quote", "locator"),
    )
    cite_source(citation=citation, actor=writer.actor, now=writer.now)
    if entry.values.get(SHOWS_STATUS):
        writer.shown.setdefault(commitment.pk, []).append(citation)


def _write_value(writer: Writer, entry: Entry) -> None:
    values = entry.values
    commitment = writer.known.commitments[values["commitment"].strip()]
    report_value(
        target=Target.objects.get(commitment=commitment),
        value=values["value"],
        period=values["period"],
        source=writer.known.sources[values["source"].strip()],
        locator=values.get("locator", ""),
        actor=writer.actor,
        now=writer.now,
    )


def write_publication(writer: Writer, commitment: Commitment, publication: str) -> None:
    """Come to the publication of its row."""
    actor, now = writer.actor, writer.now
    if publication == Publication.PUBLISHED:
        publish_commitment(commitment=commitment, actor=actor, now=now)
    elif publication == Publication.IN_REVIEW:
        submit_for_review(commitment=commitment, actor=actor, now=now)
    elif publication == Publication.RETRACTED:
        reason = _("The imported file says that it is retracted.")
        retract_commitment(commitment=commitment, actor=actor, now=now, reason=reason)


WRITERS: Final = {
    TOPIC: _write_topic,
    PARTY: _write_party,
    SOURCE: _write_source,
    COMMITMENT: _write_commitment,
    CITATION: _write_citation,
    VALUE: _write_value,
}
