"""Ready-made records for tests, built through the actions as the desk builds them."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group, Permission
from django.db import transaction

from commitments.actions.batches import Batch, open_batch, writing_into
from commitments.actions.citations import cite_source
from commitments.actions.commitments import record_commitment
from commitments.actions.parties import save_party, save_topic
from commitments.actions.publication import publish_commitment
from commitments.actions.recording import write_batch
from commitments.actions.sources import save_source
from commitments.actions.status import StatusMove, change_status
from commitments.enums import (
    CitationRole,
    Kind,
    PartyKind,
    PartyRole,
    ReasonCode,
    SourceKind,
    Status,
)
from commitments.models import Citation, Commitment, Party, Source, Topic, User
from commitments.roles import APPROVERS, EDITORS
from commitments.window import Window

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
SAID_AT = datetime(2024, 11, 27, 12, 0, tzinfo=UTC)

_count = itertools.count(1)


# One slow hash for all of a run.
_hashed = functools.cache(make_password)


def make_user(name: str = "", *, permissions: Iterable[str] = (), **fields: Any) -> User:
    """A user with `permissions` (codenames of the app `commitments`); the password is "pw"."""
    username = name or f"user{next(_count)}"
    user = User.objects.create(username=username, password=_hashed("pw"), **fields)
    user.user_permissions.set(
        Permission.objects.filter(
            content_type__app_label="commitments", codename__in=list(permissions)
        )
    )
    return user


_EDIT = [
    f"{verb}_{model}"
    for verb in ("add", "change", "view")
    for model in ("commitment", "citation", "party", "source", "topic", "target", "involvement")
]


def make_editor(name: str = "") -> User:
    """May enter, correct and propose."""
    user = make_user(name, permissions=_EDIT, is_staff=True)
    user.groups.add(Group.objects.get_or_create(name=EDITORS)[0])
    return user


def make_approver(name: str = "") -> User:
    """May do what an editor may, and publish and decide."""
    extra = ["publish_commitment", "approve_status"]
    user = make_user(name, permissions=[*_EDIT, *extra], is_staff=True)
    user.groups.add(Group.objects.get_or_create(name=APPROVERS)[0])
    return user


def make_admin(name: str = "") -> User:
    """May do everything."""
    return make_user(name, is_staff=True, is_superuser=True)


def make_party(key: str = "", **fields: Any) -> Party:
    key = key or f"party-{next(_count)}"
    fields = {"kind": PartyKind.COUNTRY, "name": key.title(), **fields}
    return save_party(party=Party(key=key, **fields), actor=None, now=SAID_AT)


def make_topic(key: str = "", **fields: Any) -> Topic:
    key = key or f"topic-{next(_count)}"
    return save_topic(
        topic=Topic(key=key, **{"name": key.title(), **fields}), actor=None, now=SAID_AT
    )


def make_source(**fields: Any) -> Source:
    fields = {
        "title": f"Statement {next(_count)}",
        "kind": SourceKind.TRANSCRIPT,
        "date": date(2024, 11, 27),
        **fields,
    }
    return save_source(source=Source(**fields), actor=None, now=SAID_AT)


def make_citation(commitment: Commitment, source: Source | None = None, **fields: Any) -> Citation:
    """A citation; by default a document that reports progress."""
    if source is None:
        source = make_source(kind=SourceKind.OFFICIAL_RECORD, date=date(2026, 11, 1))
    fields = {"role": CitationRole.REPORTS, **fields}
    citation = Citation(commitment=commitment, source=source, **fields)
    return cite_source(citation=citation, actor=None, now=SAID_AT)


@contextmanager
def at_once() -> Iterator[None]:
    """Write the rows of the log and of the versions together: the same rows in half of the time."""
    if open_batch() is not None:
        yield
        return
    batch = Batch()
    with transaction.atomic(), writing_into(batch):
        yield
        write_batch(batch)


@at_once()
def make_commitment(
    *,
    window: str = "2026",
    published: bool = True,
    parties: Iterable[tuple[Party, PartyRole]] | None = None,
    topics: Iterable[Topic] = (),
    source: Source | None = None,
    status: Status = Status.ANNOUNCED,
    now: datetime = SAID_AT,
    **fields: Any,
) -> Commitment:
    """A commitment with a party and a source, published unless asked otherwise."""
    fields = {"title": f"Commitment {next(_count)}", "kind": Kind.MILESTONE, **fields}
    commitment = record_commitment(
        commitment=Commitment(**fields),
        window=Window.parse(window),
        parties=parties if parties is not None else [(make_party(), PartyRole.PROMISED_BY)],
        topics=topics,
        actor=None,
        now=now,
        first_status=status,
    )
    announced = Citation(commitment=commitment, source=source or make_source())
    cite_source(citation=announced, actor=None, now=now)
    if published:
        commitment = publish_commitment(commitment=commitment, actor=None, now=now)
    return Commitment.objects.get(pk=commitment.pk)


def make_document(day: date = date(2026, 11, 1), **fields: Any) -> Source:
    """A source that documents: an official record."""
    return make_source(**{"kind": SourceKind.OFFICIAL_RECORD, "date": day, **fields})


def complete_move(
    commitment: Commitment, to_status: Status, *, day: date = date(2026, 11, 1), **fields: Any
) -> StatusMove:
    """A move that leaves no need of the table unmet for a commitment whose window has passed."""
    given: dict[str, Any] = {
        "effective": Window.of_day(day),
        "reason": "Because it is so.",
        "reason_code": ReasonCode.FUNDING,
        "missing": "The second half." if to_status is Status.PARTLY_DELIVERED else "",
        "citations": (make_citation(commitment, make_document(day)),),
    }
    if to_status is Status.SUPERSEDED and "successor" not in fields:
        given["successor"] = make_commitment()
    return StatusMove(to_status=to_status, **{**given, **fields})


def _one_of(name: str, make: Callable[[str], User]) -> User:
    return User.objects.filter(username=name).first() or make(name)


@at_once()
def make_commitment_in(status: Status, *, window: str = "2025", **fields: Any) -> Commitment:
    """A published commitment that has come to `status` by the moves of the table, by two people."""
    commitment = make_commitment(window=window, **fields)
    steps = {
        Status.ANNOUNCED: [],
        Status.STALLED: [Status.IN_PROGRESS, Status.STALLED],
    }.get(status, [status])
    for day, step in enumerate(steps, start=1):
        change_status(
            commitment=commitment,
            move=complete_move(commitment, step, day=date(2026, 10, day)),
            actor=_one_of("desk-editor", make_editor),
            approver=_one_of("desk-approver", make_approver),
            now=NOW,
        )
    return Commitment.objects.get(pk=commitment.pk)
