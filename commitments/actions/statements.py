"""Load a statement file: all of its rows, or none."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final, TypeVar

from django.db import models, transaction
from django.utils.translation import gettext as _

from commitments.actions.citations import cite_source
from commitments.actions.commitments import record_commitment
from commitments.actions.parties import save_party, save_topic
from commitments.actions.publication import publish_commitment
from commitments.actions.sources import save_source
from commitments.actions.targets import set_target
from commitments.enums import (
    CitationRole,
    Comparison,
    Kind,
    PartyKind,
    PartyRole,
    SourceKind,
    Status,
    Strength,
)
from commitments.exceptions import InvalidInput, RecordError, WindowError
from commitments.models import Citation, Commitment, Party, Source, Target, Topic, User
from commitments.statement_file import StatementFile
from commitments.statement_json import Row
from commitments.window import Hemisphere, Window

# A file says how things stood on the day of the statement. What was only proposed is no promise;
# what the source reports as done is delivered by its own word, so its evidence is "claimed".
REPORTED: Final[dict[str, tuple[Status, Strength]]] = {
    "announced": (Status.ANNOUNCED, Strength.PROMISE),
    "in_progress": (Status.IN_PROGRESS, Strength.PROMISE),
    "proposed": (Status.ANNOUNCED, Strength.PROPOSAL),
    "fulfilled": (Status.DELIVERED, Strength.PROMISE),
}


@dataclass(slots=True)
class Loaded:
    """How many rows of each section were recorded, and how many were there already."""

    recorded: dict[str, int]
    present: dict[str, int]


@dataclass(frozen=True, slots=True)
class _Loader:
    """One load: its file, who writes when, and the keys of the rows that were refused."""

    file: StatementFile
    actor: User | None
    now: datetime
    time_zone: str
    loaded: Loaded
    refused: set[tuple[str, str]] = field(default_factory=set)


class _FollowsFromAnother(Exception):
    """The row needs one that was refused: what is wrong with that one is told there."""


@transaction.atomic
def load_statement(
    *, file: StatementFile, actor: User | None, now: datetime, time_zone: str
) -> Loaded:
    """Record and publish what is not on record yet; rows are known by their `key`.

    A row whose key is there already is left as it is: the desk may have corrected it since, so
    loading a file twice changes nothing. `time_zone` is for places that name none. Raises
    StatementInvalid with every bad row; then nothing at all is written.
    """
    sections = tuple(file.rows)
    loaded = Loaded(dict.fromkeys(sections, 0), dict.fromkeys(sections, 0))
    loader = _Loader(file, actor, now, time_zone, loaded)
    for section, load in (
        ("sources", _load_source),
        ("parties", _load_party),
        ("topics", _load_topic),
        ("commitments", _load_commitment),
    ):
        for row in file.rows[section]:
            _load_row(loader, section, load, row)
    file.refuse_if_wrong()
    return loaded


_NAMES_IN_FILE: Final = {"office": "role", "body": "of", "wording": "due_wording"}


def _load_row(
    loader: _Loader, section: str, load: Callable[[_Loader, Row], bool], row: Row
) -> None:
    """Turn what one row is refused for into problems, and go on to find those of the next."""
    try:
        with transaction.atomic():
            is_new = load(loader, row)
    except _FollowsFromAnother:
        loader.refused.add((section, row["key"]))
    except RecordError as error:
        loader.refused.add((section, row["key"]))
        told = error.errors if isinstance(error, InvalidInput) else {error.field: [error.message]}
        for name, sentences in told.items():
            in_file = _NAMES_IN_FILE.get(name, name)
            loader.file.add_problem(section, row, in_file, " ".join(sentences))
    else:
        counted = loader.loaded.recorded if is_new else loader.loaded.present
        counted[section] += 1


@contextmanager
def _inside(prefix: str) -> Iterator[None]:
    """Name the fields of a part of a row as the file does: "target.goal"."""
    try:
        yield
    except InvalidInput as error:
        errors = {prefix + name: sentences for name, sentences in error.errors.items()}
        raise InvalidInput(error.message, field=prefix + error.field, errors=errors) from error


def _load_source(loader: _Loader, row: Row) -> bool:
    if Source.objects.filter(key=row["key"]).exists():
        return False
    names = ("key", "title", "place", "publisher", "url", "archive_url", "text", "independent")
    source = Source(
        **_given(row, *names, "language", "translations"),
        kind=_choice(SourceKind, row["kind"], "kind"),
        date=_day(row["date"], "date"),
    )
    save_source(source=source, actor=loader.actor, now=loader.now)
    return True


def _load_party(loader: _Loader, row: Row) -> bool:
    if Party.objects.filter(key=row["key"]).exists():
        return False
    party = Party(
        **_given(row, "key", "name", "country_code", "translations"),
        kind=_choice(PartyKind, row["kind"], "kind"),
        office=row.get("role") or "",
        body=_found(loader, Party, row["of"], "of") if row.get("of") else None,
    )
    save_party(party=party, actor=loader.actor, now=loader.now)
    return True


def _load_topic(loader: _Loader, row: Row) -> bool:
    if Topic.objects.filter(key=row["key"]).exists():
        return False
    topic = Topic(**_given(row, "key", "name", "translations"))
    save_topic(topic=topic, actor=loader.actor, now=loader.now)
    return True


def _load_commitment(loader: _Loader, row: Row) -> bool:
    if Commitment.objects.filter(key=row["key"]).exists():
        return False
    status, strength = _reported(row["status"])
    hemisphere = _choice_of(list(Hemisphere), row.get("hemisphere") or "north", "hemisphere")
    window = _window(row.get("due") or "", Hemisphere(hemisphere))
    commitment = Commitment(
        **_given(row, "key", "title", "summary", "note", "place", "translations"),
        kind=_choice(Kind, row["kind"], "kind"),
        strength=strength,
        language=_found(loader, Source, row["source"], "source").language,
        wording=row.get("due_wording") or "",
        hemisphere=hemisphere,
        time_zone=row.get("time_zone") or loader.time_zone,
        parent=_found(loader, Commitment, row["parent"], "parent") if row.get("parent") else None,
    )
    commitment = record_commitment(
        commitment=commitment,
        window=window,
        parties=_parties(loader, row),
        topics=_topics(loader, row),
        actor=loader.actor,
        now=loader.now,
        first_status=status,
        effective=window if status is Status.DELIVERED else None,
    )
    _cite(loader, row, commitment, status)
    if row.get("target"):
        with _inside("target."):
            _set_target(loader, row["target"], commitment)
    publish_commitment(commitment=commitment, actor=loader.actor, now=loader.now)
    return True


def _parties(loader: _Loader, row: Row) -> list[tuple[Party, PartyRole]]:
    """Who spoke promised it; the parties named beside it are responsible for it."""
    parts = [
        (_found(loader, Party, key, "parties"), PartyRole.RESPONSIBLE)
        for key in row.get("parties") or []
    ]
    if row.get("said_by"):
        parts.append((_found(loader, Party, row["said_by"], "said_by"), PartyRole.PROMISED_BY))
    return parts


def _topics(loader: _Loader, row: Row) -> list[Topic]:
    """The topics by their keys; one that no section names is recorded with its key as its name."""
    topics = []
    for key in row.get("topics") or []:
        topic = Topic.objects.filter(key=key).first()
        if topic is None:
            named = Topic(key=key, name=key.replace("-", " "))
            with _inside("topics."):
                topic = save_topic(topic=named, actor=loader.actor, now=loader.now)
        topics.append(topic)
    return topics


def _cite(loader: _Loader, row: Row, commitment: Commitment, status: Status) -> None:
    role = CitationRole.REPORTS if status is Status.DELIVERED else CitationRole.ANNOUNCES
    for place in [row, *(row.get("also") or [])]:
        said_by = place.get("said_by")
        with _inside("" if place is row else "also."):
            citation = Citation(
                commitment=commitment,
                source=_found(loader, Source, place.get("source") or row["source"], "source"),
                role=role,
                said_by=_found(loader, Party, said_by, "said_by") if said_by else None,
                **_given(place, "quote", "locator"),
            )
            cite_source(citation=citation, actor=loader.actor, now=loader.now)


def _set_target(loader: _Loader, given: Row, commitment: Commitment) -> None:
    baseline = given.get("baseline")
    comparison = (given.get("comparison") or Comparison.AT_LEAST).replace(" ", "_")
    target = Target(
        commitment=commitment,
        measure=given["measure"],
        unit=given["unit"],
        goal=Decimal(str(given["goal"])),
        baseline=None if baseline is None else Decimal(str(baseline)),
        baseline_period=given.get("baseline_period") or "",
        comparison=_choice(Comparison, comparison, "comparison"),
    )
    set_target(target=target, actor=loader.actor, now=loader.now)


def _given(row: Row, *names: str) -> dict[str, Any]:
    """The fields of `row` that it gives, for a model's constructor."""
    return {name: row[name] for name in names if row.get(name) not in (None, "")}


def _reported(status: str) -> tuple[Status, Strength]:
    if status not in REPORTED:
        raise InvalidInput(_one_of(sorted(REPORTED)), field="status")
    return REPORTED[status]


Chosen = TypeVar("Chosen", bound=models.TextChoices)


def _choice(choices: type[Chosen], value: str, field: str) -> Chosen:
    return choices(_choice_of(list(choices.values), value, field))


def _choice_of(values: list[Any], value: str, field: str) -> str:
    if value not in values:
        raise InvalidInput(_one_of([str(one) for one in values]), field=field)
    return value


def _one_of(values: list[str]) -> str:
    return _("has to be one of: %(values)s.") % {"values": ", ".join(values)}


def _day(text: str, field: str) -> date:
    wrong = InvalidInput(_("has to be a day like 2024-11-27."), field=field)
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):  # Python reads weeks and 20241127
        raise wrong
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise wrong from error


def _window(text: str, hemisphere: Hemisphere) -> Window:
    try:
        return Window.parse(text, hemisphere=hemisphere)
    except WindowError as error:
        raise InvalidInput(error.message, field="due") from error


Found = TypeVar("Found", Party, Source, Commitment)
_SECTIONS: Final[dict[type, str]] = {
    Party: "parties",
    Source: "sources",
    Commitment: "commitments",
}


def _found(loader: _Loader, model: type[Found], key: str, field: str) -> Found:
    """The record with `key`, from the file or on record before."""
    found = model._default_manager.filter(key=key).first()  # noqa: SLF001  # Django's documented name
    if found is None and (_SECTIONS[model], key) in loader.refused:
        raise _FollowsFromAnother(key)
    if found is None:
        raise InvalidInput(
            _("there is no “%(key)s”; add it to the file or correct the key.") % {"key": key},
            field=field,
        )
    return found
