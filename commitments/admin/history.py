"""The rows of the revision log as the pages of the desk show them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from commitments.admin.change_words import FieldChange, Names, field_changes, mentioned
from commitments.enums import ChangeKind
from commitments.models import Commitment, Party, RecordType, Revision, Source, Topic, User


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """One change; `is_first` tells of a new record, `subject` is the record in words."""

    url: str
    recorded_at: datetime
    is_first: bool
    subject: str
    subject_url: str
    what: str
    who: str
    reason: str
    changes: tuple[FieldChange, ...]


def history_rows(revisions: QuerySet[Revision], *, most: int) -> list[HistoryRow]:
    """The newest `most` rows, newest first; at most four queries, however many there are."""
    with_people = revisions.select_related("commitment", "actor", "approver")
    newest = list(with_people.order_by("-number")[:most])
    names = names_in(newest)
    return [_row(one, names) for one in newest]


def names_in(revisions: Iterable[Revision]) -> Names:
    """The titles of the sources, parties and topics that the rows are about or mention."""
    wanted = set()
    for revision in revisions:
        wanted.add((revision.record_type, revision.record_id))
        for name, values in revision.changes.items():
            wanted |= {mentioned(name, value) or ("", "") for value in values}
    names: dict[tuple[str, str], str] = {}
    for record_type, (rows, id_column, title) in _named().items():
        ids = [record_id for of_type, record_id in wanted if of_type == record_type]
        if ids:
            found = rows.filter(**{f"{id_column}__in": ids}).values_list(id_column, title)
            names |= {(record_type.value, record_id): words for record_id, words in found}
    return names


def _named() -> dict[RecordType, tuple[QuerySet[Any], str, str]]:
    """The rows of each type, the column by which the log names them, and their title."""
    return {
        RecordType.SOURCE: (Source.objects.all(), "public_id", "title"),
        RecordType.PARTY: (Party.objects.all(), "key", "name"),
        RecordType.TOPIC: (Topic.objects.all(), "key", "name"),
    }


def who_did(actor: User | None, approver: User | None) -> str:
    """The names at the desk; without a person it came from a command."""
    if actor is None:
        return _("the system")
    if approver is None:
        return str(actor)
    return _("%(actor)s, approved by %(approver)s") % {"actor": actor, "approver": approver}


def _row(revision: Revision, names: Names) -> HistoryRow:
    commitment = revision.commitment
    changes = field_changes(revision.changes, record_type=revision.record_type, names=names)
    return HistoryRow(
        url=reverse("admin:commitments_revision_change", args=[revision.number]),
        recorded_at=revision.recorded_at,
        is_first=revision.kind == ChangeKind.CREATED,
        subject=str(commitment or _other_subject(revision, names)),
        subject_url=_page_of(commitment),
        what=capfirst(revision.get_kind_display()),
        who=who_did(revision.actor, revision.approver),
        reason=revision.reason,
        changes=tuple(changes),
    )


def _other_subject(revision: Revision, names: Names) -> str:
    name = names.get((revision.record_type, revision.record_id), revision.record_id)
    return f"{capfirst(revision.get_record_type_display())}: {name}"


def _page_of(commitment: Commitment | None) -> str:
    if commitment is None:
        return ""
    return reverse("admin:commitments_commitment_change", args=[commitment.pk])
