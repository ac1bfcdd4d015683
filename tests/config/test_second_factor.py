"""The second factor: who needs it, what is a code, and how far a login without it leads."""

from __future__ import annotations

import functools
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from axes.models import AccessAttempt
from django.contrib.admin.models import LogEntry
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commitments.actions.api_keys import issue_key
from commitments.actions.roles import create_roles
from commitments.actions.second_factors import (
    enrol_device,
    renew_recovery_codes,
    reset_second_factor,
    use_code,
)
from commitments.admin.second_factor import SALT_IN_SESSION
from commitments.exceptions import InvalidInput, NotAllowed
from commitments.models import RecoveryCode, SecondFactor, User
from commitments.one_time_codes import code_at, device_address, new_salt, secret_in_letters
from commitments.roles import APPROVERS, EDITORS, POSTMASTERS, VIEWERS, may_change_something
from tests.builders import make_admin, make_user
from tests.commitments.concurrency import at_once
from tests.config.loading import load_settings
from tests.config.production import ENVIRONMENT

pytestmark = [pytest.mark.django_db]

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
LOGIN, ENROL, STATE = "/admin/login/", "/admin/second-factor/enrol/", "/admin/second-factor/"
LIMIT = 10


def person_in(group: str, name: str = "asel") -> User:
    user = make_user(name, is_staff=True)
    user.groups.add(create_roles()[group])
    return user


def enrolled(user: User, at: datetime = NOW - timedelta(days=1)) -> tuple[str, list[str]]:
    """The salt and the recovery codes of a device that was set up yesterday."""
    salt = new_salt()
    return salt, enrol_device(user=user, salt=salt, code=code_at(salt, at), now=at)


def log_in(client: Client, code: str = "", name: str = "asel", password: str = "pw") -> int:
    values = {"username": name, "password": password, "code": code}
    return client.post(LOGIN, values, REMOTE_ADDR="192.0.2.1").status_code


def is_in(client: Client) -> bool:
    return client.get("/admin/").status_code == 200


@pytest.fixture(autouse=True)
def _required(settings: Any) -> None:
    settings.REQUIRE_SECOND_FACTOR = True


@pytest.fixture
def clock() -> Any:
    with time_machine.travel(NOW, tick=False) as travelling:
        yield travelling


@pytest.mark.once
@pytest.mark.parametrize(
    ("variables", "required"),
    [
        ({}, False),
        ({"SITE_URL": "https://example.org"}, True),
        ({"SITE_URL": "https://example.org", "DEBUG": "true"}, False),
        ({"SITE_URL": "https://example.org", "REQUIRE_SECOND_FACTOR": "false"}, False),
        ({"REQUIRE_SECOND_FACTOR": "true"}, True),
        (ENVIRONMENT, True),
    ],
)
def test_a_site_for_others_asks_for_it_and_the_first_steps_do_not(
    variables: dict[str, str], required: bool, tmp_path: Any
) -> None:
    assert load_settings(tmp_path, **variables)["REQUIRE_SECOND_FACTOR"] is required


@pytest.mark.once
def test_who_may_only_look_needs_none() -> None:
    groups = create_roles()
    needed = {}
    for name in (VIEWERS, POSTMASTERS, EDITORS, APPROVERS):
        user = make_user(is_staff=True)
        user.groups.add(groups[name])
        needed[name] = may_change_something(user)
    assert needed == {VIEWERS: False, POSTMASTERS: True, EDITORS: True, APPROVERS: True}
    assert may_change_something(make_admin())
    assert not may_change_something(make_user(is_superuser=True, is_active=False))


@pytest.mark.once
def test_codes_are_those_of_the_rfc(monkeypatch: pytest.MonkeyPatch) -> None:
    # RFC 6238, appendix B: the last six of its eight digits, for SHA-1.
    monkeypatch.setattr("commitments.one_time_codes.secret_of", lambda _salt: b"1234567890" * 2)
    found = {
        at: code_at("", datetime.fromtimestamp(at, UTC)) for at in (59, 1111111109, 20000000000)
    }
    assert found == {59: "287082", 1111111109: "081804", 20000000000: "353130"}


@pytest.mark.once
def test_the_address_in_the_picture_is_what_programs_read() -> None:
    salt = new_salt()
    secret = secret_in_letters(salt).replace(" ", "")
    assert re.fullmatch("[A-Z2-7]{32}", secret)
    assert device_address(salt, account="a b", issuer="Desk (x.org)") == (
        f"otpauth://totp/Desk%20%28x.org%29:a%20b?secret={secret}"
        "&issuer=Desk%20%28x.org%29&algorithm=SHA1&digits=6&period=30"
    )


@pytest.mark.usefixtures("clock")
def test_first_login_sets_a_device_up_and_is_nobody_before(client: Client) -> None:
    user = person_in(EDITORS)
    assert log_in(client) == 302
    for path in ("/admin/", "/admin/commitments/commitment/add/", "/calendars/"):
        answer = client.get(path)
        assert (answer.status_code, answer["Location"].partition("?")[0]) == (302, LOGIN)
    write = client.post("/api/v1/commitments/", {}, content_type="application/json")
    assert write.status_code == 401
    led = client.get("/admin/login/?next=/admin/commitments/source/")
    assert led["Location"] == f"{ENROL}?next=%2Fadmin%2Fcommitments%2Fsource%2F"
    page = client.get(led["Location"]).content.decode()
    salt = client.session[SALT_IN_SESSION]
    assert secret_in_letters(salt) in page
    assert 'class="qr"' in page
    before = client.session.session_key
    answer = client.post(led["Location"], {"code": code_at(salt, NOW)})
    codes = re.findall(r"<code>([a-z2-7-]{19})</code>", answer.content.decode())
    assert (answer.status_code, len(set(codes)), answer["Cache-Control"]) == (200, 10, "no-store")
    assert 'href="/admin/commitments/source/"' in answer.content.decode()
    assert client.session.session_key != before
    assert SALT_IN_SESSION not in client.session
    assert "device" in client.cookies
    assert is_in(client)
    assert SecondFactor.objects.get().user == user
    stored = [*SecondFactor.objects.values_list("salt", flat=True)]
    stored += RecoveryCode.objects.values_list("code_hash", flat=True)
    assert not set(codes) & set(stored)


@pytest.mark.usefixtures("clock")
@pytest.mark.parametrize("code", ["", "000000", "12345", "1234567", "١٢٣٤٥٦", "x" * 40])
def test_a_device_that_does_not_work_is_not_taken(code: str, client: Client) -> None:
    person_in(EDITORS)
    log_in(client)
    client.get(ENROL)
    assert client.post(ENROL, {"code": code}).status_code == 200
    assert not SecondFactor.objects.exists()
    assert not is_in(client)


@pytest.mark.once
def test_the_way_out_of_a_half_login(client: Client) -> None:
    person_in(EDITORS)
    log_in(client)
    assert client.post(ENROL, {"leave": "1"})["Location"] == LOGIN
    assert client.get(LOGIN).status_code == 200
    assert client.get(ENROL)["Location"] == LOGIN


@pytest.mark.once
@pytest.mark.usefixtures("clock")
@pytest.mark.parametrize("away", ["https://evil.example/", "//evil.example", "javascript:x", ""])
def test_setting_up_leads_to_no_other_site(away: str, client: Client) -> None:
    person_in(EDITORS)
    log_in(client)
    client.get(ENROL)
    code = code_at(client.session[SALT_IN_SESSION], NOW)
    page = client.post(f"{ENROL}?next={away}", {"code": code}).content.decode()
    assert re.search(r'<a href="([^"]*)"[^>]*>\s*I have kept them', page)[1] == "/admin/"  # type: ignore[index]


@pytest.mark.once
def test_who_may_only_look_logs_in_by_password(client: Client) -> None:
    person_in(VIEWERS)
    assert log_in(client) == 302
    assert is_in(client)


def test_who_is_made_an_editor_is_nobody_until_there_is_a_device(client: Client) -> None:
    viewer = person_in(VIEWERS)
    log_in(client)
    viewer.groups.add(create_roles()[EDITORS])
    assert not is_in(client)
    assert client.get(LOGIN)["Location"].startswith(ENROL)


@pytest.mark.usefixtures("clock")
def test_password_and_code_let_in_and_neither_alone_does() -> None:
    salt, _codes = enrolled(person_in(EDITORS))
    good = code_at(salt, NOW)
    assert [log_in(Client(), code) for code in ("", "000000", "abcdef")] == [200, 200, 200]
    assert log_in(Client(), good, password="wrong") == 200
    client = Client()
    assert (log_in(client, f"{good[:3]} {good[3:]}"), is_in(client)) == (302, True)


@pytest.mark.usefixtures("clock")
def test_nobody_is_told_whether_password_or_code_was_wrong() -> None:
    enrolled(person_in(EDITORS))

    def said(password: str, code: str, name: str = "asel") -> str:
        values = {"username": name, "password": password, "code": code}
        page = Client().post(LOGIN, values).content.decode()
        return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page).replace(name, "asel")

    wrong_code = said("pw", "000000")
    assert "Name, password or code are wrong." in wrong_code
    assert said("wrong", "000000") == said("wrong", "000000", "nobody") == wrong_code


@pytest.mark.usefixtures("clock")
def test_code_that_was_used_is_refused_acc05() -> None:
    salt, _codes = enrolled(person_in(EDITORS))
    code = code_at(salt, NOW)
    assert [log_in(Client(), code), log_in(Client(), code)] == [302, 200]


@pytest.mark.parametrize(
    ("seconds", "status"), [(-31, 200), (-30, 302), (0, 302), (59, 302), (60, 200), (90, 200)]
)
def test_code_that_is_90_seconds_old_is_refused_acc05(
    seconds: int, status: int, clock: Any
) -> None:
    # 09:00:00 begins a period: the code of then counts for it, the one before and the one after.
    salt, _codes = enrolled(person_in(EDITORS))
    code = code_at(salt, NOW)
    clock.move_to(NOW + timedelta(seconds=seconds))
    assert log_in(Client(), code) == status


@pytest.mark.usefixtures("clock")
def test_older_code_is_refused_after_a_newer_one_acc05(clock: Any) -> None:
    salt, _codes = enrolled(person_in(EDITORS))
    before = code_at(salt, NOW - timedelta(seconds=30))
    assert [log_in(Client(), code_at(salt, NOW)), log_in(Client(), before)] == [302, 200]


@pytest.mark.django_db(transaction=True)
def test_code_sent_twice_at_once_lets_one_in_acc05() -> None:
    user = person_in(EDITORS)
    salt, codes = enrolled(user)
    for code in (code_at(salt, NOW), codes[0]):
        act = functools.partial(use_code, user=user, code=code, now=NOW)
        assert sorted(at_once([act] * 4), key=str) == [False, False, False, True]


@pytest.mark.usefixtures("clock")
def test_recovery_code_stands_in_once_however_it_is_typed() -> None:
    _salt, codes = enrolled(person_in(EDITORS))
    typed = codes[3].upper().replace("-", " ")
    assert [log_in(Client(), typed), log_in(Client(), codes[3])] == [302, 200]
    assert RecoveryCode.objects.exclude(used_at=None).count() == 1


@pytest.mark.usefixtures("clock")
def test_new_recovery_codes_need_a_code_and_end_the_old_ones(client: Client) -> None:
    user = person_in(EDITORS)
    salt, old = enrolled(user)
    log_in(client, code_at(salt, NOW))
    assert client.post(STATE, {"code": code_at(salt, NOW)}).status_code == 200  # used at the login
    assert use_code(user=user, code=old[0], now=NOW)
    page = client.post(STATE, {"code": old[1]}).content.decode()
    new = re.findall(r"<code>([a-z2-7-]{19})</code>", page)
    assert len(new) == 10
    assert not use_code(user=user, code=old[2], now=NOW)
    assert use_code(user=user, code=new[0], now=NOW)
    assert "<dd>9</dd>" in client.get(STATE).content.decode()


@pytest.mark.usefixtures("clock")
def test_another_device_needs_a_code_of_the_old_one(client: Client) -> None:
    user = person_in(EDITORS)
    salt, codes = enrolled(user)
    log_in(client, code_at(salt, NOW))
    client.get(ENROL)
    code = code_at(client.session[SALT_IN_SESSION], NOW)
    for current in ("", "000000", code):
        client.post(ENROL, {"code": code, "current_code": current})
        assert SecondFactor.objects.get().salt == salt
    other = Client()
    assert log_in(other, codes[0]) == 302
    client.post(ENROL, {"code": code, "current_code": codes[1]})
    assert SecondFactor.objects.get().salt != salt
    assert is_in(client)


@pytest.mark.usefixtures("clock")
def test_wrong_codes_close_the_account_as_wrong_passwords_do() -> None:
    salt, _codes = enrolled(person_in(EDITORS))
    found = [log_in(Client(), "000000") for _ in range(LIMIT)]
    assert found == [200] * (LIMIT - 1) + [429]
    assert log_in(Client(), code_at(salt, NOW)) == 429


@pytest.mark.usefixtures("clock")
def test_a_stolen_session_guesses_no_more_codes_than_a_login() -> None:
    salt, codes = enrolled(person_in(EDITORS))
    for path in (STATE, ENROL):
        AccessAttempt.objects.all().delete()
        client = Client()
        log_in(client, codes.pop())
        client.get(path)
        code = code_at(client.session[SALT_IN_SESSION], NOW) if path == ENROL else "000000"
        values = {"code": code, "current_code": "000000"}
        found = [client.post(path, values).status_code for _ in range(LIMIT + 1)]
        assert found == [200] * (LIMIT - 1) + [429, 429]
        assert client.post(path, {**values, "current_code": codes.pop()}).status_code == 429
    assert SecondFactor.objects.get().salt == salt


@pytest.mark.usefixtures("clock")
def test_codes_are_not_kept_with_the_failed_login() -> None:
    _salt, codes = enrolled(person_in(EDITORS))
    log_in(Client(), codes[0], password="wrong")
    assert codes[0] not in str(AccessAttempt.objects.values().get())


def test_sessions_end_when_a_device_is_set_up_elsewhere(settings: Any) -> None:
    settings.REQUIRE_SECOND_FACTOR = False
    user, client = person_in(EDITORS), Client()
    log_in(client)
    assert is_in(client)
    enrolled(user)
    assert not is_in(client)


@pytest.mark.usefixtures("clock")
def test_who_has_a_device_is_asked_though_the_site_does_not(settings: Any) -> None:
    settings.REQUIRE_SECOND_FACTOR = False
    salt, _codes = enrolled(person_in(EDITORS))
    assert [log_in(Client()), log_in(Client(), code_at(salt, NOW))] == [200, 302]


@pytest.mark.once
def test_no_code_is_asked_for_where_nobody_has_one(settings: Any, client: Client) -> None:
    settings.REQUIRE_SECOND_FACTOR = False
    assert 'name="code"' not in client.get(LOGIN).content.decode()
    settings.REQUIRE_SECOND_FACTOR = True
    assert 'name="code"' in client.get(LOGIN).content.decode()


@pytest.mark.usefixtures("clock")
def test_administrator_resets_a_lost_device_and_its_sessions_end(client: Client) -> None:
    user, boss = person_in(EDITORS), make_admin("boss")
    salt, _codes = enrolled(user)
    log_in(client, code_at(salt, NOW))
    of_boss, _ = enrolled(boss)
    desk = Client()
    log_in(desk, code_at(of_boss, NOW), name="boss")
    chosen = {"action": "reset_second_factor", "_selected_action": [user.pk, boss.pk]}
    page = desk.post("/admin/commitments/user/", chosen, follow=True).content.decode()
    assert "asel sets up another device at the next login." in page
    assert "Your own device you change on the page of your second factor." in page
    assert not is_in(client)
    assert client.get(LOGIN).status_code == 200  # what was a whole login is no half one now
    assert is_in(desk)
    entry = LogEntry.objects.get()
    assert (entry.user, entry.object_repr, entry.get_change_message()) == (
        boss,
        "asel",
        "Reset the second factor.",
    )


@pytest.mark.once
def test_no_other_role_resets_devices() -> None:
    user, approver = person_in(EDITORS), person_in(APPROVERS, "berik")
    enrolled(user)
    for actor in (user, approver):
        with pytest.raises(NotAllowed):
            reset_second_factor(user=user, actor=actor)
    client = Client()
    client.force_login(approver)
    chosen = {"action": "reset_second_factor", "_selected_action": [user.pk]}
    client.post("/admin/commitments/user/", chosen)
    assert SecondFactor.objects.count() == 1


@pytest.mark.once
def test_command_resets_the_last_administrator(capsys: Any) -> None:
    enrolled(make_admin("boss"))
    call_command("reset_second_factor", "boss")
    call_command("reset_second_factor", "boss")
    assert capsys.readouterr().out == "boss: was reset\nboss: had no second factor\n"
    with pytest.raises(CommandError, match="no account “nobody”"):
        call_command("reset_second_factor", "nobody")


@pytest.mark.once
def test_another_secret_key_makes_every_device_set_up_anew(settings: Any) -> None:
    user = person_in(EDITORS)
    salt, _codes = enrolled(user)
    code = code_at(salt, NOW)
    settings.SECRET_KEY = "another" * 9
    assert not use_code(user=user, code=code, now=NOW)


@pytest.mark.once
def test_renewing_without_a_device_is_refused() -> None:
    with pytest.raises(InvalidInput):
        renew_recovery_codes(user=make_user(), code="000000", now=NOW)


def test_keys_of_the_api_need_no_code(client: Client) -> None:
    user = person_in(EDITORS)
    _row, key = issue_key(user=user, name="x", scopes=["read"], actor=None, now=NOW)
    header = {"Authorization": f"Bearer {key}"}
    with time_machine.travel(NOW, tick=False):
        assert client.get("/api/v1/webhooks/", headers=header).status_code == 200
        log_in(client)
        assert client.get("/api/v1/webhooks/").status_code == 401


@pytest.mark.usefixtures("clock")
def test_session_with_both_asks_the_database_no_more_than_one_without(settings: Any) -> None:
    salt, _codes = enrolled(make_admin("boss"))
    with_code = Client()
    log_in(with_code, code_at(salt, NOW), name="boss")
    settings.REQUIRE_SECOND_FACTOR = False
    without = Client()
    without.force_login(make_admin())
    counts = []
    for client in (with_code, without):
        client.get("/admin/commitments/topic/")
        with CaptureQueriesContext(connection) as queries:
            client.get("/admin/commitments/topic/")
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("count", [1, 3])
def test_list_of_people_asks_once_for_all_devices(
    count: int, client: Client, settings: Any
) -> None:
    settings.REQUIRE_SECOND_FACTOR = False
    client.force_login(make_admin())
    for _ in range(count):
        enrolled(make_user(is_staff=True))
    client.get("/admin/commitments/user/")
    with CaptureQueriesContext(connection) as queries:
        client.get("/admin/commitments/user/")
    assert sum("secondfactor" in query["sql"] for query in queries) == 2
