"""Enter one commitment of a statement, and what the next one begins with."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.utils.translation import get_language

from commitments.actions.citations import cite_source
from commitments.actions.commitments import record_commitment
from commitments.enums import Status
from commitments.forms.statement import ROLES, StatementForm
from commitments.forms.windows import read_when
from commitments.models import Citation, Commitment, Source, User

_OF_THE_COMMITMENT: Final = (
    "title",
    "summary",
    "kind",
    "strength",
    "language",
    "wording",
    "place",
    "time_zone",
    "hemisphere",
)


@transaction.atomic
def enter(*, form: StatementForm, source: Source, actor: User, now: datetime) -> Commitment:
    """Record the commitment of a valid `form` and cite `source` for it, or nothing.

    Raises RecordError where an action refuses. Side effects, in order: those of
    `record_commitment`, those of `cite_source`.
    """
    values = form.cleaned_data
    window = read_when(
        values["when"],
        said_on=source.date,
        hemisphere=values["hemisphere"],
        also=source.language,
    )
    commitment = record_commitment(
        commitment=Commitment(**{name: values[name] for name in _OF_THE_COMMITMENT}),
        window=window,
        parties=form.parties(),
        topics=values["topics"],
        first_status=Status(values["first_status"]),
        actor=actor,
        now=now,
    )
    citation = Citation(
        commitment=commitment,
        source=source,
        quote=values["quote"],
        start=values["start"],
        end=values["end"],
        locator=values["locator"],
        said_by=values["said_by"],
    )
    cite_source(citation=citation, actor=actor, now=now)
    return commitment


def first_values(source: Source) -> dict[str, Any]:
    """What the form begins with: as the newest commitment of this source, without its words."""
    newest = source.citations.order_by("-pk").select_related("commitment").first()
    language = (get_language() or settings.LANGUAGE_CODE).partition("-")[0]
    if newest is None:
        return {
            "language": language,
            "time_zone": settings.DEFAULT_PLACE_TIME_ZONE,
            "place": source.place,
            "hemisphere": "north",
        }
    before = newest.commitment
    parties: dict[str, list[int]] = {role.value: [] for role in ROLES}
    for one in before.involvements.all():
        parties.setdefault(one.role, []).append(one.party_id)
    languages = dict(settings.LANGUAGES)
    return {
        **parties,
        "kind": before.kind,
        "place": before.place,
        "time_zone": before.time_zone,
        "hemisphere": before.hemisphere,
        "language": before.language if before.language in languages else language,
        "topics": [topic.pk for topic in before.topics.all()],
        "said_by": newest.said_by_id,
    }
