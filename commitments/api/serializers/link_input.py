"""What is sent to merge and split commitments, to let one recur, and to let one follow another."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from commitments.actions.recurrence import LONGEST_RULE
from commitments.api.serializers.inputs import (
    Choice,
    Count,
    Day,
    Input,
    Line,
    Name,
    When,
)
from commitments.api.serializers.status_input import WithReasonInput
from commitments.enums import AnchorUnit, Kind

MOST_PARTS = 50
FURTHEST_ANCHOR = 10_000


class MergeInput(WithReasonInput):
    """Which of two that are the same stays."""

    into = Name(help_text="The id of the commitment that stays.")


class SplitPartInput(Input):
    """One of the milestones that a commitment is split into."""

    title = Line(max_length=300, allow_blank=False)
    window = When()
    kind = Choice(Kind, default=Kind.MILESTONE.value)
    wording = Line(max_length=300, required=False, help_text="The date as the source put it.")


class SplitInput(WithReasonInput):
    """What two or more promises that were entered as one are by themselves."""

    parts: serializers.ListSerializer[Any] = serializers.ListSerializer(
        child=SplitPartInput(), min_length=2, max_length=MOST_PARTS
    )


class OccurrencesInput(Input):
    """A rule by which a programme comes round again, and from when until when."""

    rule = Line(
        max_length=LONGEST_RULE,
        allow_blank=False,
        help_text="A rule of a calendar (RFC 5545, 3.3.10), as FREQ=YEARLY.",
    )
    first = Day(help_text="The first day, included.")
    last = Day(help_text="The last day, included; at most 200 occurrences.")


class AnchorInput(Input):
    """What a date counts from: a commitment or a source, one of them."""

    commitment = Name(
        required=False, allow_null=True, help_text="Its date; once delivered, that day."
    )
    source = Name(  # type: ignore[assignment]  # a field of the request
        required=False, allow_null=True, help_text="Its day; the id of the source, or its key."
    )
    amount = Count(min_value=0, max_value=FURTHEST_ANCHOR, help_text="How many of `unit`.")
    unit = Choice(AnchorUnit)
    wording = Line(max_length=300, required=False, help_text="As “within 40 days of the signing”.")
