"""How many hand-marked commitments are found in texts, and how many of the candidates are right.

Precision and recall over all texts and over those that were written before the rules; and how fast
a long transcript is read.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # run as a file, not only with -m

from benchmarks.frame import finish, report
from commitments.candidates import find_candidates
from tests.commitments.candidates.marked_texts import MarkedText, read_marked_texts, score

LEAST_PRECISION = 0.5
LEAST_RECALL = 0.8
LONG = 200_000
MOST_SECONDS = 5.0


def measure(name: str, texts: list[MarkedText]) -> bool:
    """Print precision, recall, and how many of the found ones have the window and kind marked."""
    counts = score(texts)
    shares = {
        "precision": (counts.precision, LEAST_PRECISION),
        "recall": (counts.recall, LEAST_RECALL),
        "windows right": (counts.dates_right / counts.found, LEAST_RECALL),
        "kinds right": (counts.kinds_right / counts.found, LEAST_PRECISION),
    }
    results = [
        report(f"candidates, {name}: {what}", value=value, unit="share", baseline=1, target=least)
        for what, (value, least) in shares.items()
    ]
    return all(results)


def measure_speed(text: MarkedText) -> bool:
    """Print how many characters a second are read of a transcript of 200,000."""
    long = text.text * (LONG // len(text.text) + 1)
    start = time.perf_counter()
    find_candidates(long, said_on=text.said_on, language=text.language)
    speed = len(long) / (time.perf_counter() - start)
    return report(
        f"candidates, {text.language}: {LONG:,} characters",
        value=speed,
        unit="characters/s",
        baseline=LONG / MOST_SECONDS,
        target=1,
    )


def main() -> None:
    """Print the figures; docs/candidates.md states them with their limits."""
    texts = read_marked_texts()
    held_out = [text for text in texts if text.held_out]
    results = [measure("all texts", texts), measure("held-out texts", held_out)]
    by_language = {text.language: text for text in texts}
    results += [measure_speed(text) for text in by_language.values()]
    finish(all_ok=all(results))


if __name__ == "__main__":
    main()
