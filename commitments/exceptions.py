"""The error tree of the record: one root, a stable code each, a sentence for people.

Plain Python, so that the date value can use it without Django. An error that belongs to a
field names it, so that a form, a serializer or an import can show it beside that field.
They become HTTP answers in one place: `commitments/api/errors.py`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar


class RecordError(Exception):
    """Root of everything that the record refuses.

    `code` is stable and made for programs; `message` is a sentence for people that says what
    is wrong and what to do; `field` is the name of the input at fault, or "" for the whole.
    """

    code: ClassVar[str] = "record_error"

    def __init__(self, message: str, *, field: str = "", code: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.specific_code = code or self.code

    def __str__(self) -> str:
        return str(self.message)


class WindowError(RecordError):
    """A text that is not a window of time that we understand; no part of a date is guessed."""

    code = "window_invalid"


class PhraseError(WindowError):
    """Words for a date that are not understood; `nearest` are the closest ones that are."""

    code = "phrase_unknown"

    def __init__(self, message: str, *, nearest: tuple[str, ...] = (), field: str = "") -> None:
        super().__init__(message, field=field)
        self.nearest = nearest


class InvalidInput(RecordError):
    """A value that the record cannot hold: control characters, too long, contradictory.

    `errors` has every sentence by field name, "" for the whole; `field` is the first of them.
    """

    code = "invalid_input"

    def __init__(
        self,
        message: str,
        *,
        field: str = "",
        code: str = "",
        errors: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        super().__init__(message, field=field, code=code)
        self.errors = dict(errors or {field: [message]})


class CircleError(InvalidInput):
    """A link (parent, successor, body of a party) that would lead back to its own start."""

    code = "circle"


class QuoteNotFound(InvalidInput):
    """The quote does not stand in the stored text; `nearest` is the passage most like it."""

    code = "quote_not_found"

    def __init__(self, message: str, *, nearest: str = "", field: str = "quote") -> None:
        super().__init__(message, field=field)
        self.nearest = nearest


class TransitionRefused(RecordError):
    """A move of the status that the table does not have, or whose needs are not met.

    `specific_code` names the unmet need, as in `commitments/transitions.py`. Where several are,
    `unmet` has each: its field, its code and its sentence.
    """

    code = "transition_refused"

    def __init__(
        self,
        message: str,
        *,
        field: str = "",
        code: str = "",
        unmet: Sequence[tuple[str, str, str]] = (),
    ) -> None:
        super().__init__(message, field=field, code=code)
        self.unmet = tuple(unmet)


class NotAllowed(RecordError):
    """The person may not do this, whatever the input."""

    code = "not_allowed"


class StaleRevision(RecordError):
    """Somebody else changed the record since it was read.

    `current` is the revision now; `changed` tells what the other change was, field by field.
    """

    code = "stale_revision"

    def __init__(self, message: str, *, current: int, changed: Mapping[str, object]) -> None:
        super().__init__(message, field="revision")
        self.current = current
        self.changed = changed


class StatementInvalid(RecordError):
    """A statement file that cannot be loaded; `problems` lists each row, field and fix."""

    code = "statement_invalid"

    def __init__(self, message: str, *, problems: tuple[str, ...]) -> None:
        super().__init__(message)
        self.problems = problems


class BulkRefused(RecordError):
    """Some of many rows were refused, so none was changed; `refusals` tells which and why.

    A row of `refusals` is the public id and what the record said of it.
    """

    code = "bulk_refused"

    def __init__(self, message: str, *, refusals: Sequence[tuple[str, RecordError]]) -> None:
        super().__init__(message)
        self.refusals = tuple(refusals)
