"""Record and correct a commitment, move its date, cite for it, and show it or take it back."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext as _
from rest_framework.exceptions import NotFound

from commitments.actions.citations import cite_source, note_evidence_search, remove_citation
from commitments.actions.commitments import correct_commitment, record_commitment
from commitments.actions.dates import move_date
from commitments.actions.publication import (
    publish_commitment,
    retract_commitment,
    return_to_draft,
    submit_for_review,
)
from commitments.actions.targets import remove_target, report_value, set_target
from commitments.api.serializers.commitment_input import (
    CitationCorrectionInput,
    CitationInput,
    CorrectionInput,
    DateMoveInput,
    EvidenceCheckInput,
    NewCommitmentInput,
)
from commitments.api.serializers.inputs import Nothing
from commitments.api.serializers.status_input import WithReasonInput
from commitments.api.serializers.target_input import TargetInput, ValueInput
from commitments.api.writing.dates import newest_day, read_when
from commitments.api.writing.lookups import (
    citation_of,
    citations_named,
    commitment_named,
    new_citation,
    new_citations,
    parties_named,
    party_named,
    source_named,
    topics_named,
)
from commitments.api.writing.operations import CREATED, Data, Operation, Outcome, Writer, within
from commitments.enums import CitationRole, Status
from commitments.exceptions import InvalidInput
from commitments.models import Citation, Commitment, Scope, Target
from commitments.roles import CHANGE, PUBLISH
from commitments.window import Hemisphere

# What goes into the columns as it comes.
_PLAIN: Final[tuple[str, ...]] = (
    *("key", "title", "summary", "note", "language", "kind", "strength", "wording"),
    *("hemisphere", "time_zone", "place", "translations"),
)


def _fresh(commitment: Commitment) -> Commitment:
    """Its row as the actions left it."""
    return Commitment.objects.get(pk=commitment.pk)


def _create(writer: Writer, _none: None, data: Data) -> Outcome:
    commitment = Commitment(**{name: data[name] for name in _PLAIN if name in data})
    commitment.parent = commitment_named(writer, data.get("parent"), field="parent")
    citations = new_citations(commitment, data.get("citations", []), field="citations")
    window, effective = (
        read_when(
            data.get(name, {"text": ""}),
            field=name,
            writer=writer,
            said_on=newest_day(citations),
            hemisphere=data.get("hemisphere", Hemisphere.NORTH.value),
            past=name == "effective",
        )
        for name in ("window", "effective")
    )
    record_commitment(
        commitment=commitment,
        window=window,
        parties=parties_named(data.get("parties", [])),
        topics=topics_named(data.get("topics", [])),
        actor=writer.user,
        now=writer.now,
        first_status=Status(data["status"]),
        effective=effective,
        reason=data.get("reason", ""),
    )
    for citation in citations:
        citation.commitment = commitment  # it has its number only now
    _cite(writer, citations, field="citations")
    return Outcome(_fresh(commitment), CREATED)


def _cite(writer: Writer, citations: list[Citation], *, field: str) -> None:
    for place, citation in enumerate(citations):
        with within(f"{field}/{place}"):
            cite_source(citation=citation, actor=writer.user, now=writer.now)


def _correct(writer: Writer, commitment: Commitment, data: Data) -> Outcome:
    fields = {name: data[name] for name in _PLAIN if name in data}
    if "parent" in data:
        fields["parent"] = commitment_named(writer, data["parent"], field="parent")
    corrected = correct_commitment(
        commitment=commitment,
        fields=fields,
        parties=parties_named(data["parties"]) if "parties" in data else None,
        topics=topics_named(data["topics"]) if "topics" in data else None,
        actor=writer.user,
        now=writer.now,
        reason=data.get("reason", ""),
    )
    return Outcome(corrected)


def citing(writer: Writer, commitment: Commitment, data: Data) -> list[Citation]:
    """The citations that a move rests on, the new ones with them; those are added here."""
    known = citations_named(commitment, data.get("citations", []))
    added = new_citations(commitment, data.get("new_citations", []), field="new_citations")
    _cite(writer, added, field="new_citations")
    return [*known, *added]


def _move_date(writer: Writer, commitment: Commitment, data: Data) -> Outcome:
    citations = citing(writer, commitment, data)
    window, effective = (
        read_when(
            data.get(name, {"text": ""}),
            field=name,
            writer=writer,
            said_on=newest_day(citations),
            hemisphere=commitment.hemisphere,
            past=name == "effective",
        )
        for name in ("window", "effective")
    )
    move_date(
        commitment=commitment,
        window=window,
        wording=data.get("wording", ""),
        effective=effective,
        reason=data.get("reason", ""),
        citations=citations,
        is_correction=data["is_correction"],
        actor=writer.user,
        now=writer.now,
    )
    return Outcome(_fresh(commitment), CREATED)


def _add_citation(writer: Writer, commitment: Commitment, data: Data) -> Outcome:
    citation = new_citation(commitment, data)
    cite_source(citation=citation, actor=writer.user, now=writer.now)
    return Outcome(_fresh(commitment), CREATED)


def _citation_to_change(commitment: Commitment, data: Data) -> Citation:
    citation = citation_of(commitment, data["citation"])
    if citation is None:
        raise NotFound
    return citation


def _correct_citation(writer: Writer, commitment: Commitment, data: Data) -> Outcome:
    citation = _citation_to_change(commitment, data)
    if "source" in data:
        citation.source = source_named(data["source"])
    if "role" in data:
        citation.role = CitationRole(data["role"])
    if "said_by" in data:
        citation.said_by = party_named(data["said_by"], field="said_by")
    citation.quote = data.get("quote", citation.quote)
    citation.locator = data.get("locator", citation.locator)
    cite_source(citation=citation, actor=writer.user, now=writer.now, reason=data.get("reason", ""))
    return Outcome(_fresh(commitment))


def _remove_citation(writer: Writer, commitment: Commitment, data: Data) -> Outcome:
    citation = _citation_to_change(commitment, data)
    remove_citation(citation=citation, actor=writer.user, now=writer.now)
    return Outcome(_fresh(commitment))


def _note_check(writer: Writer, commitment: Commitment, data: Data) -> Outcome:
    noted = note_evidence_search(
        commitment=commitment,
        day=data["day"],
        actor=writer.user,
        now=writer.now,
        reason=data.get("reason", ""),
    )
    return Outcome(noted, CREATED)


def _set_target(writer: Writer, commitment: Commitment, data: Data) -> Outcome:
    found = Target.objects.filter(commitment=commitment).first()
    target = found or Target(commitment=commitment)
    for name in ("measure", "unit", "goal", "comparison"):
        setattr(target, name, data[name])
    target.baseline = data.get("baseline")
    period = data.get("baseline_period", {"text": ""})
    target.baseline_period = str(read_when(period, field="baseline_period", writer=writer))
    set_target(target=target, actor=writer.user, now=writer.now, reason=data.get("reason", ""))
    return Outcome(_fresh(commitment)) if found else Outcome(_fresh(commitment), CREATED)


def _remove_target(writer: Writer, commitment: Commitment, data: Data) -> Outcome:
    removed = remove_target(
        commitment=commitment, actor=writer.user, now=writer.now, reason=data["reason"]
    )
    return Outcome(_fresh(removed))


def _report_value(writer: Writer, commitment: Commitment, data: Data) -> Outcome:
    target = Target.objects.filter(commitment=commitment).first()
    if target is None:
        raise InvalidInput(_("It has no target: set one first, by PUT target/."), code="no_target")
    source = source_named(data["source"])
    report_value(
        target=target,
        value=data["value"],
        period=read_when(data["period"], field="period", writer=writer, said_on=source.date),
        source=source,
        locator=data.get("locator", ""),
        actor=writer.user,
        now=writer.now,
    )
    return Outcome(_fresh(commitment), CREATED)


def _submit(writer: Writer, commitment: Commitment, _data: Data) -> Outcome:
    return Outcome(submit_for_review(commitment=commitment, actor=writer.user, now=writer.now))


def _return(writer: Writer, commitment: Commitment, data: Data) -> Outcome:
    returned = return_to_draft(
        commitment=commitment, actor=writer.user, now=writer.now, reason=data["reason"]
    )
    return Outcome(returned)


def _publish(writer: Writer, commitment: Commitment, _data: Data) -> Outcome:
    return Outcome(publish_commitment(commitment=commitment, actor=writer.user, now=writer.now))


def _retract(writer: Writer, commitment: Commitment, data: Data) -> Outcome:
    if commitment.published_at is not None:  # what was public is taken back by who may publish
        writer.demand_scope(Scope.APPROVE)
    retracted = retract_commitment(
        commitment=commitment, actor=writer.user, now=writer.now, reason=data["reason"]
    )
    return Outcome(retracted)


CREATE: Final = Operation("create", NewCommitmentInput, _create, creates=True)
CORRECT: Final = Operation("correct", CorrectionInput, _correct)
MOVE_DATE: Final = Operation("move_date", DateMoveInput, _move_date, adds=True)
CITE: Final = Operation("cite", CitationInput, _add_citation, adds=True)
CORRECT_CITATION: Final = Operation(
    "correct_citation", CitationCorrectionInput, _correct_citation, place="citation"
)
REMOVE_CITATION: Final = Operation("remove_citation", Nothing, _remove_citation, place="citation")
NOTE_CHECK: Final = Operation("note_evidence_check", EvidenceCheckInput, _note_check, adds=True)
SET_TARGET: Final = Operation("set_target", TargetInput, _set_target)
REMOVE_TARGET: Final = Operation(
    "remove_target", WithReasonInput, _remove_target, renamed={"target": ""}
)
REPORT_VALUE: Final = Operation("report_value", ValueInput, _report_value, adds=True)
SUBMIT: Final = Operation("submit", Nothing, _submit)
RETURN: Final = Operation("return_to_draft", WithReasonInput, _return)
PUBLISH_IT: Final = Operation("publish", Nothing, _publish, permission=PUBLISH, scope=Scope.APPROVE)
RETRACT: Final = Operation("retract", WithReasonInput, _retract, permission=CHANGE)
