"""The addresses below a commitment that move its status and decide on what was proposed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from commitments.api.addresses import address
from commitments.api.idempotency import idempotent
from commitments.api.permissions import VIEW, caller
from commitments.api.serializers.status_input import ProposalSerializer, ProposalsSerializer
from commitments.api.writing import statuses as writes
from commitments.api.writing.operations import Operation
from commitments.api.writing.views import Writing
from commitments.exceptions import NotAllowed
from commitments.models import Scope, StatusProposal
from commitments.roles import may


class StatusChanges(Writing):
    """How the status moves."""

    operations: ClassVar[Mapping[str, Operation]] = {"POST": writes.CHANGE_STATUS}

    @idempotent
    def post(self, _request: Request, public_id: str) -> Response:  # noqa: ARG002
        """Move the status by the table of moves, at once (201) or as a proposal (202).

        A verdict takes two people: it is proposed, and `Location` says where another one agrees.
        What is missing for a move is listed field by field.
        """
        return self.write()


class Proposed(Writing):
    """A view of proposals: for the desk only."""

    operations: ClassVar[Mapping[str, Operation]] = {}
    reads_by_session = True

    @property
    def scopes(self) -> Mapping[str, Scope | None]:
        return {"GET": Scope.READ, **super().scopes}

    def check_permissions(self, request: Request) -> None:
        if request.method in {"GET", "HEAD"}:
            self.target = self.find()
        super().check_permissions(request)
        if request.method != "OPTIONS" and not may(caller(request), VIEW):
            raise NotAllowed(_("Only the desk sees what is proposed."))

    def shown(self, rows: list[tuple[int, StatusProposal]]) -> list[Any]:
        """Proposals with their numbers, as JSON values."""
        context = {**self.get_serializer_context(), "user": self.request.user}
        named = [_named(row, number, self.kwargs["public_id"]) for number, row in rows]
        return [ProposalSerializer(row, context=context).data for row in named]


def _named(row: StatusProposal, number: int, public_id: str) -> StatusProposal:
    named: Any = row
    named.number, named.url = number, address("proposal", public_id, str(number))
    return row


class Proposals(Proposed):
    """What is or was proposed for a commitment, the newest first."""

    serializer_class = ProposalsSerializer

    @extend_schema(operation_id="proposals_list")
    def get(self, _request: Request, public_id: str) -> Response:  # noqa: ARG002
        commitment: Any = self.target
        rows = list(
            writes.proposals_of(commitment)
            .select_related("successor")
            .prefetch_related("citations")
        )
        numbered = list(enumerate(rows, start=1))
        return Response({"results": self.shown(numbered[::-1])})


class OneProposal(Proposed):
    """One proposed verdict."""

    serializer_class = ProposalSerializer

    @extend_schema(operation_id="proposals_retrieve")
    def get(self, _request: Request, public_id: str, number: int) -> Response:  # noqa: ARG002
        commitment: Any = self.target
        row = writes.proposal_numbered(commitment, number)
        return Response(self.shown([(number, row)])[0])


class Approve(Writing):
    """A second person agrees."""

    operations: ClassVar[Mapping[str, Operation]] = {"POST": writes.APPROVE_IT}

    @idempotent
    def post(self, _request: Request, public_id: str, number: int) -> Response:  # noqa: ARG002
        """Agree to a proposed verdict of somebody else, and make the move.

        All its needs are checked again as of now.
        """
        return self.write(proposal=number)


class Reject(Writing):
    """A second person does not agree."""

    operations: ClassVar[Mapping[str, Operation]] = {"POST": writes.REJECT}

    @idempotent
    def post(self, _request: Request, public_id: str, number: int) -> Response:  # noqa: ARG002
        """Say no to a proposed verdict, with the reason for its proposer."""
        return self.write(proposal=number)


class TakeBack(Writing):
    """Its proposer thinks again."""

    operations: ClassVar[Mapping[str, Operation]] = {"POST": writes.TAKE_BACK}

    @idempotent
    def post(self, _request: Request, public_id: str, number: int) -> Response:  # noqa: ARG002
        """Take back what you have proposed."""
        return self.write(proposal=number)
