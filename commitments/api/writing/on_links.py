"""The addresses below a commitment that tie it to others: merge, split, recur, follow."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from rest_framework.request import Request
from rest_framework.response import Response

from commitments.api.idempotency import idempotent
from commitments.api.writing import links as writes
from commitments.api.writing.operations import Operation
from commitments.api.writing.views import Writing


class Merge(Writing):
    """Two are the same."""

    operations: ClassVar[Mapping[str, Operation]] = {"POST": writes.MERGE}

    @idempotent
    def post(self, _request: Request, public_id: str) -> Response:  # noqa: ARG002
        """Say that it is the same as another one, which stays; the answer is that one.

        This one is taken out of every list, and its address leads to the other for ever. What it
        cites is cited there too.
        """
        return self.write()


class Split(Writing):
    """One is two."""

    operations: ClassVar[Mapping[str, Operation]] = {"POST": writes.SPLIT}

    @idempotent
    def post(self, _request: Request, public_id: str) -> Response:  # noqa: ARG002
        """Make it the programme of two or more new milestones, which `milestones` then lists.

        Each has its parties, topics, place and citations, and is published if it is.
        """
        return self.write()


class Occurrences(Writing):
    """A programme comes round again."""

    operations: ClassVar[Mapping[str, Operation]] = {"POST": writes.ADD_OCCURRENCES}

    @idempotent
    def post(self, _request: Request, public_id: str) -> Response:  # noqa: ARG002
        """Record each time of a programme that recurs as a milestone of it.

        What is there already stays, so it can be done again with a later end: 200 where nothing was
        new. For a published programme it needs the scope approve, for the parts are public at once.
        """
        return self.write()


class Anchor(Writing):
    """What the date counts from."""

    operations: ClassVar[Mapping[str, Operation]] = {"PUT": writes.ANCHOR}

    def put(self, _request: Request, public_id: str) -> Response:  # noqa: ARG002
        """Let the date count from a source or another commitment, and move with it.

        A date move to a date of its own lets go of it.
        """
        return self.write()
