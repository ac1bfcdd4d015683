"""The files of `deploy/` and the Dockerfile say nothing that the project does not have."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import get_commands
from dotenv import dotenv_values

from config.alive import is_alive
from tests.services.ports import LOOPBACK, free_port
from tests.services.programs import ROOT

pytestmark = pytest.mark.once

DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: one for name, one in SERVICES.items() if one.get("image") == "commitments"}
KNOWN_VARIABLES = set(dotenv_values(ROOT / ".env.example"))
SCRIPTS = {one.name for one in entry_points(group="console_scripts")}


def check_command(words: list[str]) -> None:
    """Each program is one of ours, and so is the command that it is told to run."""
    if words[:2] == ["sh", "-c"] or words[:2] == ["/bin/sh", "-c"]:
        words = shlex.split(words[2].removeprefix("exec "))
    program = Path(words[0]).name
    if program == "python" and words[1] != "manage.py":
        assert (ROOT / words[1]).exists()
    elif program == "python" or words[0] == "manage.py":
        manage = words.index("manage.py")
        assert words[manage + 1] in {*get_commands(), "help"}
    else:
        assert program in SCRIPTS, words


# --- The image ------------------------------------------------------------------------------------


def instructions() -> Iterator[tuple[str, str]]:
    text = re.sub(r"\\\n\s*", "", (ROOT / "Dockerfile").read_text())
    for line in text.splitlines():
        if line and not line.startswith("#"):
            word, _, rest = line.partition(" ")
            yield word, rest.strip()


def stages() -> list[list[tuple[str, str]]]:
    found: list[list[tuple[str, str]]] = []
    for word, rest in instructions():
        if word == "FROM":
            found.append([])
        if found:
            found[-1].append((word, rest))
    return found


def test_image_takes_only_what_is_there_and_let_through() -> None:
    build, last = stages()
    sources = [rest.split()[0].rstrip("/") for word, rest in build if word == "COPY"]
    assert sources == ["requirements.txt", "manage.py", "config", "commitments", "timeline"]
    assert all((ROOT / source).exists() for source in sources)
    assert [rest.split()[0] for word, rest in last if word == "COPY"] == ["--from=build"]
    rules = (ROOT / ".dockerignore").read_text().splitlines()
    lines = [line for line in rules if line and not line.startswith("#")]
    let_through = {line[1:].rstrip("/") for line in lines if line.startswith("!")}
    assert (lines[0], let_through) == ("*", set(sources))


def test_image_is_installed_by_hashes_and_runs_as_nobody() -> None:
    build, last = stages()
    (install,) = [rest for word, rest in build if word == "RUN" and "pip install" in rest]
    assert "--require-hashes" in install
    assert "--only-binary=:all:" in install
    assert not any("pip" in rest for word, rest in last if word == "RUN")
    (user,) = [rest for word, rest in last if word == "USER"]
    assert user.split(":")[0] not in {"0", "root"}
    after_user = [word for word, _rest in last[[word for word, _ in last].index("USER") :]]
    assert "RUN" not in after_user


def test_commands_of_the_image_exist() -> None:
    build, last = stages()
    settings = dict(last)
    check_command(json.loads(settings["CMD"]))
    check_command(json.loads(settings["HEALTHCHECK"].partition(" CMD ")[2]))
    prepare = [rest for word, rest in build if "manage.py" in rest and word == "RUN"]
    words = shlex.split(prepare[0])
    given = {word.partition("=")[0] for word in words if re.match(r"[A-Z_]+=", word)}
    assert given <= KNOWN_VARIABLES
    check_command([word for word in words if not re.match(r"[A-Z_]+=", word)])
    names = set(re.findall(r"([A-Z_]{3,})=", settings["ENV"]))
    assert names - {"PATH", "PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE"} <= KNOWN_VARIABLES


class Answer(BaseHTTPRequestHandler):
    """Alive for those who ask for the right name."""

    def do_GET(self) -> None:
        is_right = self.path == "/healthz/live" and self.headers["Host"] == "example.org"
        self.send_response(200 if is_right else 400)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Nothing on the screen."""


def test_health_check_tells_alive_from_dead() -> None:
    with HTTPServer((LOOPBACK, 0), Answer) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        assert is_alive(port=server.server_port, host="example.org")
        assert not is_alive(port=server.server_port, host="example.com")
        environment = {"ALLOWED_HOSTS": ".example.org,other", "PORT": str(server.server_port)}
        command = [sys.executable, "config/alive.py"]
        done = subprocess.run(command, cwd=ROOT, env=environment, check=False)
        assert done.returncode == 0
        server.shutdown()
    assert not is_alive(port=free_port(), host="example.org")


# --- Compose --------------------------------------------------------------------------------------


def test_containers_run_commands_that_exist() -> None:
    for name, service in OURS.items():
        if command := service.get("command"):
            check_command([*service.get("entrypoint", []), *command])
        else:
            assert name == "web"  # it runs what the image says


def test_containers_get_variables_that_exist() -> None:
    example = set(dotenv_values(DEPLOY / "commitments.env.example"))
    assert example <= KNOWN_VARIABLES
    for service in OURS.values():
        assert set(service["environment"]) <= KNOWN_VARIABLES
        assert service["env_file"] == "commitments.env"


def test_containers_of_ours_can_write_and_gain_nothing() -> None:
    for name, service in OURS.items():
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert "user" not in service, name  # that of the image


def test_containers_depend_on_what_is_there() -> None:
    for service in SERVICES.values():
        assert set(service.get("depends_on", {})) <= set(SERVICES)
        for mounted in service.get("volumes", []):
            source = mounted.partition(":")[0]
            assert source in COMPOSE["volumes"] or (DEPLOY / source).exists(), mounted
        for needed, how in service.get("depends_on", {}).items():
            waits_for_health = how["condition"] == "service_healthy"
            assert (
                not waits_for_health or needed == "web" or "test" in SERVICES[needed]["healthcheck"]
            )


@pytest.mark.parametrize(("before", "proto"), [("", "$scheme"), ("https", "https")])
def test_nginx_of_the_containers_changes_lines_that_are_there(
    before: str, proto: str, tmp_path: Path
) -> None:
    script = SERVICES["nginx"]["command"][2].replace("$$", "$").partition(" && exec")[0]
    made = tmp_path / "default.conf"
    script = script.replace("/srv/nginx.conf", str(DEPLOY / "nginx.conf"))
    script = script.replace("/etc/nginx/conf.d/default.conf", str(made))
    environment = {"SITE_NAME": "example.com", "FORWARDED_PROTO": before}
    subprocess.run(["/bin/sh", "-c", script], env=environment, check=True)
    original = (DEPLOY / "nginx.conf").read_text().splitlines()
    changed = made.read_text().splitlines()
    pairs = [(old, new) for old, new in zip(original, changed, strict=True) if old != new]
    found = [new.strip() for _old, new in pairs]
    forwarded = "proxy_set_header X-Forwarded-"
    assert found == [
        "server web:8000;",
        "server_name example.com;",
        "access_log /dev/stdout commitments;",
        "error_log /dev/stderr crit;",
        f"{forwarded}For $proxy_add_x_forwarded_for;",
        *([f"{forwarded}Proto {proto};"] if before else []),
    ]


# --- systemd --------------------------------------------------------------------------------------


def lines_of(unit: Path) -> list[tuple[str, str]]:
    lines = [line for line in unit.read_text().splitlines() if "=" in line and line[0] != "#"]
    return [(name, value) for name, _, value in (line.partition("=") for line in lines)]


def test_units_run_commands_that_exist() -> None:
    assert len(UNITS) == 5
    for unit in UNITS:
        (command,) = [value for name, value in lines_of(unit) if name == "ExecStart"]
        check_command(shlex.split(command))


def test_units_are_all_locked_in_the_same_way() -> None:
    after = "# What it may not do, as it never has to.\n"
    locks = {unit.read_text().partition(after)[2].partition("\n\n")[0].strip() for unit in UNITS}
    (locked,) = locks
    assert {"NoNewPrivileges=yes", "ProtectSystem=strict", "CapabilityBoundingSet="} <= set(
        locked.splitlines()
    )


def test_units_set_variables_that_exist() -> None:
    others = {"PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE", "PROMETHEUS_MULTIPROC_DIR"}
    for unit in UNITS:
        values = " ".join(value for name, value in lines_of(unit) if name == "Environment")
        assert {word.partition("=")[0] for word in values.split()} - others <= KNOWN_VARIABLES


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_systemd_finds_each_unit_hardly_exposed(unit: Path) -> None:
    program = shutil.which("systemd-analyze")
    if program is None:
        return  # a machine without systemd cannot say; the lines are held together above
    command = [program, "security", "--offline=true", "--threshold=20", str(unit)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
