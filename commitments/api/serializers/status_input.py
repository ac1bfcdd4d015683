"""What is sent to move a status, to decide on a proposed verdict, and to retract."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from commitments.api.serializers.commitment_input import CitingInput
from commitments.api.serializers.fields import Word
from commitments.api.serializers.history import window_or_null
from commitments.api.serializers.inputs import Choice, Flag, Input, Name, Reason, Text, When
from commitments.api.serializers.windows import WindowSerializer
from commitments.enums import ProposalState, ReasonCode, Status
from commitments.models import StatusProposal
from commitments.public_ids import public_id_of


class StatusChangeInput(CitingInput):
    """A move of the status; what it needs depends on the move."""

    to_status = Choice(Status)
    effective = When(required=False, help_text="When it came about in the world.")
    reason = Reason()
    reason_code = Choice(ReasonCode, required=False, allow_null=True)
    missing = Text(max_length=2000, required=False, help_text="Of a partly delivered one.")
    explicit_refusal = Flag(
        default=False, help_text="The party itself said that it will not be done."
    )
    successor = Name(
        required=False, allow_null=True, help_text="The id of what takes the place of it."
    )


class WithReasonInput(Input):
    """An action that has to say why."""

    reason = Reason(required=True, allow_blank=False)


class ProposalSerializer(serializers.Serializer[StatusProposal]):
    """A verdict that waits, or waited, for a second person. Names of the desk are not shown."""

    number = serializers.IntegerField(help_text="Counts the proposals of this commitment.")
    url = serializers.URLField()
    state = Word(ProposalState)
    from_status = Word(Status)
    to_status = Word(Status)
    effective = serializers.SerializerMethodField()
    reason = serializers.CharField()
    reason_code = Word(ReasonCode, allow_null=True)
    missing = serializers.CharField()
    explicit_refusal = serializers.BooleanField()
    successor = serializers.CharField(source="successor.public_id", default=None, allow_null=True)
    citations = serializers.SerializerMethodField(help_text="Ids of the citations it rests on.")
    yours = serializers.SerializerMethodField(help_text="You have proposed it yourself.")
    recorded_at = serializers.DateTimeField()
    decided_at = serializers.DateTimeField(allow_null=True)
    decision_reason = serializers.CharField()

    @extend_schema_field(WindowSerializer(allow_null=True))
    def get_effective(self, row: StatusProposal) -> dict[str, Any] | None:
        return window_or_null(row.effective, self.context)

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_citations(self, row: StatusProposal) -> list[str]:
        return [public_id_of(citation.pk) for citation in row.citations.all()]

    @extend_schema_field(bool)
    def get_yours(self, row: StatusProposal) -> bool:
        return bool(row.actor_id == self.context["user"].pk)


class ProposalsSerializer(serializers.Serializer[Any]):
    """The proposals of a commitment, the newest first."""

    results = ProposalSerializer(many=True)
