"""What the tests of this part of the API share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

Ask = Callable[..., dict[str, Any]]


@pytest.fixture
def ask(client: Client) -> Ask:
    """Give a function that asks for changes and returns the answer."""

    def ask_for(query: str = "", *, status: int = 200) -> dict[str, Any]:
        answer = client.get(f"/api/v1/changes/?{query}")
        assert answer.status_code == status, answer.content
        found: dict[str, Any] = answer.json()
        return found

    return ask_for
