"""A copy of the project in which `make` is used as somebody would who has just cloned it."""

from __future__ import annotations

import os
import shutil
import signal
import time
import urllib.request
from pathlib import Path

from tests.services.ports import LOOPBACK, free_port
from tests.services.programs import ROOT, Program

LEFT_OUT = (".git", ".venv", "var", "node_modules", "__pycache__", ".*_cache", ".env", "tests")
MARK = "INSTALLATION_OF_THE_TEST"


class Installation:
    """The copy, a port that is free for it, and what it starts.

    `with_packages` spares it the half a minute and the network that an installation takes.
    """

    def __init__(self, folder: Path, *, with_packages: bool = True) -> None:
        self.folder = folder / "copy"
        shutil.copytree(ROOT, self.folder, ignore=shutil.ignore_patterns(*LEFT_OUT))
        if with_packages:
            (self.folder / ".venv").symlink_to(ROOT / ".venv")
        self.port = free_port()
        self.started: list[Program] = []

    @property
    def site(self) -> str:
        """Return the address that it answers at."""
        return f"http://{LOOPBACK}:{self.port}"

    def make(self, *arguments: str) -> Program:
        """Start `make` with nothing in the environment but a way to find programs."""
        names = ("PATH", "HOME", "LANG", "PIP_CERT", "SSL_CERT_FILE")
        env = {name: os.environ[name] for name in names if name in os.environ}
        env |= {MARK: str(self.folder), "PYTHONUNBUFFERED": "1"}
        log = self.folder.parent / f"make-{len(self.started)}.log"
        self.started.append(Program(["make", *arguments], env=env, log=log, folder=self.folder))
        return self.started[-1]

    def run(self) -> Program:
        """Start `make run` and return when the site answers."""
        program = self.make("run", f"PORT={self.port}")
        end = time.monotonic() + 180
        while not self.answers():
            if program.process.poll() is not None or time.monotonic() > end:
                raise RuntimeError(program.output)
            time.sleep(0.1)
        return program

    def answers(self) -> bool:
        """Return whether the site says that it is alive."""
        try:
            with urllib.request.urlopen(f"{self.site}/healthz/live", timeout=5) as response:
                return bool(response.status == 200)
        except OSError:
            return False

    def processes(self) -> list[str]:
        """Return what runs of this installation: command lines, by /proc."""
        found = []
        for process in Path("/proc").glob("[0-9]*"):
            try:
                environment = (process / "environ").read_bytes()
                command = (process / "cmdline").read_bytes()
            except OSError:
                continue  # it has ended, or it is not ours
            if f"{MARK}={self.folder}".encode() in environment.split(b"\0"):
                found.append(command.replace(b"\0", b" ").decode().strip())
        return found

    def remove(self) -> None:
        """Stop whatever a failed test has left running."""
        for program in self.started:
            program.stop()


def press_ctrl_c(program: Program) -> None:
    """Send what a terminal sends: an interrupt to the whole foreground group."""
    os.killpg(program.process.pid, signal.SIGINT)
