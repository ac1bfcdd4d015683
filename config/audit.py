"""`make audit`: is a hole known in any library that the locks pin? Needs nothing but Python.

python config/audit.py requirements.txt tests/requirements.txt [--ignore GHSA-xxxx-xxxx-xxxx]

Asks the Open Source Vulnerabilities database (https://osv.dev, its API `querybatch`), which has the
advisories of PyPI, GitHub and the CVE list. Exit 0: none known; 1: some are, one a line; 2: the
question could not be asked. Meant for once a day (.github/workflows/audit.yml, or cron).
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from typing import Any

SERVICE = "https://api.osv.dev/v1/querybatch"
TIMEOUT_SECONDS = 30
QUERIES_AT_ONCE = 500  # the service takes 1,000

Pin = tuple[str, str]


def main(arguments: Sequence[str]) -> int:
    """Read the pins, ask, print what is known; return the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("locks", nargs="+", type=Path)
    parser.add_argument("--ignore", action="append", default=[], help="the id of an advisory")
    parser.add_argument("--service", default=SERVICE, help="another address of the OSV API")
    asked = parser.parse_args(arguments)
    pins = sorted({pin for lock in asked.locks for pin in pins_of(lock.read_text())})
    if not pins:
        sys.stderr.write("No pinned library was found in these files.\n")
        return 2
    try:
        found = advisories(pins, asked.service)
    except (OSError, ValueError) as error:
        sys.stderr.write(f"{asked.service} gave no answer: {error}\n")
        return 2
    told = [(pin, one) for pin, ids in found.items() for one in ids if one not in asked.ignore]
    for (name, version), one in told:
        sys.stdout.write(f"{name} {version}: https://osv.dev/vulnerability/{one}\n")
    sys.stdout.write(f"{len(pins)} libraries, {len(told)} known holes\n")
    return 1 if told else 0


def pins_of(lock: str) -> list[Pin]:
    """Name and version of each library that a lock pins, names as PyPI writes them (PEP 503)."""
    found = re.findall(r"^([A-Za-z0-9][\w.-]*)(?:\[[^\]]*\])?==([^\s;\\]+)", lock, re.MULTILINE)
    return [(re.sub(r"[-_.]+", "-", name).lower(), version) for name, version in found]


def advisories(pins: Sequence[Pin], service: str) -> dict[Pin, list[str]]:
    """The ids of what is known of each pin of which something is; ValueError for an odd answer."""
    found: dict[Pin, list[str]] = {}
    open_questions: list[tuple[Pin, str]] = [(pin, "") for pin in pins]
    while open_questions:
        batch = open_questions[:QUERIES_AT_ONCE]
        open_questions = open_questions[QUERIES_AT_ONCE:]
        results = _ask(service, batch)
        if len(results) != len(batch):
            raise ValueError("it answered another number of questions")
        for (pin, _page), result in zip(batch, results, strict=True):
            ids = [str(hole["id"]) for hole in result.get("vulns", [])]
            if ids:
                found.setdefault(pin, []).extend(ids)
            if page := result.get("next_page_token"):
                open_questions.append((pin, page))
    return found


def _ask(service: str, batch: Sequence[tuple[Pin, str]]) -> list[dict[str, Any]]:
    queries = [
        {"package": {"name": name, "ecosystem": "PyPI"}, "version": version}
        | ({"page_token": page} if page else {})
        for (name, version), page in batch
    ]
    request = urllib.request.Request(  # noqa: S310 - the address is ours, or the caller's own
        service,
        data=json.dumps({"queries": queries}).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310
        results: list[dict[str, Any]] = json.load(answer)["results"]
    return results


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
