"""Any list as CSV: the same rows, whole or page by page, and no cell that is a formula."""

from __future__ import annotations

import csv
from io import StringIO
from typing import Any

import pytest
from django.test import Client

from commitments.api import csv_lists
from commitments.enums import PartyRole, Status
from tests.builders import make_commitment, make_commitment_in, make_editor, make_party, make_topic
from tests.commitments.api.full_record import make_full

pytestmark = pytest.mark.django_db

LIST = "/api/v1/commitments/"


def table(client: Client, path: str, **headers: str) -> list[dict[str, str]]:
    answer: Any = client.get(path, headers=headers)
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/csv; charset=utf-8")
    assert answer.streaming
    text = b"".join(answer.streaming_content).decode()
    return list(csv.DictReader(StringIO(text, newline="")))


def test_a_row_has_a_column_for_each_field(client: Client) -> None:
    kz, ru = make_party("kz", name="Казахстан"), make_party("ru", name="Russia")
    made = make_commitment(
        title='A "title", with\nnothing odd'.replace("\n", " "),
        summary="two\nlines",
        window="2026",
        parties=[(kz, PartyRole.PROMISED_BY), (ru, PartyRole.COUNTERPART)],
        topics=[make_topic("a"), make_topic("b")],
        translations={"ru": {"title": "Заголовок"}},
    )
    [row] = table(client, f"{LIST}?format=csv")
    assert row["id"] == made.public_id
    assert row["title"] == 'A "title", with nothing odd'
    assert row["summary"] == "two\nlines"
    assert (row["window.edtf"], row["window.latest"]) == ("2026", "2026-12-31")
    assert (row["status.value"], row["status.effective.edtf"]) == ("announced", "")
    assert row["parties.party.name"] == "Russia | Казахстан"
    assert row["topics.key"] == "a | b"
    assert row["translations"] == '{"ru":{"title":"Заголовок"}}'
    assert (row["revision"], row["created_at"]) == ("3", "2024-11-27T12:00:00Z")


def test_fields_choose_the_columns_and_filters_the_rows(client: Client) -> None:
    made = make_commitment(title="wanted", topics=[make_topic("space")])
    make_commitment()
    assert table(client, f"{LIST}?format=csv&topic=space&fields=id,window.edtf,title") == [
        {"id": made.public_id, "window.edtf": "2026", "title": "wanted"}
    ]


def test_the_header_accept_asks_for_it_too(client: Client) -> None:
    make_commitment()
    assert len(table(client, LIST, Accept="text/csv")) == 1
    assert "Accept" in client.get(LIST)["Vary"]


@pytest.mark.parametrize(
    "title", ["=cmd|' /C calc'!A0", "+1", "-1", "@x", "＝1", "'=1", '=HYPERLINK("http://a")']
)
def test_no_cell_is_a_formula_api12(client: Client, title: str) -> None:
    make_commitment(title=title, wording=title, place=title)
    [row] = table(client, f"{LIST}?format=csv")
    assert (row["title"], row["wording"], row["place"]) == (f"'{title}",) * 3


def test_a_number_below_zero_is_a_number(client: Client) -> None:
    make_full(make_editor())
    rows = table(client, "/api/v1/date-moves/?format=csv&fields=slip_days")
    assert rows == [{"slip_days": "365"}]
    assert list(csv_lists.csv_lines([[{"a": -5, "b": "-5"}]], [("a",), ("b",)])) == [
        b"a,b\r\n",
        b"-5,'-5\r\n",
    ]


@pytest.mark.parametrize("at_once", [1, 2, 3, 4])
def test_the_whole_list_is_sent_piece_by_piece(
    client: Client, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    for window in ("2025", "2026", "2027"):
        make_commitment(window=window)
    monkeypatch.setattr(csv_lists, "ROWS_AT_ONCE", at_once)
    ids = [row["id"] for row in client.get(LIST).json()["results"]]
    assert [row["id"] for row in table(client, f"{LIST}?format=csv")] == ids


def test_a_page_is_sent_where_a_page_is_asked_for(client: Client) -> None:
    for window in ("2025", "2026", "2027"):
        make_commitment(window=window)
    first: Any = client.get(f"{LIST}?format=csv&page_size=2")
    assert first["Link"].endswith('>; rel="next"')
    following = first["Link"].partition("<")[2].partition(">")[0]
    assert [len(table(client, path)) for path in (f"{LIST}?format=csv&page_size=2", following)] == [
        2,
        1,
    ]


def test_the_texts_are_in_the_language_of_the_answer(client: Client) -> None:
    make_commitment(title="Alley", translations={"ru": {"title": "Аллея"}})
    [row] = table(client, f"{LIST}?format=csv&language=ru&fields=title,window.words,status.label")
    assert row["title"] == "Аллея"
    assert row["status.label"] == "объявлено"


@pytest.mark.parametrize(
    "path",
    ["parties", "topics", "sources", "citations", "status-changes", "date-moves", "values"],
)
def test_every_list_is_a_table(client: Client, path: str) -> None:
    make_full(make_editor())
    make_commitment_in(Status.SUPERSEDED)
    rows = table(client, f"/api/v1/{path}/?format=csv")
    assert len(rows) == len(client.get(f"/api/v1/{path}/").json()["results"])
    assert len({tuple(row) for row in rows}) == 1


def test_an_empty_list_has_its_columns(client: Client) -> None:
    answer: Any = client.get("/api/v1/topics/?format=csv")
    assert b"".join(answer.streaming_content) == b"key,url,name,translations,commitments_url\r\n"


def test_it_is_304_while_the_record_stands(client: Client) -> None:
    make_commitment()
    path = f"{LIST}?format=csv"
    tag = client.get(path)["ETag"]
    assert client.get(path, headers={"If-None-Match": tag}).status_code == 304
    make_commitment()
    answer = client.get(path, headers={"If-None-Match": tag})
    assert (answer.status_code, answer["ETag"] == tag) == (200, False)
    assert client.get(path, headers={"If-Match": '"other"'}).status_code == 412


def test_what_is_wrong_is_told_before_anything_is_sent(client: Client) -> None:
    for query in ("kind=x", "fields=x", "ordering=x", "cursor=x", "page_size=0"):
        answer = client.get(f"{LIST}?format=csv&{query}")
        assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")


def test_a_detail_is_no_table(client: Client) -> None:
    made = make_commitment()
    answer = client.get(f"{LIST}{made.public_id}/?format=csv")
    assert answer.json()["detail"] == "There is no such format here. Known: json, jsonld."
