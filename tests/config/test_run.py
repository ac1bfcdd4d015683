"""What `make run` adds to the environment, and how it stops."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from config import run

pytestmark = pytest.mark.once


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(run, "ROOT", tmp_path)
    for name in ("SECRET_KEY", "ALLOWED_HOSTS", "HOST", "PORT", "WEB_PROCESSES", "VAR_DIR"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def test_environment_fills_in_what_the_settings_ask_for(root: Path) -> None:
    env = run.environment()
    assert env["ALLOWED_HOSTS"] == "localhost,127.0.0.1,[::1]"
    assert (env["HOST"], env["PORT"], env["WEB_PROCESSES"]) == ("127.0.0.1", "8000", "1")
    assert env["PATH"].split(os.pathsep)[0] == str(Path(sys.executable).parent)


def test_secret_key_is_made_once_and_readable_by_its_owner_only(root: Path) -> None:
    first = run.environment()["SECRET_KEY"]
    file = root / "var" / "secret_key"
    assert len(first) == 64
    assert run.environment()["SECRET_KEY"] == first == file.read_text()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_secret_key_of_the_environment_is_not_written_down(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_KEY", "from outside")
    assert run.environment()["SECRET_KEY"] == "from outside"
    assert not (root / "var").exists()


def test_env_file_is_read_and_the_environment_wins(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (root / ".env").write_text("PORT=9001\nHOST=0.0.0.0\nSECRET_KEY=\n")
    monkeypatch.setenv("PORT", "9002")
    env = run.environment()
    assert (env["PORT"], env["HOST"]) == ("9002", "0.0.0.0")
    assert len(env["SECRET_KEY"]) == 64


@pytest.fixture
def sleeper() -> Iterator[subprocess.Popen[bytes]]:
    """A process that catches SIGINT until it gets SIGUSR1."""
    program = (
        "import signal, time\n"
        "signal.signal(signal.SIGUSR1, lambda *_: signal.signal(signal.SIGINT, signal.SIG_DFL))\n"
        "print('ready', flush=True)\n"
        "while True: time.sleep(0.05)\n"
    )
    process = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.readline()
    yield process
    process.kill()
    process.communicate()


def test_interrupt_that_a_process_catches_is_seen(sleeper: subprocess.Popen[bytes]) -> None:
    assert run.catches_interrupt(sleeper.pid) is True


def test_interrupt_that_a_process_no_longer_catches_is_seen(
    sleeper: subprocess.Popen[bytes],
) -> None:
    sleeper.send_signal(signal.SIGUSR1)
    for _ in range(100):
        if not run.catches_interrupt(sleeper.pid):
            return
        signal.sigtimedwait([], 0.05)
    pytest.fail("It is still seen as catching SIGINT after 5 s.")


def test_process_that_is_gone_catches_nothing(sleeper: subprocess.Popen[bytes]) -> None:
    sleeper.kill()
    sleeper.wait(5)
    assert run.catches_interrupt(sleeper.pid) is False
