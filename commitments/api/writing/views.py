"""What the writing views share: who is let in, in which order things are refused, what is answered.

The order: what the caller may not know of is 404 whatever the method, then 401 and 403, then 428
and 412, then 400 for the body, then what the record itself refuses. The answer to a write is the
record as it is now, with the ETag that a GET would give, so that one can go on from there.
"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, ClassVar, Final

from django.conf import settings
from django.db.models import QuerySet, prefetch_related_objects
from django.http import Http404, QueryDict
from django.utils.translation import gettext as _
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import MethodNotAllowed
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from commitments.actions.one_write import one_write
from commitments.api.addresses import address
from commitments.api.authentication import SIGNED_IN, KeyAuthentication
from commitments.api.base import COMMON_PARAMETERS, READING, Fetching, entity_tag, reads_or_cannot
from commitments.api.commitments import story_context
from commitments.api.languages import refuse_unknown_language
from commitments.api.parsing import JsonParser
from commitments.api.permissions import VIEW, caller, has_scope
from commitments.api.preconditions import demand_version, expected_revision
from commitments.api.relations import detail_relations, with_links
from commitments.api.renderers import JsonRenderer
from commitments.api.serializers.commitments import CommitmentDetailSerializer
from commitments.api.serializers.parties import PartySerializer, TopicSerializer
from commitments.api.serializers.sources import SourceSerializer
from commitments.api.writing.operations import (
    AnyRecord,
    Operation,
    Outcome,
    Writer,
    commitments_within_reach,
)
from commitments.api.writing.schema import WriteSchema
from commitments.api.writing.versions import public_name, version_of
from commitments.exceptions import InvalidInput
from commitments.models import Commitment, Party, Scope, Source, Topic, User
from commitments.parameters import refuse_unknown, refuse_unreadable
from commitments.roles import may

DRY_RUN: Final = "dry_run"
WRITE_PARAMETERS: Final = (*COMMON_PARAMETERS, DRY_RUN)
ROUTES: Final[Mapping[type[AnyRecord], str]] = {
    Commitment: "commitment",
    Party: "party",
    Topic: "topic",
    Source: "source",
}
_SHAPES: Final[Mapping[type[AnyRecord], Any]] = {
    Commitment: CommitmentDetailSerializer,
    Party: PartySerializer,
    Topic: TopicSerializer,
    Source: SourceSerializer,
}


class MergePatchParser(JsonParser):
    """A PATCH in its own media type (RFC 7396): what is left out stays, null empties."""

    media_type = "application/merge-patch+json"


class Writing(Fetching):
    """A view that also writes: `operations` has what each method does."""

    schema = WriteSchema()
    operations: ClassVar[Mapping[str, Operation]] = {}
    reads_by_session: ClassVar[bool] = False
    target: AnyRecord | None = None

    def get_authenticators(self) -> list[BaseAuthentication]:
        """A session counts for writes and for what the desk sees; lists are the same for all."""
        request = getattr(self, "request", None)
        by_session = (
            request is not None
            and settings.SESSION_COOKIE_NAME in request.COOKIES
            and (self.reads_by_session or request.method not in READING)
        )
        return [kind() for kind in (SIGNED_IN if by_session else [KeyAuthentication])]

    def get_renderers(self) -> list[BaseRenderer]:
        """What is read has its formats; a write is answered in JSON."""
        reads = reads_or_cannot(self, getattr(self, "request", None))
        return super().get_renderers() if reads else [JsonRenderer()]

    def get_parsers(self) -> list[BaseParser]:
        """JSON; a PATCH in its own media type as well."""
        method = getattr(getattr(self, "request", None), "method", "")
        return [JsonParser(), *([MergePatchParser()] if method == "PATCH" else [])]

    @property
    def scopes(self) -> Mapping[str, Scope | None]:
        """What each method needs of a key."""
        return {method: operation.scope for method, operation in self.operations.items()}

    def check_permissions(self, request: Request) -> None:
        """Refuse in the order that this module states."""
        method = str(request.method)
        if method not in self.allowed_methods:
            raise MethodNotAllowed(method)
        if method == "OPTIONS":  # a browser asks it without saying who it is
            return
        operation = self.operations.get(method)
        if operation is not None and not operation.creates:
            self.target = self.find()
        super().check_permissions(request)
        if operation is not None:
            operation.demand(self.writer())

    def find(self) -> AnyRecord:
        """The record of the address, if this caller may know of it; else Http404."""
        found = self.within_reach().filter(**self.kwargs_of_record()).first()
        if found is None:
            raise Http404
        record: AnyRecord = found
        return record

    def within_reach(self) -> QuerySet[Any]:
        """The records that this caller may know of."""
        return commitments_within_reach(self.request)

    def kwargs_of_record(self) -> dict[str, Any]:
        """The part of the address that names the record."""
        return {"public_id": self.kwargs["public_id"]}

    def sees_all(self) -> bool:
        """Whether this caller may know of what no published commitment names."""
        user = self.request.user
        return (
            isinstance(user, User)
            and may(user, VIEW)
            and any(has_scope(self.request, scope) for scope in Scope)
        )

    def writer(self) -> Writer:
        """Who writes."""
        return Writer(caller(self.request), self.now, self.language, self.request)

    def write(self, **place: Any) -> Response:
        """Do what the method does here; `place` are the further names in the address."""
        operation = self.operations[str(self.request.method)]
        dry_run = read_dry_run(self.request.query_params)
        if self.target is not None:
            self.demand_version(self.target)
        data = operation.checked(self.request.data) | place
        with one_write(dry_run=dry_run):
            target = self._under_the_lock()
            outcome = operation.run(self.writer(), target, data)
            return self.answer(outcome, dry_run=dry_run)

    def _under_the_lock(self) -> AnyRecord | None:
        if self.target is None:
            return None
        current: AnyRecord = type(self.target).objects.get(pk=self.target.pk)
        self.demand_version(current)
        return current

    def demand_version(self, record: AnyRecord) -> None:
        """Raise unless If-Match names the version that `record` is at (428, 412)."""
        if isinstance(record, Commitment):
            expected_revision(self.request, record)
        else:
            demand_version(self.request, version_of(record))

    def answer(self, outcome: Outcome, *, dry_run: bool) -> Response:
        """The record as it is now; of a dry run without what would name something that stays."""
        shown = self.represent(outcome.record)
        if dry_run:
            return Response(shown, status=outcome.status, headers={"Dry-Run": "true"})
        where = address_of(outcome.record)
        renderer: Any = self.request.accepted_renderer
        content = renderer.render(shown)
        headers = {
            "ETag": entity_tag(content, str(version_of(outcome.record))),
            "Content-Location": where,
        }
        if outcome.status in {HTTPStatus.CREATED, HTTPStatus.ACCEPTED}:
            headers["Location"] = outcome.location or where
        return Response(shown, status=outcome.status, headers=headers)

    def represent(self, record: AnyRecord) -> Any:
        """`record` as a GET shows it."""
        context = {**self.get_serializer_context(), "expand": frozenset()}
        row: Any = record
        if isinstance(record, Commitment):
            context |= story_context(self.sees_all())
            row = with_links(Commitment.objects.all()).get(pk=record.pk)
            prefetch_related_objects([row], *detail_relations())
        return _SHAPES[type(record)](row, context=context).data

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        final: Any = super().finalize_response(request, response, *args, **kwargs)
        if request.method not in READING:
            final["Cache-Control"] = "no-store"
        return final


def read_dry_run(params: QueryDict) -> bool:
    """Whether nothing is to stay; raises InvalidInput for parameters that no write has."""
    refuse_unknown(params, WRITE_PARAMETERS)
    refuse_unreadable(params)
    refuse_unknown_language(params)
    asked = params.get(DRY_RUN, "false")
    if asked not in {"true", "false"}:
        raise InvalidInput(_("Write true or false."), field=DRY_RUN, code="invalid_parameter")
    return asked == "true"


def address_of(record: AnyRecord) -> str:
    """Where `record` is read and corrected."""
    return address(ROUTES[type(record)], public_name(record))
