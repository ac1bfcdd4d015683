"""Our own conversation with a mail host, step by step."""

from __future__ import annotations

import smtplib
import socket
from collections.abc import Iterator
from typing import Any

import pytest

from tests.timeline.mail.builders import use_smtp
from tests.timeline.mail.scripted_smtp import DROP, HANG, ScriptedSmtp, running_scripted_smtp
from timeline.mail.smtp import SmtpTransport
from timeline.mail.transports import ConnectionBroken, Envelope, Refused

CONTENT = b"Subject: Dots\r\n\r\n.one\r\n..two\r\n.\r\nthree\r\n"
ENVELOPE = Envelope("desk@example.org", "ann@example.org", CONTENT)


class Hook:
    """What is called before the final dot; counts its calls."""

    def __init__(self, raises: Exception | None = None) -> None:
        self.raises = raises
        self.calls = 0

    def __call__(self) -> None:
        self.calls += 1
        if self.raises is not None:
            raise self.raises


@pytest.fixture
def transport(settings: Any, scripted_smtp: ScriptedSmtp) -> Iterator[SmtpTransport]:
    use_smtp(settings, scripted_smtp.port)
    settings.EMAIL_TIMEOUT = 1
    made = SmtpTransport(final_reply_seconds=1)
    yield made
    made.close()


def test_mail_arrives_byte_for_byte(transport: SmtpTransport, scripted_smtp: ScriptedSmtp) -> None:
    hook = Hook()
    scripted_smtp.script["DOT"] = ["250 2.0.0 taken as 17"]
    reply = transport.deliver(ENVELOPE, before_final_dot=hook)
    assert (reply.code, reply.text, hook.calls) == (250, "2.0.0 taken as 17", 1)
    assert scripted_smtp.messages == [CONTENT]


def test_connection_serves_many_mails_and_ends_with_a_goodbye(
    transport: SmtpTransport, scripted_smtp: ScriptedSmtp
) -> None:
    for _ in range(3):
        transport.deliver(ENVELOPE, before_final_dot=Hook())
    transport.close()
    transport.close()
    scripted_smtp.wait_for("QUIT")
    assert scripted_smtp.commands.count("GREETING") == 1
    assert len(scripted_smtp.messages) == 3


def test_hook_that_raises_keeps_the_dot_back_rem11_rem26(
    transport: SmtpTransport, scripted_smtp: ScriptedSmtp
) -> None:
    with pytest.raises(LookupError):
        transport.deliver(ENVELOPE, before_final_dot=Hook(LookupError("the lease is gone")))
    transport.deliver(ENVELOPE, before_final_dot=Hook())
    assert len(scripted_smtp.messages) == 1
    assert len(scripted_smtp.broken) == 1
    assert scripted_smtp.commands.count("DOT") == 1


@pytest.mark.parametrize(
    ("step", "reply", "is_final", "is_handed_over"),
    [
        ("MAIL", "451 later", False, False),
        ("MAIL", "550 not you", False, False),
        ("RCPT", "451 later", False, False),
        ("RCPT", "550 no such user", True, False),
        ("DATA", "452 full", False, False),
        ("DATA", "554 no", True, False),
        ("DOT", "452 full", False, True),
        ("DOT", "554 spam", True, True),
        ("DOT", "421 closing", False, True),
    ],
)
def test_refusal_says_when_and_whether_for_good(
    step: str,
    reply: str,
    is_final: bool,
    is_handed_over: bool,
    transport: SmtpTransport,
    scripted_smtp: ScriptedSmtp,
) -> None:
    hook = Hook()
    scripted_smtp.script[step] = [reply]
    with pytest.raises(Refused) as caught:
        transport.deliver(ENVELOPE, before_final_dot=hook)
    code, _, text = reply.partition(" ")
    assert (caught.value.code, caught.value.text) == (int(code), text)
    assert caught.value.is_final is is_final
    assert bool(hook.calls) is is_handed_over
    transport.deliver(ENVELOPE, before_final_dot=Hook())
    assert len(scripted_smtp.messages) == 1


@pytest.mark.parametrize("fate", [DROP, HANG])
@pytest.mark.parametrize(
    ("step", "is_handed_over"),
    [("MAIL", False), ("RCPT", False), ("DATA", False), ("DOT", True)],
)
def test_silence_is_a_broken_connection_rem10(
    step: str,
    fate: str,
    is_handed_over: bool,
    transport: SmtpTransport,
    scripted_smtp: ScriptedSmtp,
) -> None:
    hook = Hook()
    scripted_smtp.script[step] = [fate]
    with pytest.raises(ConnectionBroken):
        transport.deliver(ENVELOPE, before_final_dot=hook)
    assert bool(hook.calls) is is_handed_over
    transport.deliver(ENVELOPE, before_final_dot=Hook())
    assert scripted_smtp.commands.count("GREETING") == 2


@pytest.mark.parametrize("reply", ["", "99 bottles", "hello", "354 go on"])
def test_reply_that_makes_no_sense_is_a_broken_connection(
    reply: str, transport: SmtpTransport, scripted_smtp: ScriptedSmtp
) -> None:
    scripted_smtp.script["DOT"] = [reply or "\x00"]
    with pytest.raises(ConnectionBroken):
        transport.deliver(ENVELOPE, before_final_dot=Hook())


@pytest.mark.parametrize("fate", [DROP, "421 4.3.2 shutting down"])
def test_host_that_gives_up_during_the_mail_is_noticed_before_the_dot(
    fate: str, transport: SmtpTransport, scripted_smtp: ScriptedSmtp
) -> None:
    hook = Hook()
    scripted_smtp.script["BODY"] = [fate]
    large = Envelope("a@example.org", "b@example.org", b"X: y\r\n\r\n" + b"z" * 20 * 10**6)
    with pytest.raises(ConnectionBroken):
        transport.deliver(large, before_final_dot=hook)
    assert hook.calls == 0


def test_word_that_came_along_with_the_go_ahead_is_noticed_before_the_dot(
    transport: SmtpTransport, scripted_smtp: ScriptedSmtp
) -> None:
    hook = Hook()
    scripted_smtp.script["DATA"] = ["354 go ahead\r\n421 no, I am closing"]
    with pytest.raises(ConnectionBroken, match="before the final dot: 421"):
        transport.deliver(ENVELOPE, before_final_dot=hook)
    assert hook.calls == 0


@pytest.mark.parametrize("step", ["GREETING", "EHLO"])
def test_host_that_hangs_up_at_once_cannot_be_opened(
    step: str, transport: SmtpTransport, scripted_smtp: ScriptedSmtp
) -> None:
    scripted_smtp.script["GREETING"] = [DROP if step == "GREETING" else "554 go away"]
    with pytest.raises(ConnectionBroken):
        transport.open()


def test_nobody_there_cannot_be_opened(settings: Any) -> None:
    with running_scripted_smtp() as server:
        use_smtp(settings, server.port)
    with pytest.raises(ConnectionBroken, match="refused"):
        SmtpTransport().open()


@pytest.mark.parametrize("from_the_start", [False, True])
def test_mail_goes_over_tls_with_a_login(
    from_the_start: bool, settings: Any, certificate: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", certificate)
    with running_scripted_smtp(
        certificate=certificate, tls_from_the_start=from_the_start
    ) as server:
        use_smtp(settings, server.port)
        settings.EMAIL_USE_SSL, settings.EMAIL_USE_TLS = from_the_start, not from_the_start
        settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "desk", "secret"
        transport, hook = SmtpTransport(), Hook()
        for _ in range(2):
            transport.deliver(ENVELOPE, before_final_dot=hook)
        transport.close()
    assert server.messages == [CONTENT, CONTENT]
    assert "\0desk\0secret" in server.commands
    assert hook.calls == 2


def test_host_that_gives_up_is_noticed_before_the_dot_under_tls(
    settings: Any, certificate: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", certificate)
    with running_scripted_smtp(certificate=certificate, tls_from_the_start=True) as server:
        use_smtp(settings, server.port)
        settings.EMAIL_USE_SSL, settings.EMAIL_TIMEOUT = True, 2
        server.script["DATA"] = ["354 go ahead\r\n421 no, I am closing"]
        hook = Hook()
        with pytest.raises(ConnectionBroken):
            SmtpTransport().deliver(ENVELOPE, before_final_dot=hook)
    assert hook.calls == 0


def test_refused_login_says_nothing_about_a_mail(
    settings: Any, scripted_smtp: ScriptedSmtp
) -> None:
    use_smtp(settings, scripted_smtp.port)
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "desk", "wrong"
    scripted_smtp.script["AUTH"] = ["535 5.7.8 wrong password"]
    with pytest.raises(ConnectionBroken, match=r"535 5\.7\.8 wrong password"):
        SmtpTransport().open()


def test_time_limits_are_those_of_the_step(
    transport: SmtpTransport, monkeypatch: pytest.MonkeyPatch
) -> None:
    limits: list[float | None] = []
    original = smtplib.SMTP.getreply

    def getreply(smtp: smtplib.SMTP) -> tuple[int, bytes]:
        limits.append(smtp.sock.gettimeout() if smtp.sock else None)
        return original(smtp)

    patient = SmtpTransport(final_reply_seconds=600)
    patient.deliver(ENVELOPE, before_final_dot=Hook())
    monkeypatch.setattr(smtplib.SMTP, "getreply", getreply)
    patient.deliver(ENVELOPE, before_final_dot=Hook())
    assert limits == [1, 1, 1, 600]
    patient.close()


def test_dot_does_not_wait_for_a_delayed_acknowledgement(transport: SmtpTransport) -> None:
    transport.open()
    connection = transport._backend.connection
    assert connection is not None
    assert connection.sock is not None
    assert connection.sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) == 1
