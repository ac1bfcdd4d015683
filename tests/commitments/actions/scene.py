"""Something of everything on record, and each action ready to be done to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from commitments.actions.citations import cite_source, note_evidence_search, remove_citation
from commitments.actions.commitments import correct_commitment, record_commitment
from commitments.actions.dates import anchor_date, move_date
from commitments.actions.parties import save_party, save_topic
from commitments.actions.publication import (
    publish_commitment,
    retract_commitment,
    submit_for_review,
)
from commitments.actions.sources import save_source
from commitments.actions.status import approve_proposal, change_status, propose_status
from commitments.actions.targets import report_value, set_target
from commitments.enums import AnchorUnit, ChangeKind, Kind, PartyRole, Status
from commitments.models import (
    Citation,
    Commitment,
    Target,
    User,
)
from commitments.window import Window
from tests.builders import (
    NOW,
    SAID_AT,
    complete_move,
    make_citation,
    make_document,
    make_party,
    make_source,
    make_topic,
)


@dataclass
class Scene:
    """Something of everything, for an action to work on."""

    editor: User
    approver: User
    draft: Commitment
    published: Commitment

    def target(self) -> Target:
        target = Target(commitment=self.published, measure="trade", unit="USD", goal=Decimal(30))
        return set_target(target=target, actor=self.editor, now=SAID_AT)


def _record(scene: Scene) -> Callable[[], object]:
    party, topic = make_party(), make_topic()
    return lambda: record_commitment(
        commitment=Commitment(title="A bridge", kind=Kind.MILESTONE),
        window=Window.parse("2026"),
        parties=[(party, PartyRole.PROMISED_BY)],
        topics=[topic],
        actor=scene.editor,
        now=NOW,
    )


def _correct(scene: Scene, **given: Any) -> Callable[[], object]:
    fields = {"title": "Another bridge", **given}
    return lambda: correct_commitment(
        commitment=scene.published, fields=fields, actor=scene.editor, now=NOW
    )


def _correct_parts(scene: Scene) -> Callable[[], object]:
    party, topic = make_party(), make_topic()
    return lambda: correct_commitment(
        commitment=scene.published,
        fields={},
        parties=[(party, PartyRole.RESPONSIBLE)],
        topics=[topic],
        actor=scene.editor,
        now=NOW,
    )


def _move(scene: Scene) -> Callable[[], object]:
    citation = make_citation(scene.published)
    return lambda: move_date(
        commitment=scene.published,
        window=Window.parse("2026"),
        citations=[citation],
        actor=scene.editor,
        now=NOW,
    )


def _anchor(scene: Scene) -> Callable[[], object]:
    source = make_source()
    return lambda: anchor_date(
        commitment=scene.published,
        anchor=source,
        amount=40,
        unit=AnchorUnit.DAY,
        actor=scene.editor,
        now=NOW,
    )


def _change_status(scene: Scene) -> Callable[[], object]:
    move = complete_move(scene.published, Status.IN_PROGRESS)
    return lambda: change_status(commitment=scene.published, move=move, actor=scene.editor, now=NOW)


def _approve(scene: Scene) -> Callable[[], object]:
    move = complete_move(scene.published, Status.DELIVERED)
    proposal = propose_status(commitment=scene.published, move=move, actor=scene.editor, now=NOW)
    return lambda: approve_proposal(proposal=proposal, approver=scene.approver, now=NOW)


def _cite(scene: Scene) -> Callable[[], object]:
    citation = Citation(commitment=scene.published, source=make_document())
    return lambda: cite_source(citation=citation, actor=scene.editor, now=NOW)


def _correct_citation(scene: Scene) -> Callable[[], object]:
    citation = make_citation(scene.published)
    citation.locator = "page 3"
    return lambda: cite_source(citation=citation, actor=scene.editor, now=NOW)


def _remove_citation(scene: Scene) -> Callable[[], object]:
    citation = make_citation(scene.published)
    return lambda: remove_citation(citation=citation, actor=scene.editor, now=NOW)


def _look(scene: Scene) -> Callable[[], object]:
    return lambda: note_evidence_search(
        commitment=scene.published, day=date(2026, 11, 24), actor=scene.editor, now=NOW
    )


def _set_target(scene: Scene) -> Callable[[], object]:
    target = Target(commitment=scene.published, measure="trade", unit="USD", goal=Decimal(30))
    return lambda: set_target(target=target, actor=scene.editor, now=NOW)


def _report(scene: Scene) -> Callable[[], object]:
    target, source = scene.target(), make_source()
    return lambda: report_value(
        target=target,
        value=Decimal("28.4"),
        period=Window.parse("2025"),
        source=source,
        actor=scene.editor,
        now=NOW,
    )


def _submit(scene: Scene) -> Callable[[], object]:
    return lambda: submit_for_review(commitment=scene.draft, actor=scene.editor, now=NOW)


def _publish(scene: Scene) -> Callable[[], object]:
    return lambda: publish_commitment(commitment=scene.draft, actor=scene.approver, now=NOW)


def _retract(scene: Scene) -> Callable[[], object]:
    return lambda: retract_commitment(
        commitment=scene.published, actor=scene.approver, now=NOW, reason="Never said."
    )


def _party(scene: Scene) -> Callable[[], object]:
    party = make_party()
    party.name = "Another name"
    return lambda: save_party(party=party, actor=scene.editor, now=NOW)


def _topic(scene: Scene) -> Callable[[], object]:
    topic = make_topic()
    topic.name = "Another name"
    return lambda: save_topic(topic=topic, actor=scene.editor, now=NOW)


def _source(scene: Scene) -> Callable[[], object]:
    source = make_source()
    source.title = "Another title"
    return lambda: save_source(source=source, actor=scene.editor, now=NOW)


ACTIONS: dict[str, tuple[Callable[[Scene], Callable[[], object]], ChangeKind]] = {
    "record_commitment": (_record, ChangeKind.CREATED),
    "correct_commitment": (_correct, ChangeKind.CORRECTED),
    "correct_commitment, its parts": (_correct_parts, ChangeKind.CORRECTED),
    "move_date": (_move, ChangeKind.DATE_MOVED),
    "anchor_date": (_anchor, ChangeKind.DATE_MOVED),
    "change_status": (_change_status, ChangeKind.STATUS_CHANGED),
    "approve_proposal": (_approve, ChangeKind.STATUS_CHANGED),
    "cite_source": (_cite, ChangeKind.CITED),
    "cite_source again": (_correct_citation, ChangeKind.CITED),
    "remove_citation": (_remove_citation, ChangeKind.CITED),
    "note_evidence_search": (_look, ChangeKind.EVIDENCE_CHECKED),
    "set_target": (_set_target, ChangeKind.CORRECTED),
    "report_value": (_report, ChangeKind.VALUE_REPORTED),
    "submit_for_review": (_submit, ChangeKind.SUBMITTED),
    "publish_commitment": (_publish, ChangeKind.PUBLISHED),
    "retract_commitment": (_retract, ChangeKind.RETRACTED),
    "save_party": (_party, ChangeKind.CORRECTED),
    "save_topic": (_topic, ChangeKind.CORRECTED),
    "save_source": (_source, ChangeKind.CORRECTED),
}
