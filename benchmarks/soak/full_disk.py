"""A disk that is full, under a site on SQLite: what is told, what is kept, and that it heals."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from benchmarks.soak.machines import small_disk, start_line
from tests.services.ports import LOOPBACK, free_port
from tests.services.programs import ROOT

MEGABYTES = 24
PASSWORD = "a-long-password-for-a-soak"


def on_a_full_disk(folder: Path, env: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """Lines about a site whose whole state is on a small disk; one says so where there is none."""
    with small_disk(folder / "disk", megabytes=MEGABYTES) as is_there:
        if not is_there:
            yield {"name": "disk full", "said": "not tried: only root may mount a small disk"}
            return
        port = free_port()
        own = {name: value for name, value in env.items() if name not in {"REDIS_URL", "EMAIL_URL"}}
        own |= {
            "DATABASE_URL": f"sqlite:///{folder / 'disk' / 'db.sqlite3'}",
            "VAR_DIR": str(folder / "disk"),
            "PORT": str(port),
            "SITE_URL": f"http://{LOOPBACK}:{port}",
            "WEB_PROCESSES": "1",
        }
        yield from _fill_and_free(folder, own)


def _fill_and_free(folder: Path, env: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    _manage(env, "migrate", "--verbosity", "0")
    _manage(env, "load_statement", "commitments/data/statement-2024-11-27.json")
    key = _manage(env, "shell", "--no-imports", "-c", _ISSUE_A_KEY).split()[-1]
    site, web = env["SITE_URL"], start_line("web", env, folder)
    try:
        listed, body = _ask(f"{site}/api/v1/commitments/")
        one = f"{site}/api/v1/commitments/{body['results'][0]['id']}/"
        before = _edit(one, key, "Before.")
        filler = folder / "disk" / "filler"
        _fill(filler)
        # What is free inside of SQLite's own files is soon used up.
        full = [_edit(one, key, f"While it is full {number}. " * 400) for number in range(8)]
        # SQLite needs room beside its file to open it, so even reading may have to wait.
        read, _body = _ask(one)
        filler.unlink()
        after = _edit(one, key, "After.")
    finally:
        web.stop()
    said = _manage(env, "verify_record").strip()
    yield {
        "name": "disk full",
        "edits": {"before": before, "while": full, "after": after},
        "reads": [listed, read],
        "record": said,
        "ok": (before, after) == (200, 200) and {*full, read} <= {200, 503} and 503 in full,
    }


def _manage(env: Mapping[str, str], *arguments: str) -> str:
    """The output of a management command; raises where it fails. A busy machine has its time."""
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        env=dict(env),
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
        timeout=900,
    )
    return done.stdout


_ISSUE_A_KEY = """
from datetime import UTC, datetime
from commitments.actions.api_keys import issue_key
from commitments.models import User
user = User.objects.create_superuser("soak")
print(issue_key(user=user, name="soak", scopes=["write"], actor=None, now=datetime.now(UTC))[1])
"""


def _fill(file: Path) -> None:
    with file.open("wb", buffering=0) as stream:
        try:
            while True:
                stream.write(bytes(4096))
        except OSError:
            return


def _edit(address: str, key: str, summary: str) -> int:
    headers = {"Authorization": f"Bearer {key}", "If-Match": "*"}
    status, _body = _ask(address, {"summary": summary[:4000], "reason": "A soak."}, headers)
    return status


def _ask(
    address: str, values: dict[str, str] | None = None, headers: Mapping[str, str] | None = None
) -> tuple[int, Any]:
    request = urllib.request.Request(address, headers=dict(headers or {}))
    if values is not None:
        request.method, request.data = "PATCH", json.dumps(values).encode()
        request.add_header("Content-Type", "application/json")
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, None
