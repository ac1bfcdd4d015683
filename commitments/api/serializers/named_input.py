"""What is sent to record and to correct parties, topics and sources."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from commitments.api.serializers.inputs import (
    Choice,
    Day,
    Flag,
    Input,
    Key,
    Line,
    Name,
    Reason,
    Text,
    Texts,
)
from commitments.enums import PartyKind, SourceKind

_PERMANENT = _("The key is permanent: addresses and files name it.")


class PartyCorrectionInput(Input):
    """What to correct of a party; what is left out stays."""

    elsewhere: ClassVar[Mapping[str, str | Promise]] = {"key": _PERMANENT}

    kind = Choice(PartyKind, required=False)
    name = Line(max_length=200, allow_blank=False, required=False)
    office = Line(max_length=200, required=False, help_text="For a person: President, …")
    body = Name(allow_null=True, required=False, help_text="The key of what it belongs to.")
    country_code = Line(max_length=2, required=False, help_text="ISO 3166-1, for a country.")
    translations = Texts(required=False)
    reason = Reason()


class NewPartyInput(PartyCorrectionInput):
    """A country, organisation, region or person."""

    elsewhere: ClassVar[Mapping[str, str | Promise]] = {}

    key = Key(max_length=60, help_text="Its permanent name in addresses and files.")
    kind = Choice(PartyKind)
    name = Line(max_length=200, allow_blank=False)


class TopicCorrectionInput(Input):
    """What to correct of a topic; what is left out stays."""

    elsewhere: ClassVar[Mapping[str, str | Promise]] = {"key": _PERMANENT}

    name = Line(max_length=120, allow_blank=False, required=False)
    translations = Texts(required=False)
    reason = Reason()


class NewTopicInput(TopicCorrectionInput):
    """What commitments are about."""

    elsewhere: ClassVar[Mapping[str, str | Promise]] = {}

    key = Key(max_length=60, help_text="Its permanent name in addresses.")
    name = Line(max_length=120, allow_blank=False)


class SourceCorrectionInput(Input):
    """What to correct of a source; what is left out stays."""

    key = Key(required=False, help_text="Its name in statement files; permanent once given.")
    title = Line(max_length=300, allow_blank=False, required=False)
    kind = Choice(SourceKind, required=False)
    date = Day(required=False, help_text="The day on which it was said or published.")
    place = Line(max_length=200, required=False)
    publisher = Line(max_length=200, required=False)
    web_url = Line(max_length=1000, required=False, help_text="Its own address, http or https.")
    archive_url = Line(max_length=1000, required=False, help_text="An archived copy.")
    language = Line(max_length=12, required=False, help_text="Of the source itself, as “ru”.")
    independent = Flag(
        required=False, help_text="No party of its commitments speaks or publishes here."
    )
    text = Text(
        max_length=500_000,
        required=False,
        trim_whitespace=False,
        help_text="The full text, so that quotes can be checked; it is not shown to the public.",
    )
    translations = Texts(required=False)
    reason = Reason()


class NewSourceInput(SourceCorrectionInput):
    """A transcript, statement, agreement, article or report."""

    title = Line(max_length=300, allow_blank=False)
    kind = Choice(SourceKind)
    date = Day(help_text="The day on which it was said or published.")
