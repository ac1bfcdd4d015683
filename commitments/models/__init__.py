"""The tables of the record, a file each. They are written through `commitments/actions/` only."""

from commitments.models.api_key import ApiKey, Scope
from commitments.models.citation import Citation
from commitments.models.commitment import Commitment, Involvement
from commitments.models.date_move import DateMove
from commitments.models.idempotent_request import IdempotentRequest
from commitments.models.party import Party
from commitments.models.revision import RecordHead, RecordType, Revision
from commitments.models.second_factor import RecoveryCode, SecondFactor
from commitments.models.source import Source
from commitments.models.status_change import StatusChange, StatusProposal
from commitments.models.target import Target, TargetValue
from commitments.models.topic import Topic
from commitments.models.user import User
from commitments.models.version import CommitmentVersion

__all__ = [
    "ApiKey",
    "Citation",
    "Commitment",
    "CommitmentVersion",
    "DateMove",
    "IdempotentRequest",
    "Involvement",
    "Party",
    "RecordHead",
    "RecordType",
    "RecoveryCode",
    "Revision",
    "Scope",
    "SecondFactor",
    "Source",
    "StatusChange",
    "StatusProposal",
    "Target",
    "TargetValue",
    "Topic",
    "User",
]
