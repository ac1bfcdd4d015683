"""`manage.py read_date "spring 2025"`: what the words of a date are understood as, in JSON."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from commitments.phrases import LANGUAGES, phrase_answer
from commitments.window import Hemisphere


class Command(BaseCommand):
    """Thin: read each phrase, print its answer."""

    help = (
        "Read the words of a date and print a JSON object for each phrase: edtf, earliest, latest "
        "and words, or error and nearest. Without a phrase, each line of standard input is one; "
        "with one that is not understood, the exit status is 1."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("phrase", nargs="?", help='such as "spring 2025"')
        parser.add_argument("--said-on", default="", help="date of the source, as 2024-11-27")
        parser.add_argument("--language", choices=sorted(LANGUAGES), default="en")
        parser.add_argument("--hemisphere", choices=sorted(Hemisphere), default="north")
        parser.add_argument(
            "--past", action="store_true", help='what is told is over: "in May" looks back'
        )
        parser.add_argument(
            "--anchor",
            action="append",
            default=[],
            metavar="NAME=DATE",
            help='the day of an event that phrases count from: "signing=2024-11-27"',
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        phrase = options["phrase"]
        how = {
            "said_on": _day("--said-on", options["said_on"]) if options["said_on"] else None,
            "language": options["language"],
            "hemisphere": Hemisphere(options["hemisphere"]),
            "anchors": dict(map(_anchor, options["anchor"])),
            "past": options["past"],
        }
        understood = True
        for text in _lines(sys.stdin.buffer) if phrase is None else (phrase,):
            answer = phrase_answer(text, **how)
            understood = "error" not in answer
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
        if phrase is not None and not understood:
            raise SystemExit(1)


def _lines(stream: Iterable[bytes]) -> Iterator[str]:
    """Lines as text; bytes that are no UTF-8 stay visible and are refused by the reader."""
    for line in stream:
        yield line.decode("utf-8", "surrogateescape").rstrip("\r\n")


def _anchor(text: str) -> tuple[str, date]:
    name, equals, day = text.rpartition("=")
    if not (name and equals):
        raise CommandError(f"--anchor: write a name and a day, as signing=2024-11-27, not {text}.")
    return name, _day("--anchor", day)


def _day(option: str, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"{option}: write the day as 2024-11-27, not {text}.") from error
