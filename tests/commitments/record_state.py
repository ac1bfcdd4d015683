"""What the whole record holds, so that a test can say that nothing at all was written."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.conf import settings
from django.db.models import Model

from commitments.models import RecordHead, Revision
from commitments.record_chain import next_digest, row_content

State = dict[str, list[dict[str, Any]]]


def whole_record() -> State:
    """Every row of every table of the record, links included, by table."""
    models: list[type[Model]] = list(
        apps.get_app_config("commitments").get_models(include_auto_created=True)
    )
    return {
        model._meta.db_table: list(model._default_manager.order_by("pk").values())
        for model in models
    }


def changed_tables(before: State) -> set[str]:
    """The tables that are not as they were."""
    after = whole_record()
    return {name for name in after if after[name] != before[name]}


def assert_chain_is_whole() -> None:
    """Numbers without a gap, each digest over the one before, the head at the last."""
    rows = list(Revision.objects.order_by("number"))
    assert [row.number for row in rows] == list(range(1, len(rows) + 1))
    digest = ""
    for row in rows:
        digest = next_digest(digest, row_content(row), key=settings.RECORD_KEY)
        assert row.digest == digest
    head = RecordHead.objects.get()
    assert (head.number, head.digest) == (len(rows), digest)
