"""`make run`: prepare, then start what the Procfile names, and stop it all together.

python -m config.run             set up and start
python -m config.run COMMAND     one command in the same environment

It fills in what the embedded way to run needs and a production host has to say itself: a secret
key (made once, kept in `var/secret_key`) and the names of this machine. A file `.env` is read as
well; what stands in the environment wins over it.
"""

import os
import secrets
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path

from dotenv import dotenv_values
from honcho import manager
from honcho.environ import parse_procfile

ROOT = Path(__file__).resolve().parent.parent
LOCAL_HOSTS = "localhost,127.0.0.1,[::1]"
# Between the polite request and the forced end. A Celery worker needs up to 5 s for a clean stop,
# and Ctrl-C has to be over within 10 s. Honcho itself counts from the first that has stopped.
PATIENCE_SECONDS = 7.0
manager.KILL_WAIT = PATIENCE_SECONDS


def main(command: list[str]) -> int:
    """Run one command, or set up and run everything until Ctrl-C; return the exit code."""
    env = environment()
    if command:
        os.execvpe(command[0], command, env)
    set_up = subprocess.run([sys.executable, "manage.py", "set_up"], cwd=ROOT, env=env, check=False)
    if set_up.returncode:
        return set_up.returncode
    return start_together(env)


def environment() -> dict[str, str]:
    """Return the environment of every process of `make run`."""
    in_file = {name: value for name, value in dotenv_values(ROOT / ".env").items() if value}
    env = in_file | {name: value for name, value in os.environ.items() if value}
    env["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), env.get("PATH", os.defpath)])
    env.setdefault("HOST", "127.0.0.1")
    env.setdefault("PORT", "8000")
    env.setdefault("WEB_PROCESSES", "1")
    env.setdefault("ALLOWED_HOSTS", LOCAL_HOSTS)
    if "SECRET_KEY" not in env:
        env["SECRET_KEY"] = secret_key(ROOT / env.get("VAR_DIR", "var") / "secret_key")
    return env


def secret_key(file: Path) -> str:
    """Return the key in the file; the first time it is made, readable by its owner only."""
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)
        file.write_text(secrets.token_urlsafe(48))
    return file.read_text().strip()


class Together(manager.Manager):  # type: ignore[misc] # honcho has no types
    """Honcho's manager, which also ends processes that all ignore the polite request."""

    def terminate(self) -> None:
        """Ask every process to stop, and insist after a while."""
        super().terminate()
        timer = threading.Timer(PATIENCE_SECONDS, self.kill)
        timer.daemon = True
        timer.start()


def start_together(env: Mapping[str, str]) -> int:
    """Run every line of the Procfile until one ends or a signal comes; return 0 after a signal."""
    programs = Together()
    procfile = parse_procfile((ROOT / "Procfile").read_text())
    for name, command in procfile.processes.items():
        programs.add_process(name, command, env=dict(env), cwd=str(ROOT))
    threading.Thread(target=stop_with_parent, args=(os.getppid(),), daemon=True).start()
    programs.loop()
    stopped_on_purpose = {128 + signal.SIGINT, 128 + signal.SIGTERM}
    return 0 if programs.returncode in stopped_on_purpose else int(programs.returncode or 1)


def stop_with_parent(parent: int) -> None:
    """Stop this process when the one that started it has gone or is about to go.

    A `make` that gets SIGINT alone (not by Ctrl-C, which reaches all) passes it on to nobody and
    waits for ever; that it no longer catches SIGINT is the one sign it gives.
    """
    caught_before = catches_interrupt(parent)
    pause = threading.Event()
    while not pause.wait(0.5):
        if os.getppid() != parent or (caught_before and not catches_interrupt(parent)):
            os.kill(os.getpid(), signal.SIGTERM)
            return


def catches_interrupt(pid: int) -> bool:
    """Return whether a process has a handler for SIGINT (Linux: proc(5), SigCgt); else False."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return False
    masks = [int(line.split()[1], 16) for line in lines if line.startswith("SigCgt:")]
    return bool(masks and masks[0] >> (signal.SIGINT - 1) & 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
