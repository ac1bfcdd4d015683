"""Record and correct parties, topics and sources."""

from __future__ import annotations

from typing import Any, Final

from commitments.actions.parties import save_party, save_topic
from commitments.actions.sources import save_source
from commitments.api.serializers.named_input import (
    NewPartyInput,
    NewSourceInput,
    NewTopicInput,
    PartyCorrectionInput,
    SourceCorrectionInput,
    TopicCorrectionInput,
)
from commitments.api.writing.lookups import party_named
from commitments.api.writing.operations import CREATED, Data, Operation, Outcome, Writer
from commitments.models import Party, Source, Topic

_PARTY: Final = ("key", "kind", "name", "office", "country_code", "translations")
_TOPIC: Final = ("key", "name", "translations")
_SOURCE: Final = {
    **{name: name for name in ("key", "title", "kind", "date", "place", "publisher", "text")},
    **{name: name for name in ("archive_url", "language", "independent", "translations")},
    "web_url": "url",  # `url` is its address in this API
}


def _create_party(writer: Writer, _none: None, data: Data) -> Outcome:
    return Outcome(_party(writer, Party(), data).record, CREATED)


def _party(writer: Writer, party: Party, data: Data) -> Outcome:
    for name in _PARTY:
        if name in data:
            setattr(party, name, data[name])
    if "body" in data:
        party.body = party_named(data["body"], field="body")
    reason = data.get("reason", "")
    return Outcome(save_party(party=party, actor=writer.user, now=writer.now, reason=reason))


def _create_topic(writer: Writer, _none: None, data: Data) -> Outcome:
    return Outcome(_topic(writer, Topic(), data).record, CREATED)


def _topic(writer: Writer, topic: Topic, data: Data) -> Outcome:
    for name in _TOPIC:
        if name in data:
            setattr(topic, name, data[name])
    reason = data.get("reason", "")
    return Outcome(save_topic(topic=topic, actor=writer.user, now=writer.now, reason=reason))


def _create_source(writer: Writer, _none: None, data: Data) -> Outcome:
    return Outcome(_source(writer, Source(), data).record, CREATED)


def _source(writer: Writer, source: Source, data: Data) -> Outcome:
    for name, column in _SOURCE.items():
        if name in data:
            setattr(source, column, data[name])
    reason = data.get("reason", "")
    return Outcome(save_source(source=source, actor=writer.user, now=writer.now, reason=reason))


def _adds(model: str) -> dict[str, Any]:
    return {"creates": True, "permission": f"commitments.add_{model}"}


def _changes(model: str) -> dict[str, Any]:
    return {"permission": f"commitments.change_{model}"}


_WEB_URL: Final = {"url": "web_url"}
CREATE_PARTY: Final = Operation(
    "create_party", NewPartyInput, _create_party, Party, **_adds("party")
)
CORRECT_PARTY: Final = Operation(
    "correct_party", PartyCorrectionInput, _party, Party, **_changes("party")
)
CREATE_TOPIC: Final = Operation(
    "create_topic", NewTopicInput, _create_topic, Topic, **_adds("topic")
)
CORRECT_TOPIC: Final = Operation(
    "correct_topic", TopicCorrectionInput, _topic, Topic, **_changes("topic")
)
CREATE_SOURCE: Final = Operation(
    "create_source",
    NewSourceInput,
    _create_source,
    Source,
    renamed=_WEB_URL,
    **_adds("source"),
)
CORRECT_SOURCE: Final = Operation(
    "correct_source",
    SourceCorrectionInput,
    _source,
    Source,
    renamed=_WEB_URL,
    **_changes("source"),
)
