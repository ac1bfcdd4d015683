"""The rows of a CSV, XLSX or JSON file; every cell is text, and a formula is its own text."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from io import StringIO
from itertools import islice
from typing import Any, Final

from django.utils.translation import gettext as _
from openpyxl import load_workbook

from commitments.exchange.columns import (
    COLUMNS,
    COMMITMENT,
    RECORD,
    SHEET_OF,
    FileRow,
    is_column,
)
from commitments.exchange.formulas import restored
from commitments.exchange.upload import (
    MOST_ROWS,
    checked_workbook,
    is_workbook,
    refuse_rows,
    refuse_size,
    refused,
    text_of,
)
from commitments.window_text import shown

MOST_COLUMNS: Final = 200
_DELIMITERS: Final = ",;\t"
# A character that XML would change or not hold, as workbooks write it: ST_Xstring, ISO/IEC 29500-1.
_ESCAPED: Final = re.compile("_x([0-9A-Fa-f]{4})_")

# What the reader of workbooks raises for one that no program has written.
_DAMAGED: Final = (
    ValueError,
    KeyError,
    IndexError,
    TypeError,
    AttributeError,
    SyntaxError,
    OSError,
)

Table = Iterable[tuple[int, Sequence[str]]]


def read_rows(data: bytes) -> list[FileRow]:
    """All rows of a file that are not empty; raises FileRefused with a sentence.

    A workbook has a sheet for each kind of record, or one table on its first sheet; JSON has a list
    of objects for each.
    """
    refuse_size(len(data))
    rows = list(_of_workbook(data) if is_workbook(data) else _of_text(text_of(data)))
    if not rows:
        raise refused(
            _("There are no rows in the file: below the names of the columns it is empty.")
        )
    return rows


def _of_text(text: str) -> Iterator[FileRow]:
    """A name of a column begins with a letter, so that what begins with a brace is JSON."""
    return _of_json(text) if text.lstrip()[:1] == "{" else _of_table(_csv_table(text))


def _of_json(text: str) -> Iterator[FileRow]:
    try:
        document = json.loads(text, parse_float=Decimal)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", 1)
        raise refused(_("Line %(line)d is not JSON.") % {"line": line}) from error
    record_of = {sheet: record for record, sheet in SHEET_OF.items()}
    for sheet, listed in document.items():
        if sheet not in record_of or not isinstance(listed, list):
            sentence = _("“%(name)s” is no list of rows. Known: %(known)s.")
            raise refused(sentence % {"name": shown(str(sheet)), "known": ", ".join(record_of)})
        refuse_rows(len(listed))
        known: set[tuple[str, ...]] = set()
        for number, given in enumerate(listed, start=1):
            cells = _cells_of_json(given, sheet=sheet, number=number)
            if (names := tuple(cells)) not in known:
                known.add(names)
                _columns(names, record=record_of[sheet], sheet=sheet)
            if any(map(str.strip, cells.values())):
                yield FileRow(record_of[sheet], number, cells, sheet)


def _cells_of_json(given: Any, *, sheet: str, number: int) -> dict[str, str]:
    plain = str | int | Decimal | bool | None
    if not isinstance(given, dict) or not all(isinstance(one, plain) for one in given.values()):
        sentence = _("%(sheet)s %(row)d: a row has to be an object of plain texts.")
        raise refused(sentence % {"sheet": sheet, "row": number})
    return {name: _text_of_json(value) for name, value in given.items()}


def _text_of_json(value: Any) -> str:
    if isinstance(value, Decimal):
        return format(value, "f")
    return value if isinstance(value, str) else _text_of_cell(value)


def _csv_table(text: str) -> Iterator[tuple[int, list[str]]]:
    delimiter = _delimiter(text)
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        # Counted first, which is quick: a file that is too long is refused before it is read.
        refuse_rows(sum(1 for _row in islice(reader, MOST_ROWS + 2)))
        reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
        for number, cells in enumerate(reader, start=1):
            yield number, [restored(cell) for cell in cells]
    except csv.Error as error:
        sentence = _(
            "Line %(line)d is not CSV: a quotation mark is missing, or a cell is too long."
        )
        raise refused(sentence % {"line": reader.line_num}) from error


def _delimiter(text: str) -> str:
    """The one that divides the names of the columns; spreadsheet programs differ by country."""
    first_line = text.partition("\n")[0]
    return max(_DELIMITERS, key=first_line.count)


def _of_workbook(data: bytes) -> Iterator[FileRow]:
    try:
        book = load_workbook(checked_workbook(data), read_only=True, data_only=False)
    except _DAMAGED as error:
        raise refused(_("The workbook cannot be read; save it anew as XLSX.")) from error
    record_of = {sheet: record for record, sheet in SHEET_OF.items()}
    named = [name for name in book.sheetnames if name.strip().lower() in record_of]
    for name in named or book.sheetnames[:1]:
        record = record_of.get(name.strip().lower(), "")
        yield from _of_table(_sheet_table(book[name]), record=record, sheet=name if named else "")


def _sheet_table(sheet: Any) -> Iterator[tuple[int, list[str]]]:
    # With bounds: a lone cell in the last corner of a sheet would give a million rows.
    bounds = {"max_row": MOST_ROWS + 2, "max_col": MOST_COLUMNS + 1}
    try:
        for number, cells in enumerate(sheet.iter_rows(values_only=True, **bounds), start=1):
            yield number, [_text_of_cell(cell) for cell in cells]
    except _DAMAGED as error:
        sentence = _("The sheet “%(sheet)s” cannot be read; save the workbook anew as XLSX.")
        raise refused(sentence % {"sheet": shown(sheet.title)}) from error


def _text_of_cell(value: Any) -> str:
    """What a person sees in the cell, in the one notation of the record."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return format(Decimal(repr(value)).normalize(), "f")
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), str(value))


def _of_table(table: Table, *, record: str = "", sheet: str = "") -> Iterator[FileRow]:
    rows = iter(table)
    _number, names = next(rows, (1, []))
    columns = _columns(names, record=record, sheet=sheet)
    for number, values in rows:
        refuse_rows(number)
        if len(values) > len(columns) and any(value.strip() for value in values[len(columns) :]):
            sentence = _(
                "Row %(row)d has more cells than there are columns; put its text in quotes."
            )
            raise refused(sentence % {"row": number})
        cells = {name: text for name, text in zip(columns, values, strict=False) if name}
        if any(map(str.strip, cells.values())):
            about = record or cells.pop(RECORD, "").strip().lower() or COMMITMENT
            yield FileRow(about, number, cells, sheet)


def _columns(names: Sequence[str], *, record: str, sheet: str) -> list[str]:
    """The names of the columns; raises FileRefused for one that is twice there or unknown."""
    columns = [name.strip().lower() for name in names]
    columns = [
        _language_as_written(name, given) for name, given in zip(columns, names, strict=True)
    ]
    while columns and not columns[-1]:
        columns.pop()
    if len(columns) > MOST_COLUMNS:
        raise refused(_("There are more than %(most)d columns.") % {"most": MOST_COLUMNS})
    where = f"{sheet}: " if sheet else ""
    for name in columns:
        if name and columns.count(name) > 1:
            sentence = _("%(where)sThe column “%(name)s” is there twice; remove one of them.")
            raise refused(sentence % {"where": where, "name": shown(name)})
        if name and not _is_known(name, record):
            sentence = _("%(where)sThere is no column “%(name)s”. Known: %(known)s.")
            known = ", ".join(_known(record))
            raise refused(sentence % {"where": where, "name": shown(name), "known": known})
    if not any(columns):
        raise refused(_("%(where)sThe first row has to name the columns.") % {"where": where})
    return columns


def _language_as_written(name: str, given: str) -> str:
    field, colon, _language = name.partition(":")
    return field + colon + given.strip().partition(":")[2] if colon else name


def _is_known(name: str, record: str) -> bool:
    if record:
        return is_column(record, name)
    return name == RECORD or any(is_column(one, name) for one in COLUMNS)


def _known(record: str) -> list[str]:
    if record:
        return list(COLUMNS[record])
    return list(dict.fromkeys([RECORD, *(name for names in COLUMNS.values() for name in names)]))
