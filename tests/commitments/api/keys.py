"""Keys for tests, and the header that carries them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from commitments.actions.api_keys import issue_key
from commitments.models import Scope, User
from tests.builders import NOW, make_editor


def bearer(key: str) -> dict[str, str]:
    """The headers of a request with this key."""
    return {"Authorization": f"Bearer {key}"}


def make_key(
    user: User | None = None,
    *,
    scopes: Iterable[str] = tuple(Scope.values),
    expiry_date: datetime | None = None,
) -> str:
    """A plain key of `user` (by default an editor), with every scope unless told otherwise."""
    owner = user or make_editor()
    _row, plain = issue_key(
        user=owner,
        name="Tests",
        scopes=list(scopes),
        actor=None,
        now=NOW,
        expiry_date=expiry_date,
    )
    return plain
