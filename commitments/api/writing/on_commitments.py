"""The addresses below `/commitments/` that write."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db.models import QuerySet
from rest_framework.request import Request
from rest_framework.response import Response

from commitments.api.commitments import CommitmentDetail, CommitmentList
from commitments.api.idempotency import idempotent
from commitments.api.relations import with_links
from commitments.api.writing import commitments as writes
from commitments.api.writing.operations import Operation, commitments_within_reach
from commitments.api.writing.views import Writing


class Commitments(Writing, CommitmentList):
    __doc__ = CommitmentList.__doc__
    operations: ClassVar[Mapping[str, Operation]] = {"POST": writes.CREATE}

    @idempotent
    def post(self, _request: Request) -> Response:
        """Record a commitment, as a draft, with its parties, topics and citations.

        Nobody but the desk sees it until it is published. `window` is EDTF or the words of a date.
        """
        return self.write()


class OneCommitment(Writing, CommitmentDetail):
    """One commitment, with its date moves, status changes, links and target.

    A draft or a retracted one is shown to the desk only; to everybody else it looks like an
    unknown one: 404.
    """

    operations: ClassVar[Mapping[str, Operation]] = {"PATCH": writes.CORRECT}
    reads_by_session = True

    def get_queryset(self) -> QuerySet[Any]:
        return with_links(commitments_within_reach(self.request))

    def patch(self, _request: Request, public_id: str) -> Response:  # noqa: ARG002
        """Correct what was entered wrongly; what is left out stays.

        The date, the status and the publication have addresses of their own, since each of their
        changes is a part of the story.
        """
        return self.write()


class DateMoves(Writing):
    """How the promised time moves."""

    operations: ClassVar[Mapping[str, Operation]] = {"POST": writes.MOVE_DATE}

    @idempotent
    def post(self, _request: Request, public_id: str) -> Response:  # noqa: ARG002
        """Move the promised time; the old one stays in the history.

        A move was said by somebody: it rests on citations. Our own error is a correction.
        """
        return self.write()


class Citations(Writing):
    """What sources say about a commitment."""

    operations: ClassVar[Mapping[str, Operation]] = {"POST": writes.CITE}

    @idempotent
    def post(self, _request: Request, public_id: str) -> Response:  # noqa: ARG002
        """Cite a source, word for word."""
        return self.write()


class OneCitation(Writing):
    """One citation, by the id that the commitment shows."""

    operations: ClassVar[Mapping[str, Operation]] = {
        "PATCH": writes.CORRECT_CITATION,
        "DELETE": writes.REMOVE_CITATION,
    }

    def patch(self, _request: Request, public_id: str, citation: str) -> Response:  # noqa: ARG002
        """Correct a citation; what is left out stays."""
        return self.write(citation=citation)

    def delete(self, _request: Request, public_id: str, citation: str) -> Response:  # noqa: ARG002
        """Take back a citation that was entered by mistake; the log keeps what it said.

        One that a status change, a date move or a proposal rests on stays.
        """
        return self.write(citation=citation)


class EvidenceChecks(Writing):
    """That somebody looked for evidence."""

    operations: ClassVar[Mapping[str, Operation]] = {"POST": writes.NOTE_CHECK}

    @idempotent
    def post(self, _request: Request, public_id: str) -> Response:  # noqa: ARG002
        """Note that somebody looked for evidence on a day, whatever was found."""
        return self.write()


class OneTarget(Writing):
    """What a commitment is measured by."""

    operations: ClassVar[Mapping[str, Operation]] = {"PUT": writes.SET_TARGET}

    def put(self, _request: Request, public_id: str) -> Response:  # noqa: ARG002
        """Set what it is measured by, or put another in its place."""
        return self.write()


class RemoveTarget(Writing):
    """It is measured by nothing."""

    operations: ClassVar[Mapping[str, Operation]] = {"POST": writes.REMOVE_TARGET}

    @idempotent
    def post(self, _request: Request, public_id: str) -> Response:  # noqa: ARG002
        """Take away a target that was set by mistake; one with reported values stays."""
        return self.write()


class Values(Writing):
    """What was reported for a target."""

    operations: ClassVar[Mapping[str, Operation]] = {"POST": writes.REPORT_VALUE}

    @idempotent
    def post(self, _request: Request, public_id: str) -> Response:  # noqa: ARG002
        """Report a value for a period; it never changes a status by itself."""
        return self.write()


class Submit(Writing):
    """From draft to review."""

    operations: ClassVar[Mapping[str, Operation]] = {"POST": writes.SUBMIT}

    @idempotent
    def post(self, _request: Request, public_id: str) -> Response:  # noqa: ARG002
        """Hand a draft to an approver."""
        return self.write()


class ReturnToDraft(Writing):
    """From review back to draft."""

    operations: ClassVar[Mapping[str, Operation]] = {"POST": writes.RETURN}

    @idempotent
    def post(self, _request: Request, public_id: str) -> Response:  # noqa: ARG002
        """Take it back out of the review, to be worked on; the reason says what is to be done."""
        return self.write()


class Publish(Writing):
    """From draft, review or the archive to everybody."""

    operations: ClassVar[Mapping[str, Operation]] = {"POST": writes.PUBLISH_IT}

    @idempotent
    def post(self, _request: Request, public_id: str) -> Response:  # noqa: ARG002
        """Show it to everybody; it needs a source and a party."""
        return self.write()


class Retract(Writing):
    """Out of every list."""

    operations: ClassVar[Mapping[str, Operation]] = {"POST": writes.RETRACT}

    @idempotent
    def post(self, _request: Request, public_id: str) -> Response:  # noqa: ARG002
        """Take it back; nothing is deleted. What was published needs the scope approve."""
        return self.write()
