"""From SQLite to PostgreSQL with nothing lost: the demo record, readers, feeds, keys, rights."""

from __future__ import annotations

import hashlib
import json
import sys
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.http import QueryDict
from django.test import Client

from commitments.actions.api_keys import issue_key
from commitments.actions.roles import create_roles
from commitments.management.commands.set_up import DEMO_RECORD
from commitments.models import RecordHead, User
from commitments.roles import EDITORS
from config.safekeeping.sums import table_sums
from tests.builders import NOW, make_editor, make_user
from tests.services import site
from tests.services.postgresql import start_postgresql
from tests.services.programs import run
from tests.timeline.mail.builders import make_due, make_subscription, tick
from timeline.actions.personal_feeds import create_feed
from timeline.actions.webhook_endpoints import create_webhook

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]

# What the site says once it stands on the other database, in a process of its own.
ASK = """
import hashlib, json, sys, django
django.setup()
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import connection
from django.test import Client
call_command("verify_record", "--head", sys.argv[1])
settings.ALLOWED_HOSTS.append("testserver")
pages = {path: hashlib.sha256(Client().get(path).content).hexdigest() for path in sys.argv[2:]}
user = get_user_model().objects.get(username="anna")
new = get_user_model().objects.create(username="new")
print(json.dumps([connection.vendor, pages, sorted(user.get_all_permissions()), new.pk > user.pk]))
"""


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of an empty PostgreSQL."""
    return start_postgresql(tmp_path_factory.mktemp("target") / "postgresql")


@pytest.fixture
def env(site_environment: site.Environment, target: str) -> site.Environment:
    """The environment of the site once it stands there."""
    return site_environment | {"DATABASE_URL": target, "SITE_URL": settings.SITE_URL}


def live() -> list[str]:
    """A record with all that a site has; returns the addresses whose bytes have to stay."""
    call_command("load_statement", str(DEMO_RECORD), verbosity=0)
    create_roles()
    anna = make_user("anna", is_staff=True)
    anna.groups.add(create_roles()[EDITORS])
    make_due("A bridge", in_days=7)
    make_subscription()
    tick(NOW)
    feed, secret = create_feed(name="Мои дороги", params=QueryDict(), now=NOW, user=anna)
    create_webhook(owner=anna, url="https://hooks.example.org/", params=QueryDict(), now=NOW)
    issue_key(user=make_editor(), name="Import", scopes=["read"], actor=None, now=NOW)
    return ["/feeds/commitments.ics", f"/feeds/{feed.public_id}/{secret}.ics"]


def digest_of(path: str) -> str:
    return hashlib.sha256(Client().get(path).content).hexdigest()


def test_everything_is_the_same_on_postgresql(
    env: site.Environment, target: str, capsys: Any
) -> None:
    paths = live()
    before = {path: digest_of(path) for path in paths}
    assert len(set(before.values())) == 2
    sums, head = table_sums("default"), RecordHead.objects.get()
    with pytest.raises(CommandError, match="Run migrate there first"):
        call_command("move_record", "--to", target)
    site.manage(env, "migrate", "-v0")
    call_command("move_record", "--to", target)
    said = capsys.readouterr().out
    rows = sum(table.rows for name, table in sums.items() if name != "django_migrations")
    assert f"{rows} rows in {len(sums) - 1} tables are the same in both databases." in said
    noted = f"{head.number}:{head.digest}"
    found = run([sys.executable, "-c", ASK, noted, *paths], env=env).splitlines()
    assert found[0] == f"whole: {head.number} changes, head {noted}"
    vendor, pages, rights, is_next = json.loads(found[1])
    assert (vendor, pages, is_next) == ("postgresql", before, True)
    anna = User.objects.get(username="anna")
    assert rights == sorted(anna.get_all_permissions()) != []
    with pytest.raises(CommandError, match="The target has data"):
        call_command("move_record", "--to", target)
    with psycopg.connect(target) as there, pytest.raises(psycopg.Error, match="only grows"):
        there.execute("DELETE FROM commitments_revision")


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("sqlite:///elsewhere.sqlite3", "only PostgreSQL is moved to"),
        ("nothing", "expected postgres://"),
        ("postgres://nobody@127.0.0.1:1/none", "The target refused it, nothing was moved"),
    ],
)
def test_wrong_target_is_refused(address: str, sentence: str) -> None:
    with pytest.raises(CommandError, match=sentence):
        call_command("move_record", "--to", address)
