"""Errors told to Sentry (or what speaks its language), where SENTRY_DSN names one."""

from __future__ import annotations

from typing import Any

import sentry_sdk
from sentry_sdk.types import Event, Hint

from config.logs import without_secrets


def report_errors(dsn: str, **options: Any) -> None:
    """Send what nobody foresaw: without bodies, cookies, addresses of people or secrets."""
    sentry_sdk.init(
        dsn=dsn,
        max_request_body_size="never",
        include_local_variables=False,
        traces_sample_rate=0.0,
        before_send=_clean,
        before_breadcrumb=lambda crumb, _hint: without_secrets(crumb),
        **options,
    )


def _clean(event: Event, _hint: Hint) -> Event:
    asked = event.pop("request", {})
    event["request"] = {name: asked[name] for name in ("method", "url") if name in asked}
    event.pop("user", None)
    cleaned: Event = without_secrets(event)
    return cleaned
