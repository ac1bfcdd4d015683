"""The client of docs/sync.md, word for word, against the real server and many writers."""

from __future__ import annotations

import functools
import re
import threading
import urllib.error
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from commitments.actions.commitments import correct_commitment
from commitments.actions.parties import save_party
from commitments.actions.publication import publish_commitment, retract_commitment
from commitments.enums import PartyRole
from commitments.models import Commitment, Party
from tests.builders import NOW, make_admin, make_commitment, make_party
from tests.commitments.concurrency import at_once
from tests.conftest import StartProgram

pytestmark = pytest.mark.django_db(transaction=True)

TEXT = (Path(settings.BASE_DIR) / "docs" / "sync.md").read_text()
WRITERS = 8
WRITES = 4


def client_of_the_docs() -> dict[str, Any]:
    """The names that the program of the docs defines."""
    (program,) = re.findall(r"^```python\n(.+?)^```$", TEXT, flags=re.MULTILINE | re.DOTALL)
    names: dict[str, Any] = {"__name__": "sync"}
    exec(compile(program, "docs/sync.md", "exec"), names)
    return names


def write(writer: int, party: Party) -> None:
    """What a busy desk does: enter, correct, take back, publish again, rename."""
    actor = make_admin(f"writer-{writer}")
    for number in range(WRITES):
        made = make_commitment(title=f"{writer}/{number}", kind="event")
        kind = "target" if number % 2 else "event"
        correct_commitment(commitment=made, fields={"kind": kind}, actor=actor, now=NOW)
        if number % 3 == 0:
            taken = retract_commitment(commitment=made, actor=actor, now=NOW, reason="Wrong.")
            if number:
                publish_commitment(commitment=taken, actor=None, now=NOW)
    fresh = Party.objects.get(pk=party.pk)
    fresh.name = f"Renamed by {writer}"
    save_party(party=fresh, actor=None, now=NOW)


class Copy:
    """A copy that the client keeps while others write, and the numbers that it was told."""

    def __init__(self, site: str, query: str) -> None:
        self.commitments: dict[str, Any] = {}
        self.numbers: list[int] = []
        self.query = query
        self.since = 0
        self._told: list[int] = []
        self._head = -1
        self._client = client_of_the_docs()
        self._get: Callable[[str], Any] = self._client["get"]
        self._client["get"] = self._note
        self._sync = functools.partial(
            self._client["sync"], site, self.commitments, query=query, wait=1
        )

    def _note(self, url: str) -> Any:
        answer = self._get(url)
        if "/changes/" in url:
            self._told = [change["number"] for change in answer["results"]]
            self._head = answer["head"]
        return answer

    def run(self, enough: threading.Event) -> None:
        """Sync until `enough` was set and the head is reached, as the program of the docs does."""
        is_last = False
        while not (is_last and self.since == self._head):
            is_last = enough.is_set()
            try:
                self.since = self._sync(since=self.since)
            except urllib.error.HTTPError as error:
                if error.code != 400:  # of a source that was taken back after it was told of
                    raise
            else:
                self.numbers += self._told


def test_the_client_of_the_docs_loses_and_doubles_nothing(
    live_site: StartProgram, site_environment: dict[str, str]
) -> None:
    live_site()
    site, party, enough = site_environment["SITE_URL"], make_party("kz"), threading.Event()
    make_commitment(parties=[(party, PartyRole.PROMISED_BY)], kind="event")
    copies = [Copy(site, ""), Copy(site, "kind=event")]
    readers = [threading.Thread(target=copy.run, args=(enough,)) for copy in copies]
    for reader in readers:
        reader.start()
    connection.close()  # each writer needs one, and the pool has eight
    found = at_once([functools.partial(write, number, party) for number in range(WRITERS)])
    enough.set()
    for reader in readers:
        reader.join(timeout=120)
        assert not reader.is_alive()
    assert found == [None] * WRITERS
    for copy in copies:
        check(copy, site)


def check(copy: Copy, site: str) -> None:
    """That a copy is what the site has, and that it was told of nothing twice."""
    public = Commitment.objects.published()
    chosen = public.filter(kind="event") if copy.query else public
    assert set(copy.commitments) == set(chosen.values_list("public_id", flat=True))
    rows = client_of_the_docs()["rows"]
    listed = rows(f"{site}/api/v1/commitments/?{copy.query}&page_size=100")
    assert copy.commitments == {row["id"]: row for row in listed}
    assert copy.numbers == sorted(set(copy.numbers)), "none twice, none out of order"


def test_the_client_is_about_thirty_lines() -> None:
    (program,) = re.findall(r"^```python\n(.+?)^```$", TEXT, flags=re.MULTILINE | re.DOTALL)
    code = [line for line in program.splitlines() if line.strip()]
    assert len(code) <= 40
