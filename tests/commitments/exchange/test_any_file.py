"""Whatever is uploaded, it is read or refused with a sentence; nothing else ever comes of it."""

from __future__ import annotations

import json
import zipfile
from io import BytesIO
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from commitments.exchange.columns import COLUMNS, FileRow
from commitments.exchange.reading import read_rows
from commitments.exchange.upload import FileRefused
from tests.commitments.exchange.files import csv_file, xlsx_file

NAMES = sorted(COLUMNS)
some_names = st.lists(st.sampled_from(NAMES) | st.text(max_size=8), max_size=6)
cells = st.text(max_size=20) | st.text(alphabet="'=+-@\t\r\n\x00;,\"", max_size=8)
encodings = st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1251", "latin-1"])
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=6), inner, max_size=3)
    ),
    max_leaves=8,
)


def read(data: bytes) -> None:
    """Read it; a refusal says something, for the field of the form."""
    found: list[FileRow] | FileRefused
    try:
        found = read_rows(data)
    except FileRefused as refused:
        found = refused
    if isinstance(found, FileRefused):
        assert (bool(found.message), found.field) == (True, "file")
    else:
        assert found
        assert all(isinstance(cell, str) for row in found for cell in row.cells.values())


@given(st.binary(max_size=300))
@example(b"PK\x03\x04")
@example(b"\xff\xfe")
@example(b"{")
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    read(data)


@given(
    some_names,
    st.lists(st.lists(cells, max_size=7), max_size=4),
    st.sampled_from(",;\t"),
    encodings,
)
def test_any_table_is_read_or_refused(
    names: list[str], rows: list[list[str]], delimiter: str, encoding: str
) -> None:
    lines = [delimiter.join(names), *(delimiter.join(row) for row in rows)]
    read("\n".join(lines).encode(encoding, "replace"))


@given(values | st.dictionaries(st.sampled_from(["commitments", "parties", "sources"]), values))
def test_any_json_is_read_or_refused(document: Any) -> None:
    read(json.dumps(document).encode())


@given(
    st.dictionaries(
        st.sampled_from(["Sheet1", "commitments", "parties"]),
        st.lists(
            st.lists(
                st.none()
                | st.integers()
                | st.dates()
                | st.text(st.characters(min_codepoint=32, exclude_categories=["Cs"]), max_size=8),
                max_size=4,
            ),
            max_size=4,
        ),
        min_size=1,
        max_size=2,
    )
)
def test_any_workbook_is_read_or_refused(sheets: dict[str, list[list[Any]]]) -> None:
    read(xlsx_file(sheets))


# What openpyxl leaves out of a damaged file it warns of; here only what is read counts.
@pytest.mark.filterwarnings("ignore::UserWarning:openpyxl")
@given(st.data())
def test_a_damaged_workbook_is_read_or_refused(data: st.DataObject) -> None:
    """One part of a good workbook is cut, or has other bytes in it."""
    whole = xlsx_file({"Sheet1": [["title", "window"], ["A bridge", "2026"]]})
    damaged = BytesIO()
    with zipfile.ZipFile(BytesIO(whole)) as good, zipfile.ZipFile(damaged, "w") as bad:
        names = good.namelist()
        broken = data.draw(st.sampled_from(names))
        for name in names:
            content = good.read(name)
            if name == broken:
                at = data.draw(st.integers(0, len(content)))
                content = content[:at] + data.draw(st.binary(max_size=12)) + content[at + 12 :]
            bad.writestr(name, content)
    read(damaged.getvalue())


@given(st.binary(max_size=40), st.integers(0, 400))
def test_a_table_with_other_bytes_in_it_is_read_or_refused(inside: bytes, at: int) -> None:
    good = csv_file({"title": "A bridge", "window": "2026", "kind": "milestone"})
    at = min(at, len(good))
    read(good[:at] + inside + good[at:])
