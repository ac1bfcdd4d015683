"""Many writes in one request, and what became of each."""

from __future__ import annotations

from typing import Any, Final

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from commitments.api.serializers.inputs import Choice, Count, Input, Name
from commitments.api.serializers.problems import ProblemSerializer

MOST_ROWS: Final = 500


class Mode(TextChoices):
    """What is done where some rows are refused."""

    ALL = "all", _("all or nothing")
    EACH = "each", _("row by row")


class RowInput(Input):
    """One write: what a single request has in its address, its headers and its body."""

    operation = serializers.CharField(help_text="As the operationId of the single request.")
    on = Name(required=False, help_text="The id, or the key, of the record that it is done to.")
    on_row = Count(
        required=False,
        min_value=0,
        help_text="Or: what the row with this number, counted from 0, has made or changed.",
    )
    revision = Count(
        required=False,
        min_value=1,
        help_text="Of `on`, as you have read it before the batch; the number its ETag begins with.",
    )
    citation = Name(required=False, help_text="The id of the citation, for those that change one.")
    proposal = Count(
        required=False, min_value=1, help_text="The number of the proposal, to decide on one."
    )
    data = serializers.DictField(  # type: ignore[assignment]  # a field of the request
        required=False, help_text="The body of the single request."
    )


@extend_schema_field(RowInput(many=True))
class Rows(serializers.ListField):
    """The rows as they came: each is checked where it is run, so that one can be refused alone."""

    child = serializers.DictField()


class BatchInput(Input):
    """Up to 500 writes. The rows are checked one by one, where they are run."""

    mode = Choice(Mode, help_text="`all` or nothing, or `each` row by itself.")
    operations = Rows(allow_empty=False, max_length=MOST_ROWS)


class RowResultSerializer(serializers.Serializer[Any]):
    """What became of one row: the record, or the problem."""

    row = serializers.IntegerField(help_text="Counted from 0.")
    operation = serializers.CharField()
    status = serializers.IntegerField(help_text="What the single request would answer.")
    id = serializers.CharField(required=False, help_text="Of the record, or its key.")
    url = serializers.URLField(required=False)
    revision = serializers.IntegerField(required=False, help_text="Of the record after this row.")
    location = serializers.URLField(required=False, help_text="Of what was proposed.")
    problem = ProblemSerializer(required=False)


class BatchResultSerializer(serializers.Serializer[Any]):
    """What became of all rows."""

    mode = Choice(Mode)
    dry_run = serializers.BooleanField(help_text="Nothing of it was written.")
    done = serializers.IntegerField()
    refused = serializers.IntegerField()
    results = RowResultSerializer(many=True)
