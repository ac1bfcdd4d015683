"""Each row of a file against the record: new, changed, the same or wrong, and why.

It only reads, so that it can run for a page; the import runs it again under its lock.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext as _

from commitments.enums import Publication
from commitments.exceptions import InvalidInput
from commitments.exchange.columns import (
    ANCHOR,
    CITATION,
    CITED,
    COLUMNS,
    COMMITMENT,
    MOVE,
    PARTY,
    SHOWS_STATUS,
    SILENT_WHERE_EMPTY,
    SOURCE,
    TARGET,
    TOPIC,
    VALUE,
    FileRow,
    is_column,
)
from commitments.exchange.entries import Difference, Entry, Problem
from commitments.exchange.filling import FIELDS, field_problems, filled
from commitments.exchange.known import Known, names_of, plain, what_is_known
from commitments.exchange.moves import as_cited, is_marked, move_to, unmet_by
from commitments.exchange.names import Names, refuse_gaps
from commitments.exchange.rows import (
    commitment_cells,
    party_cells,
    reference,
    source_cells,
    topic_cells,
    value_cells,
)
from commitments.exchange.sameness import (
    at_place,
    citations_of,
    cited_by,
    difference_of_text,
    join_text,
    names_the_same,
    text_in,
    value_told,
)
from commitments.exchange.values import text_of_value, value_of
from commitments.models import Citation, Commitment, Source, Target, TargetValue
from commitments.quotes import find_quote
from commitments.time_zones import day_at
from commitments.window import Hemisphere, Window

_CELLS_OF: Final[Mapping[str, Any]] = {
    COMMITMENT: commitment_cells,
    SOURCE: source_cells,
    PARTY: party_cells,
    TOPIC: topic_cells,
}
_MOVED_ELSEWHERE: Final = ("window", "status", "effective", "publication", *ANCHOR, *MOVE)


@dataclass(slots=True)
class Comparison:
    """A file and the record beside each other; `publish` takes over the column of that name.

    `decides`: verdicts need no second person, and whoever imports may decide on them.
    """

    rows: Sequence[FileRow]
    now: datetime
    time_zone: str
    publish: bool
    decides: bool = False
    known: Known = field(init=False)
    _names: Names = field(init=False)
    _cited: dict[str, list[FileRow]] = field(init=False)

    def __post_init__(self) -> None:
        self.known = what_is_known(self.rows)
        self._names = Names(self.rows, self.known)
        self._cited = {}
        for row in self.rows:
            if row.record == CITATION:
                name = row.cells.get("commitment", "").strip()
                self._cited.setdefault(name, []).append(row)

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
        self._names.find(entry)
        if entry.found is None:
            refuse_gaps(entry)
        if not entry.problems:
            self._names.refuse_unknown(entry)
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
        if record == SOURCE:
            join_text(entry)

    def _compare(self, entry: Entry) -> None:
        if entry.row.record == CITATION:
            self._compare_citation(entry)
            return
        if entry.row.record == VALUE:
            self._compare_value(entry)
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
        parts = (*CITED, SHOWS_STATUS) if entry.row.record == COMMITMENT else ()
        hemisphere = Hemisphere(
            entry.values.get("hemisphere") or before.get("hemisphere") or "north"
        )
        for column, value in entry.values.items():
            if column in parts or column == "id":
                continue
            if column == "publication" and entry.found and not self.publish:
                continue
            if column == "text" and entry.row.record == SOURCE:
                yield from difference_of_text(entry.found, value)
                continue
            old = before.get(column, "")
            new = at_place(value, hemisphere) if isinstance(value, Window) else text_of_value(value)
            if old != new and not names_the_same(entry.found, column, new):
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
            if entry.found is not None and cited_by(entry) not in citations_of(entry.found):
                entry.differences.append(
                    Difference("source", "", " · ".join(filter(None, cited_by(entry))))
                )

    def _check_beginning(self, entry: Entry, instance: Commitment) -> None:
        """A record begins as an editor enters it: with what its source reports, and as a draft."""
        values = entry.values
        if any(values.get(name) for name in ANCHOR) and not all(map(values.get, ANCHOR)):
            sentence = _("An anchor needs anchor, anchor_amount and anchor_unit: fill them in.")
            entry.complain("anchor", sentence)
        self._check_move(entry, instance)
        since = values["effective"].earliest if "effective" in values else None
        if not entry.problems and since and since > day_at(instance.time_zone, self.now):
            entry.complain("effective", _("The day since when it is so cannot be in the future."))
        self._check_publication(entry)

    def _check_move(self, entry: Entry, instance: Commitment) -> None:
        """The needs of the table, for a status that the record does not begin with."""
        marked = [row for row in self._rows_citing(entry) if is_marked(row)]
        entry.move = move_to(entry, is_shown=bool(marked))
        if entry.move is None or entry.problems:
            return
        citations = [as_cited(row, self._source_named(row.cells["source"])) for row in marked]
        for column, unmet in unmet_by(entry, entry.move, instance, citations, self.now):
            entry.complain(column, str(unmet.sentence))
        if entry.move.second_person and not self.decides:
            sentence = _("“%(status)s” takes two people: it comes in as a proposal and waits.")
            entry.warnings.append(sentence % {"status": entry.move.to_status.label})

    def _rows_citing(self, entry: Entry) -> list[FileRow]:
        cited = [row for name in names_of(entry.row) for row in self._cited.get(name, [])]
        return [entry.row, *cited] if entry.values.get("source") else cited

    def _source_named(self, name: str) -> Source | FileRow | None:
        """A source as the file tells of it, or as it stands on record."""
        return self._names.row_of(SOURCE, name.strip()) or self.known.sources.get(name.strip())

    def _check_publication(self, entry: Entry) -> None:
        wanted = entry.values.get("publication", Publication.DRAFT)
        if wanted == Publication.DRAFT:
            return
        if not self.publish:
            entry.warnings.append(_("It comes in as a draft."))
        elif wanted == Publication.PUBLISHED:
            if not entry.values.get("parties"):
                entry.complain("parties", _("Name who promised it, then publish."))
            if not entry.values.get("source") and not self._rows_citing(entry):
                entry.complain("source", _("Cite the source in which it was said, then publish."))

    def _warn_of_twins(self, entry: Entry) -> None:
        source = self.known.sources.get(entry.values.get("source", ""))
        window = entry.values.get("window") or Window.undated()
        cited = source.public_id if source else entry.values.get("source", "")
        hemisphere = Hemisphere(entry.values.get("hemisphere") or "north")
        twin = (plain(entry.values["title"]), at_place(window, hemisphere), cited)
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
        elif cited_by(entry) in citations_of(commitment):
            entry.found = commitment
        else:
            entry.differences += [
                Difference("source", "", " · ".join(filter(None, cited_by(entry))))
            ]

    def _check_citation(self, entry: Entry) -> None:
        values = entry.values
        citation = Citation(**entry.given("role", "quote", "locator"))
        entry.problems += field_problems(citation, ("role", "quote", "locator"))
        quote = values.get("quote", "").replace("\r\n", "\n").strip()
        text = self._text_of_source(values["source"].strip()) if quote else ""
        if text and quote and quote not in text and find_quote(text, quote) is None:
            sentence = _("These words are not in the stored text of the source; correct the quote.")
            entry.problems.append(Problem("quote", sentence))

    def _text_of_source(self, name: str) -> str:
        """The text that the file gives for a source, else the one on record."""
        row = self._names.row_of(SOURCE, name)
        if row is not None and (text := text_in(row)):
            return text
        source = self.known.sources.get(name)
        return self.known.texts.get(source.pk, "") if source else ""

    def _compare_value(self, entry: Entry) -> None:
        values = entry.values
        name = values["commitment"].strip()
        commitment, row = self.known.commitments.get(name), self._names.row_of(COMMITMENT, name)
        target = getattr(commitment, "target", None)
        if target is None and not (row and row.cells.get("goal", "").strip()):
            sentence = _("The commitment has no target: give measure, unit and goal in its row.")
            entry.complain("commitment", sentence)
        reported = TargetValue(**entry.given("value", "locator"))
        entry.problems += field_problems(reported, ("value", "locator"))
        there = [value_cells(one) for one in target.values.all()] if target else []
        given = {**value_told(values), "source": self._reference(values["source"].strip())}
        if given in there:
            entry.found = commitment
        else:
            told = f"{given['period']}: {given['value']}"
            entry.differences.append(Difference("value", "", told))

    def _reference(self, name: str) -> str:
        source = self.known.sources.get(name)
        return reference(source) if source else name
