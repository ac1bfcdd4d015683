"""An uploaded file before anything reads it: its size, its kind, its letters.

A few kilobytes can claim to be gigabytes, so the sizes that a ZIP file declares are added up before
one byte of it is unpacked; Python's zipfile reads no more of a part than it has declared.
"""

from __future__ import annotations

import codecs
import re
import zipfile
from io import BytesIO
from typing import ClassVar, Final

from django.utils.translation import gettext as _

from commitments.exceptions import InvalidInput

MEBIBYTE: Final = 1024 * 1024
LARGEST: Final = 50 * 1_000_000
"""Bytes of a file, and of what an XLSX file declares to unpack to."""
MOST_PARTS: Final = 1_000
MOST_ROWS: Final = 100_000
"""Rows of a table below the names of its columns."""
# A row of a sheet that says that it is the 100,000th or a later one.
_FAR_ROW: Final = re.compile(rb"""<(?:\w+:)?row\b[^>]*?\br=["'](\d{6,9})["']""")
_ZIP: Final = b"PK\x03\x04"
_OLD_EXCEL: Final = b"\xd0\xcf\x11\xe0"
_BYTE_ORDER_MARKS: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class FileRefused(InvalidInput):
    """A file that is not read at all; the sentence says why and what to do."""

    code: ClassVar[str] = "file_refused"


def refused(sentence: str) -> FileRefused:
    """The error for the field of the form."""
    return FileRefused(sentence, field="file")


def refuse_size(size: int) -> None:
    """Raise FileRefused where a file of `size` bytes is more than is read at once."""
    if size > LARGEST:
        sentence = _("The file has %(size)d MB; at most %(most)d MB are read. Divide it.")
        raise refused(sentence % {"size": size // 1_000_000, "most": LARGEST // 1_000_000})


def is_workbook(data: bytes) -> bool:
    """Whether `data` is an XLSX file (a ZIP file), whatever its name says."""
    return data.startswith(_ZIP)


def checked_workbook(data: bytes) -> BytesIO:
    """`data` for a reader of XLSX; raises FileRefused for a ZIP bomb or what is none."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            parts = archive.infolist()
            _refuse_declared(parts)
            if "[Content_Types].xml" not in archive.namelist():
                raise refused(_("This is a ZIP file but no workbook; save the table as XLSX."))
            for part in parts:
                _refuse_content(archive.read(part))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise refused(
            _("The XLSX file is damaged or locked; save it anew, without a password.")
        ) from error
    return BytesIO(data)


def _refuse_declared(parts: list[zipfile.ZipInfo]) -> None:
    declared = sum(part.file_size for part in parts)
    if declared > LARGEST or len(parts) > MOST_PARTS:
        sentence = _(
            "The workbook unpacks to %(size)d MB; at most %(most)d MB are read. Divide it."
        )
        raise refused(sentence % {"size": declared // 1_000_000, "most": LARGEST // 1_000_000})


def _refuse_content(part: bytes) -> None:
    # No program writes a document type into a workbook; entities in it can grow without end.
    if b"<!DOCTYPE" in part or b"<!ENTITY" in part:
        raise refused(_("The workbook declares entities; save it anew as XLSX."))
    # The reader would make every row before a lone cell in the last corner of a sheet.
    for found in _FAR_ROW.finditer(part):
        refuse_rows(int(found[1]))


def refuse_rows(number: int) -> None:
    """Raise FileRefused where the row with this number is one too many; the names are row 1."""
    if number > MOST_ROWS + 1:
        sentence = _("There are more than %(most)d rows, empty ones included; divide the file.")
        raise refused(sentence % {"most": MOST_ROWS})


def text_of(data: bytes) -> str:
    """The text of a CSV file in UTF-8, or in UTF-16 with its byte order mark.

    Raises FileRefused for other encodings: which of the many it is could only be guessed.
    """
    if data.startswith(_OLD_EXCEL):
        raise refused(_("This is an old Excel file; save it as XLSX or CSV."))
    encoding = "utf-16" if data.startswith(_BYTE_ORDER_MARKS) else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        sentence = _("Line %(line)d is not UTF-8; save the file as “CSV UTF-8” and load it again.")
        raise refused(sentence % {"line": line}) from error
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        sentence = _("There is a NUL character in line %(line)d; save the file as “CSV UTF-8”.")
        raise refused(sentence % {"line": line})
    return text
