"""Whatever is asked of the API, the answer is a good one or a problem, never an error of ours."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, quote_from_bytes

import pytest
from django.test import Client
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from commitments.enums import PartyRole
from commitments.filters import known_parameters
from tests.builders import make_commitment, make_party, make_topic

pytestmark = pytest.mark.django_db

PATHS = [
    "",
    "commitments/",
    "commitments/{}/",
    "parties/",
    "parties/{}/",
    "topics/",
    "topics/{}/",
    "sources/",
    "sources/{}/",
    "citations/",
    "status-changes/",
    "date-moves/",
    "values/",
    "statistics/",
    "windows/",
    "problems/",
    "problems/{}/",
    "schema/",
    "docs/",
    "{}",
    "{}/",
]
NAMES = [
    *known_parameters(),
    "cursor",
    "page_size",
    "language",
    "fields",
    "expand",
    "by",
    "format",
    "text",
    "said_on",
]
WORDS = [
    "",
    "kz",
    "space",
    "event",
    "overdue",
    "-latest",
    "title",
    "ru",
    "json",
    "csv",
    "jsonld",
    "id,window.edtf",
    "parties,parent",
    "yaml",
    "1",
    "100",
    "-1",
    "1e9",
    "9" * 60,
    "2026-12-31",
    "0001-01-01",
    "9999-12-31",
    "2025-21",
    "../2026",
    "next year",
    "весной 2025 года",
    "null",
    "None",
    "' OR 1=1 --",
    "{{7*7}}",
    "../../etc/passwd",
    "\x00",
    "\r\nX-Injected: 1",
]
texts: st.SearchStrategy[str] = st.one_of(
    st.sampled_from(WORDS).map(quote),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=20).map(quote),
    st.binary(max_size=12).map(quote_from_bytes),
    st.text("abc%&=+;/?#[]{}\\^|~.,0123456789-_", max_size=12),
)
queries = st.lists(st.tuples(st.one_of(st.sampled_from(NAMES), texts), texts), max_size=4)
headers: st.SearchStrategy[dict[str, str]] = st.dictionaries(
    st.sampled_from(
        ["Accept", "Accept-Language", "If-None-Match", "If-Match", "If-Modified-Since", "Range"]
    ),
    st.one_of(
        st.sampled_from(["*", "*/*", "text/html", '"a"', "W/", "ru;q=x", "application/json", ""]),
        st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=20),
    ),
    max_size=2,
)
methods = st.sampled_from(["GET"] * 6 + ["HEAD", "OPTIONS", "POST", "PUT", "DELETE", "BREW"])


def make_something() -> None:
    party, topic = make_party("kz"), make_topic("space")
    make_commitment(parties=[(party, PartyRole.PROMISED_BY)], topics=[topic], place="Astana")
    make_commitment(window="")


@settings(
    max_examples=300,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(path=st.sampled_from(PATHS), part=texts, query=queries, sent=headers, method=methods)
@example(path="{}", part="%00", query=[], sent={}, method="GET")
@example(path="commitments/", part="", query=[("cursor", "W10")], sent={}, method="GET")
def test_any_request_gets_a_good_answer_or_a_problem(
    client: Client,
    path: str,
    part: str,
    query: list[tuple[str, str]],
    sent: dict[str, Any],
    method: str,
) -> None:
    if not getattr(client, "is_filled", False):
        make_something()
        client.is_filled = True  # type: ignore[attr-defined]
    address = f"/api/v1/{path.format(part)}"
    answer = client.generic(
        method,
        address.partition("?")[0].partition("#")[0],
        QUERY_STRING="&".join("=".join(pair) for pair in query),
        headers=sent,
    )
    assert answer.status_code in {200, 301, 304, 400, 401, 404, 405, 406, 412}
    if answer.status_code >= 400:
        assert answer["Content-Type"] == "application/problem+json"
        assert method == "HEAD" or answer.json()["status"] == answer.status_code
    assert "X-Injected" not in answer.headers
