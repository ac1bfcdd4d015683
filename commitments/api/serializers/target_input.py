"""What is sent to set a measurable target and to report a value for it."""

from __future__ import annotations

from commitments.api.serializers.inputs import (
    AmountInput,
    Choice,
    Input,
    Line,
    Name,
    Reason,
    When,
)
from commitments.enums import Comparison


class TargetInput(Input):
    """What is measured, from where, and how far; all of it, as PUT has it."""

    measure = Line(max_length=200, allow_blank=False, help_text="As “mutual trade”.")
    unit = Line(max_length=40, allow_blank=False, help_text="As “USD”.")
    goal = AmountInput()
    comparison = Choice(Comparison, default=Comparison.AT_LEAST.value)
    baseline = AmountInput(required=False, allow_null=True)
    baseline_period = When(required=False)
    reason = Reason()


class ValueInput(Input):
    """A value that a source reports for a period; it never changes a status by itself."""

    value = AmountInput()
    period = When()
    source = Name(help_text="The id of the source, or its key.")  # type: ignore[assignment]
    locator = Line(max_length=100, required=False, help_text="As “table 3”.")
