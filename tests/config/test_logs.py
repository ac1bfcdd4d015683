"""What stands in a log line: ids, one form, and never a secret."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import httpx
import pytest
import structlog
from django.http import HttpRequest, QueryDict
from django.test import Client

from config.logs import Formatter, RequestIds, plain_line, without_secrets
from tests.builders import NOW, make_user
from tests.config.loading import load_settings, refusal
from tests.timeline.mail.builders import make_subscriber
from timeline.actions.personal_feeds import create_feed
from timeline.mail.links import manage_url, unsubscribe_url

pytestmark = pytest.mark.once

SECRET = "/feeds/abcdefgh/s3cretS3cret.ics"
HIDDEN = "/feeds/abcdefgh/[secret]"


def lines_of(form: str, monkeypatch: pytest.MonkeyPatch) -> tuple[logging.Logger, StringIO]:
    """A logger that writes as the settings say, and what it has written."""
    out = StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(Formatter(form))
    logger = logging.getLogger(f"tests.lines.{form}")
    monkeypatch.setattr(logger, "handlers", [handler])
    monkeypatch.setattr(logger, "propagate", False)
    logger.setLevel(logging.INFO)
    return logger, out


@pytest.fixture(autouse=True)
def _no_ids() -> Iterator[None]:
    structlog.contextvars.clear_contextvars()
    yield
    structlog.contextvars.clear_contextvars()


def test_a_line_for_programs_is_one_object_with_the_ids(monkeypatch: pytest.MonkeyPatch) -> None:
    logger, out = lines_of("json", monkeypatch)
    structlog.contextvars.bind_contextvars(request_id="r1")
    logger.warning("Sent to %s\nand on", "Әсел")
    line = json.loads(out.getvalue())
    assert out.getvalue().count("\n") == 1
    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "event": "Sent to Әсел\nand on",
        "level": "warning",
        "logger": "tests.lines.json",
        "request_id": "r1",
    }


def test_a_line_for_people_has_the_ids_at_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    logger, out = lines_of("plain", monkeypatch)
    structlog.contextvars.bind_contextvars(task_id="t1")
    logger.info("Sent %d", 3)
    day, _time, rest = out.getvalue().split(" ", 2)
    assert len(day) == len("2026-11-24")
    assert rest == "INFO tests.lines.plain: Sent 3 task_id=t1\n"


@pytest.mark.parametrize("form", ["json", "plain"])
def test_no_line_has_a_secret_not_even_its_traceback(
    form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    logger, out = lines_of(form, monkeypatch)
    structlog.contextvars.bind_contextvars(request=f"GET {SECRET}")
    try:
        Path(f"/nowhere{SECRET}").read_text()
    except OSError:
        logger.exception("Failed at %s", SECRET)
    assert "s3cret" not in out.getvalue()
    assert out.getvalue().count(HIDDEN) == 3
    assert "FileNotFoundError: " in out.getvalue()


def test_a_line_of_structlog_goes_the_same_way(monkeypatch: pytest.MonkeyPatch) -> None:
    _logger, out = lines_of("json", monkeypatch)
    structlog.get_logger("tests.lines.json").info("request_finished", code=200)
    assert {"event": "request_finished", "code": 200}.items() <= json.loads(out.getvalue()).items()


def test_a_plain_line_without_more_is_short() -> None:
    event = {"timestamp": "2026-11-24T09:00:00.5Z", "level": "info", "logger": "a", "event": "b"}
    assert plain_line(None, "info", event) == "2026-11-24 09:00:00 INFO a: b"


def test_form_follows_redis_unless_it_is_set(tmp_path: Path) -> None:
    redis = "redis://localhost:6379/0"
    assert load_settings(tmp_path)["LOG_FORMAT"] == "plain"
    assert load_settings(tmp_path, REDIS_URL=redis)["LOG_FORMAT"] == "json"
    assert load_settings(tmp_path, REDIS_URL=redis, LOG_FORMAT="plain")["LOG_FORMAT"] == "plain"
    sentence = "Setting LOG_FORMAT: expected json or plain."
    assert refusal(tmp_path, LOG_FORMAT="xml") == sentence


@pytest.mark.django_db
def test_each_request_has_an_id_of_its_own(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "django_structlog")
    caplog.set_level(logging.DEBUG, "config.logs")
    seen = [_told(caplog, path) for path in ("/", "/healthz/live?token=x")]
    assert seen[0]["request_id"] != seen[1]["request_id"]
    assert [one["request"] for one in seen] == ["GET /", "GET /healthz/live"]
    assert [one["code"] for one in seen] == [200, 200]


def _told(caplog: pytest.LogCaptureFixture, path: str) -> dict[str, Any]:
    caplog.clear()
    Client().get(path)
    found: list[Any] = [one.msg for one in caplog.records if isinstance(one.msg, dict)]
    return next(one for one in found if one["event"] == "request_finished")


@pytest.mark.django_db
def test_ids_make_no_page_ask_who_is_there(client: Client, django_assert_num_queries: Any) -> None:
    assert "Cookie" not in client.get("/healthz/live").headers.get("Vary", "")
    client.force_login(make_user())
    with django_assert_num_queries(0):
        client.get("/healthz/live")


def test_the_user_is_named_by_number_once_a_view_has_asked(rf: Any) -> None:
    request: HttpRequest = rf.get("/")
    RequestIds.bind_user_id(request)
    assert structlog.contextvars.get_contextvars() == {}
    request._cached_user = type("U", (), {"pk": 7})()  # type: ignore[attr-defined]
    RequestIds.bind_user_id(request)
    assert structlog.contextvars.get_contextvars() == {"user_id": 7}


def test_a_report_has_no_secret_however_deep() -> None:
    report = {"a": [{"b": f"x {SECRET}"}], "c": 3, "d": (SECRET,)}
    assert without_secrets(report) == {"a": [{"b": f"x {HIDDEN}"}], "c": 3, "d": [HIDDEN]}


@pytest.mark.parametrize("form", ["json", "plain"])
def test_a_real_run_logs_no_secret(
    form: str, live_site: Any, site_environment: dict[str, str]
) -> None:
    """The web server itself: feeds, links of mails, wrong logins, keys; then grep its log."""
    feed, secret = create_feed(name="Mine", params=QueryDict(), user=make_user(), now=NOW)
    reader = make_subscriber("reader-of-ours@example.org")
    mails = (manage_url(reader), unsubscribe_url(reader))
    links = [link.split("/subscriptions/")[1] for link in mails]
    program = live_site(LOG_FORMAT=form, METRICS_TOKEN="m3trics-token")
    with httpx.Client(base_url=site_environment["SITE_URL"]) as web:
        assert web.get(f"/feeds/{feed.public_id}/{secret}.ics").status_code == 200
        web.get(f"/feeds/{feed.public_id}/{secret}x.ics")
        web.get(f"/dav/calendars/{feed.public_id}/{secret}/")
        for link in links:
            assert web.get(f"/subscriptions/{link}").status_code == 200
            web.get(f"/ru/subscriptions/{link}x")
        page = web.get("/admin/login/").text
        token = page.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
        form_sent = {"username": "asel", "password": "my-pa55word", "csrfmiddlewaretoken": token}
        web.post("/admin/login/", data=form_sent)
        session = web.cookies.get("csrftoken") or "none"
        web.get("/api/v1/webhooks/", headers={"Authorization": "Bearer k3y-of-somebody"})
        web.get("/metrics", headers={"Authorization": "Bearer m3trics-token"})
        web.get("/nothing/", params={"email": "reader-of-ours@example.org"})
    program.stop()
    told = program.output
    assert "Not Found: /nothing/" in told
    secrets = [secret, *(link.strip("/").split("/")[-1] for link in links), "my-pa55word", session]
    secrets += ["k3y-of-somebody", "m3trics-token", "only-for-debugging", "reader-of-ours@"]
    assert [one for one in secrets if one in told] == []
    if form == "json":
        lines = [json.loads(line) for line in told.splitlines() if line.startswith("{")]
        finished = [line for line in lines if line["event"] == "request_finished"]
        assert len(finished) >= 10
        assert all(line["request_id"] for line in finished)
