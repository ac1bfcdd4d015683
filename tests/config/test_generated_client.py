"""A client that a public generator makes of the document in the tree works against the site."""

from __future__ import annotations

import importlib
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings
from pytest_django.live_server_helper import LiveServer

from commitments.models import Commitment
from tests.builders import make_commitment, make_editor
from tests.commitments.api.keys import make_key

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]

DOCUMENT = Path(settings.BASE_DIR) / "docs" / "openapi.yaml"
GENERATOR = Path(sys.executable).with_name("openapi-python-client")
Room = Callable[[str], Any]


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    """Generate the client; give a function that loads a module of it."""
    folder = tmp_path_factory.mktemp("client")
    config = folder / "config.yaml"
    config.write_text("post_hooks: []\n")
    made = subprocess.run(
        [
            *(str(GENERATOR), "generate", "--path", str(DOCUMENT), "--meta", "none"),
            *("--output-path", str(folder / "generated"), "--config", str(config)),
            "--fail-on-warning",
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stdout + made.stderr
    sys.path.insert(0, str(folder))
    yield lambda name: importlib.import_module(f"generated{name}")
    sys.path.remove(str(folder))


def test_it_lists_pages_creates_corrects_and_follows_the_changes(
    room: Room, live_server: LiveServer
) -> None:
    titles = {f"Bridge {number}" for number in range(3)}
    for title in sorted(titles):
        make_commitment(title=title)
    client: Any = room("").AuthenticatedClient(
        base_url=live_server.url, token=make_key(make_editor())
    )
    with client:
        follow(room, client, titles)


def follow(room: Room, client: Any, titles: set[str]) -> None:
    """Do with `client` what a program does that enters a commitment and keeps a copy."""
    listed = room(".api.commitments.commitments_list")
    first = listed.sync(client=client, page_size=2)
    assert len(first.results) == 2
    [cursor] = parse_qs(urlsplit(first.next_).query)["cursor"]
    second = listed.sync(client=client, page_size=2, cursor=cursor)
    assert second.next_ is None
    assert {row.title for row in [*first.results, *second.results]} == titles

    body = room(".models").NewCommitmentInput.from_dict(
        {"title": "The 20th forum", "kind": "event", "window": "2026"}
    )
    made = room(".api.commitments.create").sync_detailed(
        client=client, body=body, idempotency_key='"a-forum"'
    )
    assert (made.status_code, made.parsed.title, made.parsed.revision) == (
        201,
        "The 20th forum",
        Commitment.objects.get(title="The 20th forum").revision,
    )

    correct = room(".api.commitments.correct").sync_detailed
    change = room(".models").PatchedCorrectionInput(title="The 21st forum")
    tag = made.headers["ETag"]
    corrected = correct(made.parsed.id, client=client, body=change, if_match=tag)
    assert (corrected.status_code, corrected.parsed.title) == (200, "The 21st forum")
    stale = correct(made.parsed.id, client=client, body=change, if_match=tag)
    assert (stale.status_code, stale.parsed.code) == (412, "stale_revision")

    told = room(".api.changes.changes_list").sync(client=client, since=0)
    assert {change.id for change in told.results if change.record == "commitment"} == {
        row.id for row in [*first.results, *second.results]
    }
    assert told.next_ == told.head
