"""What has to happen before anything is installed. Python's own library only, run by its path.

python config/bootstrap.py port                       is PORT free to listen on?
python config/bootstrap.py install requirements.txt   make `.venv` as the lock says
"""

import hashlib
import importlib.util
import os
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"


def main(arguments: list[str]) -> None:
    """Do one of the two; leave with one sentence and exit code 1 when it cannot be done."""
    if arguments == ["port"]:
        require_free_port()
    elif arguments[:1] == ["install"] and len(arguments) == 2:
        install(ROOT / arguments[1])
    else:
        sys.exit(__doc__)


def require_free_port() -> None:
    """Leave when something listens on HOST:PORT, or when nothing can."""
    host, port = variable("HOST", "127.0.0.1"), variable("PORT", "8000")
    if not re.fullmatch(r"\d{1,5}", port) or not 1 <= int(port) <= 65535:
        sys.exit("PORT has to be a whole number from 1 to 65535.")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        # Without this the port counts as taken for a minute after a stop.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, int(port)))
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            sys.exit(
                f"Port {port} on {host} cannot be used ({reason}): "
                "set another, as in make run PORT=8001."
            )


def variable(name: str, default: str) -> str:
    """Return a variable of the environment, or of the file `.env`, as `make run` will see it."""
    if os.environ.get(name):
        return os.environ[name]
    file = ROOT / ".env"
    lines = file.read_text().splitlines() if file.exists() else []
    found = [re.fullmatch(rf"\s*(?:export\s+)?{name}\s*=\s*['\"]?([^'\"#\s]+).*", x) for x in lines]
    return next((match[1] for match in reversed(found) if match), default)


def install(lock: Path) -> None:
    """Install the lock into `.venv`, with its hashes; do nothing when that was done before."""
    stamp = VENV / f".installed-{lock.relative_to(ROOT).as_posix().replace('/', '-')}"
    wanted = hashlib.sha256(lock.read_bytes()).hexdigest()
    if PYTHON.exists() and stamp.exists() and stamp.read_text() == wanted:
        return
    uv = shutil.which("uv")
    if not PYTHON.exists():
        make_venv(uv)
    uv = uv or shutil.which("uv", path=str(VENV / "bin"))
    sys.stdout.write(f"Installing {lock.relative_to(ROOT)} into .venv (once; about a minute).\n")
    sys.stdout.flush()
    command = [uv, "pip", "install", "--quiet", "--python", str(PYTHON)] if uv else pip()
    done = subprocess.run([*command, "--require-hashes", "-r", str(lock)], cwd=ROOT, check=False)
    if done.returncode:
        sys.exit("The packages could not be installed; the reason stands above.")
    stamp.write_text(wanted)


def pip() -> list[str]:
    """Return the start of a quiet `pip install` into `.venv`."""
    quiet = ["--quiet", "--disable-pip-version-check", "--no-input"]
    return [str(PYTHON), "-m", "pip", "install", *quiet]


def make_venv(uv: "str | None") -> None:
    """Make an empty `.venv`."""
    if uv:
        command = [uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(VENV)]
    else:
        missing = [name for name in ("venv", "ensurepip") if not importlib.util.find_spec(name)]
        if missing:
            sys.exit(
                f"This Python ({sys.executable}) has no {' and no '.join(missing)}: "
                "install python3-venv (Debian, Ubuntu) or set PYTHON=/path/to/another."
            )
        command = [sys.executable, "-m", "venv", "--clear", str(VENV)]
    if subprocess.run(command, check=False).returncode:
        sys.exit("The folder .venv could not be made; the reason stands above.")


if __name__ == "__main__":
    main(sys.argv[1:])
