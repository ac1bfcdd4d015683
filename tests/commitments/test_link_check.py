"""What an address answers, asked of a real server on this machine; and what is never asked."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from commitments.enums import LinkState
from commitments.link_check import MOST_REDIRECTS, LinkAnswer, check_link
from commitments.open_net import is_public


class Site(BaseHTTPRequestHandler):
    """Answers by the path: `/200`, `/405-then-200`, `/to?<address>`, `/hop/<n>`, `/slow`."""

    asked: list[str]

    def do_HEAD(self) -> None:
        self._answer()

    def do_GET(self) -> None:
        self._answer()

    def log_message(self, *_: Any) -> None:
        """Nothing to the console."""

    def _answer(self) -> None:
        self.asked.append(f"{self.command} {self.path}")
        path, _, query = self.path.partition("?")
        if path == "/slow":
            self._drip()
            return
        first, _, second = path.strip("/").partition("-then-")
        status = (
            int(second if second and self.command == "GET" else first or 200)
            if (first.isdigit() or not first)
            else 302
        )
        self.send_response(status)
        if path == "/to":
            self.send_header("Location", query)
        if path.startswith("/hop/"):
            left = int(path.rpartition("/")[2])
            self.send_header("Location", f"/hop/{left - 1}" if left else "/200")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _drip(self) -> None:
        try:
            for _ in range(40):
                self.wfile.write(b"H")
                time.sleep(0.05)
        except OSError:
            self.asked.append("cut")


@pytest.fixture
def site() -> Iterator[tuple[str, list[str]]]:
    """A server on loopback: its address, and what it was asked."""
    asked: list[str] = []
    handler = type("Handler", (Site,), {"asked": asked})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    ("path", "state", "detail"),
    [
        ("/200", LinkState.ALIVE, "200"),
        ("/299", LinkState.ALIVE, "299"),
        ("/404", LinkState.DEAD, "404"),
        ("/410", LinkState.DEAD, "410"),
        ("/403", LinkState.CLOSED, "403"),
        ("/429", LinkState.CLOSED, "429"),
        ("/499", LinkState.ALIVE, "499"),
        ("/500", LinkState.SILENT, "500"),
        ("/405-then-200", LinkState.ALIVE, "200"),
        ("/404-then-200", LinkState.ALIVE, "200"),
        ("/501-then-404", LinkState.DEAD, "404"),
        ("/to?/200", LinkState.ALIVE, "200"),
        ("/to?ftp://example.org/", LinkState.REFUSED, "no address with http:// or https://"),
        ("/to?//[bad", LinkState.SILENT, "ValueError: Invalid IPv6 URL"),
    ],
)
def test_answer_becomes_a_state(
    site: tuple[str, list[str]], path: str, state: LinkState, detail: str
) -> None:
    assert check_link(site[0] + path, allow_private=True) == LinkAnswer(state, detail)


def test_get_is_asked_only_where_head_says_nothing(site: tuple[str, list[str]]) -> None:
    address, asked = site
    check_link(f"{address}/200?a=б", allow_private=True)
    check_link(f"{address}/405-then-200", allow_private=True)
    assert asked == ["HEAD /200?a=%D0%B1", "HEAD /405-then-200", "GET /405-then-200"]


@pytest.mark.parametrize(
    ("hops", "state"),
    [
        (MOST_REDIRECTS - 2, LinkState.ALIVE),
        (MOST_REDIRECTS - 1, LinkState.ALIVE),
        (MOST_REDIRECTS, LinkState.SILENT),
    ],
)
def test_redirects_are_followed_so_far(
    site: tuple[str, list[str]], hops: int, state: LinkState
) -> None:
    assert check_link(f"{site[0]}/hop/{hops}", allow_private=True).state is state


def test_slow_server_is_cut_off(site: tuple[str, list[str]]) -> None:
    began = time.monotonic()
    answer = check_link(f"{site[0]}/slow", allow_private=True, timeout=0.4)
    assert (answer.state, time.monotonic() - began < 1.5) == (LinkState.SILENT, True)


def test_private_address_is_never_asked(site: tuple[str, list[str]]) -> None:
    address, asked = site
    answer = check_link(f"{address}/200")
    assert answer == LinkAnswer(LinkState.REFUSED, "127.0.0.1 is not on the open net")
    assert asked == []


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost/",
        "http://0/",
        "http://2130706433/",
        "http://0x7f.1/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://169.254.169.254/latest/meta-data/",
        "file:///etc/passwd",
        "gopher://127.0.0.1:6379/_FLUSHALL",
        "//example.org",
        "http:///nothing",
    ],
)
def test_disguises_of_this_machine_are_refused(url: str) -> None:
    assert check_link(url, timeout=1).state is LinkState.REFUSED


def test_redirect_to_a_private_address_is_refused(
    site: tuple[str, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    address, asked = site
    port = int(address.rpartition(":")[2])

    # "public" stands for a page of the open net that leads to a neighbour.
    addresses = {"public": ["127.0.0.1"], "inside": ["10.0.0.8"]}
    monkeypatch.setattr("commitments.open_net.is_public", lambda one: one == "127.0.0.1")
    answer = check_link(
        f"http://public:{port}/to?http://inside/", resolve=lambda host, _port: addresses[host]
    )
    assert answer == LinkAnswer(LinkState.REFUSED, "inside is not on the open net")
    assert asked == ["HEAD /to?http://inside/"]


def test_connects_to_the_address_that_was_looked_at(site: tuple[str, list[str]]) -> None:
    address, asked = site
    port = int(address.rpartition(":")[2])
    lookups: list[str] = []

    def resolve(host: str, _port: int) -> list[str]:
        lookups.append(host)
        return ["127.0.0.1"]

    url = f"http://no-such-name.invalid:{port}/405-then-200"
    assert check_link(url, allow_private=True, resolve=resolve).state is LinkState.ALIVE
    assert (lookups, len(asked)) == (["no-such-name.invalid"], 2)


def test_name_with_one_private_address_is_refused() -> None:
    answer = check_link("http://both/", resolve=lambda *_: ["93.184.215.14", "192.168.1.1"])
    assert answer.state is LinkState.REFUSED


def test_unknown_name_is_dead_and_a_silent_name_server_is_not() -> None:
    def failing(number: int) -> Any:
        def resolve(_host: str, _port: int) -> list[str]:
            raise socket.gaierror(number, "as the system says")

        return resolve

    gone = check_link("http://gone.example/", resolve=failing(socket.EAI_NONAME))
    away = check_link("http://gone.example/", resolve=failing(socket.EAI_AGAIN))
    assert gone == LinkAnswer(LinkState.DEAD, "no host gone.example")
    assert away.state is LinkState.SILENT


def test_closed_port_gives_no_answer() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    assert check_link(f"http://127.0.0.1:{port}/", allow_private=True).state is LinkState.SILENT


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.215.14", True),
        ("2606:4700::1111", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.0.1", False),
        ("100.64.0.1", False),
        ("169.254.169.254", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("::", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("ff02::1", False),
        ("::ffff:10.0.0.1", False),
        ("2002:7f00:1::", False),
        ("64:ff9b::7f00:1", False),
        ("64:ff9b::5db8:d70e", True),
        ("no address", False),
    ],
)
def test_only_the_open_net_is_public(address: str, public: bool) -> None:
    assert is_public(address) is public
