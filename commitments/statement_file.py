"""Read a statement file: what was said on one occasion, as JSON (docs/statement-files.md).

Plain reading and checking of shape, without the database. Every problem names its line, its row,
its field and the fix; all of them are gathered, so that one look at the file mends it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import gettext as _

from commitments.exceptions import StatementInvalid
from commitments.statement_json import Row, read_json
from commitments.window_text import shown

_KEY_PATTERN: Final = re.compile(r"[-a-zA-Z0-9_]{1,100}")


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a row: the JSON types it may have, and whether it must be there.

    With `is_key` it is the key of a row, or a list of them.
    """

    types: tuple[type, ...] = (str,)
    required: bool = False
    is_key: bool = False


_TEXT: Final = Field()
_MUST: Final = Field(required=True)
_KEY: Final = Field(is_key=True)
_MUST_KEY: Final = Field(required=True, is_key=True)
_KEYS: Final = Field((list,), is_key=True)
_LIST: Final = Field((list,))
_OBJECT: Final = Field((dict,))
_NUMBER: Final = Field((int, Decimal))

SHAPES: Final[Mapping[str, Mapping[str, Field]]] = {
    "sources": {
        "key": _MUST_KEY,
        "title": _MUST,
        "date": _MUST,
        "kind": _MUST,
        "place": _TEXT,
        "publisher": _TEXT,
        "url": _TEXT,
        "archive_url": _TEXT,
        "language": _TEXT,
        "text": _TEXT,
        "independent": Field((bool,)),
        "translations": _OBJECT,
    },
    "parties": {
        "key": _MUST_KEY,
        "kind": _MUST,
        "name": _MUST,
        "role": _TEXT,
        "of": _KEY,
        "country_code": _TEXT,
        "translations": _OBJECT,
    },
    "topics": {"key": _MUST_KEY, "name": _MUST, "translations": _OBJECT},
    "commitments": {
        "key": _MUST_KEY,
        "kind": _MUST,
        "title": _MUST,
        "summary": _TEXT,
        "due": _TEXT,
        "due_wording": _TEXT,
        "status": _MUST,
        "said_by": _KEY,
        "source": _MUST_KEY,
        "locator": _TEXT,
        "quote": _TEXT,
        "also": _LIST,
        "parties": _KEYS,
        "topics": _KEYS,
        "place": _TEXT,
        "time_zone": _TEXT,
        "hemisphere": _TEXT,
        "parent": _KEY,
        "target": _OBJECT,
        "note": _TEXT,
        "translations": _OBJECT,
    },
}
TARGET_SHAPE: Final[Mapping[str, Field]] = {
    "measure": _MUST,
    "unit": _MUST,
    "goal": Field((int, Decimal), required=True),
    "baseline": _NUMBER,
    "baseline_period": _TEXT,
    "comparison": _TEXT,
}
ALSO_SHAPE: Final[Mapping[str, Field]] = {
    "source": _KEY,
    "said_by": _KEY,
    "locator": _TEXT,
    "quote": _TEXT,
}


@dataclass(slots=True)
class StatementFile:
    """The rows of a file by section, and the problems that were met so far."""

    rows: dict[str, list[Row]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def add_problem(self, section: str, row: Row, name: str, sentence: str) -> None:
        """Remember that `name` of `row` is wrong, with its line."""
        place = _("line %(line)d, %(section)s “%(key)s”") % {
            "line": row.line,
            "section": section,
            "key": shown(str(row.get("key", "?"))),
        }
        self.problems.append(f"{place}: {name}: {sentence}" if name else f"{place}: {sentence}")

    def refuse_if_wrong(self) -> None:
        """Raise StatementInvalid with every problem, if there is one."""
        if self.problems:
            heading = _("The file was not loaded; nothing was changed. Correct this:")
            raise StatementInvalid(
                "\n".join([heading, *self.problems]), problems=tuple(self.problems)
            )


def read_statement_file(content: bytes) -> StatementFile:
    """The checked rows of `content` (UTF-8 JSON, with or without a byte order mark).

    A row stands behind the one that it belongs to (`of`, `parent`), wherever the file has it.
    Raises StatementInvalid with all problems of encoding, JSON and shape.
    """
    document = _decode(content)
    file = StatementFile()
    if not isinstance(document, Row):
        raise _invalid(_("The file has to be one JSON object with “sources” and “commitments”."))
    known = {"about", *SHAPES}
    for name in sorted(set(document) - known):
        file.problems.append(
            _("line %(line)d: “%(name)s” is no section; known: %(known)s.")
            % {"line": document.line, "name": shown(name), "known": ", ".join(sorted(known))}
        )
    for section, shape in SHAPES.items():
        file.rows[section] = _section(file, document, section, shape)
    file.refuse_if_wrong()
    for section, link in (("parties", "of"), ("commitments", "parent")):
        file.rows[section] = _in_order(file, section, link)
    file.refuse_if_wrong()
    return file


def _decode(content: bytes) -> Any:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _invalid(
            _("byte %(position)d: the file is not UTF-8; save it as UTF-8.")
            % {"position": error.start}
        ) from error
    try:
        return read_json(text)
    except json.JSONDecodeError as error:
        raise _invalid(
            _("line %(line)d, column %(column)d: this is not JSON (%(message)s).")
            % {"line": error.lineno, "column": error.colno, "message": error.msg}
        ) from error
    except RecursionError as error:
        raise _invalid(
            _("The JSON is nested too deeply: sections are lists of plain objects.")
        ) from error


def _invalid(sentence: str) -> StatementInvalid:
    return StatementInvalid(sentence, problems=(sentence,))


def _section(
    file: StatementFile, document: Row, section: str, shape: Mapping[str, Field]
) -> list[Row]:
    rows = document.get(section, [])
    if not isinstance(rows, list) or not all(isinstance(row, Row) for row in rows):
        file.problems.append(
            _("line %(line)d: “%(section)s” has to be a list of objects%(which)s.")
            % {"line": document.line, "section": section, "which": _which_is_none(rows)}
        )
        return []
    seen: set[str] = set()
    for row in rows:
        check_shape(file, section, row, row, shape)
        key = str(row.get("key", ""))
        if key in seen:
            file.add_problem(section, row, "key", _("stands twice; choose another."))
        seen.add(key)
        _check_parts(file, section, row)
    return rows


def _which_is_none(rows: Any) -> str:
    if not isinstance(rows, list):
        return ""
    first = next(number for number, row in enumerate(rows, 1) if not isinstance(row, Row))
    return _("; entry %(number)d is none") % {"number": first}


def _check_parts(file: StatementFile, section: str, row: Row) -> None:
    target, also = row.get("target"), row.get("also", [])
    if isinstance(target, Row):
        check_shape(file, section, row, target, TARGET_SHAPE, prefix="target.")
    for part in also if isinstance(also, list) else []:
        if isinstance(part, Row):
            check_shape(file, section, row, part, ALSO_SHAPE, prefix="also.")
        else:
            file.add_problem(section, row, "also", _("has to be a list of objects."))


def check_shape(
    file: StatementFile,
    section: str,
    row: Row,
    part: Mapping[str, Any],
    shape: Mapping[str, Field],
    *,
    prefix: str = "",
) -> None:
    """Note what of `part` (the row itself or an object in it) is unknown, missing or mistyped."""
    for name in sorted(set(part) - set(shape)):
        known = ", ".join(sorted(shape))
        sentence = _("is not known here; known: %(known)s.") % {"known": known}
        file.add_problem(section, row, prefix + shown(name), sentence)
    for name, expected in shape.items():
        value = part.get(name)
        if value is None or value == "":
            if expected.required:
                file.add_problem(section, row, prefix + name, _("is missing; add it."))
        elif not _has_type(value, expected.types):
            file.add_problem(section, row, prefix + name, _wrong_type(expected))
        elif expected.is_key and not _are_keys(value):
            file.add_problem(section, row, prefix + name, _wrong_key(expected))


def _has_type(value: Any, types: tuple[type, ...]) -> bool:
    # True is an int to Python, but nobody's number.
    return isinstance(value, types) and (bool in types or not isinstance(value, bool))


def _wrong_type(expected: Field) -> str:
    names = {
        str: _("a text"),
        list: _("a list"),
        dict: _("an object"),
        bool: _("true or false"),
        int: _("a number"),
    }
    return _("has to be %(type)s.") % {"type": names[expected.types[0]]}


def _are_keys(value: Any) -> bool:
    keys = value if isinstance(value, list) else [value]
    return all(isinstance(key, str) and _KEY_PATTERN.fullmatch(key) for key in keys)


def _wrong_key(expected: Field) -> str:
    if list in expected.types:
        return _("has to be a list of keys: letters a to z, digits, - and _, 100 at most.")
    return _("has to be a key: letters a to z, digits, - and _, 100 at most.")


def _in_order(file: StatementFile, section: str, link: str) -> list[Row]:
    """The rows with each behind the one that its `link` names; a circle is a problem."""
    by_key = {row["key"]: row for row in file.rows[section]}
    placed: dict[str, Row] = {}
    for row in by_key.values():
        chain: dict[str, Row] = {}
        following: Row | None = row
        while following is not None and following["key"] not in placed:
            if following["key"] in chain:
                file.add_problem(section, following, link, _("closes a circle; leave it out."))
                break
            chain[following["key"]] = following
            following = by_key.get(following.get(link) or "")
        placed.update(reversed(chain.items()))
    return list(placed.values())
