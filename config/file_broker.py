"""The broker of files without its races: a message is read whole or not at all.

Kombu's transport opens a message's file under its last name and writes then, so that a worker may
take it half-written and ends with a JSON error (github.com/celery/kombu/issues/1551); the table of
an exchange is emptied before it is locked. What is published here gets its name when it is whole,
and one lock stands around every table.
"""

from __future__ import annotations

import fcntl
import logging
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from json import JSONDecodeError
from pathlib import Path
from time import time
from typing import Any

from kombu.exceptions import ChannelError
from kombu.transport import filesystem
from kombu.utils.json import dumps

logger = logging.getLogger(__name__)


class Channel(filesystem.Channel):
    """A channel whose files come into being under their names by a rename."""

    # The stubs' two classes above this one differ in what they take: hence the two ignores.
    def _put(self, queue: str, payload: Any, **_: Any) -> None:  # type: ignore[override]
        """Publish `payload`; `ChannelError` when the disk refuses it, and then nothing is left."""
        folder = Path(self.data_folder_out)
        # Nobody takes a file whose name does not end with a queue's.
        unfinished = folder / f"{uuid.uuid4()}.unfinished"
        name = folder / f"{time() * 1000:.0f}_{uuid.uuid4()}.{queue}.msg"
        try:
            unfinished.write_text(dumps(payload))
            unfinished.rename(name)
        except OSError as error:
            unfinished.unlink(missing_ok=True)
            raise ChannelError(f"Cannot add {name} to the broker's folder.") from error

    def _get(self, queue: str) -> Any:  # type: ignore[override]
        """Return the oldest message of `queue`; `Empty` without one.

        A file that a crash of the machine left without its content is dropped: a message only
        wakes a worker, what is due stands in the database.
        """
        while True:
            try:
                return super()._get(queue)
            except JSONDecodeError:
                logger.warning("A message of the queue %s is not whole: it is dropped.", queue)

    def get_table(self, exchange: str) -> Any:
        """Return the bindings of `exchange`."""
        with self._tables_locked():
            return super().get_table(exchange)

    def _queue_bind(self, exchange: str, routing_key: Any, pattern: Any, queue: str) -> None:
        with self._tables_locked():
            super()._queue_bind(exchange, routing_key, pattern, queue)

    @contextmanager
    def _tables_locked(self) -> Iterator[None]:
        self.control_folder.mkdir(parents=True, exist_ok=True)
        with (self.control_folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # given back when the file is closed
            yield


class Transport(filesystem.Transport):
    """What `CELERY_BROKER_TRANSPORT` names."""

    Channel = Channel
