"""What of the picture the address asks for: how close, where in time, and in which groups."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.http import QueryDict
from django.utils.translation import gettext as _

from commitments.exceptions import InvalidInput
from timeline.layout.axis import MOST_MONTHS, Closer, Zoom, months_between
from timeline.layout.placing import ALL, View
from timeline.picture_reader import Grouping

NAMES: Final = ("zoom", "at", "group")
_PLACE: Final = re.compile(r"(\d{4})(?:-(\d\d))?", re.ASCII)
_STRETCH: Final = re.compile(r"(\d{4}-\d\d)\.\.(\d{4}-\d\d)", re.ASCII)


@dataclass(frozen=True, slots=True)
class PictureChoice:
    """`view` is what is looked at, `grouping` what the parts are (None: one for all)."""

    view: View = ALL
    grouping: Grouping | None = None


def read_choice(asked: QueryDict, *, today: date) -> PictureChoice:
    """Read `zoom`, `at` and `group`; raises InvalidInput, which names the field and the fix."""
    zoom, grouping = asked.get("zoom", ""), asked.get("group", "")
    if grouping not in {"", *Grouping}:
        raise _unknown("group", ", ".join(Grouping))
    view = _read_view(zoom, _read_place(asked.get("at", "")), today)
    return PictureChoice(view, Grouping(grouping) if grouping else None)


def _read_view(zoom: str, at: date | None, today: date) -> View:
    stretch = _STRETCH.fullmatch(zoom)
    if stretch and at is None:
        first, last = _read_place(stretch[1], "zoom"), _read_place(stretch[2], "zoom")
        if first and last and 1 <= months_between(first, last) <= MOST_MONTHS:
            return View(at=first, until=last)
        sentence = _("Write the earlier month first, and no more than 200 years.")
        raise InvalidInput(sentence, field="zoom", code="invalid_parameter")
    if zoom not in {"", *Zoom}:
        raise _unknown("zoom", ", ".join([*Zoom, "2024-05..2026-10"]))
    if at and not zoom:
        sentence = _("Say how close beside it: zoom=year.")
        raise InvalidInput(sentence, field="at", code="invalid_parameter")
    return View(Zoom(zoom), at or today) if zoom else ALL


def query_of(params: QueryDict, closer: Closer | None, grouping: Grouping | None) -> str:
    """The query string of the list `params` with its picture seen like this."""
    query = without_choice(params)
    if grouping:
        query["group"] = grouping.value
    if closer:
        query["zoom"] = str(closer.zoom)
        if closer.at:
            query["at"] = closer.at
    return query.urlencode()


def without_choice(asked: QueryDict) -> QueryDict:
    """The filter alone: nothing of the picture, and no page of the list."""
    rest = asked.copy()
    for name in (*NAMES, "page"):
        rest.pop(name, None)
    return rest


def _read_place(text: str, field: str = "at") -> date | None:
    """`2026` or `2026-10` as its first day; None for ""."""
    if not text:
        return None
    found = _PLACE.fullmatch(text)
    try:
        return date(int(found[1]), int(found[2] or 1), 1) if found else _refuse_place(field)
    except ValueError:
        return _refuse_place(field)


def _refuse_place(field: str) -> date:
    sentence = _("Write a year as 2026 or a month as 2026-10.")
    raise InvalidInput(sentence, field=field, code="invalid_parameter")


def _unknown(field: str, known: str) -> InvalidInput:
    sentence = _("Choose one of: %(known)s.") % {"known": known}
    return InvalidInput(sentence, field=field, code="invalid_parameter")
