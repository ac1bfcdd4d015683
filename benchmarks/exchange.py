"""Import and export of 10,000 commitments: dry run, export, writing, and what is refused.

The page of the dry run is measured as the desk sends it, upload and all. The baselines are the
limits that are promised: a dry run of 10,000 rows in a minute, a refusal in a second.
"""

from __future__ import annotations

import os
import sys
import time
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any, TypeVar

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # run as a file, not only with -m

from benchmarks.frame import a_database, finish, report, set_up_django

os.environ.setdefault("DEBUG", "true")  # static files as they are: nothing collects them here
set_up_django()

from datetime import UTC, datetime

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from benchmarks.made_up import make_commitments
from commitments.actions.exchange import import_rows
from commitments.exchange.reading import read_rows
from commitments.exchange.rows import rows_of
from commitments.exchange.upload import FileRefused
from commitments.exchange.writing import written
from commitments.models import Commitment, User

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
HOW_MANY = int(os.environ.get("HOW_MANY", "10000"))
WRITTEN = int(os.environ.get("WRITTEN", "2000"))
ROWS_A_SECOND = 100
A_MINUTE = 60.0
Result = TypeVar("Result")


def timed(call: Callable[..., Result], *given: Any) -> tuple[float, Result]:
    """How many seconds one call takes, and what it gives."""
    start = time.perf_counter()
    result = call(*given)
    return time.perf_counter() - start, result


def new_rows(data: bytes) -> bytes:
    """The CSV file `data` with other ids and titles, so that every row is new."""
    text = data.decode().replace("Opening of facility", "Closing of facility")
    lines = text.split("\r\n")
    return "\r\n".join(
        line.replace(line.split(",")[1], "", 1) if line.startswith("commitment,") else line
        for line in lines
    ).encode()


def dry_run(client: Client, data: bytes, name: str) -> str:
    """The page that tells what the file would do."""
    file = SimpleUploadedFile(name, data)
    response = client.post("/admin/commitments/commitment/import/", {"file": file})
    return str(response.getvalue().decode())


def export(kind: str) -> bytes:
    """All of the record as a file."""
    return written(rows_of(Commitment.objects.all()), kind, languages=["ru", "kk"])


def measure_files(client: Client) -> list[bool]:
    """Exports and dry runs in both formats."""
    results = []
    files = {}
    for kind in ("csv", "xlsx"):
        took, files[kind] = timed(export, kind)
        results.append(report_rows(f"export {kind}", HOW_MANY / took))
    for name, kind, data in (
        ("known rows of CSV", "csv", files["csv"]),
        ("known rows of XLSX", "xlsx", files["xlsx"]),
        ("new rows of CSV", "csv", new_rows(files["csv"])),
    ):
        took, page = timed(dry_run, client, data, f"a.{kind}")
        if "Wrong: 0." not in page:
            raise AssertionError(page[-2_000:])
        results.append(report_rows(f"dry run of {HOW_MANY} {name}", HOW_MANY / took))
    return results


def report_rows(name: str, rate: float) -> bool:
    """Print how many rows a second that is, against all of them in a minute."""
    return report(name, value=rate, unit="rows/s", baseline=HOW_MANY / A_MINUTE, target=1)


def bomb() -> bytes:
    """A small file that unpacks to 200 MB."""
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/worksheets/sheet1.xml", bytes(200_000_000))
    return file.getvalue()


def refuse(data: bytes) -> None:
    """Read a file that has to be refused."""
    try:
        read_rows(data)
    except FileRefused:
        return
    raise AssertionError("it was read")


def measure_refusals() -> list[bool]:
    """How long it takes to refuse what is made for harm."""
    harmful = {
        "ZIP bomb": (bomb(), 0.05),
        "a million rows": (b"title\n" + b"a\n" * 1_000_001, 1.0),
        "200 MB": (b"a" * 200_000_000, 1.0),
        "CP1252": (b"title\n" + b"caf\xe9\n" * 1_000_000, 1.0),
    }
    results = []
    for name, (data, most) in harmful.items():
        took, _nothing = timed(refuse, data)
        results.append(
            report(f"refuse {name}", value=1 / took, unit="calls/s", baseline=1 / most, target=1)
        )
    return results


def measure_writing(user: User) -> bool:
    """The import itself: every row by its actions, with its rows in the log and of the versions.

    Each commitment has two topics, two parties and a quote from one of the sources of the file.
    """
    rows = read_rows(rows_to_write())
    writing = import_rows(rows=rows, actor=user, now=NOW, time_zone="UTC", publish=False)
    took, _done = timed(sum, writing)
    rate = len(rows) / took
    return report("write rows", value=rate, unit="rows/s", baseline=ROWS_A_SECOND, target=1)


def rows_to_write() -> bytes:
    """A table of new commitments with all that they name."""
    names = "record,key,title,kind,window,topics,parties,source,quote,said_by,name,date"
    lines = [names]
    for n in range(10):
        lines += [f"topic,t{n},,,,,,,,,Topic {n},", f"party,p{n},,country,,,,,,,Party {n},"]
        lines += [f"source,s{n},Source {n},transcript,,,,,,,,2024-11-27"]
    for n in range(WRITTEN - 3 * 10):
        one, two = n % 10, (n + 1) % 10
        lines.append(
            f"commitment,c{n},Plan {n},event,2026,t{one};t{two},p{one};responsible:p{two},"
            f"s{one},We shall do {n},p{one},,"
        )
    return "\n".join(lines).encode()


def main() -> None:
    """Measure all of it."""
    with a_database():
        make_commitments(HOW_MANY)
        user = User.objects.create(username="desk", is_staff=True, is_superuser=True)
        client = Client()
        client.force_login(user)
        results = [*measure_refusals(), *measure_files(client), measure_writing(user)]
    finish(all_ok=all(results))


if __name__ == "__main__":
    main()
