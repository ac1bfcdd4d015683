"""What a row of a file would do: the shapes that the dry run shows and the import writes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from commitments.exchange.columns import FileRow
from commitments.transitions import Transition


class Outcome(StrEnum):
    """What would become of a row."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Difference:
    """A column and its text before and after; `old` is "" where nothing stood."""

    column: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a row: its column ("" for the whole) and the sentence with the fix."""

    column: str
    sentence: str


@dataclass(slots=True)
class Entry:
    """A row held against the record.

    `values` are the cells as the record holds them, by column; `found` is the record that stands
    already, or None.
    """

    row: FileRow
    values: dict[str, Any] = field(default_factory=dict)
    found: Any = None
    differences: list[Difference] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    move: Transition | None = None
    """By which row of the table a new commitment comes to its status, after it is recorded."""

    @property
    def outcome(self) -> Outcome:
        """What would become of it."""
        if self.problems:
            return Outcome.WRONG
        if self.found is None:
            return Outcome.NEW
        return Outcome.CHANGED if self.differences else Outcome.SAME

    def complain(self, column: str, sentence: str) -> None:
        """Add a problem."""
        self.problems.append(Problem(column, sentence))

    def given(self, *columns: str) -> Mapping[str, Any]:
        """Those of `columns` that the file has, with their values."""
        return {name: self.values[name] for name in columns if name in self.values}
