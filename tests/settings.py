"""The settings of the tests: the project's own, in an environment that no machine changes.

All state is in a folder that is made for this run and removed after it. Workers of pytest-xdist
inherit the environment: each has a folder of its own in there, and all share the PostgreSQL that
the first process has started.
"""

import atexit
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from dotenv import dotenv_values


def _state_folder() -> Path:
    if "PYTEST_VERSION" not in os.environ:
        return Path("var/tools")  # a type checker reads this file as well
    if "TEST_STATE" not in os.environ:
        os.environ["TEST_STATE"] = tempfile.mkdtemp(prefix="commitments-tests-")
        atexit.register(shutil.rmtree, os.environ["TEST_STATE"], ignore_errors=True)
    return Path(os.environ["TEST_STATE"])


_state = _state_folder()
# What the machine has set for a site of its own is not for the tests; but a DATABASE_URL may name
# another PostgreSQL than the embedded one.
for _name in dotenv_values(Path(__file__).parents[1] / ".env.example"):
    if _name != "DATABASE_URL" or os.environ.get("TEST_DATABASE") == "sqlite":
        os.environ.pop(_name, None)
os.environ["DEBUG"] = "true"
os.environ["VAR_DIR"] = str(_state / os.environ.get("PYTEST_XDIST_WORKER", "first"))

if os.environ.get("TEST_DATABASE") == "postgresql" and not os.environ.get("DATABASE_URL"):
    from tests.services.postgresql import start_postgresql

    try:
        os.environ["DATABASE_URL"] = start_postgresql(_state / "postgresql")
    except (OSError, subprocess.SubprocessError) as error:
        os.environ["TEST_DATABASE_MISSING"] = str(error)  # tests/conftest.py tells it

from config.settings import *  # noqa: E402, F403

# Argon2 is slow by design, and the tests make thousands of users.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# No test asks the open net; those of the link check switch it on for a server of their own.
LINK_CHECK_HOURS = 0

# A test asks faster than any program should; the tests of the limits set them.
API_ANONYMOUS_PER_MINUTE = API_KEY_PER_MINUTE = API_WRITES_PER_MINUTE = 0
