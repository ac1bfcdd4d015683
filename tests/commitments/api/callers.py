"""Somebody who calls the API with a key, as a program does."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.test import Client

from commitments.models import Commitment, RecordHead, Scope, User
from tests.builders import make_approver, make_commitment, make_editor
from tests.commitments.api.keys import bearer, make_key

ROOT = "/api/v1/"
NEW = {"title": "The 20th forum", "kind": "event", "window": "2026"}


@dataclass
class Caller:
    """Sends JSON with a key, or with none."""

    key: str = ""
    client: Client = field(default_factory=Client)

    def send(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        if_match: str | None = None,
        headers: dict[str, str] | None = None,
        content_type: str = "application/json",
    ) -> Any:
        """The answer to `method` at `path` below `/api/v1/`, or at a whole address."""
        sent = {**(bearer(self.key) if self.key else {}), **(headers or {})}
        if if_match is not None:
            sent["If-Match"] = if_match
        address = path.removeprefix(settings.SITE_URL)
        return self.client.generic(
            method,
            address if address.startswith("/") else ROOT + address,
            data=b"" if body is None else json.dumps(body).encode(),
            content_type=content_type,
            headers=sent,
        )

    def get(self, path: str, **more: Any) -> Any:
        return self.send("GET", path, **more)

    def post(self, path: str, body: Any = None, **more: Any) -> Any:
        return self.send("POST", path, body, **more)

    def patch(self, path: str, body: Any = None, **more: Any) -> Any:
        return self.send("PATCH", path, body, **more)


def calls_for(user: User, *, scopes: Iterable[str] = tuple(Scope.values)) -> Caller:
    """A caller with a key of `user`."""
    return Caller(make_key(user, scopes=scopes))


def editor() -> Caller:
    return calls_for(make_editor())


def approver() -> Caller:
    return calls_for(make_approver())


def head() -> int:
    """The number of the last change of the record: the same means that nothing was written."""
    row = RecordHead.objects.first()
    return row.number if row else 0


def problem(answer: Any, status: int, code: str) -> dict[str, Any]:
    """The problem that `answer` is; fails where it is another one."""
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    told: dict[str, Any] = answer.json()
    assert (told["status"], told["code"]) == (status, code), told
    return told


def pointers(told: dict[str, Any]) -> dict[str, str]:
    """The code of each fault, by where it is."""
    places = ("pointer", "parameter", "header")
    return {
        next((item[name] for name in places if name in item), ""): item["code"]
        for item in told.get("errors", [])
    }


def path_of(commitment: Commitment, rest: str = "") -> str:
    return f"commitments/{commitment.public_id}/{rest}"


def tag(commitment: Commitment) -> str:
    """The tag of what it is now, as If-Match wants it."""
    commitment.refresh_from_db()
    return f'"{commitment.revision}"'


def draft(**fields: Any) -> Commitment:
    return make_commitment(published=False, **fields)
