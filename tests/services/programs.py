"""Programs that a test starts: with a log, an end to every wait, and none left behind."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


class Program:
    """One started program in a process group of its own, with all its output in one file."""

    def __init__(
        self, command: Sequence[str], *, env: Mapping[str, str], log: Path, folder: Path = ROOT
    ) -> None:
        self.log = log
        with log.open("wb") as output:
            self.process = subprocess.Popen(
                command,
                env=dict(env),
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def output(self) -> str:
        """Return everything that it has written so far."""
        return self.log.read_text(errors="replace")

    def wait_for_output(self, text: str, *, seconds: float = 30) -> None:
        """Return when the text has been written; raise with the whole output when it is not."""
        end = time.monotonic() + seconds
        while text not in self.output:
            if self.process.poll() is not None:
                raise RuntimeError(f"It ended with {self.process.returncode}:\n{self.output}")
            if time.monotonic() > end:
                raise TimeoutError(f"No {text!r} after {seconds} s:\n{self.output}")
            time.sleep(0.05)

    def wait(self, *, seconds: float = 30) -> int:
        """Return its exit code; raise with the whole output when it does not end."""
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            raise TimeoutError(f"Still running after {seconds} s:\n{self.output}") from None

    def stop(self, *, seconds: float = 10) -> None:
        """Ask it to end, then make sure of the whole group; do nothing when it has ended."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(seconds)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(5)


def run(command: Sequence[str], *, env: Mapping[str, str], folder: Path = ROOT) -> str:
    """Run a program to its end and return what it wrote; raise with that text when it fails."""
    done = subprocess.run(
        command,
        env=dict(env),
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{command} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout
