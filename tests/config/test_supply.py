"""What comes from others: the actions of the workflows are pinned, and known holes are found."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml

from config.audit import main, pins_of
from tests.services.programs import ROOT

pytestmark = pytest.mark.once

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.y*ml"))
PINNED = re.compile(r"[\w.-]+/[\w./-]+@[0-9a-f]{40}")


def faults_of(workflow: str) -> list[str]:
    """What a reader of a workflow has to refuse."""
    found: dict[str, Any] = yaml.safe_load(workflow)
    jobs = found["jobs"].values()
    used = [step["uses"] for job in jobs for step in job.get("steps", []) if "uses" in step]
    used += [job["uses"] for job in jobs if "uses" in job]
    faults = [f"{one} is not pinned" for one in used if not PINNED.fullmatch(one)]
    if found.get("permissions") != {"contents": "read"} or any("permissions" in j for j in jobs):
        faults.append("it may more than read")
    kept = [
        step
        for job in jobs
        for step in job.get("steps", [])
        if step.get("uses", "").startswith("actions/checkout@")
        and (step.get("with") or {}).get("persist-credentials") is not False
    ]
    return faults + ["the token stays in the clone"] * len(kept)


def test_every_workflow_pins_what_it_uses_and_only_reads_sup02() -> None:
    found = {file.name: faults_of(file.read_text()) for file in WORKFLOWS}
    assert found == {"audit.yml": [], "tests.yml": []}


@pytest.mark.parametrize(
    ("before", "after", "fault"),
    [
        (r"@[0-9a-f]{40} # ", "@", "actions/checkout@v7.0.1 is not pinned"),
        (r"(@[0-9a-f]{39})[0-9a-f]", r"\1", "is not pinned"),
        (r"contents: read", "contents: write", "it may more than read"),
        (r"permissions:\n  contents: read\n", "", "it may more than read"),
        (r"persist-credentials: false", "fetch-depth: 1", "the token stays in the clone"),
    ],
)
def test_workflow_that_trusts_a_tag_or_may_write_is_refused_sup02(
    before: str, after: str, fault: str
) -> None:
    text = (ROOT / ".github/workflows/audit.yml").read_text()
    changed = re.sub(before, after, text, count=1)
    assert changed != text
    assert any(fault in one for one in faults_of(changed))


def test_advisories_are_looked_for_daily_sup03() -> None:
    # PyYAML reads the key "on" as a yes.
    workflow = yaml.safe_load((ROOT / ".github/workflows/audit.yml").read_text())
    minute, hour, *days = workflow[True]["schedule"][0]["cron"].split()
    assert minute.isdigit()
    assert hour.isdigit()
    assert days == ["*", "*", "*"]
    run = workflow["jobs"]["audit"]["steps"][-1]["run"]
    locks = [path for path in run.split() if path.endswith("requirements.txt")]
    assert {ROOT / path for path in locks} == set(ROOT.glob("**/requirements.txt")) - set(
        ROOT.glob("var/**/requirements.txt")
    ) - set(ROOT.glob(".venv/**/requirements.txt"))


KNOWN = {("django", "2.0"): [["PYSEC-1", "GHSA-2"], ["CVE-3"]]}
"""What the made-up service knows, by pages."""


class Service(BaseHTTPRequestHandler):
    """Answers as https://api.osv.dev/v1/querybatch does."""

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        body = json.dumps({"results": [answer_to(query) for query in asked["queries"]]}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: Any) -> None: ...


def answer_to(query: dict[str, Any]) -> dict[str, Any]:
    assert query["package"]["ecosystem"] == "PyPI"
    pages = KNOWN.get((query["package"]["name"], query["version"]), [[]])
    page = int(query.get("page_token", 0))
    answer: dict[str, Any] = {"vulns": [{"id": one} for one in pages[page]]} if pages[page] else {}
    return answer | ({"next_page_token": str(page + 1)} if page + 1 < len(pages) else {})


@pytest.fixture
def service() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Service)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/v1/querybatch"
    server.shutdown()
    server.server_close()


def test_pin_with_a_known_hole_fails_and_is_named_sup03(
    service: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lock = tmp_path / "requirements.txt"
    lock.write_text("Django==2.0 \\\n    --hash=sha256:00\nsix==1.17.0 ; python_version > '3'\n")
    assert main([str(lock), "--service", service]) == 1
    assert capsys.readouterr().out.splitlines() == [
        "django 2.0: https://osv.dev/vulnerability/PYSEC-1",
        "django 2.0: https://osv.dev/vulnerability/GHSA-2",
        "django 2.0: https://osv.dev/vulnerability/CVE-3",
        "2 libraries, 3 known holes",
    ]
    ignored = [word for one in ("PYSEC-1", "GHSA-2", "CVE-3") for word in ("--ignore", one)]
    assert main([str(lock), "--service", service, *ignored]) == 0


def test_audit_that_cannot_ask_is_no_good_answer_sup03(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lock = tmp_path / "requirements.txt"
    lock.write_text("six==1.17.0\n")
    assert main([str(lock), "--service", "http://127.0.0.1:9/"]) == 2
    assert "gave no answer" in capsys.readouterr().err
    lock.write_text("six>=1\n")
    assert main([str(lock)]) == 2


def test_every_pin_of_the_locks_is_read_sup03() -> None:
    for name in ("requirements.txt", "tests/requirements.txt"):
        text = (ROOT / name).read_text()
        assert len(pins_of(text)) == len(re.findall(r"^\S+==", text, re.MULTILINE)) > 50
    assert pins_of("celery[redis]==5.7.0 \\\n") == [("celery", "5.7.0")]
    assert pins_of("Foo_Bar.baz==1!2.0+local ; x") == [("foo-bar-baz", "1!2.0+local")]
