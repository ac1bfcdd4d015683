"""What every test may ask for, and the rules of the two passes.

The whole suite runs on SQLite; what touches the database runs again on PostgreSQL
(`TEST_DATABASE=postgresql`; a `DATABASE_URL` names another server than the embedded one). A test
marked `once` runs in the first pass only, and one marked `postgresql`, which needs a server, in the
second only.
"""

from __future__ import annotations

import gc
import os
import signal
from collections import Counter
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any, Protocol

import hypothesis
import pytest
from django.core.cache import cache
from django.db import connection
from django.db.backends.postgresql.creation import DatabaseCreation as PostgresCreation
from django.db.backends.sqlite3.base import DatabaseWrapper
from django.test import TransactionTestCase
from django.utils import translation
from playwright.sync_api import Browser, Page

from commitments.management.commands.set_up import compile_translations
from tests.services import site
from tests.services.browser import running_browser
from tests.services.copied_databases import migrated_once
from tests.services.programs import Program
from tests.services.redis import running_redis
from tests.services.requirements import IN_CI
from tests.services.smtp import SmtpServer, running_smtp_server

# `make longfuzz`: the property tests by hand, with far more examples than a run of all tests has.
hypothesis.settings.register_profile(
    "long",
    max_examples=int(os.environ.get("FUZZ_EXAMPLES", "5000")),
    deadline=None,
    print_blob=True,
    suppress_health_check=list(hypothesis.HealthCheck),
)

DATABASE_FIXTURES = {"db", "transactional_db", "live_server", "django_db_setup"}
NOT_IN_CI = "SKIPPED, and in CI nothing may be skipped: "


def pytest_configure(config: pytest.Config) -> None:
    """Register the mark; compile the translations, in the process that starts the others."""
    config.addinivalue_line("markers", "once: run in the first pass (on SQLite) only")
    config.addinivalue_line("markers", "postgresql: needs a server: run in the second pass only")
    # A shell starts its background jobs with SIGINT ignored, and every process of the tests would
    # inherit that; those that try Ctrl-C have to be able to hear it.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if not hasattr(config, "workerinput"):
        compile_translations()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """In each pass, leave out what is for the other: on PostgreSQL all that has no database."""
    if os.environ.get("TEST_DATABASE") != "postgresql":
        _leave_out(config, items, lambda item: bool(item.get_closest_marker("postgresql")))
        return
    missing = os.environ.get("TEST_DATABASE_MISSING")
    if missing:
        for item in items:
            item.add_marker(pytest.mark.skip(f"no PostgreSQL: {missing}"))
    _leave_out(config, items, lambda item: not _depends_on_the_database(item))


def _leave_out(
    config: pytest.Config, items: list[pytest.Item], is_out: Callable[[pytest.Item], bool]
) -> None:
    config.hook.pytest_deselected(items=[item for item in items if is_out(item)])
    items[:] = [item for item in items if not is_out(item)]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_finish(session: pytest.Session) -> None:
    """Let the dear files come first, and look for garbage only among what the tests make.

    A browser's or a story's file has few tests and takes minutes: begun last, it would keep one
    worker busy long after the others have ended.
    """
    if hasattr(session.config, "workerinput"):
        tests_in = Counter(item.path for item in session.items)
        session.items.sort(key=lambda item: tests_in[item.path])
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def _depends_on_the_database(item: pytest.Item) -> bool:
    if item.get_closest_marker("once"):
        return False
    parent = getattr(item, "cls", None)
    return (
        bool(item.get_closest_marker("django_db"))
        or bool(DATABASE_FIXTURES & set(getattr(item, "fixturenames", ())))
        or (parent is not None and issubclass(parent, TransactionTestCase))
    )


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """In CI, count a skipped test as a failed one."""
    report = yield
    if IN_CI and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"{NOT_IN_CI}{report.longrepr}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """In CI, count a module that skips itself as a failed one."""
    report = yield
    if IN_CI and report.skipped:
        report.outcome = "failed"
        report.longrepr = f"{NOT_IN_CI}{report.longrepr}"
    return report


@pytest.fixture(scope="session", autouse=True)
def _drop_the_database_in_spite_of_sessions() -> Iterator[None]:
    """Let PostgreSQL drop the tests' database though a killed worker may still be counted in."""

    def drop(creation: Any, name: str, verbosity: int) -> None:
        creation.connection.close_pool()
        with creation._nodb_cursor() as cursor:
            cursor.execute(f"DROP DATABASE {creation.connection.ops.quote_name(name)} WITH (FORCE)")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(PostgresCreation, "_destroy_test_db", drop)
        yield


@pytest.fixture(scope="session", autouse=True)
def _migrate_once() -> Iterator[None]:
    """Let one worker make the database for all."""
    with migrated_once():
        yield


@pytest.fixture(scope="session", autouse=True)
def _empty_tables_in_spite_of_triggers() -> Iterator[None]:
    """Let tests with real transactions empty SQLite's tables, whose triggers refuse a DELETE.

    PostgreSQL needs nothing: it empties tables by TRUNCATE, which fires no trigger for rows.
    """
    of_sqlite = DatabaseWrapper.ops_class
    original = of_sqlite.execute_sql_flush

    def execute_sql_flush(operations: Any, statements: list[str]) -> None:
        with operations.connection.cursor() as cursor:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            triggers = cursor.fetchall()
        drops = [f'DROP TRIGGER "{name}"' for name, _ in triggers]
        original(operations, [*drops, *statements, *(sql for _, sql in triggers)])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(of_sqlite, "execute_sql_flush", execute_sql_flush)
        yield


@pytest.fixture(autouse=True)
def _begin_in_english() -> None:
    """Forget the language of the last request: Django leaves it on for the thread."""
    translation.activate("en")


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    """Forget what other tests kept: change numbers begin anew with each test's database."""
    cache.clear()


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Give the address of a real Redis, one for each worker of pytest-xdist."""
    with running_redis(tmp_path_factory.mktemp("redis")) as url:
        yield url


@pytest.fixture
def smtp_server() -> Iterator[SmtpServer]:
    """Give a real SMTP server; its `url` is a value for EMAIL_URL."""
    with running_smtp_server() as server:
        yield server


@pytest.fixture
def site_environment(transactional_db: None, tmp_path: Path) -> site.Environment:
    """Give the environment for real processes that share the test's database."""
    return site.environment(tmp_path, connection.settings_dict)


class StartProgram(Protocol):
    """Starts a program of the project; keyword `clock` moves its clock, others change variables."""

    def __call__(self, *, clock: str = "", **variables: str) -> Program: ...


def _starter(
    start: Callable[..., Program], env: site.Environment, folder: Path, programs: list[Program]
) -> StartProgram:
    def start_program(*, clock: str = "", **variables: str) -> Program:
        programs.append(start(env | variables, folder, clock=clock))
        return programs[-1]

    return start_program


@pytest.fixture
def celery_worker_process(
    site_environment: site.Environment, tmp_path: Path
) -> Iterator[StartProgram]:
    """Give a function that starts a real Celery worker with beat; all are stopped at the end.

    `celery_worker_process(clock="2026-12-24T09:00Z", REDIS_URL=redis_url)`
    """
    programs: list[Program] = []
    yield _starter(site.start_worker, site_environment, tmp_path, programs)
    for program in programs:
        program.stop()


@pytest.fixture
def live_site(site_environment: site.Environment, tmp_path: Path) -> Iterator[StartProgram]:
    """Give a function that starts the real web server at `site_environment["SITE_URL"]`."""
    programs: list[Program] = []
    yield _starter(site.start_web, site_environment, tmp_path, programs)
    for program in programs:
        program.stop()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Give a real Chromium."""
    with pytest.MonkeyPatch.context() as patch:
        # Playwright runs an event loop in this thread, and Django refuses to query beside one.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        with running_browser() as running:
            yield running


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Give an empty page in a fresh profile, with an end to every wait."""
    context: Any = browser.new_context()
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()
