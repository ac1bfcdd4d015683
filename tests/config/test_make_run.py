"""`make run` as its user meets it: the addresses, the second start, the stop, and the refusals."""

from __future__ import annotations

import re
import socket
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.config.installation import Installation, press_ctrl_c
from tests.services.ports import LOOPBACK
from tests.services.programs import Program
from tests.services.requirements import IN_CI

pytestmark = pytest.mark.once

SECONDS_TO_STOP = 10


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Installation]:
    """A copy that nobody has started yet; in CI it has no packages either, as after a clone."""
    made = Installation(tmp_path, with_packages=not IN_CI)
    yield made
    made.remove()


@pytest.fixture(scope="module")
def used(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """A copy that several tests start and stop."""
    made = Installation(tmp_path_factory.mktemp("used"))
    yield made
    made.remove()


def _assert_all_stop(installation: Installation, program: Program) -> None:
    begin = time.monotonic()
    program.wait(seconds=SECONDS_TO_STOP)
    while installation.processes() and time.monotonic() - begin < SECONDS_TO_STOP:
        time.sleep(0.1)
    assert installation.processes() == []


def _fetch(address: str) -> bytes:
    with urllib.request.urlopen(address, timeout=30) as response:
        return bytes(response.read())


def test_make_run_prints_addresses_that_answer_and_keeps_the_data(fresh: Installation) -> None:
    first = fresh.run()
    printed = dict(
        re.findall(r"^(Page|Admin|API|API docs|Feed) +(http\S+)$", first.output, re.MULTILINE)
    )
    assert sorted(printed) == ["API", "API docs", "Admin", "Feed", "Page"]
    for address in printed.values():
        assert address.startswith(f"http://localhost:{fresh.port}/")
        _fetch(address)
    feed = _fetch(printed["Feed"])
    assert feed.count(b"BEGIN:VEVENT") > 10
    assert re.search(r"^Mailbox +.+/var/mail$", first.output, re.MULTILINE)
    assert re.search(r"^First administrator: admin, password \S{16} ", first.output, re.MULTILINE)
    first.wait_for_output(" ready.")
    press_ctrl_c(first)
    _assert_all_stop(fresh, first)

    second = fresh.run()
    assert "First administrator" not in second.output
    assert _fetch(printed["Feed"]) == feed
    second.process.terminate()  # what a service manager sends, and to `make` only
    _assert_all_stop(fresh, second)


def test_make_run_stops_when_only_make_is_interrupted(used: Installation) -> None:
    program = used.run()
    program.process.send_signal(2)
    _assert_all_stop(used, program)


def test_make_run_stops_when_make_is_killed(used: Installation) -> None:
    program = used.run()
    program.process.kill()
    _assert_all_stop(used, program)


def test_make_run_on_a_taken_port_is_one_sentence(tmp_path: Path) -> None:
    installation = Installation(tmp_path)
    with socket.create_server((LOOPBACK, installation.port)):
        program = installation.make("run", f"PORT={installation.port}")
        assert program.wait() != 0
    sentence = (
        f"Port {installation.port} on {LOOPBACK} cannot be used (address already in use): "
        "set another, as in make run PORT=8001."
    )
    told = [line for line in program.output.splitlines() if not line.startswith("make:")]
    assert told == [sentence]
    assert not (installation.folder / "var").exists()


@pytest.mark.parametrize("python", ["", "/bin/false", "/nowhere/python3.10"])
def test_make_run_without_a_python_that_fits_is_one_sentence(tmp_path: Path, python: str) -> None:
    installation = Installation(tmp_path)
    program = installation.make("run", f"PYTHON={python}")
    assert program.wait() != 0
    assert program.output.splitlines()[0] == (
        f"Python 3.11, 3.12 or 3.13 is needed, and '{python}' is none: set PYTHON=/path/to/one."
    )
    assert not (installation.folder / "var").exists()
