"""Load a statement file, or tell what is wrong with it."""

from __future__ import annotations

import pytest

from commitments.actions.statements import Loaded, load_statement
from commitments.exceptions import StatementInvalid
from commitments.models import User
from commitments.statement_file import read_statement_file
from tests.builders import NOW
from tests.commitments.record_state import changed_tables, whole_record


def load(content: bytes, actor: User | None = None) -> Loaded:
    return load_statement(
        file=read_statement_file(content), actor=actor, now=NOW, time_zone="Asia/Almaty"
    )


def problems_of(content: bytes) -> tuple[str, ...]:
    """What is wrong with a file, of which nothing was loaded."""
    before = whole_record()
    with pytest.raises(StatementInvalid) as caught:
        load(content)
    assert changed_tables(before) == set()
    assert caught.value.problems
    assert all(problem.isprintable() for problem in caught.value.problems)
    return caught.value.problems
