"""A real ticker that is killed when the receiver has answered and nothing of it is written down.

The program itself has no such point: it is put around its function here, in a process of its own.
"""

from __future__ import annotations

import os
import signal
import sys
from typing import Any

import django
from django.core.management import call_command


def main() -> None:
    """Tick once, and die before the first result is recorded."""
    django.setup()
    from timeline.actions import webhook_delivery

    def die(**_: Any) -> bool:
        sys.stdout.write("sent, not recorded\n")
        sys.stdout.flush()
        os.kill(os.getpid(), signal.SIGKILL)
        return False

    webhook_delivery.record_result = die
    call_command("tick")


if __name__ == "__main__":
    main()
