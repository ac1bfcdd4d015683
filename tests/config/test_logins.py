"""Guessing passwords: who is stopped, for how long, and who is not."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from axes.models import AccessAttempt
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import MD5PasswordHasher
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse

from commitments.actions.logins import let_in_again
from commitments.actions.second_factors import enrol_device
from commitments.exceptions import NotAllowed
from commitments.one_time_codes import code_at, new_salt
from config.logins import address_of
from tests.builders import NOW, make_admin, make_editor, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.once]

LOGIN = "/admin/login/"
LIMIT = 10


def log_in(
    client: Client, name: str, password: str, address: str = "192.0.2.1", **more: Any
) -> Any:
    return client.post(LOGIN, {"username": name, "password": password}, REMOTE_ADDR=address, **more)


def guess(times: int, name: str = "asel", address: str = "192.0.2.1") -> list[int]:
    return [log_in(Client(), name, "wrong", address).status_code for _ in range(times)]


@pytest.fixture
def _asel() -> None:
    make_user("asel", is_staff=True)


@pytest.mark.usefixtures("_asel")
@pytest.mark.parametrize(
    ("before", "status"), [(LIMIT - 2, 302), (LIMIT - 1, 302), (LIMIT, 429), (LIMIT + 1, 429)]
)
def test_the_tenth_wrong_password_closes_the_account(before: int, status: int) -> None:
    guess(before)
    assert log_in(Client(), "asel", "pw", "198.51.100.7").status_code == status


@pytest.mark.usefixtures("_asel")
def test_guesses_from_many_addresses_are_added_up() -> None:
    for number in range(LIMIT):
        guess(1, address=f"192.0.2.{number + 1}")
    assert log_in(Client(), "asel", "pw", "198.51.100.7").status_code == 429


@pytest.mark.usefixtures("_asel")
def test_guesses_at_many_accounts_close_the_address() -> None:
    for number in range(LIMIT):
        guess(1, name=f"nobody{number}")
    assert log_in(Client(), "asel", "pw").status_code == 429
    assert log_in(Client(), "asel", "pw", "198.51.100.7").status_code == 302


@pytest.mark.usefixtures("_asel")
@pytest.mark.parametrize("name", ["asel", "nobody"])
def test_an_account_that_is_not_there_is_answered_like_one_that_is_acc03(name: str) -> None:
    assert guess(LIMIT, name=name) == [200] * (LIMIT - 1) + [429]


def test_unknown_account_has_the_same_body_and_cost_as_a_known_one_acc03(settings: Any) -> None:
    make_user("asel", is_staff=True)
    make_user("kuanysh", is_staff=True, is_active=False)
    salt = new_salt()
    dinara = make_user("dinara", is_staff=True)
    enrol_device(user=dinara, salt=salt, code=code_at(salt, NOW), now=NOW)
    settings.PASSWORD_HASHERS = ["tests.config.test_logins.CountedHasher"]
    found = {}
    for name in ("asel", "kuanysh", "dinara", "nobody"):
        guess(1, name=name)  # the first row of axes for a name is an insert, the next an update
        CountedHasher.made = 0
        with CaptureQueriesContext(connection) as queries:
            answer = log_in(Client(), name, "wrong")
        body = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.content.decode())
        found[name] = (
            answer.status_code,
            body.replace(name, "somebody"),
            len(queries),
            CountedHasher.made,
        )
    assert found["asel"] == found["kuanysh"] == found["dinara"] == found["nobody"]
    assert found["nobody"][3] == 1


def test_there_is_no_password_reset_to_ask_for_an_account_acc03(client: Client) -> None:
    for name in ("admin_password_reset", "admin:admin_password_reset", "password_reset"):
        with pytest.raises(NoReverseMatch):
            reverse(name)
    assert "password_reset" not in client.get(LOGIN).content.decode()


class CountedHasher(MD5PasswordHasher):
    """Counts the hashes that it makes: the slow part of a login, and what its time would tell."""

    made = 0

    def encode(self, password: str, salt: str) -> str:
        type(self).made += 1
        return super().encode(password, salt)


@pytest.mark.usefixtures("_asel")
@pytest.mark.parametrize(
    ("seconds", "status"), [(899, 429), (900, 302), (901, 302)], ids=["before", "at", "after"]
)
def test_the_lock_ends_after_fifteen_minutes_whoever_goes_on_guessing(
    seconds: int, status: int
) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        guess(LIMIT)
        clock.shift(600)
        assert guess(3) == [429, 429, 429]
        clock.move_to(NOW + timedelta(seconds=seconds, microseconds=seconds == 900))
        assert log_in(Client(), "asel", "pw").status_code == status


@pytest.mark.usefixtures("_asel")
def test_faults_acc02_a_known_device_gets_in_while_strangers_keep_the_account_closed() -> None:
    own = Client()
    assert log_in(own, "asel", "pw").status_code == 302
    own.post("/admin/logout/")
    guess(LIMIT, address="203.0.113.5")
    assert log_in(Client(), "asel", "pw", "198.51.100.7").status_code == 429
    assert log_in(own, "asel", "pw", "198.51.100.7").status_code == 302


@pytest.mark.usefixtures("_asel")
def test_a_known_device_guesses_no_more_than_others() -> None:
    own = Client()
    log_in(own, "asel", "pw")
    assert [log_in(own, "asel", "wrong").status_code for _ in range(LIMIT)][-1] == 429
    assert log_in(own, "asel", "pw").status_code == 429


@pytest.mark.usefixtures("_asel")
def test_a_device_is_known_for_its_own_account_and_only_if_we_said_so() -> None:
    other = Client()
    make_user("botagoz", is_staff=True)
    log_in(other, "botagoz", "pw", "198.51.100.8")
    guess(LIMIT, address="203.0.113.5")
    assert log_in(other, "asel", "pw", "198.51.100.8").status_code == 429
    forged = Client()
    forged.cookies["device"] = "asel"
    assert log_in(forged, "asel", "pw", "198.51.100.9").status_code == 429


def test_the_cookie_of_a_device_is_out_of_reach_of_scripts_and_names_nobody() -> None:
    make_user("asel", is_staff=True)
    cookie = log_in(Client(), "asel", "pw").cookies["device"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Strict", "/")
    assert cookie["max-age"] == 180 * 24 * 3600
    assert "asel" not in cookie.value


@pytest.mark.parametrize("path", ["/", "/admin/", LOGIN])
def test_only_a_login_gives_the_cookie(path: str) -> None:
    client = Client()
    client.force_login(make_editor())
    assert "device" not in client.get(path).cookies
    assert "device" not in log_in(Client(), "nobody", "wrong").cookies


@pytest.mark.usefixtures("_asel")
@pytest.mark.parametrize("language", ["en", "ru", "kk"])
def test_the_page_is_in_the_language_of_the_desk(language: str) -> None:
    guess(LIMIT)
    answer = log_in(Client(), "asel", "pw", headers={"Accept-Language": language})
    assert f'<html lang="{language}">' in answer.content.decode()


@pytest.mark.usefixtures("_asel")
def test_the_page_says_when_it_is_open_again() -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        guess(LIMIT)
        answer = log_in(Client(), "asel", "pw")
        assert (answer.status_code, answer["Retry-After"]) == (429, "900")
        assert answer["Cache-Control"] == "no-store"
        assert "for another 15 minutes." in answer.content.decode()
        clock.shift(timedelta(minutes=14, seconds=1))
        later = log_in(Client(), "asel", "pw")
    assert later["Retry-After"] == "59"
    assert "for another 1 minute." in later.content.decode()


@pytest.mark.usefixtures("_asel")
def test_the_time_left_is_that_of_the_guess_that_has_to_be_forgotten() -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        guess(4, address="192.0.2.1")
        clock.shift(300)
        guess(6, address="192.0.2.2")
        assert log_in(Client(), "asel", "pw", "192.0.2.3")["Retry-After"] == "600"


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "203.0.113.1", "192.0.2.1"),
        (1, "203.0.113.1", "203.0.113.1"),
        (1, "198.51.100.1, 203.0.113.1", "203.0.113.1"),
        (2, "198.51.100.1, 203.0.113.1", "198.51.100.1"),
        (2, "203.0.113.1", "192.0.2.1"),
        (1, "2001:db8:1:2:3::4", "2001:db8:1:2::"),
    ],
)
def test_addresses_are_believed_behind_our_own_proxies(
    proxies: int, forwarded: str, address: str, settings: Any, rf: RequestFactory
) -> None:
    settings.NUM_PROXIES = proxies
    request = rf.get("/", headers={"X-Forwarded-For": forwarded}, REMOTE_ADDR="192.0.2.1")
    assert address_of(request) == address


def test_what_is_no_address_stands_in_the_column_as_one(rf: RequestFactory) -> None:
    first, second = (address_of(rf.get("/", REMOTE_ADDR=text)) for text in ("", "unix:x"))
    assert first.startswith("fd")
    assert first != second
    make_user("asel", is_staff=True)
    log_in(Client(), "asel", "wrong", "")
    assert AccessAttempt.objects.get().ip_address == first


@pytest.mark.usefixtures("_asel")
def test_no_password_is_kept_or_logged(caplog: pytest.LogCaptureFixture) -> None:
    log_in(Client(), "asel", "my pa55word")
    row = AccessAttempt.objects.values().get()
    assert "pa55word" not in str(row)
    assert "pa55word" not in caplog.text


@pytest.mark.usefixtures("_asel")
def test_an_administrator_lets_people_in_again_at_the_desk() -> None:
    guess(LIMIT - 1, address="192.0.2.1")
    guess(1, address="192.0.2.2")
    assert log_in(Client(), "asel", "pw", "198.51.100.7").status_code == 429
    desk = Client()
    desk.force_login(make_admin())
    first = AccessAttempt.objects.order_by("pk")[0]
    page = desk.get("/admin/axes/accessattempt/")
    assert page.status_code == 200
    answer = desk.post(
        "/admin/axes/accessattempt/",
        {"action": "let_in", "_selected_action": [first.pk]},
        follow=True,
    )
    assert "2 counts of wrong passwords were forgotten." in answer.content.decode()
    assert AccessAttempt.objects.count() == 0
    assert log_in(Client(), "asel", "pw", "198.51.100.7").status_code == 302


def test_nobody_else_lets_people_in_again() -> None:
    row = AccessAttempt.objects.create(
        username="asel", ip_address="192.0.2.1", failures_since_start=9
    )
    with pytest.raises(NotAllowed):
        let_in_again(ids=[row.pk], actor=make_editor())
    assert AccessAttempt.objects.count() == 1
    assert let_in_again(ids=[row.pk], actor=None) == 1


def test_letting_one_in_leaves_the_others_shut_out() -> None:
    rows = [
        AccessAttempt.objects.create(
            username=name, ip_address=f"192.0.2.{number}", failures_since_start=9
        )
        for number, name in enumerate(["asel", "botagoz"], start=1)
    ]
    let_in_again(ids=[rows[0].pk], actor=make_admin())
    assert list(AccessAttempt.objects.values_list("username", flat=True)) == ["botagoz"]


def test_list_of_failures_asks_the_database_as_often_for_three_as_for_one() -> None:
    desk = Client()
    desk.force_login(make_admin())
    asked = []
    for total in (1, 3):
        while AccessAttempt.objects.count() < total:
            name = f"user{AccessAttempt.objects.count()}"
            AccessAttempt.objects.create(
                username=name, ip_address="192.0.2.1", failures_since_start=1
            )
        desk.get("/admin/axes/accessattempt/")
        with CaptureQueriesContext(connection) as queries:
            desk.get("/admin/axes/accessattempt/")
        asked.append(len(queries))
    assert asked[0] == asked[1]


@pytest.mark.usefixtures("_asel")
def test_faults_acc09_a_login_gets_a_new_session_and_a_logout_ends_it() -> None:
    client = Client()
    client.force_login(get_user_model().objects.get(username="asel"))
    before = client.cookies["sessionid"].value
    make_user("botagoz", is_staff=True)
    assert log_in(client, "botagoz", "pw").status_code == 302
    after = client.cookies["sessionid"].value
    assert after != before
    old = Client()
    old.cookies["sessionid"] = before
    assert old.get("/admin/").status_code == 302
    kept = client.cookies["sessionid"].value
    client.post("/admin/logout/")
    thief = Client()
    thief.cookies["sessionid"] = kept
    assert thief.get("/admin/").status_code == 302


@pytest.mark.usefixtures("_asel")
def test_faults_acc09_a_new_password_ends_all_other_sessions() -> None:
    one, other = Client(), Client()
    for client in (one, other):
        assert log_in(client, "asel", "pw").status_code == 302
    new = "a new and long one 7"
    form = {"old_password": "pw", "new_password1": new, "new_password2": new}
    assert one.post("/admin/password_change/", form).status_code == 302
    assert one.get("/admin/").status_code == 200
    assert other.get("/admin/").status_code == 302
