"""Mails that come back, as mail hosts write them."""

from __future__ import annotations

REPORT = """\
From: MAILER-DAEMON@mx.example.net
To: {to}
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type={report_type}; boundary="=_b"

--=_b
Content-Type: text/plain

This is the mail system.

--=_b
Content-Type: {content_type}

{fields}

--=_b
Content-Type: text/rfc822-headers

{original}

--=_b--
"""

FAILURE = """\
Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; {recipient}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 {status} <{recipient}>: no such user"""

OUT_OF_OFFICE = """\
From: ann@example.org
To: {to}
Subject: Out of office
Auto-Submitted: auto-replied
Content-Type: text/plain

Back on Monday. Status: 5.1.1
"""


def failure(
    to: str,
    *,
    status: str = "5.1.1",
    action: str = "failed",
    recipient: str = "ann@example.org",
    original: str = "Subject: The launch",
) -> bytes:
    """A delivery status notification (RFC 3464) that came to the address `to`."""
    fields = FAILURE.format(status=status, action=action, recipient=recipient)
    text = REPORT.format(
        to=to,
        report_type="delivery-status",
        content_type="message/delivery-status",
        fields=fields,
        original=original,
    )
    return text.encode()


def complaint(to: str, *, original: str) -> bytes:
    """An abuse report (RFC 5965) that brings back the headers `original`."""
    text = REPORT.format(
        to=to,
        report_type="feedback-report",
        content_type="message/feedback-report",
        fields="Feedback-Type: abuse\nUser-Agent: Feedback/1.0\nVersion: 1",
        original=original,
    )
    return text.encode()
