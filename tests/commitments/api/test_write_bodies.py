"""Whatever is sent to be written, it is written or told to be wrong; never an error of ours."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from commitments.models import Commitment
from tests.builders import make_editor, make_party, make_source
from tests.commitments.api.callers import Caller, head
from tests.commitments.api.keys import bearer, make_key

pytestmark = [pytest.mark.django_db, pytest.mark.once]

WORDS = [
    "",
    " ",
    "kz",
    "event",
    "2026",
    "next year",
    "2026-11-24",
    "2026-13",
    "9" * 400,
    "0001/9999",
    "../..",
    "..",
    "\x00",
    "\ud800",
    "\u202e",
    "a\r\nb",
    "=1+1",
    "' OR 1=1 --",
    "javascript:alert(1)",
    "Asia/Almaty",
    "ru",
    "💥" * 200,
]
NUMBERS = [0, -1, 2**63, 10**40, -(10**40), 1e308, 0.1, float("1e-400")]
FIELDS = [
    *("title", "summary", "note", "language", "kind", "strength", "window", "wording"),
    *("hemisphere", "time_zone", "place", "key", "parent", "topics", "parties", "citations"),
    *("status", "effective", "translations", "reason", "publication", "revision"),
    *("text", "said_on", "party", "role", "source", "quote", "locator", "said_by", "ru", ""),
]
leaves: st.SearchStrategy[Any] = st.one_of(
    st.none(), st.booleans(), st.sampled_from(NUMBERS), st.sampled_from(WORDS), st.text(max_size=8)
)
values: st.SearchStrategy[Any] = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(FIELDS), inner, max_size=4),
    ),
    max_leaves=8,
)
bodies = st.one_of(
    values,
    st.dictionaries(st.sampled_from(FIELDS), values, max_size=6).map(
        lambda given: {"title": "T", "kind": "event", "window": "2026", **given}
    ),
)
ENOUGH: dict[str, Any] = {
    "deadline": None,
    "suppress_health_check": [HealthCheck.function_scoped_fixture],
}


@pytest.fixture
def calls(settings: Any) -> Caller:
    settings.API_KEY_PER_MINUTE = settings.API_WRITES_PER_MINUTE = 0
    make_party("kz")
    make_source(key="talks", text="What was said.")
    return Caller(make_key(make_editor()))


@hypothesis_settings(max_examples=250, **ENOUGH)
@given(body=bodies)
@example(body={"title": "T", "kind": "event", "window": "2026", "topics": ["\ud800"]})
@example(body={"title": "T", "kind": "event", "window": "2026", "parent": "\x00"})
@example(
    body={"title": "T", "kind": "event", "window": {"text": "next year", "said_on": "9999-12-31"}}
)
@example(
    body={"title": "T", "kind": "event", "window": "", "translations": {"ru": {"title": "\ud800"}}}
)
@example(body={"title": "T", "kind": "event", "window": "", "translations": {"\ud800": {}}})
@example(body={"\ud800": 1})
def test_any_json_is_recorded_or_refused(calls: Caller, body: Any) -> None:
    before, known = head(), Commitment.objects.count()
    answer = calls.post("commitments/", body)
    if answer.status_code == 201:
        assert (head() > before, Commitment.objects.count()) == (True, known + 1)
        return
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert answer.json()["status"] == 400
    assert (head(), Commitment.objects.count()) == (before, known)


@hypothesis_settings(max_examples=60, **ENOUGH)
@given(
    rows=st.lists(
        st.one_of(
            values,
            st.dictionaries(
                st.sampled_from(
                    ["operation", "on", "on_row", "revision", "data", "citation", "proposal"]
                ),
                st.one_of(
                    values, st.sampled_from(["create", "correct", "create_source", "approve"])
                ),
                max_size=5,
            ),
        ),
        max_size=4,
    )
)
def test_any_batch_is_run_or_refused(calls: Caller, rows: Any) -> None:
    answer = calls.post("batch/?dry_run=true", {"mode": "each", "operations": rows})
    assert answer.status_code in {207, 400}


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"nonsense", 400),
        (b"[" * 100_000, 400),
        (b'{"a":' * 50_000, 400),
        (b'{"title": NaN}', 400),
        (b'{"title": "\xff"}', 400),
        (b'{"title": 1' + b"0" * 6000 + b"}", 400),
        (b'"' + b"x" * 3_000_000 + b'"', 413),
        (b'{"title": "a", "title": "b"}', 400),
    ],
)
def test_bytes_that_are_no_body_are_refused(calls: Caller, content: bytes, status: int) -> None:
    before = head()
    answer = calls.client.post(
        "/api/v1/commitments/",
        data=content,
        content_type="application/json",
        headers=bearer(calls.key),
    )
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    assert (json.loads(answer.content)["status"], head()) == (status, before)


def test_another_format_is_refused(calls: Caller) -> None:
    for content_type in ("text/plain", "application/x-www-form-urlencoded", "application/xml"):
        answer = calls.post("commitments/", {"title": "T"}, content_type=content_type)
        assert answer.status_code == 415
