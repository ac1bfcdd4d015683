"""What every write of the API is made of: who writes, what is written on, and what comes out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from typing import Any, Final, TypeAlias

from rest_framework.request import Request

from commitments.api.permissions import demand_scope, findable_commitments, has_scope
from commitments.api.serializers.inputs import Input
from commitments.exceptions import InvalidInput, RecordError
from commitments.models import Commitment, Party, Scope, Source, Topic, User
from commitments.querysets.commitments import CommitmentQuerySet
from commitments.roles import CHANGE, demand

AnyRecord: TypeAlias = Commitment | Party | Topic | Source


@dataclass(frozen=True, slots=True)
class Writer:
    """Who writes, when, and in which language their dates are written; `request` has the key."""

    user: User
    now: datetime
    language: str
    request: Request

    def demand_scope(self, scope: Scope) -> None:
        """Raise PermissionDenied where a key was not made for this."""
        demand_scope(self.request, scope)

    def commitments(self) -> CommitmentQuerySet:
        """Those that this writer may know of."""
        return commitments_within_reach(self.request)


def commitments_within_reach(request: Request) -> CommitmentQuerySet:
    """Those that a caller may know of, by any scope of its key: who may write a draft finds it."""
    scope = next((one for one in Scope if has_scope(request, one)), Scope.READ)
    return findable_commitments(request, scope=scope)


@dataclass(frozen=True, slots=True)
class Outcome:
    """The record as it is now, and what came of the write: 200, 201, or 202 (it waits)."""

    record: AnyRecord
    status: HTTPStatus = HTTPStatus.OK
    location: str = ""


Data: TypeAlias = dict[str, Any]
Act: TypeAlias = Callable[[Writer, Any, Data], Outcome]


@dataclass(frozen=True, slots=True, eq=False)
class Operation:
    """One write. `act` calls the actions of the record, within one transaction, under its lock.

    `creates` makes a record; `adds` makes a part of one (both 201). `permission` and `scope` are
    what it always needs; an action may ask for more. `place` is what the address names beside the
    record ("citation"). `renamed` says which field of the request a column of the record is.
    """

    name: str
    input: type[Input]
    act: Act
    record: type[AnyRecord] = Commitment
    creates: bool = False
    adds: bool = False
    place: str = ""
    permission: str | None = CHANGE
    scope: Scope = Scope.WRITE
    renamed: Mapping[str, str] = field(default_factory=dict)

    def demand(self, writer: Writer) -> None:
        """Raise unless the key and the role of `writer` are enough to begin with."""
        writer.demand_scope(self.scope)
        if self.permission:
            demand(writer.user, self.permission)

    def checked(self, data: Any) -> Data:
        """The input by field name; raises ValidationError for all that is wrong in its shape."""
        given = self.input(data=data)
        given.is_valid(raise_exception=True)
        return dict(given.validated_data)

    def run(self, writer: Writer, target: Any, data: Data) -> Outcome:
        """Write it on `target` (None where it creates); errors name the fields of the request."""
        with named(self.renamed):
            return self.act(writer, target, data)


@contextmanager
def within(place: str) -> Iterator[None]:
    """Let errors of the record that come from inside point at `place`, as "citations/0"."""
    try:
        yield
    except RecordError as error:
        _rename(error, lambda name: f"{place}/{name}" if name else place)
        raise


@contextmanager
def named(fields: Mapping[str, str]) -> Iterator[None]:
    """Let errors of the record name the fields of the request, not the columns."""
    try:
        yield
    except RecordError as error:
        _rename(error, lambda name: fields.get(name, name))
        raise


def _rename(error: RecordError, rename: Callable[[str], str]) -> None:
    error.field = rename(error.field)
    if isinstance(error, InvalidInput):
        error.errors = {rename(name): told for name, told in error.errors.items()}


CREATED: Final = HTTPStatus.CREATED
