"""The tests' side of the hive: start tickers, kill them, ask what became of the mails."""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

from tests.services.programs import ROOT


class Hive:
    """A started hive; `workers` are the numbers of the tickers that live."""

    def __init__(self, env: Mapping[str, str], log: Path) -> None:
        self.log = log
        with log.open("wb") as errors:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.faults.hive"],
                env=dict(env),
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                start_new_session=True,
            )
        self.workers: list[int] = []
        self._read("ready")

    def start_workers(self, count: int) -> None:
        """Start so many more tickers."""
        self.workers += [int(self._say("work")) for _number in range(count)]

    def kill_one(self, dice: random.Random) -> None:
        """Kill one with -9 and start another in its place."""
        victim = self.workers.pop(dice.randrange(len(self.workers)))
        os.kill(victim, signal.SIGKILL)
        self.start_workers(1)

    def ask(self, words: str) -> Any:
        """Have a child do something, and return what it came to."""
        self._say(words)
        return json.loads(self._read("done").removeprefix("done "))

    def stop(self) -> None:
        """Kill the whole family: each of it is ours."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(10)
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()

    def _say(self, words: str) -> str:
        _pipe(self._process.stdin).write(f"{words}\n")
        _pipe(self._process.stdin).flush()
        return self._read("")

    def _read(self, begin: str) -> str:
        """The next line that begins so; what a child prints beside it is passed over."""
        while line := _pipe(self._process.stdout).readline():
            if line.startswith(begin) if begin else line.strip().isdigit():
                return line.strip()
        raise RuntimeError(self.log.read_text(errors="replace"))


def _pipe(pipe: Any) -> TextIO:
    assert pipe is not None
    stream: TextIO = pipe
    return stream


@contextmanager
def running_hive(env: Mapping[str, str], folder: Path) -> Iterator[Hive]:
    """Run a hive until the block ends."""
    hive = Hive(env, folder / "hive.log")
    try:
        yield hive
    finally:
        hive.stop()


def wait_until(done: Callable[[], bool], *, seconds: float, why: Callable[[], object]) -> None:
    """Return when `done` says so; raise TimeoutError with `why` when it does not."""
    end = time.monotonic() + seconds
    while not done():
        if time.monotonic() > end:
            raise TimeoutError(str(why()))
        time.sleep(0.1)
