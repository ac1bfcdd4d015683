"""What is said when nothing can be installed yet; and that a second installation does nothing."""

from __future__ import annotations

import hashlib
import importlib.util
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import SimpleNamespace

import pytest

from config import bootstrap
from tests.services.ports import LOOPBACK, free_port

pytestmark = pytest.mark.once

LOCK = "requirements.txt"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / LOCK).write_text("nothing==1\n")
    monkeypatch.setattr(bootstrap, "ROOT", tmp_path)
    monkeypatch.setattr(bootstrap, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(bootstrap, "PYTHON", tmp_path / ".venv" / "bin" / "python")
    monkeypatch.setattr(shutil, "which", lambda *_, **__: None)
    for name in ("HOST", "PORT"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.fixture
def commands(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Record the commands instead of running them; all succeed."""
    ran: list[list[str]] = []

    def run(command: list[str], **_: object) -> SimpleNamespace:
        ran.append(command)
        if command[1:3] == ["-m", "venv"]:
            python = Path(command[-1]) / "bin" / "python"
            python.parent.mkdir(parents=True)
            python.touch()
        return SimpleNamespace(returncode=0)

    monkeypatch.setattr(subprocess, "run", run)
    return ran


def _hide(*hidden: str) -> Callable[..., ModuleSpec | None]:
    find_spec = importlib.util.find_spec
    return lambda name, *rest: None if name in hidden else find_spec(name, *rest)


@pytest.mark.parametrize(
    ("hidden", "told"),
    [(("ensurepip",), "no ensurepip"), (("venv", "ensurepip"), "no venv and no ensurepip")],
)
def test_python_without_venv_or_pip_is_one_sentence(
    hidden: tuple[str, ...], told: str, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", _hide(*hidden))
    with pytest.raises(SystemExit) as stopped:
        bootstrap.main(["install", LOCK])
    assert stopped.value.code == (
        f"This Python ({sys.executable}) has {told}: "
        "install python3-venv (Debian, Ubuntu) or set PYTHON=/path/to/another."
    )
    assert not (root / ".venv").exists()


def test_installation_takes_the_lock_with_its_hashes(root: Path, commands: list[list[str]]) -> None:
    bootstrap.main(["install", LOCK])
    venv, install = commands
    assert venv == [sys.executable, "-m", "venv", "--clear", str(root / ".venv")]
    assert install[:4] == [str(root / ".venv" / "bin" / "python"), "-m", "pip", "install"]
    assert install[-3:] == ["--require-hashes", "-r", str(root / LOCK)]


def test_installation_is_done_again_only_when_the_lock_has_changed(
    root: Path, commands: list[list[str]]
) -> None:
    bootstrap.main(["install", LOCK])
    bootstrap.main(["install", LOCK])
    assert len(commands) == 2  # the venv and the packages, once each
    (root / LOCK).write_text("nothing==2\n")
    bootstrap.main(["install", LOCK])
    assert len(commands) == 3
    stamp = root / ".venv" / ".installed-requirements.txt"
    assert stamp.read_text() == hashlib.sha256(b"nothing==2\n").hexdigest()


def test_installation_that_fails_is_tried_again(
    root: Path, commands: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    bootstrap.main(["install", LOCK])
    (root / LOCK).write_text("nothing==2\n")
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: SimpleNamespace(returncode=1))
    for _ in range(2):
        with pytest.raises(SystemExit, match="could not be installed"):
            bootstrap.main(["install", LOCK])


def test_port_that_is_free_is_fine(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", str(free_port()))
    bootstrap.main(["port"])


def test_port_that_is_taken_is_one_sentence(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server((LOOPBACK, 0)) as server:
        port = server.getsockname()[1]
        monkeypatch.setenv("PORT", str(port))
        with pytest.raises(SystemExit) as stopped:
            bootstrap.main(["port"])
    assert stopped.value.code == (
        f"Port {port} on {LOOPBACK} cannot be used (address already in use): "
        "set another, as in make run PORT=8001."
    )


@pytest.mark.parametrize("nonsense", ["0", "65536", "http", "-1", "8000.0"])
def test_port_that_is_no_port_is_one_sentence(
    nonsense: str, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PORT", nonsense)
    with pytest.raises(SystemExit, match="whole number from 1 to 65535"):
        bootstrap.main(["port"])


def test_port_may_stand_in_the_env_file(root: Path) -> None:
    (root / ".env").write_text("PORT=8001\n# PORT=8002\nexport PORT='8003' # the last counts\n")
    assert bootstrap.variable("PORT", "8000") == "8003"


def test_environment_wins_over_the_env_file(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (root / ".env").write_text("PORT=8001\n")
    monkeypatch.setenv("PORT", "8002")
    assert bootstrap.variable("PORT", "8000") == "8002"
