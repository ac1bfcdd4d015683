"""Reading the words of a date: one engine for all languages, each a table of its own.

A phrase is read whole or refused, with the nearest phrases that are understood: no part of a
date is ever invented. EDTF text is a phrase in every language.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

from commitments.exceptions import PhraseError, WindowError
from commitments.phrases.date_words import DateWords, date_words, share
from commitments.phrases.grammar import Said
from commitments.phrases.languages import Tools, tools_for
from commitments.phrases.meaning import Clock, assumed_year, sides_in_year, sides_of
from commitments.phrases.reading import SOURCE_ANCHOR, AnchorRule, Reading
from commitments.phrases.suggestions import nearest_phrases
from commitments.phrases.tokens import Token, cleaned, refuse_loose_dates
from commitments.window import Hemisphere, Window
from commitments.window_text import Sentence, shown
from commitments.window_text import translatable as _

_LOOKS_LIKE_EDTF = re.compile(r"[0-9X./?~%+-]*[0-9X][0-9XTYZ:./?~%+-]*")
# 2021-25 is the EDTF of a northern spring, but people who write it mean five years.
_SHORT_SPAN = re.compile(r"[0-9]{2}([0-9]{2})-(2[1-9]|3[0-2])")


def read_phrase(
    text: str,
    *,
    said_on: date | None,
    language: str,
    hemisphere: Hemisphere = Hemisphere.NORTH,
    anchors: Mapping[str, date] | None = None,
    past: bool = False,
) -> Reading:
    """Read a phrase, or EDTF, as a window.

    `said_on` is the date of the source, which "next year" counts from; `language` a code such as
    "ru" or "ru-RU" (an unknown one is read as English); `hemisphere` that of the place; `anchors`
    the days of events that the phrase may count from, by the keys of the language's table
    ("signing", "entry_into_force", "ratification", "adoption", "publication") or by their names in
    the phrase; `past` says that the source tells of what is over: "in September" looks back.

    Raises PhraseError with a sentence, and `nearest` where there are understood phrases like it.
    """
    tidy = cleaned(text)
    edtf_error = None
    if not tidy or _LOOKS_LIKE_EDTF.fullmatch(text.strip()):
        try:
            return _edtf(text, hemisphere)
        except PhraseError:
            raise
        except WindowError as error:
            edtf_error = error
    tools = tools_for(language)
    refuse_loose_dates(tidy, tools.language)
    _refuse_unclear(tidy, tools)
    said = tools.parse(tidy, tuple(anchors or ()))
    if said is None:
        raise _not_understood(text, tidy, tools, edtf_error)
    reading = _resolved(said, Clock(said_on, hemisphere, past), anchors or {}, edtf_error)
    return replace(reading, text=text.strip())


def _resolved(
    said: Said, clock: Clock, anchors: Mapping[str, date], edtf_error: WindowError | None
) -> Reading:
    """The reading of an understood phrase; whatever is wrong with its date is a PhraseError.

    Of a text that looks like EDTF the fault is told in terms of EDTF ("2026-13").
    """
    try:
        return _meant(said, clock, anchors)
    except PhraseError as error:
        if edtf_error is None:
            raise
        raise PhraseError(edtf_error.message) from error
    except WindowError as error:
        raise PhraseError(error.message) from error
    except OverflowError:
        raise PhraseError(Sentence(_("That is beyond the years 0001 to 9999."))) from None


def _edtf(text: str, hemisphere: Hemisphere) -> Reading:
    text = text.strip()
    span = _SHORT_SPAN.fullmatch(text)
    if span and span[2] > span[1]:
        first, last = text[:4], text[:2] + span[2]
        raise PhraseError(
            Sentence(
                _(
                    "%(text)s can be the years %(first)s to %(last)s or the EDTF code of a season: "
                    "write %(first)s/%(last)s, or the season in words."
                ),
                text=text,
                first=first,
                last=last,
            ),
            nearest=(f"{first}/{last}",),
        )
    return Reading(Window.parse(text, hemisphere=hemisphere), text, is_relative=False)


def _refuse_unclear(tidy: str, tools: Tools) -> None:
    if tidy in tools.language.unclear:
        raise PhraseError(
            Sentence(
                _(
                    "%(text)s can mean the calendar year, month or week, or the time from now on: "
                    "write the dates."
                ),
                text=tidy,
            ),
            nearest=tools.language.unclear[tidy],
        )


def _not_understood(
    text: str, tidy: str, tools: Tools, edtf_error: WindowError | None
) -> PhraseError:
    nearest = nearest_phrases(tidy, tools)
    if edtf_error is not None:
        return PhraseError(edtf_error.message, nearest=nearest)
    sentence = Sentence(
        _(
            "%(text)s is not understood as a date: write it in other words, or as EDTF "
            "such as 2026-04."
        ),
        text=shown(text.strip()),
    )
    return PhraseError(sentence, nearest=nearest)


def _meant(said: Said, clock: Clock, anchors: Mapping[str, date]) -> Reading:
    if said.sort == "undated":
        return Reading(Window.undated(), "", is_relative=False)
    if said.sort == "within":
        return _within(said.words, clock, anchors)
    if said.start and said.end:
        return _range(said, clock)
    words = date_words(said.start or said.end)
    start, end = sides_of(words, clock)
    window = Window.parse(_placed(said.sort, start, end, clock), hemisphere=clock.hemisphere)
    return Reading(window, "", words.is_relative, words.lacks_year)


def _placed(sort: str, start: str, end: str, clock: Clock) -> str:
    """EDTF of a window that is a date or is bounded by one."""
    if sort == "at":
        return start if start == end else f"{start}/{end}"
    if sort in {"until", "until_unknown"}:
        return f"{'..' if sort == 'until' else ''}/{end}"
    if sort in {"since", "since_unknown"}:
        return f"{start}/{'..' if sort == 'since' else ''}"
    if sort == "before":
        return f"../{_neighbour(start, -1, clock)}"
    return f"{_neighbour(end, 1, clock)}/.."


def _neighbour(text: str, step: int, clock: Clock) -> str:
    """What lies directly before or after a date, as coarse as it: 2025 before 2026."""
    point = Window.parse(text, hemisphere=clock.hemisphere)
    edge = point.earliest if step < 0 else point.latest
    if edge is None or point.start is None:
        raise PhraseError(Sentence(_("An open date has nothing before or after it.")))
    day = edge + timedelta(days=step)
    length = {"year": 4, "month": 7}.get(point.start.precision, 10)
    return day.isoformat()[:length] + point.start.qualifier


def _range(said: Said, clock: Clock) -> Reading:
    start, end = share(date_words(said.start), date_words(said.end))
    if said.sort == "dash":
        # "about 2021-2025", "2021-2025 (uncertain)": the mark is meant for the whole.
        start = replace(start, uncertain=start.uncertain or end.uncertain)
        end = replace(end, about=start.about or end.about)
    is_year_assumed = start.lacks_year and end.lacks_year
    if is_year_assumed:
        sides = assumed_year(lambda year: _sides_from(start, end, year, clock), clock)
    else:
        sides = sides_of(start, clock)[0], sides_of(end, clock)[1]
    window = Window.parse("/".join(sides), hemisphere=clock.hemisphere)
    return Reading(window, "", start.is_relative or end.is_relative, is_year_assumed)


def _sides_from(start: DateWords, end: DateWords, year: int, clock: Clock) -> tuple[str, str]:
    """The range that begins in `year`; it may end in the next: "December to February"."""
    first = sides_in_year(start, year, clock)[0]
    last = sides_in_year(end, year, clock)[1]
    first_day = Window.parse(first, hemisphere=clock.hemisphere).earliest
    last_day = Window.parse(last, hemisphere=clock.hemisphere).latest
    if first_day and last_day and last_day < first_day:
        last = sides_in_year(end, year + 1, clock)[1]
    return first, last


def _within(words: tuple[Token, ...], clock: Clock, anchors: Mapping[str, date]) -> Reading:
    found = {token.kind: token.value for token in words}
    spoken = {token.kind: token.text for token in words}
    if found.get("pointer", "next") not in {"next", "coming"}:
        raise PhraseError(Sentence(_("This looks back: write the two days that it lies between.")))
    amount = int(found.get("n", found.get("number", 1)))
    name = str(found.get("anchor", SOURCE_ANCHOR))
    rule = AnchorRule(name, amount, str(found.get("unit", "year")))  # type: ignore[arg-type]
    if name == SOURCE_ANCHOR:
        return Reading(rule.window(clock.day()), "", is_relative=True, anchor=rule)
    if name not in anchors:
        raise PhraseError(
            Sentence(
                _("This counts from another event (%(anchor)s): give the date of that event."),
                anchor=spoken["anchor"],
            ),
            field="anchors",
        )
    return Reading(rule.window(anchors[name]), "", is_relative=True, anchor=rule)
