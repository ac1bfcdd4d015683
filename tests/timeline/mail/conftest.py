"""A scripted mail host for every test that wants one, and a certificate for it."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.services.ports import LOOPBACK
from tests.services.requirements import require
from tests.timeline.mail.scripted_smtp import ScriptedSmtp, running_scripted_smtp


@pytest.fixture
def scripted_smtp() -> Iterator[ScriptedSmtp]:
    """Give a mail host that can be told what to do at each step."""
    with running_scripted_smtp() as server:
        yield server


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Give the path of a key with its own certificate for loopback."""
    openssl = shutil.which("openssl")
    require(openssl, "no openssl: install the Debian package openssl")
    file = tmp_path_factory.mktemp("tls") / "loopback.pem"
    make_certificate(str(openssl), file)
    return str(file)


def make_certificate(openssl: str, file: Path) -> None:
    """Write a new key and a certificate signed by itself into one file."""
    subject = ["-subj", "/CN=loopback", "-addext", f"subjectAltName=IP:{LOOPBACK}"]
    options = ["-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-keyout", str(file)]
    certificate = file.with_suffix(".crt")
    command = [openssl, "req", *options, *subject, "-out", str(certificate)]
    subprocess.run(command, check=True, capture_output=True)
    file.write_text(file.read_text() + certificate.read_text())
