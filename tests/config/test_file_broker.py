"""The broker of files: what is taken is whole, whoever writes beside it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from queue import Empty
from typing import Any

import pytest
from kombu import Connection
from kombu.exceptions import ChannelError
from kombu.transport import filesystem

from config.file_broker import Channel, Transport

MESSAGES = 300
QUEUE = "celery"


@pytest.fixture
def open_channel(tmp_path: Path) -> Callable[[], Channel]:
    def _open() -> Channel:
        for folder in ("messages", "processed", "control"):
            (tmp_path / folder).mkdir(exist_ok=True)
        connection = Connection(
            "filesystem://localhost",
            transport=Transport,
            transport_options={
                "data_folder_in": str(tmp_path / "messages"),
                "data_folder_out": str(tmp_path / "messages"),
                "processed_folder": str(tmp_path / "processed"),
                "control_folder": str(tmp_path / "control"),
            },
        )
        channel = connection.channel()
        assert isinstance(channel, Channel)
        return channel

    return _open


def test_what_was_put_is_got_in_order(open_channel: Callable[[], Channel]) -> None:
    channel = open_channel()
    channel._put(QUEUE, {"number": 1})
    channel._put("another", {"number": 2})
    assert channel._get(QUEUE) == {"number": 1}
    with pytest.raises(Empty):
        channel._get(QUEUE)
    assert channel._get("another") == {"number": 2}


def test_reader_never_meets_a_message_half_written(
    open_channel: Callable[[], Channel], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At the moment of writing there is nothing to take; Kombu's own transport ends here."""
    reader, writer = open_channel(), open_channel()
    write_text = Path.write_text

    def _take_meanwhile(path: Path, text: str) -> int:
        with pytest.raises(Empty):
            reader._get(QUEUE)
        half = write_text(path, text[: len(text) // 2])
        with pytest.raises(Empty):
            reader._get(QUEUE)
        write_text(path, text)
        return half

    monkeypatch.setattr(Path, "write_text", _take_meanwhile)
    writer._put(QUEUE, {"whole": "yes"})
    assert reader._get(QUEUE) == {"whole": "yes"}


def test_many_writers_and_readers_lose_and_double_nothing(
    open_channel: Callable[[], Channel],
) -> None:
    taken: list[int] = []
    faults: list[Exception] = []
    done = threading.Event()

    def _write(first: int) -> None:
        channel = open_channel()
        for number in range(first, first + MESSAGES):
            channel._put(QUEUE, {"number": number})

    def _read() -> None:
        channel = open_channel()
        while True:
            last = done.is_set()
            try:
                taken.append(channel._get(QUEUE)["number"])
            except Empty:
                if last:
                    return
            except Exception as error:  # noqa: BLE001 - told by the assertion below
                faults.append(error)
                return

    writers = [threading.Thread(target=_write, args=(n * MESSAGES,)) for n in range(2)]
    readers = [threading.Thread(target=_read) for _ in range(2)]
    for thread in writers + readers:
        thread.start()
    for thread in writers:
        thread.join()
    done.set()
    for thread in readers:
        thread.join()
    assert not faults
    assert sorted(taken) == list(range(2 * MESSAGES))


def test_file_that_a_crash_left_empty_is_dropped_with_a_word(
    open_channel: Callable[[], Channel], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    channel = open_channel()
    (tmp_path / "messages" / f"0_crashed.{QUEUE}.msg").touch()
    channel._put(QUEUE, {"number": 1})
    assert channel._get(QUEUE) == {"number": 1}
    assert "not whole" in caplog.text


def test_disk_that_refuses_leaves_no_file(
    open_channel: Callable[[], Channel], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    channel = open_channel()

    def _full(path: Path, text: str) -> int:
        path.touch()
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", _full)
    with pytest.raises(ChannelError, match="Cannot add"):
        channel._put(QUEUE, {"number": 1})
    assert list((tmp_path / "messages").iterdir()) == []


def test_table_of_an_exchange_is_whole_while_another_binds(
    open_channel: Callable[[], Channel], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who looks up an exchange waits until the one that binds it has written its table."""
    binder, reader = open_channel(), open_channel()
    table = tmp_path / "control" / "celery.exchange"
    bind = filesystem.Channel._queue_bind
    seen: list[list[str]] = []
    look = threading.Thread(
        target=lambda: seen.append([row.queue for row in reader.get_table("celery")])
    )

    def _bind_slowly(channel: Channel, *args: Any) -> None:
        table.touch()  # emptied, not yet written
        look.start()
        look.join(0.2)
        table.unlink()
        bind(channel, *args)

    monkeypatch.setattr(filesystem.Channel, "_queue_bind", _bind_slowly)
    binder._queue_bind("celery", "celery", "", QUEUE)
    look.join()
    assert seen == [[QUEUE]]
