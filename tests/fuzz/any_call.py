"""Schemathesis against the running site: every phase, every check, `FUZZ_EXAMPLES` an operation.

What `tests/config/test_any_call.py` asks in short, in full: also the edges of every parameter
(coverage) and calls that follow from each other's answers (stateful).
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command

from commitments.management.commands.set_up import DEMO_RECORD
from commitments.models import Scope
from tests.builders import make_admin
from tests.commitments.api.keys import bearer, make_key
from tests.conftest import StartProgram
from tests.services import site

EXAMPLES = os.environ.get("FUZZ_EXAMPLES", "500")
CONFIG = Path(__file__).parent / "schemathesis.toml"
DOCUMENT = Path(__file__).parents[2] / "docs/openapi.yaml"
SCOPES: dict[str, tuple[str, ...]] = {"nobody": (), "every-scope": tuple(Scope.values)}


@pytest.mark.django_db(transaction=True)
@pytest.mark.timeout(6 * 3600)
@pytest.mark.parametrize("scope", SCOPES)
def test_any_call_to_the_running_site_is_answered_as_the_document_says(
    live_site: StartProgram, site_environment: site.Environment, scope: str
) -> None:
    call_command("load_statement", str(DEMO_RECORD), verbosity=0)
    scopes = SCOPES[scope]
    headers = bearer(make_key(make_admin(), scopes=scopes)) if scopes else {}
    live_site(LONG_POLLS="0")  # else every call with `wait` would take half a minute
    report = Path("var") / f"fuzz-{scope}.txt"
    report.parent.mkdir(exist_ok=True)
    command = [
        str(Path(sys.executable).with_name("schemathesis")),
        f"--config-file={CONFIG}",
        "run",
        str(DOCUMENT),
        f"--url={site_environment['SITE_URL']}",
        f"--max-examples={EXAMPLES}",
        "--phases=examples,coverage,fuzzing,stateful",
        "--checks=all",
        "--exclude-checks=ignored_auth",  # `all` is stronger than the file, which says why
        "--continue-on-failure",
        "--no-color",
        *(f"--header={name}: {value}" for name, value in headers.items()),
    ]
    with report.open("w") as output:
        told = subprocess.run(command, stdout=output, stderr=subprocess.STDOUT, check=False)
    if told.returncode:
        pytest.fail(f"{report} tells it all.\n{report.read_text()[-4_000:]}", pytrace=False)
