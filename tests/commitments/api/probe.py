"""Small views on what every view of the API shares, so that its discipline is tested by itself."""

from __future__ import annotations

from typing import Any, ClassVar, cast

from django.http import Http404
from django.urls import path
from rest_framework.request import Request
from rest_framework.response import Response

from commitments.actions.commitments import correct_commitment
from commitments.actions.parties import save_topic
from commitments.actions.publication import publish_commitment
from commitments.api.authentication import SIGNED_IN
from commitments.api.base import PublicView
from commitments.api.idempotency import idempotent
from commitments.api.permissions import caller, findable_commitments
from commitments.api.preconditions import expected_revision, revision_tag
from commitments.models import Commitment, Scope, Topic
from config.urls import urlpatterns as of_the_site

TOPICS = "/api/v1/probe/topics/"


class Topics(PublicView):
    """Everybody reads; who writes makes a topic, once for each Idempotency-Key."""

    authentication_classes = SIGNED_IN

    def get(self, _request: Request) -> Response:
        return Response({"count": Topic.objects.count()})

    @idempotent
    def post(self, request: Request) -> Response:
        data: Any = request.data
        topic = Topic(key=data["key"], name=data.get("name", "Topic"))
        save_topic(topic=topic, actor=caller(request), now=self.now)
        if data.get("fail"):
            raise RuntimeError("secret")
        if data.get("refuse"):
            return Response({"refused": True}, status=409)
        headers = {"Location": f"/topics/{topic.key}/", "ETag": revision_tag(1)}
        return Response({"key": topic.key, "n": Topic.objects.count()}, status=201, headers=headers)


class OneCommitment(PublicView):
    """PATCH corrects the title, POST publishes; GET needs a known caller."""

    authentication_classes = SIGNED_IN
    scopes: ClassVar[Any] = {"GET": Scope.READ, "POST": Scope.APPROVE}

    def get(self, request: Request, public_id: str) -> Response:
        return Response({"revision": self._found(request, public_id, Scope.READ).revision})

    def patch(self, request: Request, public_id: str) -> Response:
        row, data = self._found(request, public_id, Scope.WRITE), cast("Any", request.data)
        read = expected_revision(request, row)
        row = correct_commitment(
            commitment=row,
            fields={"title": data["title"]},
            actor=caller(request),
            now=self.now,
            expected_revision=read,
        )
        return self._written(row)

    @idempotent
    def post(self, request: Request, public_id: str) -> Response:
        row = self._found(request, public_id, Scope.APPROVE)
        return self._written(
            publish_commitment(commitment=row, actor=caller(request), now=self.now)
        )

    def _found(self, request: Request, public_id: str, scope: Scope) -> Commitment:
        row = findable_commitments(request, scope=scope).filter(public_id=public_id).first()
        if row is None:
            raise Http404
        return row

    def _written(self, row: Commitment) -> Response:
        return Response({"revision": row.revision}, headers={"ETag": revision_tag(row.revision)})


class Broken(PublicView):
    """Fails."""

    def get(self, _request: Request) -> Response:
        raise RuntimeError("secret")


urlpatterns = [
    path("api/v1/probe/topics/", Topics.as_view()),
    path("api/v1/probe/broken/", Broken.as_view()),
    path("api/v1/probe/<slug:public_id>/", OneCommitment.as_view()),
    *of_the_site,
]
handler400 = "config.refusals.bad_request"
handler403 = "config.refusals.forbidden"
handler404 = "config.refusals.not_found"
handler500 = "config.refusals.server_error"
