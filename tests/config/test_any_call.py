"""Whatever a program sends that has read the OpenAPI document, the answer is one that it names.

Schemathesis makes the requests from the document and asks the site itself (WSGI), with a key for
each scope and without one. `make fuzz` asks the running site far more (`tests/fuzz/any_call.py`).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any, Final

import pytest
import schemathesis
from django.core.management import call_command
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis.config import SchemathesisConfig
from schemathesis.core.failures import FailureGroup
from schemathesis.core.result import Ok
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import ignored_auth

from commitments.api.docs import openapi
from commitments.management.commands.set_up import DEMO_RECORD
from config.wsgi import application
from tests.builders import make_admin
from tests.commitments.api.keys import bearer, make_key

pytestmark = [pytest.mark.django_db, pytest.mark.once]

EXAMPLES: Final = int(os.environ.get("FUZZ_EXAMPLES", "2"))
SCOPES: Final[dict[str, tuple[str, ...]]] = {
    "nobody": (),
    "read": ("read",),
    "write": ("read", "write"),
    "approve": ("read", "write", "approve"),
}
# What a document cannot say: what there is, what was used up, what fits what. A request that is
# right by the document may be refused for these, and for nothing else.
BEYOND_THE_DOCUMENT: Final = {
    "ahead_of_the_record",
    "bulk_refused",
    "control_character",
    "invalid_address",
    "invalid_cursor",
    "invalid_parameter",
    "no_address",
    "phrase_unknown",
    "unknown_expansion",
    "unknown_field",
    "unreadable_parameter",
}
# 400 is looked at by `refused_for_a_reason`; the rest are answers of a record that moves.
STATUSES: Final = ["2xx", "3xx", 400, 401, 403, 404, 409, 412, 422, 428]
CONFIG: Final = {"checks": {"positive_data_acceptance": {"expected-statuses": STATUSES}}}


@pytest.fixture(scope="module")
def operations() -> list[Any]:
    """Give every operation of the document, to be asked of the site itself."""
    document = schemathesis.openapi.from_dict(
        openapi(), config=SchemathesisConfig.from_dict(CONFIG)
    )
    document.app = application
    found = [one.ok() for one in document.get_all_operations() if isinstance(one, Ok)]
    assert len(found) >= 56
    return found


@pytest.fixture(autouse=True)
def _one_transaction() -> Iterator[None]:
    """Let a request leave the connection open: the test's transaction is on it (as `Client`)."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def refused_for_a_reason(_context: Any, response: Any, case: schemathesis.Case[Any]) -> None:
    """Fail where a request that is right by the document is refused for its shape."""
    meta: Any = case.meta
    if response.status_code != 400 or meta.generation.mode is not GenerationMode.POSITIVE:
        return
    told = response.json()
    codes = {error["code"] for error in told.get("errors", [])} or {told["code"]}
    assert codes <= BEYOND_THE_DOCUMENT, told


def left_empty(case: schemathesis.Case[Any]) -> bool:
    """Whether a parameter is sent empty: it counts as not sent, which no document can say."""
    return any(
        value in {"", "null"} for value in dict(case.query or {}).values() if isinstance(value, str)
    )


def faults_of(operation: Any, mode: GenerationMode, headers: dict[str, str]) -> list[str]:
    """What is wrong with the answers to `EXAMPLES` requests, in words."""

    @seed(1)
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case: schemathesis.Case[Any]) -> None:
        if mode is GenerationMode.NEGATIVE and left_empty(case):
            return
        (case.query or {}).pop("wait", None)  # half a minute for each
        # Nobody finds a draft, so a write on it is 404 and not 401 (`test_api_matrix.py`).
        hidden = case.method != "GET" and "{" in operation.path
        excluded = [ignored_auth] if hidden or not headers else []
        case.call_and_validate(
            headers=headers,
            additional_checks=[refused_for_a_reason],
            excluded_checks=excluded,
        )

    try:
        ask()
    except Unsatisfiable:
        return []  # nothing about it can be wrong
    except (Exception, FailureGroup) as error:  # noqa: BLE001 - all are told at the end
        return [f"{operation.label} ({mode.value}): {error}"]
    return []


@pytest.mark.parametrize("scope", SCOPES)
def test_any_call_is_answered_as_the_document_says_api16(operations: list[Any], scope: str) -> None:
    call_command("load_statement", str(DEMO_RECORD), verbosity=0)
    scopes = SCOPES[scope]
    headers = bearer(make_key(make_admin(), scopes=scopes)) if scopes else {}
    faults = [
        fault
        for operation in operations
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
        for fault in faults_of(operation, mode, headers)
    ]
    assert not faults, "\n\n".join(faults)
