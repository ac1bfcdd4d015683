"""Texts with the commitments marked in them by hand, and how well they are found.

Each is a `.txt` with a `.json` beside it. Those that are held out were written before the rules.
A candidate finds a mark when it holds at least half of its characters; it finds one mark only.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import NamedTuple

from commitments.candidates import Candidate, find_candidates

FOLDER = Path(__file__).parent / "texts"


class Mark(NamedTuple):
    """A commitment in a text: its place, its window as EDTF ("" without one) and its kind."""

    start: int
    end: int
    edtf: str
    kind: str


@dataclass(frozen=True)
class MarkedText:
    """A text and what a person found in it."""

    name: str
    text: str
    language: str
    said_on: date
    held_out: bool
    marks: tuple[Mark, ...]

    def candidates(self) -> list[Candidate]:
        return find_candidates(self.text, said_on=self.said_on, language=self.language)


@dataclass(frozen=True)
class Score:
    """Counts over some texts; `dates_right` and `kinds_right` are among the `found`."""

    marked: int = 0
    proposed: int = 0
    found: int = 0
    dates_right: int = 0
    kinds_right: int = 0

    @property
    def precision(self) -> float:
        return self.found / self.proposed

    @property
    def recall(self) -> float:
        return self.found / self.marked


def read_marked_texts() -> list[MarkedText]:
    """All of them, by name."""
    return [_read(path) for path in sorted(FOLDER.glob("*.json"))]


def score(texts: Iterable[MarkedText]) -> Score:
    """Find the candidates of each text and count."""
    marked = proposed = found = dates = kinds = 0
    for text in texts:
        left = text.candidates()
        marked += len(text.marks)
        proposed += len(left)
        for mark in text.marks:
            match = next((one for one in left if _finds(one, mark)), None)
            if match is not None:
                left.remove(match)
                found += 1
                dates += str(match.window) == mark.edtf
                kinds += match.kind.value == mark.kind
    return Score(marked, proposed, found, dates, kinds)


def _finds(candidate: Candidate, mark: Mark) -> bool:
    shared = min(candidate.end, mark.end) - max(candidate.start, mark.start)
    return 2 * shared >= mark.end - mark.start


def _read(path: Path) -> MarkedText:
    about = json.loads(path.read_text(encoding="utf-8"))
    return MarkedText(
        name=path.stem,
        text=path.with_suffix(".txt").read_text(encoding="utf-8"),
        language=about["language"],
        said_on=date.fromisoformat(about["said_on"]),
        held_out=about["held_out"],
        marks=tuple(Mark(**mark) for mark in about["commitments"]),
    )
