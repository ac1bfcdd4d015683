"""Which record a row of a file is about, and which others it names."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from commitments.exchange.columns import (
    CITATION,
    COMMITMENT,
    NEEDED,
    PARTY,
    SOURCE,
    TOPIC,
    VALUE,
    FileRow,
)
from commitments.exchange.entries import Entry
from commitments.exchange.known import LINKS, Known, named_in, names_of
from commitments.public_ids import PATTERN
from commitments.window_text import shown


@dataclass(slots=True)
class Names:
    """The names in a file, beside those that the record knows."""

    rows: Sequence[FileRow]
    known: Known
    _times_named: Counter[tuple[str, str]] = field(init=False)
    _in_file: dict[tuple[str, str], FileRow] = field(init=False)

    def __post_init__(self) -> None:
        self._times_named = Counter((row.record, one) for row in self.rows for one in names_of(row))
        self._in_file = {(row.record, one): row for row in self.rows for one in names_of(row)}

    def find(self, entry: Entry) -> None:
        """Find the record that the row is about; a row without id and key is about a new one."""
        record = entry.row.record
        if record in {CITATION, VALUE}:
            return
        on_record = self._on_record(record)
        for name in names_of(entry.row):
            if self._times_named[record, name] > 1:
                sentence = _("“%(name)s” is in the file twice; keep one of the rows.")
                entry.complain(
                    "id" if name == entry.values.get("id") else "key",
                    sentence % {"name": shown(name)},
                )
            entry.found = entry.found or on_record.get(name)
        own_id = entry.values.get("id")
        if own_id and entry.found is None and not re.fullmatch(PATTERN, own_id):
            entry.complain("id", _("This is no id; leave it empty for a new row."))
        if entry.found is not None:
            self._refuse_other_names(entry)

    def _on_record(self, record: str) -> Mapping[str, Any]:
        by_record: dict[str, Mapping[str, Any]] = {
            TOPIC: self.known.topics,
            PARTY: self.known.parties,
            SOURCE: self.known.sources,
            COMMITMENT: self.known.commitments,
        }
        return by_record[record]

    def _refuse_other_names(self, entry: Entry) -> None:
        for column, name in (("id", "public_id"), ("key", "key")):
            given = entry.values.get(column)
            if given and given != getattr(entry.found, name, None):
                sentence = _(
                    "On record this is “%(own)s”, and that is permanent: correct the cell."
                )
                own = getattr(entry.found, name, None) or "—"
                entry.complain(column, sentence % {"own": own})

    def refuse_unknown(self, entry: Entry) -> None:
        """Complain of names that neither the record nor the file knows, and of circles."""
        values = entry.values
        named: list[tuple[str, str, str]] = []
        named += [("topics", TOPIC, key) for key in values.get("topics", [])]
        named += [("parties", PARTY, key) for _role, key in values.get("parties", [])]
        for column, record in (("said_by", PARTY), ("body", PARTY), ("source", SOURCE)):
            named += [(column, record, values.get(column, ""))]
        for column in ("parent", "duplicate_of", "successor", "commitment"):
            named += [(column, COMMITMENT, values.get(column, ""))]
        if anchor := values.get("anchor"):
            named += [("anchor", *anchor)]
        for column, record, written in named:
            name = written.strip()
            if name and name not in self._on_record(record) and (record, name) not in self._in_file:
                sentence = _(
                    "There is no %(record)s “%(name)s”: add a row for it, or correct the name."
                )
                entry.complain(column, sentence % {"record": record, "name": shown(name)})
        for column in (*LINKS, "body"):
            self._refuse_circle(entry, column)

    def row_of(self, record: str, name: str) -> FileRow | None:
        """The row of the file that has this name."""
        return self._in_file.get((record, name))

    def _refuse_circle(self, entry: Entry, column: str) -> None:
        record, row = entry.row.record, entry.row
        seen = 0
        following = self._in_file.get((record, named_in(row, column)))
        while following is not None and seen <= len(self.rows):
            if following is row:
                entry.complain(column, _("This would close a circle; choose another one."))
                return
            seen += 1
            following = self._in_file.get((record, named_in(following, column)))


def refuse_gaps(entry: Entry) -> None:
    """Complain of what a new row does not say and has to."""
    for column in NEEDED[entry.row.record]:
        given = entry.values.get(column)
        if not given and all(problem.column != column for problem in entry.problems):
            entry.complain(column, _("Fill this in: a new row needs it."))
