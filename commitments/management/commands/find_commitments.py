"""`manage.py find_commitments FILE`: the sentences that look like commitments, in JSON."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from commitments.candidates import CANDIDATE_LANGUAGES, Candidate, find_candidates

MAX_BYTES = 5_000_000
STANDARD_INPUT = "-"


class Command(BaseCommand):
    """Thin: read the text, find, print. Nothing is recorded."""

    help = (
        "Print a JSON object a line for each sentence of a text that looks like a commitment: "
        "start, end, quote, speaker, date_words, edtf, kind. Nothing is recorded "
        "(docs/candidates.md)."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="a text file, UTF-8; - for standard input")
        parser.add_argument("--said-on", default="", help="date of the source, as 2024-11-27")
        parser.add_argument("--language", choices=sorted(CANDIDATE_LANGUAGES), default="en")

    def handle(self, *_args: Any, **options: Any) -> None:
        said_on = _day(options["said_on"]) if options["said_on"] else None
        text = _text(options["file"])
        for candidate in find_candidates(text, said_on=said_on, language=options["language"]):
            self.stdout.write(json.dumps(_line(candidate), ensure_ascii=False))


def _line(candidate: Candidate) -> dict[str, object]:
    return {
        "start": candidate.start,
        "end": candidate.end,
        "quote": candidate.quote,
        "speaker": candidate.speaker,
        "date_words": candidate.date_words,
        "edtf": str(candidate.window),
        "kind": candidate.kind.value,
    }


def _text(name: str) -> str:
    content = _content(name)
    if len(content) > MAX_BYTES:
        raise CommandError(f"{name}: larger than {MAX_BYTES:,} bytes: cut it into parts.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CommandError(
            f"{name}: not UTF-8 at byte {error.start}: save the file as UTF-8."
        ) from error


def _content(name: str) -> bytes:
    if name == STANDARD_INPUT:
        return sys.stdin.buffer.read(MAX_BYTES + 1)
    try:
        with Path(name).open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        raise CommandError(f"{name}: {error.strerror}.") from error


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"--said-on: write the day as 2024-11-27, not {text}.") from error
