"""Leases and pauses as long as a test can wait for; the program itself knows nothing of it.

`python -m tests.faults.short_times MODULE ...` runs a module of the project so.
"""

from __future__ import annotations

import runpy
import sys
from datetime import timedelta
from functools import partial
from typing import Final

import django
from django.conf import settings

LEASE: Final = timedelta(seconds=6)
REPLY_SECONDS: Final = 3.0


def shorten_times() -> None:
    """Put short times in the place of leases and pauses of minutes; needs Django to be set up."""
    from timeline.actions import claims, delivery, outbox
    from timeline.mail.smtp import SmtpTransport

    vars(settings)["TICK_SECONDS"] = 0.3
    vars(claims)["LEASE"] = LEASE
    vars(delivery).update(
        LEASE=LEASE,
        LEASE_FOR_THE_FINAL_REPLY=LEASE,
        HOST_AWAY=timedelta(seconds=0.5),
        SmtpTransport=partial(SmtpTransport, final_reply_seconds=REPLY_SECONDS),
    )
    vars(outbox)["TRY_AGAIN_AFTER"] = (timedelta(seconds=0.5),)


if __name__ == "__main__":
    django.setup()
    shorten_times()
    sys.argv = sys.argv[1:]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
