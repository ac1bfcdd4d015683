"""Many writes in one request: all or nothing, or row by row.

All rows run in one transaction, under one lock that is taken before the first: two batches never
wait for each other's half. A refused row is undone by itself; whether the others stay is what
`mode` says. The rows of the log and of the versions are written together, some hundred at once.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from django.core import exceptions as django
from django.http import Http404, HttpResponseBase
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.exceptions import APIException, NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from commitments.actions.batches import Batch as Waiting
from commitments.actions.batches import part_of, writing_into
from commitments.actions.one_write import one_write
from commitments.actions.recording import lock_record, write_batch
from commitments.api.errors import problem_document, problem_response
from commitments.api.idempotency import idempotent
from commitments.api.permissions import caller
from commitments.api.problems import kind_of
from commitments.api.refusals import PreconditionRequired
from commitments.api.serializers.batch import BatchInput, BatchResultSerializer, Mode, RowInput
from commitments.api.writing import commitments, links, named, statuses
from commitments.api.writing.lookups import Named, remembering
from commitments.api.writing.operations import (
    AnyRecord,
    Data,
    Operation,
    Outcome,
    Writer,
    within,
)
from commitments.api.writing.schema import problem_responses
from commitments.api.writing.versions import public_name, version_of
from commitments.api.writing.views import Writing, address_of, read_dry_run
from commitments.exceptions import BulkRefused, InvalidInput, RecordError, StaleRevision
from commitments.models import Commitment, Scope, Source

OPERATIONS: Final[Mapping[str, Operation]] = {
    value.name: value
    for room in (commitments, links, statuses, named)
    for value in vars(room).values()
    if isinstance(value, Operation)
}
_REFUSALS: Final = (
    RecordError,
    APIException,
    Http404,
    django.PermissionDenied,
    django.ValidationError,
)

Result: TypeAlias = dict[str, Any]


class _NothingStays(Exception):
    """Some rows of a batch that is all or nothing were refused."""


@dataclass(slots=True)
class _Run:
    """The rows that were run so far. `versions` are those from before the batch."""

    request: Request
    writer: Writer
    records: list[AnyRecord | None] = field(default_factory=list)
    results: list[Result] = field(default_factory=list)
    versions: dict[tuple[type[AnyRecord], int], int] = field(default_factory=dict)
    waiting: Waiting = field(default_factory=Waiting)
    named: Named = field(default_factory=dict)

    def run(self, rows: Iterable[Any]) -> None:
        """Run all rows, and write what is to be written together; under the lock of the record."""
        self.waiting.head = lock_record()
        for row in rows:
            self.add(row)
        with writing_into(self.waiting):
            write_batch(self.waiting)

    def add(self, given: Any) -> None:
        """Run one more row, which is undone by itself where it is refused."""
        told: Result = {"row": len(self.results), "operation": _name_of(given)}
        try:
            with part_of(self.waiting), remembering(self.named):
                outcome = self._outcome(given)
                told |= _done(outcome)
        except _REFUSALS as error:
            self.records.append(None)
            told |= self._problem(error)
            self.named.clear()
        else:
            self.records.append(outcome.record)
            if not isinstance(outcome.record, Commitment):
                self.named.clear()
        self.results.append(told)

    @property
    def refused(self) -> int:
        return sum("problem" in told for told in self.results)

    def demand_all(self) -> None:
        """Raise, so that all is undone, where any row was refused."""
        if self.refused:
            raise _NothingStays

    def _outcome(self, given: Any) -> Outcome:
        row = _checked(given)
        operation: Operation = row["operation"]
        target = None if operation.creates else self._found(operation, row)
        operation.demand(self.writer)
        if target is not None and "on" in row:
            self._demand_version(target, row)
        try:
            data = operation.checked(row.get("data", {}))
        except APIException as error:
            error.detail = {"data": error.detail}
            raise
        data |= _place(operation, row)
        with within("data"):
            return operation.run(self.writer, target, data)

    def _demand_version(self, target: AnyRecord, row: Data) -> None:
        before = self.versions.setdefault((type(target), target.pk), version_of(target))
        if "revision" not in row:
            raise PreconditionRequired(current=before)
        if row["revision"] != before:
            raise _stale(row["revision"], before)

    def _found(self, operation: Operation, row: Data) -> AnyRecord:
        if ("on" in row) == ("on_row" in row):
            sentence = _("Name the record, either by “on” or by “on_row”.")
            raise InvalidInput(sentence, field="on", code="required")
        if "on_row" in row:
            return self._of_row(operation, row["on_row"])
        rows: Any = operation.record.objects
        if operation.record is Commitment:
            rows = self.writer.commitments()
        name = "public_id" if operation.record in {Commitment, Source} else "key"
        found: AnyRecord | None = rows.filter(**{name: row["on"]}).first()
        if found is None:
            raise NotFound
        return found

    def _of_row(self, operation: Operation, number: int) -> AnyRecord:
        record = self.records[number] if number < len(self.records) else None
        if not isinstance(record, operation.record):
            raise InvalidInput(
                _("This row comes later, was refused, or made a record of another kind."),
                field="on_row",
                code="row_unusable",
            )
        current: AnyRecord = type(record).objects.get(pk=record.pk)
        return current

    def _problem(self, error: Exception) -> Result:
        answer = problem_response(error, {"request": self.request})
        problem: dict[str, Any] = json.loads(answer.content)
        for item in problem.get("errors", []):
            place = item.get("pointer", "#").removeprefix("#")
            item["pointer"] = f"#/operations/{len(self.results)}{place}"
        return {"status": problem["status"], "problem": problem}


def _name_of(given: Any) -> str:
    name = given.get("operation", "")
    return name if isinstance(name, str) and name in OPERATIONS else ""


def _checked(given: Any) -> Data:
    row = RowInput(data=given)
    row.is_valid(raise_exception=True)
    checked = dict(row.validated_data)
    if checked["operation"] not in OPERATIONS:
        sentence = _("“%(value)s” is not known here. Known: %(known)s.")
        values = {"value": checked["operation"][:60], "known": ", ".join(sorted(OPERATIONS))}
        raise InvalidInput(sentence % values, field="operation", code="unknown_operation")
    checked["operation"] = OPERATIONS[checked["operation"]]
    return checked


def _place(operation: Operation, row: Data) -> Data:
    """What a single request has in its address beside the record."""
    name = operation.place
    if name and name not in row:
        raise InvalidInput(_("Name it here."), field=name, code="required")
    return {name: row[name]} if name else {}


def _stale(read: int, current: int) -> StaleRevision:
    sentence = _("You have read revision %(read)d; it was at %(current)d before this batch.")
    return StaleRevision(sentence % {"read": read, "current": current}, current=current, changed={})


def _done(outcome: Outcome) -> Result:
    record = outcome.record
    told: Result = {
        "status": int(outcome.status),
        "id": public_name(record),
        "url": address_of(record),
        "revision": version_of(record),
    }
    return told | ({"location": outcome.location} if outcome.location else {})


class Batch(Writing):
    """Many writes in one request."""

    def check_permissions(self, request: Request) -> None:
        """Whoever is known may try; each row asks for its own rights."""
        super().check_permissions(request)
        if request.method == "POST":
            caller(request)

    @property
    def scopes(self) -> Mapping[str, Scope | None]:
        return {"POST": None}

    @extend_schema(
        operation_id="batch",
        request=BatchInput,
        responses={
            200: OpenApiResponse(BatchResultSerializer, description="All rows were done."),
            207: OpenApiResponse(
                BatchResultSerializer, description="Each row has its own status (mode `each`)."
            ),
            **problem_responses(on_a_record=False),
        },
    )
    @idempotent
    def post(self, request: Request) -> HttpResponseBase:
        """Do up to 500 writes in their order: all or nothing, or row by row.

        A row may be done to what an earlier one has made (`on_row`). Its `revision` is the one that
        you have read before the batch. With `?dry_run=true` nothing stays, and the answer is the
        same.
        """
        dry_run = read_dry_run(request.query_params)
        given = BatchInput(data=request.data)
        given.is_valid(raise_exception=True)
        mode = Mode(given.validated_data["mode"])
        run = _Run(request, self.writer())
        try:
            with one_write(dry_run=dry_run):
                run.run(given.validated_data["operations"])
                if mode is Mode.ALL:
                    run.demand_all()
        except _NothingStays:
            return _all_refused(run, dry_run=dry_run)
        code = status.HTTP_207_MULTI_STATUS if mode is Mode.EACH else status.HTTP_200_OK
        return Response(_told(run, mode, dry_run=dry_run), status=code)


def _told(run: _Run, mode: Mode, *, dry_run: bool) -> Result:
    return {
        "mode": mode.value,
        "dry_run": dry_run,
        "done": len(run.results) - run.refused,
        "refused": run.refused,
        "results": run.results,
    }


def _all_refused(run: _Run, *, dry_run: bool) -> HttpResponseBase:
    sentence = _("Nothing was written: %(refused)d of %(all)d rows were refused.")
    detail = sentence % {"refused": run.refused, "all": len(run.results)}
    error = BulkRefused(detail, refusals=())
    told = _told(run, Mode.ALL, dry_run=dry_run)
    return problem_document(kind_of(error), detail=detail, code=error.code, **told)
