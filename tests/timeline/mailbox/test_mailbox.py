"""The page that shows the mails of this machine, to whom it may."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.builders import NOW, make_admin, make_editor
from tests.timeline.mail.builders import make_due, make_subscription, tick
from timeline.mail.maildir import newest_mails

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def box(settings: Any, tmp_path: Path) -> Path:
    settings.EMAIL_BACKEND = "timeline.mail.maildir.MaildirBackend"
    settings.MAILDIR_PATH = tmp_path / "box"
    return tmp_path / "box"


@pytest.fixture
def key(box: Path) -> str:
    make_due("The <b>launch</b>")
    make_subscription()
    tick(NOW)
    (mail,) = newest_mails(box, limit=5)
    return mail.key


def addresses(key: str) -> list[str]:
    return [
        reverse("timeline:mailbox"),
        reverse("timeline:mailbox_mail", args=[key]),
        reverse("timeline:mailbox_html", args=[key]),
    ]


def test_mails_are_shown_as_text_and_as_html(key: str, client: Client, settings: Any) -> None:
    settings.DEBUG = True
    listed, mail, html = (client.get(address) for address in addresses(key))
    assert "The &lt;b&gt;launch&lt;/b&gt;: Last possible day" in listed.content.decode()
    page = mail.content.decode()
    assert "* The &lt;b&gt;launch&lt;/b&gt;" in page
    assert re.search(r"<iframe[^>]+sandbox=\"allow-popups allow-popups-to-escape-sandbox\"", page)
    assert "allow-scripts" not in page
    assert "The &lt;b&gt;launch&lt;/b&gt;</a>" in html.content.decode()


def test_html_of_a_mail_can_do_nothing(key: str, client: Client, settings: Any) -> None:
    settings.DEBUG = True
    response = client.get(addresses(key)[2])
    policy = dict(
        part.strip().split(" ", 1) for part in response["Content-Security-Policy"].split(";")
    )
    assert policy["default-src"] == "'none'"
    assert policy["sandbox"] == "allow-popups allow-popups-to-escape-sandbox"
    assert "script-src" not in policy
    assert policy["frame-ancestors"] == "'self'"
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    page = client.get(addresses(key)[1])
    assert "unsafe-inline" not in page["Content-Security-Policy"]


def test_page_is_for_the_outbox_s_people_alone(key: str, client: Client) -> None:
    assert [client.get(address).status_code for address in addresses(key)] == [404] * 3
    client.force_login(make_editor())
    assert [client.get(address).status_code for address in addresses(key)] == [404] * 3
    client.force_login(make_admin())
    assert [client.get(address).status_code for address in addresses(key)] == [200] * 3


def test_page_is_not_there_where_mail_leaves_the_house(
    key: str, client: Client, settings: Any
) -> None:
    settings.DEBUG = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    assert [client.get(address).status_code for address in addresses(key)] == [404] * 3


@pytest.mark.parametrize("key", ["nothing", "..", "%2e%2e%2fsecret", "new", "a:2,S"])
def test_unknown_mail_is_not_found(key: str, box: Path, client: Client, settings: Any) -> None:
    settings.DEBUG = True
    (box.parent / "secret").write_text("Subject: secret\n\nsecret")
    for folder in ("new", "cur", "tmp"):
        (box / folder).mkdir(parents=True, exist_ok=True)
    for address in addresses(key)[1:]:
        assert client.get(address).status_code == 404


def test_empty_box_says_so_and_the_newest_stand_first(
    client: Client, settings: Any, box: Path
) -> None:
    settings.DEBUG = True
    assert "There is none yet." in client.get(reverse("timeline:mailbox")).content.decode()
    for folder in ("new", "cur", "tmp"):
        (box / folder).mkdir(parents=True, exist_ok=True)
    for second in (1, 3, 2):
        file = box / "new" / f"170000000{second}.M1P1Q1.host"
        file.write_text(f"Subject: Mail {second}\n\nText")
    assert [mail.subject for mail in newest_mails(box, limit=2)] == ["Mail 3", "Mail 2"]
