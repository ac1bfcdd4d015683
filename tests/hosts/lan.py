"""Hosts of our own: network namespaces on one bridge, each with its address and its own link.

Linux and root only. This machine is on the bridge as well, as the host with number 1.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from tests.services.requirements import require

NETWORK: Final = f"10.213.{os.getpid() % 250}"


class Lan:
    """Named hosts; the number of each is its place, from 2 on."""

    def __init__(self, names: Sequence[str]) -> None:
        self._mark = f"cm{os.getpid()}"
        self._bridge = f"{self._mark}b"
        self._numbers = {name: number for number, name in enumerate(names, start=2)}
        self.outside = f"{NETWORK}.1"

    def build(self) -> None:
        """Make the bridge, the hosts and their links. Raises CalledProcessError."""
        _ip("link", "add", "name", self._bridge, "type", "bridge")
        _ip("address", "add", f"{self.outside}/24", "dev", self._bridge)
        _ip("link", "set", self._bridge, "up")
        for name in self._numbers:
            self._add(name)

    def tear_down(self) -> None:
        """Take all of it away, as far as it is there."""
        for name in self._numbers:
            _ip_if_it_can("netns", "delete", self._namespace(name))
            _ip_if_it_can("link", "delete", self._link(name))
        _ip_if_it_can("link", "delete", self._bridge)

    def address(self, name: str) -> str:
        """The address of a host."""
        return f"{NETWORK}.{self._numbers[name]}"

    def on(self, name: str, module: str, *arguments: str) -> list[str]:
        """The command that runs a Python module on a host."""
        return [*self.command(name, sys.executable), "-m", module, *arguments]

    def command(self, name: str, program: str) -> list[str]:
        """The start of the command that runs a program on a host."""
        return ["ip", "netns", "exec", self._namespace(name), program]

    def cut_off(self, name: str) -> None:
        """Pull the plug: packets to and from the host vanish, and nobody is told."""
        _ip("link", "set", self._link(name), "down")

    def bring_back(self, name: str) -> None:
        """Put the plug in again."""
        _ip("link", "set", self._link(name), "up")

    def _add(self, name: str) -> None:
        namespace, link, inner = self._namespace(name), self._link(name), "eth0"
        _ip("netns", "add", namespace)
        _ip("link", "add", link, "type", "veth", "peer", "name", inner, "netns", namespace)
        _ip("link", "set", link, "master", self._bridge)
        _ip("link", "set", link, "up")
        _ip("-n", namespace, "address", "add", f"{self.address(name)}/24", "dev", inner)
        _ip("-n", namespace, "link", "set", inner, "up")
        _ip("-n", namespace, "link", "set", "lo", "up")

    def _namespace(self, name: str) -> str:
        return f"{self._mark}-{name}"

    def _link(self, name: str) -> str:
        return f"{self._mark}v{self._numbers[name]}"


@contextmanager
def running_lan(names: Sequence[str]) -> Iterator[Lan]:
    """Build a network and take it away at the end; skips where this machine does not allow it."""
    require(sys.platform == "linux" and os.geteuid() == 0, "network namespaces need root on Linux")
    require(shutil.which("ip"), "no ip: install the Debian package iproute2")
    lan = Lan(names)
    try:
        try:
            lan.build()
        except subprocess.CalledProcessError as error:
            require(None, f"network namespaces are not allowed here: {error.stderr!r}")
        yield lan
    finally:
        lan.tear_down()


def _ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True, capture_output=True, timeout=10)


def _ip_if_it_can(*arguments: str) -> None:
    with contextlib.suppress(subprocess.CalledProcessError):
        _ip(*arguments)
