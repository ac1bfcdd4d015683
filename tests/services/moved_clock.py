"""Run a module at another time: `python -m tests.services.moved_clock TIME MODULE ...`.

TIME is ISO 8601 with an offset. The clock goes on from there; processes forked later keep it.
"""

import datetime
import runpy
import sys

import time_machine

if __name__ == "__main__":
    moment = datetime.datetime.fromisoformat(sys.argv[1])
    if moment.tzinfo is None:
        sys.exit("The time needs an offset, such as 2026-12-24T09:00:00+00:00.")
    sys.argv = sys.argv[2:]
    with time_machine.travel(moment, tick=True):
        runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
