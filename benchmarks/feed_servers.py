"""The servers that feeds are measured on: ours, nginx with `deploy/nginx.conf`, and Radicale."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.feed_writers import made_up_entries
from tests.services.ports import LOOPBACK, free_port, wait_until_listening
from tests.services.programs import ROOT, Program, run
from timeline.ical.calendar import calendar_object
from timeline.ical.choices import CalendarChoices
from timeline.ical.events import event_fragment

NGINX = "/usr/sbin/nginx"
CLIENTS = 8
FILL = (
    "from benchmarks.frame import set_up_django; set_up_django(); "
    "from benchmarks.made_up import make_commitments; make_commitments({})"
)


class Clients:
    """Some clients that ask at the same time, as pollers do, and wait for all the answers.

    As small as can be, so that not they are measured: bytes ready to send, and a count of what
    comes. With `is_kept` their connections stay open; a server may not want that.
    """

    def __init__(self, port: int, path: str, headers: str = "", *, is_kept: bool = True) -> None:
        self.port = port
        self.is_kept = is_kept
        closing = "" if is_kept else "Connection: close\r\n"
        text = f"GET {path} HTTP/1.1\r\nHost: {LOOPBACK}\r\n{headers}{closing}\r\n"
        self.request = text.encode()
        self.sockets = self._connected() if is_kept else []

    def get(self) -> list[bytes]:
        """One answer for each client, with its head; raises RuntimeError for all but 200."""
        sockets = self.sockets if self.is_kept else self._connected()
        for one in sockets:
            one.sendall(self.request)
        answers = [_answer(one) for one in sockets]
        if not self.is_kept:
            for one in sockets:
                one.close()
        return answers

    def _connected(self) -> list[socket.socket]:
        return [socket.create_connection((LOOPBACK, self.port)) for _number in range(CLIENTS)]


def _answer(server: socket.socket) -> bytes:
    answer = _received(server)
    while b"\r\n\r\n" not in answer:
        answer += _received(server)
    head, _, body = answer.partition(b"\r\n\r\n")
    if head.split(b" ", 2)[1] != b"200":
        raise RuntimeError(head.decode())
    missing = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0]) - len(body)
    parts = [answer]
    while missing > 0:
        parts.append(_received(server))
        missing -= len(parts[-1])
    return b"".join(parts)


def _received(server: socket.socket) -> bytes:
    received = server.recv(1 << 18)
    if not received:
        raise ConnectionError("The server has closed a connection that was to be kept.")
    return received


@contextmanager
def our_site(folder: Path, *, commitments: int) -> Iterator[int]:
    """The web server of the Procfile, one process, SQLite, with so many commitments; its port."""
    port = free_port()
    env = {
        **os.environ,
        "VAR_DIR": str(folder / "var"),
        "ALLOWED_HOSTS": LOOPBACK,
        "SITE_URL": f"http://{LOOPBACK}:{port}",
        "PYTHONPATH": str(ROOT),
    }
    run([sys.executable, "manage.py", "migrate", "-v0"], env=env)
    run([sys.executable, "-c", FILL.format(commitments)], env=env)
    options = ["--interface", "wsgi", "--host", LOOPBACK, "--port", str(port), "--no-ws"]
    command = [sys.executable, "-m", "granian", *options, "config.wsgi:application"]
    program = Program(command, env=env, log=folder / "granian.log")
    try:
        wait_until_listening(port)
        yield port
    finally:
        program.stop()


@contextmanager
def nginx(folder: Path, *, upstream: int) -> Iterator[int]:
    """nginx with the documented config before `upstream`; it serves `folder`/files as files too."""
    port = free_port()
    config = (ROOT / "deploy/nginx.conf").read_text()
    changes = {
        "server 127.0.0.1:8000;": f"server {LOOPBACK}:{upstream};",
        "listen 80;": f"listen {LOOPBACK}:{port};",
        "server_name example.org;": f"location /files/ {{ root {folder}; gzip_static always; }}",
        "/var/cache/nginx/commitments": f"{folder}/cache",
        "/var/log/nginx": str(folder),
    }
    for old, new in changes.items():
        if old not in config:
            raise AssertionError(f"deploy/nginx.conf has no {old!r}")
        config = config.replace(old, new)
    whole = (
        f"daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log;\n"
        "events {}\nhttp { types { text/calendar ics; } sendfile on; tcp_nopush on;\n"
        "keepalive_requests 1000000;\n"
        f"{config} }}\n"
    )
    (folder / "nginx.conf").write_text(whole)
    command = [NGINX, "-p", str(folder), "-c", str(folder / "nginx.conf")]
    program = Program(command, env=os.environ, log=folder / "nginx.log")
    try:
        wait_until_listening(port)
        yield port
    finally:
        program.stop()


@contextmanager
def radicale(folder: Path, *, events: int) -> Iterator[tuple[int, str]]:
    """Radicale's own server with a collection of so many events; its port and their address."""
    port, collection = free_port(), folder / "collections/collection-root/reader/feed"
    collection.mkdir(parents=True)
    (collection / ".Radicale.props").write_text('{"tag": "VCALENDAR"}')
    choices = CalendarChoices()
    for entry in made_up_entries(events, is_full=True):
        body = calendar_object(event_fragment(entry, choices))
        (collection / f"{entry.public_id}.ics").write_bytes(body)
    command = [
        *(sys.executable, "-m", "radicale", "--config", "", "--hosts", f"{LOOPBACK}:{port}"),
        *("--storage-filesystem-folder", str(folder / "collections"), "--auth-type", "none"),
        *("--rights-type", "authenticated", "--logging-level", "error"),
    ]
    program = Program(command, env=os.environ, log=folder / "radicale.log")
    try:
        wait_until_listening(port)
        yield port, "/reader/feed/"
    finally:
        program.stop()
