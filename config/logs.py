"""Log lines with the id of their request or task: JSON for programs, plain lines for people.

django-structlog binds the ids; every line of any library that is written meanwhile carries them.
No line has a secret of an address in it, whichever way it came (`config/secret_addresses.py`).
"""

from __future__ import annotations

import logging
from collections.abc import MutableMapping
from typing import Any, Final

import structlog
from django.http import HttpRequest
from django_structlog.middlewares import RequestMiddleware
from structlog.typing import EventDict, Processor

from config.secret_addresses import hide_secrets

# What libraries log of themselves; they bring handlers of their own, which hide nothing.
_ONE_WAY: Final = ("django", "django.server", "granian.access", "django_structlog")
_IN_FRONT: Final = ("timestamp", "level", "logger", "event", "exception", "stack")

_SHARED: Final[list[Processor]] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


class Formatter(structlog.stdlib.ProcessorFormatter):
    """One line for each record, ours or a library's, with no secret of an address in it."""

    def __init__(self, form: str) -> None:
        """For `json` or `plain`."""
        as_json = structlog.processors.JSONRenderer(ensure_ascii=False)
        super().__init__(
            foreign_pre_chain=_SHARED,
            processors=[
                structlog.processors.StackInfoRenderer(),
                structlog.processors.format_exc_info,
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                as_json if form == "json" else plain_line,
            ],
        )

    def format(self, record: logging.LogRecord) -> str:
        """The line; a traceback is a part of it."""
        return hide_secrets(super().format(record))


def plain_line(_logger: Any, _method: str, event: EventDict) -> str:
    """`2026-11-24 09:00:00 INFO django.request: Not Found: /x request_id=…`, in UTC."""
    moment = event["timestamp"][:19].replace("T", " ")
    more = " ".join(f"{name}={event[name]}" for name in event if name not in _IN_FRONT)
    line = f"{moment} {event['level'].upper()} {event['logger']}: {event['event']}"
    parts = [f"{line} {more}".rstrip(), event.get("exception"), event.get("stack")]
    return "\n".join(part for part in parts if part)


def logging_settings(form: str) -> dict[str, Any]:
    """LOGGING for the form `json` or `plain`; sets structlog up to go the same way."""
    structlog.configure(
        processors=[
            *_SHARED,
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": "config.logs.Formatter", "form": form}},
        "filters": {"hide_secrets": {"()": "config.secret_addresses.HideSecrets"}},
        "handlers": {
            "stdout": {
                "class": "logging.StreamHandler",
                "stream": "ext://sys.stdout",
                "formatter": "line",
                "filters": ["hide_secrets"],
            },
        },
        "loggers": {
            **{name: {"handlers": [], "level": "INFO", "propagate": True} for name in _ONE_WAY},
            "axes": {"level": "WARNING"},  # it tells three times of each wrong password
        },
        "root": {"handlers": ["stdout"], "level": "INFO"},
    }


class RequestIds(RequestMiddleware):
    """django-structlog's middleware; a line names the path without query or secret.

    It looks at nobody's session: a page that does not ask who is there stays the same for all.
    """

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        """Method and path; a query may hold an address of somebody."""
        return hide_secrets(f"{request.method} {request.path}")

    @staticmethod
    def bind_user_id(request: HttpRequest) -> None:
        """Name the user's number if a view has asked for the user."""
        user = getattr(request, "_cached_user", None)
        if user is not None and user.pk:
            structlog.contextvars.bind_contextvars(user_id=user.pk)


def without_secrets(value: Any) -> Any:
    """A report of an error with no secret of an address in it, however deep."""
    if isinstance(value, str):
        return hide_secrets(value)
    if isinstance(value, MutableMapping):
        return {name: without_secrets(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [without_secrets(inner) for inner in value]
    return value
