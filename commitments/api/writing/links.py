"""Merge what is the same, split what is two things, let one recur, let its date follow another."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from django.utils.translation import gettext as _

from commitments.actions.dates import anchor_date
from commitments.actions.links import Part, merge_commitments, split_commitment
from commitments.actions.recurrence import add_occurrences
from commitments.api.serializers.link_input import (
    AnchorInput,
    MergeInput,
    OccurrencesInput,
    SplitInput,
)
from commitments.api.writing.dates import read_when
from commitments.api.writing.lookups import commitment_named, source_named
from commitments.api.writing.operations import CREATED, Data, Operation, Outcome, Writer
from commitments.enums import AnchorUnit, Kind, Publication
from commitments.exceptions import InvalidInput, TransitionRefused
from commitments.models import Citation, Commitment, Scope, Source
from commitments.roles import PUBLISH


def _merge(writer: Writer, duplicate: Commitment, data: Data) -> Outcome:
    kept = commitment_named(writer, data["into"], field="into")
    if kept is None:  # the shape does not let null pass
        raise InvalidInput(_("Name the one that stays."), field="into", code="required")
    return Outcome(
        merge_commitments(
            duplicate=duplicate, kept=kept, actor=writer.user, now=writer.now, reason=data["reason"]
        )
    )


def _split(writer: Writer, commitment: Commitment, data: Data) -> Outcome:
    _refuse_taken_back(commitment)
    if commitment.is_final:
        sentence = _("It has its verdict: reopen it before it is split.")
        raise TransitionRefused(sentence, code="has_verdict", field="status")
    split_commitment(
        commitment=commitment,
        parts=_parts(writer, commitment, data),
        actor=writer.user,
        now=writer.now,
        reason=data["reason"],
    )
    return Outcome(Commitment.objects.get(pk=commitment.pk), CREATED)


def _parts(writer: Writer, commitment: Commitment, data: Data) -> list[Part]:
    """The parts; "next year" counts from the first source that is cited, as at the desk."""
    cited: Citation | None = commitment.citations.select_related("source").order_by("pk").first()
    return [
        Part(
            title=given["title"],
            kind=Kind(given["kind"]),
            wording=given.get("wording", ""),
            window=read_when(
                given["window"],
                field=f"parts/{place}/window",
                writer=writer,
                said_on=cited.source.date if cited else None,
                hemisphere=commitment.hemisphere,
            ),
        )
        for place, given in enumerate(data["parts"])
    ]


def _add_occurrences(writer: Writer, programme: Commitment, data: Data) -> Outcome:
    _refuse_taken_back(programme)
    if programme.published_at is not None:  # the new ones are public at once
        writer.demand_scope(Scope.APPROVE)
    made = add_occurrences(
        programme=programme,
        rule=data["rule"],
        first=data["first"],
        last=data["last"],
        actor=writer.user,
        now=writer.now,
    )
    return Outcome(programme, CREATED if made else HTTPStatus.OK)


def _refuse_taken_back(commitment: Commitment) -> None:
    if commitment.publication == Publication.RETRACTED:
        raise TransitionRefused(
            _("It was taken back: publish it again before it gets parts."),
            code="wrong_publication",
            field="publication",
        )


def _anchor(writer: Writer, commitment: Commitment, data: Data) -> Outcome:
    anchored = anchor_date(
        commitment=commitment,
        anchor=_anchor_named(writer, data),
        amount=data["amount"],
        unit=AnchorUnit(data["unit"]),
        wording=data.get("wording", ""),
        actor=writer.user,
        now=writer.now,
    )
    return Outcome(anchored)


def _anchor_named(writer: Writer, data: Data) -> Commitment | Source:
    commitment, source = data.get("commitment"), data.get("source")
    if bool(commitment) == bool(source):
        sentence = _("Name what it counts from: a commitment or a source, one of them.")
        raise InvalidInput(sentence, field="commitment", code="required")
    named = commitment_named(writer, commitment, field="commitment")
    return source_named(str(source)) if named is None else named


MERGE: Final = Operation(
    "merge",
    MergeInput,
    _merge,
    permission=PUBLISH,
    scope=Scope.APPROVE,
    renamed={"kept": "into", "duplicate_of": "into"},
)
SPLIT: Final = Operation(
    "split", SplitInput, _split, adds=True, permission=PUBLISH, scope=Scope.APPROVE
)
ADD_OCCURRENCES: Final = Operation(
    "add_occurrences", OccurrencesInput, _add_occurrences, adds=True, renamed={"programme": ""}
)
ANCHOR: Final = Operation(
    "anchor_date",
    AnchorInput,
    _anchor,
    renamed={
        "anchor_amount": "amount",
        "anchor_unit": "unit",
        "anchor_commitment": "commitment",
        "anchor_source": "source",
    },
)
