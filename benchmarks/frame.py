"""Measure one call against another in the same run, in turns, and print the ratio.

    {"name", "value", "unit", "baseline", "ratio", "target", "ok"}

`value` and `baseline` are calls per second, the median of `ROUNDS` rounds that take turns, so that
a machine whose speed drifts drifts for both. `ratio` is value / baseline; `ok` is ratio >= target.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import django
from django.db import connections
from django.test.utils import get_runner, setup_test_environment, teardown_test_environment

ROUNDS = 7
SECONDS_A_ROUND = 0.5


def calls_per_second(call: Callable[[], object], seconds: float) -> float:
    """How often `call` runs in a second, over about `seconds`; at least one call."""
    calls, start = 0, time.perf_counter()
    while True:
        call()
        calls += 1
        elapsed = time.perf_counter() - start
        if elapsed >= seconds:
            return calls / elapsed


def compare(
    name: str,
    call: Callable[[], object],
    baseline: Callable[[], object],
    *,
    target: float,
    seconds: float = SECONDS_A_ROUND,
) -> bool:
    """Print how fast `call` is against `baseline`; returns whether the target is reached."""
    call()
    baseline()
    values, baselines = [], []
    for _round in range(ROUNDS):
        values.append(calls_per_second(call, seconds))
        baselines.append(calls_per_second(baseline, seconds))
    value, base = statistics.median(values), statistics.median(baselines)
    return report(name, value=value, unit="calls/s", baseline=base, target=target)


def report(name: str, *, value: float, unit: str, baseline: float, target: float) -> bool:
    """Print one line; returns whether value / baseline reaches `target`."""
    ratio = value / baseline
    line = {
        "name": name,
        "value": round(value, 2),
        "unit": unit,
        "baseline": round(baseline, 2),
        "ratio": round(ratio, 4),
        "target": target,
        "ok": ratio >= target,
    }
    print(json.dumps(line), flush=True)
    return ratio >= target


def set_up_django() -> None:
    """Use the project's settings with a key of its own and state in a folder that goes away."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ.setdefault("SECRET_KEY", "only-for-benchmarks")
    os.environ.setdefault("ALLOWED_HOSTS", "testserver")
    os.environ.setdefault("VAR_DIR", tempfile.mkdtemp(prefix="benchmark-"))
    django.setup()


@contextmanager
def a_database() -> Iterator[None]:
    """An empty migrated database, the one of DATABASE_URL's kind; gone afterwards."""
    setup_test_environment()
    runner = get_runner(django.conf.settings)(verbosity=0, interactive=False)
    databases = runner.setup_databases()
    try:
        yield
    finally:
        runner.teardown_databases(databases)
        connections.close_all()
        teardown_test_environment()


def finish(*, all_ok: bool) -> None:
    """Leave with 1 where a target was missed, so that a script notices."""
    sys.exit(0 if all_ok else 1)
