"""Each row of a file against the record: new, changed, the same or wrong, and why.

It only reads, so that it can run for a page; the import runs it again under its lock.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext as _

from commitments.enums import Publication, Status
from commitments.exceptions import InvalidInput
from commitments.exchange.columns import (
    CITATION,
    CITED,
    COLUMNS,
    COMMITMENT,
    NEEDED,
    PARTY,
    SILENT_WHERE_EMPTY,
    SOURCE,
    TARGET,
    TOPIC,
    FileRow,
    is_column,
)
from commitments.exchange.entries import Difference, Entry, Problem
from commitments.exchange.filling import FIELDS, field_problems, filled
from commitments.exchange.known import Known, names_of, plain, what_is_known
from commitments.exchange.rows import (
    citation_cells,
    commitment_cells,
    party_cells,
    reference,
    source_cells,
    topic_cells,
)
from commitments.exchange.values import text_of_value, value_of
from commitments.models import Citation, Commitment, Target
from commitments.public_ids import PATTERN
from commitments.quotes import find_quote
from commitments.time_zones import day_at
from commitments.transitions import FIRST_STATUSES
from commitments.window import Hemisphere, Window
from commitments.window_text import shown

_CELLS_OF: Final[Mapping[str, Any]] = {
    COMMITMENT: commitment_cells,
    SOURCE: source_cells,
    PARTY: party_cells,
    TOPIC: topic_cells,
}
_MOVED_ELSEWHERE: Final = ("window", "status", "effective", "publication")


@dataclass(slots=True)
class Comparison:
    """A file and the record beside each other; `publish` takes over the column of that name."""

    rows: Sequence[FileRow]
    now: datetime
    time_zone: str
    publish: bool
    known: Known = field(init=False)
    _times_named: Counter[tuple[str, str]] = field(init=False)
    _in_file: dict[tuple[str, str], FileRow] = field(init=False)
    _cited: set[str] = field(init=False)

    def __post_init__(self) -> None:
        self.known = what_is_known(self.rows)
        self._times_named = Counter((row.record, one) for row in self.rows for one in names_of(row))
        self._in_file = {(row.record, one): row for row in self.rows for one in names_of(row)}
        self._cited = {
            row.cells.get("commitment", "").strip() for row in self.rows if row.record == CITATION
        }

    def entries(self) -> Iterator[Entry]:
        """What each row would do, in the order of the file."""
        for row in self.rows:
            yield self._entry(row)

    def _entry(self, row: FileRow) -> Entry:
        entry = Entry(row)
        if row.record not in COLUMNS:
            known = ", ".join(COLUMNS)
            entry.complain("record", _("Write one of: %(values)s.") % {"values": known})
            return entry
        self._read_cells(entry)
        self._find(entry)
        if entry.found is None:
            self._refuse_gaps(entry)
        if not entry.problems:
            self._refuse_unknown_names(entry)
            self._compare(entry)
        return entry

    def _read_cells(self, entry: Entry) -> None:
        record = entry.row.record
        for column, text in entry.row.cells.items():
            is_empty = not text.strip()
            if not is_column(record, column):
                if not is_empty:
                    sentence = _("A row about a %(record)s has no such cell; empty it.")
                    entry.complain(column, sentence % {"record": record})
            elif not (is_empty and column in SILENT_WHERE_EMPTY):
                try:
                    entry.values[column] = value_of(record, column, text)
                except InvalidInput as error:
                    entry.complain(column, error.message)

    def _find(self, entry: Entry) -> None:
        """Find the record that the row is about; a row without id and key is about a new one."""
        record = entry.row.record
        if record == CITATION:
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

    def _refuse_gaps(self, entry: Entry) -> None:
        for column in NEEDED[entry.row.record]:
            given = entry.values.get(column)
            if not given and all(problem.column != column for problem in entry.problems):
                entry.complain(column, _("Fill this in: a new row needs it."))

    def _refuse_unknown_names(self, entry: Entry) -> None:
        values = entry.values
        named: list[tuple[str, str, str]] = []
        named += [("topics", TOPIC, key) for key in values.get("topics", [])]
        named += [("parties", PARTY, key) for _role, key in values.get("parties", [])]
        for column, record in (("said_by", PARTY), ("body", PARTY), ("source", SOURCE)):
            named += [(column, record, values.get(column, ""))]
        for column in ("parent", "duplicate_of", "commitment"):
            named += [(column, COMMITMENT, values.get(column, ""))]
        for column, record, written in named:
            name = written.strip()
            if name and name not in self._on_record(record) and (record, name) not in self._in_file:
                sentence = _(
                    "There is no %(record)s “%(name)s”: add a row for it, or correct the name."
                )
                entry.complain(column, sentence % {"record": record, "name": shown(name)})
        for column in ("parent", "duplicate_of", "body"):
            self._refuse_circle(entry, column)

    def _refuse_circle(self, entry: Entry, column: str) -> None:
        record, row = entry.row.record, entry.row
        seen = 0
        following = self._in_file.get((record, row.cells.get(column, "").strip()))
        while following is not None and seen <= len(self.rows):
            if following is row:
                entry.complain(column, _("This would close a circle; choose another one."))
                return
            seen += 1
            following = self._in_file.get((record, following.cells.get(column, "").strip()))

    def _compare(self, entry: Entry) -> None:
        if entry.row.record == CITATION:
            self._compare_citation(entry)
            return
        before = _CELLS_OF[entry.row.record](entry.found) if entry.found else {}
        instance = filled(entry, time_zone=self.time_zone)
        given = tuple(name for name in FIELDS[entry.row.record] if name in entry.values)
        names = given if entry.found else FIELDS[entry.row.record]
        entry.problems += field_problems(instance, (*names, "translations"))
        entry.differences += self._differences(entry, before)
        if isinstance(instance, Commitment):
            self._check_commitment(entry, instance)

    def _differences(self, entry: Entry, before: Mapping[str, str]) -> Iterator[Difference]:
        parts = CITED if entry.row.record == COMMITMENT else ()
        hemisphere = Hemisphere(
            entry.values.get("hemisphere") or before.get("hemisphere") or "north"
        )
        for column, value in entry.values.items():
            if column in parts or column == "id":
                continue
            if column == "publication" and entry.found and not self.publish:
                continue
            old = before.get(column, "")
            new = (
                _at_place(value, hemisphere) if isinstance(value, Window) else text_of_value(value)
            )
            if old != new and not _names_the_same(entry.found, column, new):
                yield Difference(column, old, new)

    def _check_commitment(self, entry: Entry, instance: Commitment) -> None:
        self._check_target(entry, instance)
        if entry.found is None:
            self._check_beginning(entry, instance)
            self._warn_of_twins(entry)
        else:
            for difference in entry.differences:
                if difference.column in _MOVED_ELSEWHERE:
                    sentence = _(
                        "On record it is “%(old)s”: change it on the page of the commitment, "
                        "or leave the column out."
                    )
                    entry.complain(difference.column, sentence % {"old": difference.old or "—"})
            is_public = entry.found.publication == Publication.PUBLISHED
            if is_public and entry.values.get("parties") == []:
                entry.complain("parties", _("It is published: name who promised it."))
        if entry.values.get("source"):
            self._check_citation(entry)
            if entry.found is not None and _cited(entry) not in _citations_of(entry.found):
                entry.differences.append(
                    Difference("source", "", " · ".join(filter(None, _cited(entry))))
                )

    def _check_beginning(self, entry: Entry, instance: Commitment) -> None:
        """A record begins as an editor enters it: with no verdict, and as a draft."""
        values = entry.values
        if values.get("status", Status.ANNOUNCED) not in FIRST_STATUSES:
            sentence = _(
                "A new row begins with one of: %(values)s. A verdict needs two people: "
                "leave it empty here, and propose it afterwards."
            )
            entry.complain("status", sentence % {"values": ", ".join(sorted(FIRST_STATUSES))})
        since = values["effective"].earliest if "effective" in values else None
        if not entry.problems and since and since > day_at(instance.time_zone, self.now):
            entry.complain("effective", _("The day since when it is so cannot be in the future."))
        self._check_publication(entry)

    def _check_publication(self, entry: Entry) -> None:
        wanted = entry.values.get("publication", Publication.DRAFT)
        if wanted == Publication.DRAFT:
            return
        if not self.publish:
            entry.warnings.append(_("It comes in as a draft."))
        elif wanted == Publication.PUBLISHED:
            if not entry.values.get("parties"):
                entry.complain("parties", _("Name who promised it, then publish."))
            if not entry.values.get("source") and not self._cited & set(names_of(entry.row)):
                entry.complain("source", _("Cite the source in which it was said, then publish."))

    def _warn_of_twins(self, entry: Entry) -> None:
        source = self.known.sources.get(entry.values.get("source", ""))
        window = entry.values.get("window") or Window.undated()
        cited = source.public_id if source else entry.values.get("source", "")
        hemisphere = Hemisphere(entry.values.get("hemisphere") or "north")
        twin = (plain(entry.values["title"]), _at_place(window, hemisphere), cited)
        if twin in self.known.twins:
            sentence = _("Perhaps twice: %(other)s has the same title, window and source.")
            entry.warnings.append(sentence % {"other": self.known.twins[twin]})
        self.known.twins.setdefault(twin, _("row %(place)s") % {"place": entry.row.place})

    def _check_target(self, entry: Entry, instance: Commitment) -> None:
        given = entry.given(*TARGET)
        if not given:
            return
        target = getattr(entry.found, "target", None) or Target(commitment=instance)
        for name, value in given.items():
            setattr(target, name, text_of_value(value) if name == "baseline_period" else value)
        if target.goal is None or not target.measure or not target.unit:
            entry.complain("goal", _("A target needs measure, unit and goal: fill them in."))
            return
        entry.problems += field_problems(target, TARGET)

    def _compare_citation(self, entry: Entry) -> None:
        self._check_citation(entry)
        commitment = self.known.commitments.get(entry.values["commitment"].strip())
        if commitment is None:
            entry.differences += [Difference("commitment", "", entry.values["commitment"])]
        elif _cited(entry) in _citations_of(commitment):
            entry.found = commitment
        else:
            entry.differences += [Difference("source", "", " · ".join(filter(None, _cited(entry))))]

    def _check_citation(self, entry: Entry) -> None:
        values = entry.values
        citation = Citation(**entry.given("role", "quote", "locator"))
        entry.problems += field_problems(citation, ("role", "quote", "locator"))
        source = self.known.sources.get(values["source"].strip())
        quote = values.get("quote", "").replace("\r\n", "\n").strip()
        text = self.known.texts.get(source.pk, "") if source else ""
        if text and quote and quote not in text and find_quote(text, quote) is None:
            sentence = _("These words are not in the stored text of the source; correct the quote.")
            entry.problems.append(Problem("quote", sentence))


def _at_place(window: Window, hemisphere: Hemisphere) -> str:
    return str(Window.parse(str(window), hemisphere=hemisphere))


def _names_the_same(found: Any, column: str, new: str) -> bool:
    """Whether `new` is the other name, id or key, of what stands there."""
    if column not in {"parent", "duplicate_of"} or found is None:
        return False
    other = getattr(found, column)
    return other is not None and new in {other.key, other.public_id}


def _cited(entry: Entry) -> tuple[str, ...]:
    """What makes a citation the same one: all of it."""
    values: dict[str, Any] = {"role": "announces", **entry.values}
    return tuple(str(values.get(name, "")).strip() for name in CITED)


def _citations_of(commitment: Commitment) -> set[tuple[str, ...]]:
    found = set()
    for citation in commitment.citations.all():
        cells = citation_cells(citation)
        for name in {reference(citation.source), citation.source.public_id}:
            found.add(tuple({**cells, "source": name}[one].strip() for one in CITED))
    return found
