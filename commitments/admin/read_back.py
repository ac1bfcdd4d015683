"""What the words of a date are understood as, answered while an editor types.

The static script `commitments/read_back.js` asks here; without script the same is said on saving.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import Max
from django.http import HttpRequest, JsonResponse, QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from commitments.admin.record_admin import person
from commitments.exceptions import InvalidInput, PhraseError, WindowError
from commitments.forms.refusals import sentences_of
from commitments.forms.windows import LONGEST_WHEN, day_in_words, window_words
from commitments.models import Citation, Commitment, Source
from commitments.phrases import Reading, read_phrase
from commitments.roles import may
from commitments.time_zones import known_time_zones
from commitments.window import Hemisphere, Window

VIEW = "commitments.view_commitment"


@dataclass(frozen=True, slots=True)
class Question:
    """The words of a date with all that decides what they mean; `languages` in turn."""

    text: str
    said_on: date | None
    languages: tuple[str, ...]
    time_zone: str
    hemisphere: Hemisphere
    past: bool


@require_safe
def read_back_view(request: HttpRequest) -> JsonResponse:
    """GET `text` and, each optional, `said_on` (ISO) or `source`, `citation` (ids, repeatable).

    `language`, `time_zone`, `hemisphere`, `past=1` say more; `commitment` (an id) gives its own
    time zone and hemisphere. Answers `understood`, `sentence`, and `edtf` or else `nearest`;
    400 with `field` and `error` where the question itself is wrong.
    """
    if not may(person(request), VIEW):
        raise PermissionDenied
    try:
        question = question_in(request.GET)
    except InvalidInput as error:
        return JsonResponse({"field": error.field, "error": str(error)}, status=400)
    return JsonResponse(answer_to(question))


def answer_to(question: Question) -> dict[str, Any]:
    """The reading of the first language that understands the words, or the first one's fault."""
    if not question.text.strip():
        return {"understood": True, "edtf": "", "sentence": ""}
    fault: WindowError | None = None
    for language in question.languages:
        try:
            reading = read_phrase(
                question.text,
                said_on=question.said_on,
                language=language,
                hemisphere=question.hemisphere,
                past=question.past,
            )
        except WindowError as error:
            fault = fault or error
        else:
            return _understood(reading, question)
    return _not_understood(fault or WindowError(""))


def _understood(reading: Reading, question: Question) -> dict[str, Any]:
    sentences = [days_in_words(reading.window, time_zone=question.time_zone)]
    if reading.is_year_assumed:
        sentences.append(_("No year was said: this is the one nearest to the source."))
    return {
        "understood": True,
        "edtf": str(reading.window),
        "words": window_words(reading.window),
        "sentence": " ".join(sentences),
    }


def _not_understood(error: WindowError) -> dict[str, Any]:
    nearest = list(error.nearest) if isinstance(error, PhraseError) else []
    bare = PhraseError(error.message, field=error.field)
    sentences = [one for said in sentences_of(bare).values() for one in said]
    return {
        "understood": False,
        "sentence": " ".join(sentences),
        "nearest": nearest,
        "nearest_label": _("Understood would be:") if nearest else "",
    }


def days_in_words(window: Window, *, time_zone: str) -> str:
    """The days and when it is overdue: "1 March – 31 May 2025, overdue from 1 June 2025 (…)"."""
    if window.is_undated:
        return _("No date.")
    details = {"days": _days(window), "zone": time_zone}
    if window.latest is None or window.latest == date.max:
        return _("%(days)s, never overdue (%(zone)s)") % details
    details["overdue"] = day_in_words(window.latest + timedelta(days=1))
    return _("%(days)s, overdue from %(overdue)s (%(zone)s)") % details


def _days(window: Window) -> str:
    """From the first to the last possible day, in words."""
    first, last = window.earliest, window.latest
    if first is None or last is None:
        return window_words(window)
    if first == last:
        return day_in_words(first)
    if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31):
        # In words this would be the bare year again, which says no more than what was typed.
        return f"{day_in_words(first)} – {day_in_words(last)}"
    return window_words(Window.parse(f"{first.isoformat()}/{last.isoformat()}"))


def question_in(given: QueryDict) -> Question:
    """The question of a query string; raises InvalidInput that names the parameter and the fix."""
    text = given.get("text", "")
    if len(text) > LONGEST_WHEN:
        sentence = _("Shorten this to %(longest)d characters.") % {"longest": LONGEST_WHEN}
        raise InvalidInput(sentence, field="text")
    commitment = _commitment(given)
    place = given if commitment is None else {}
    zone, hemisphere = settings.DEFAULT_PLACE_TIME_ZONE, Hemisphere.NORTH.value
    if commitment is not None:
        zone, hemisphere = commitment.time_zone, commitment.hemisphere
    return Question(
        text=text,
        said_on=_said_on(given),
        languages=_languages(given),
        time_zone=_one_of("time_zone", place.get("time_zone") or zone, known_time_zones()),
        hemisphere=Hemisphere(
            _one_of("hemisphere", place.get("hemisphere") or hemisphere, list(Hemisphere))
        ),
        past=given.get("past") == "1",
    )


def _languages(given: QueryDict) -> tuple[str, ...]:
    """The editor's own, then that of the source, where the words may come from."""
    own = get_language() or settings.LANGUAGE_CODE
    return tuple(dict.fromkeys([own, *(one for one in given.getlist("language") if one)]))


def _said_on(given: QueryDict) -> date | None:
    if text := given.get("said_on"):
        try:
            return date.fromisoformat(text)
        except ValueError as error:
            sentence = _("Write the day as 2024-11-27.")
            raise InvalidInput(sentence, field="said_on") from error
    sources = Source.objects.filter(pk__in=_ids(given, "source"))
    cited = Source.objects.filter(
        pk__in=Citation.objects.filter(pk__in=_ids(given, "citation")).values("source")
    )
    days = [one.aggregate(day=Max("date"))["day"] for one in (sources, cited)]
    return max((day for day in days if day), default=None)


def _commitment(given: QueryDict) -> Commitment | None:
    ids = _ids(given, "commitment")
    found = Commitment.objects.filter(pk__in=ids).first()
    if ids and found is None:
        raise InvalidInput(_("There is no such commitment."), field="commitment")
    return found


def _ids(given: QueryDict, name: str) -> list[int]:
    texts = [text for text in given.getlist(name) if text]
    # Fifty are more than a page has, and eighteen digits fit the column.
    if len(texts) > 50 or not all(text.isdecimal() and len(text) <= 18 for text in texts):
        raise InvalidInput(_("Give ids as numbers."), field=name)
    return [int(text) for text in texts]


def _one_of(field: str, value: str, known: Iterable[str]) -> str:
    if value not in known:
        raise InvalidInput(_("%(value)s is not known here.") % {"value": value[:60]}, field=field)
    return value
