"""The picture in time as a file: what stands around the drawing, and where, in pixels.

Whoever sees the file elsewhere has no page around it: title, day, key, and where it is from.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from timeline.layout.letters import cut, width_of
from timeline.presentation.picture import PicturePage

WIDTH: Final = 1200
MARGIN: Final = 36
_INSIDE: Final = WIDTH - 2 * MARGIN
_LINE: Final = 22
_LARGE: Final = 2.1
"""How much wider the letters of the title are than those that are measured."""


@dataclass(frozen=True, slots=True)
class KeyItem:
    """A sample of a way of drawing, with its words, from `x`, `y` on; `kind` names it."""

    kind: str
    words: str
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class PictureFile:
    """All that the template needs; `y` of each part is where its first line or its top stands."""

    title: str
    about: str
    source: str
    licence: str
    key: tuple[KeyItem, ...]
    sheet_y: int
    source_y: int
    height: int


def picture_file(
    picture: PicturePage, *, title: str, about: Iterable[str], address: str, licence: str
) -> PictureFile:
    """Set the parts around `picture`; `about` are the day and what the list is narrowed to."""
    key, key_height = _placed(_samples(picture), y=102)
    sheet_y = 102 + key_height
    source_y = sheet_y + picture.main.sheet.height + (0 if picture.main.parts else 60) + 26
    source = _("Source: %(address)s") % {"address": address}
    return PictureFile(
        title=cut(title, _INSIDE / _LARGE),
        about=cut(" · ".join(about), _INSIDE),
        source=cut(source, _INSIDE),
        licence=cut(licence, _INSIDE),
        key=key,
        sheet_y=sheet_y,
        source_y=source_y,
        height=source_y + (_LINE if licence else 0) + 20,
    )


def _samples(picture: PicturePage) -> list[tuple[str, str]]:
    found = [("said", _("a statement"))] if picture.main.said else []
    if picture.is_counted:
        found += [(f"part {family}", words) for family, words in picture.families]
        return [*found, ("", _("Each counts where its last possible day is."))]
    words = {
        "exact": _("between two exact days"),
        "vague": _("soft ends: a vague date"),
        "day": _("one day"),
        "wait": _("days since the last possible one"),
        "move": _("moved from the first date"),
    }
    return found + [(kind, said) for kind, said in words.items() if kind in picture.drawn]


def _placed(samples: Iterable[tuple[str, str]], *, y: int) -> tuple[tuple[KeyItem, ...], int]:
    """One beside the other in as many lines as they need, and how high these are together."""
    found: list[KeyItem] = []
    x, line = 0, 0
    for kind, words in samples:
        width = round(width_of(words)) + (52 if kind else 4) + 22
        if x and x + width > _INSIDE:
            x, line = 0, line + 1
        found.append(KeyItem(kind, words, MARGIN + x, y + line * _LINE))
        x += width
    return tuple(found), (line + 1) * _LINE + 14 if found else 14
