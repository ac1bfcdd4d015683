"""Every example of docs/sync.md, docs/feeds.md and docs/webhooks.md works."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.http import QueryDict
from django.test import Client

from tests.builders import NOW, make_commitment, make_user
from tests.commitments.api.keys import make_key
from timeline.actions.webhook_delivery import Sent, claim_deliveries, record_result
from timeline.actions.webhook_endpoints import create_webhook, signing_secrets
from timeline.actions.webhook_planning import plan_webhooks
from timeline.models import WebhookDelivery, WebhookEndpoint
from timeline.record_reader import read_head
from timeline.webhooks.sending import Answer, Message, signed_headers

FOLDER = Path(settings.BASE_DIR) / "docs"
GUIDES = {name: (FOLDER / name).read_text() for name in ("sync.md", "feeds.md", "webhooks.md")}
COMMANDS = [
    pytest.param(command, id=f"{name}-{number}")
    for name, guide in GUIDES.items()
    for number, command in enumerate(re.findall(r"^curl .+$", guide, flags=re.MULTILINE))
]


def settled_delivery(endpoint: WebhookEndpoint) -> int:
    """The number of a change that this webhook was told of."""
    plan_webhooks(now=NOW)
    make_commitment(kind="event")
    plan_webhooks(now=NOW)
    first = WebhookDelivery.objects.filter(endpoint=endpoint).order_by("number")[0]
    for delivery in claim_deliveries(ids=[first.pk], limit=1, now=NOW):
        record_result(sent=Sent(delivery, Answer(204, "", 12)), now=NOW)
    return first.number


@pytest.mark.django_db
@pytest.mark.parametrize("command", COMMANDS)
def test_an_example_of_a_guide_works(client: Client, command: str) -> None:
    make_commitment(kind="event")
    make_commitment(kind="milestone")
    user = make_user()
    made, _secret = create_webhook(
        owner=user, url="https://example.org/hook", params=QueryDict(), now=NOW
    )
    known = {
        "$SITE": settings.SITE_URL,
        "$HEAD": str(read_head()),
        "$KEY": make_key(user),
        "$WEBHOOK": made.public_id,
        "$OLD": made.public_id,
        "$NUMBER": str(settled_delivery(made)),
        '\\"$TAG\\"': client.get("/feeds/changes.atom")["ETag"].replace('"', '\\"'),
    }
    for name, value in known.items():
        command = command.replace(name, value)
    command, _sign, status = command.partition("  # ")
    _curl, *options, address = shlex.split(command)
    given = dict(zip(options[::2], options[1::2], strict=True))
    headers = dict([given["--header"].split(": ")]) if "--header" in given else {}
    path = address.removeprefix(settings.SITE_URL)
    if status:
        answer: Any = client.generic(given["--request"], path, headers=headers)
        assert answer.status_code == int(status), answer.content
    elif "--json" in given:
        answer = client.post(
            path, given["--json"], content_type="application/json", headers=headers
        )
        assert answer.status_code == 201
    else:
        answer = client.get(path, headers=headers)
        assert answer.status_code == (304 if "If-None-Match" in headers else 200)


def test_every_curl_of_the_guides_is_one_of_these() -> None:
    found = sum(guide.count("curl ") for guide in GUIDES.values())
    assert len(COMMANDS) == found


def block(language: str) -> str:
    """The one block of docs/webhooks.md in this language."""
    fenced = re.compile(rf"^```{language}\n(.+?)^```$", flags=re.MULTILINE | re.DOTALL)
    (found,) = fenced.findall(GUIDES["webhooks.md"])
    return str(found)


@pytest.mark.django_db
def test_the_check_of_the_guide_takes_what_we_sign_and_nothing_else() -> None:
    (program,) = re.findall(
        r"^```python\n(.+?)^```$", GUIDES["webhooks.md"], flags=re.MULTILINE | re.DOTALL
    )
    names: dict[str, Any] = {}
    exec(compile(program, "docs/webhooks.md", "exec"), names)
    made, _secret = create_webhook(
        owner=make_user(), url="https://example.org/", params=QueryDict(), now=NOW
    )
    secrets = signing_secrets(made, now=NOW)
    message = Message("msg_1", 1, "commitment", "4kxq7zbn", "created", False, NOW, "https://x/")
    headers, body = signed_headers(message, secrets, at=NOW), message.body().encode()
    with time_machine.travel(NOW):
        assert names["verify"](secrets[0], headers, body)
        assert not names["verify"](secrets[0], headers, body + b" ")
        assert not names["verify"]("whsec_" + "A" * 43 + "=", headers, body)
        assert not names["verify"](secrets[0], headers | {"webhook-id": "msg_2"}, body)
    with time_machine.travel(NOW.replace(minute=6)):
        assert not names["verify"](secrets[0], headers, body), "too old"


def test_the_message_of_the_guide_is_one_of_ours() -> None:
    (shown,) = re.findall(
        r"^```json\n(.+?)^```$", GUIDES["webhooks.md"], flags=re.MULTILINE | re.DOTALL
    )
    url = "http://localhost:8000/api/v1/commitments/4kxq7zbn/"
    message = Message("msg_1", 41, "commitment", "4kxq7zbn", "date_moved", False, NOW, url)
    assert json.loads(shown) == json.loads(message.body())
