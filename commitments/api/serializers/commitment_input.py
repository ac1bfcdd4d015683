"""What is sent to record and to correct a commitment, and to cite a source for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

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
    When,
)
from commitments.enums import CitationRole, Kind, PartyRole, Status, Strength
from commitments.window import Hemisphere


class HemisphereWord(TextChoices):
    """Which months a season means."""

    NORTH = Hemisphere.NORTH.value, _("north")
    SOUTH = Hemisphere.SOUTH.value, _("south")


class FirstStatus(TextChoices):
    """What a source may report on the day it is recorded (`transitions.FIRST_STATUSES`)."""

    ANNOUNCED = Status.ANNOUNCED.value, Status.ANNOUNCED.label
    IN_PROGRESS = Status.IN_PROGRESS.value, Status.IN_PROGRESS.label
    DELIVERED = Status.DELIVERED.value, Status.DELIVERED.label


class PartInput(Input):
    """A party's part in it."""

    party = Name(help_text="The key of the party.")
    role = Choice(PartyRole, default=PartyRole.PROMISED_BY.value)


class CitationInput(Input):
    """What a source says about it, word for word."""

    source = Name(help_text="The id of the source, or its key.")  # type: ignore[assignment]
    role = Choice(CitationRole, default=CitationRole.ANNOUNCES.value)
    quote = Text(
        max_length=5000,
        required=False,
        help_text="Where the text of the source is stored, it must stand in there.",
    )
    locator = Line(max_length=100, required=False, help_text="As “paragraph 47”.")
    said_by = Name(allow_null=True, required=False, help_text="The key of who said it.")


class CitationCorrectionInput(Input):
    """What to correct of a citation; what is left out stays."""

    source = Name(required=False)  # type: ignore[assignment]  # a field of the request
    role = Choice(CitationRole, required=False)
    quote = Text(max_length=5000, required=False)
    locator = Line(max_length=100, required=False)
    said_by = Name(allow_null=True, required=False)
    reason = Reason()


class CorrectionInput(Input):
    """What to correct of a commitment; what is left out stays, a list is replaced as a whole."""

    elsewhere: ClassVar[Mapping[str, str | Promise]] = {
        "window": _("A date is moved by a POST to date-moves/, so that the old one is kept."),
        "status": _("A status is changed by a POST to status-changes/."),
        "publication": _("Use submit/, publish/ or retract/."),
        "citations": _("Use citations/."),
        "target": _("Use target/."),
        "key": _("The key is permanent."),
    }

    title = Line(max_length=300, allow_blank=False, required=False)
    summary = Text(max_length=5000, required=False)
    note = Text(
        max_length=5000,
        required=False,
        help_text="What a reader should know about the figures or the words; shown in public.",
    )
    language = Line(max_length=12, required=False, help_text="Of title and summary, as “en”.")
    kind = Choice(Kind, required=False)
    strength = Choice(Strength, required=False)
    wording = Line(max_length=300, required=False, help_text="The date as the source put it.")
    hemisphere = Choice(HemisphereWord, required=False)
    time_zone = Line(max_length=64, required=False, help_text="Of its place, as Asia/Almaty.")
    place = Line(max_length=200, required=False)
    parent = Name(  # type: ignore[assignment]  # a field of the request
        allow_null=True, required=False, help_text="The id of what it is a part of."
    )
    topics = serializers.ListField(
        child=Name(), required=False, max_length=50, help_text="The keys of all its topics."
    )
    parties: serializers.ListSerializer[Any] = serializers.ListSerializer(
        child=PartInput(), required=False, max_length=50, help_text="All its parties."
    )
    translations = Texts(required=False)
    reason = Reason()


class NewCommitmentInput(CorrectionInput):
    """A commitment to be recorded, as a draft."""

    elsewhere: ClassVar[Mapping[str, str | Promise]] = {
        "publication": _("It begins as a draft: use submit/ and publish/ afterwards."),
        "target": _("Record it, then use target/."),
    }

    key = Key(required=False, help_text="Its name in statement files; permanent.")
    title = Line(max_length=300, allow_blank=False)
    kind = Choice(Kind)
    window = When()
    status = Choice(FirstStatus, default=Status.ANNOUNCED.value)
    effective = When(required=False, help_text="Since when it has this status.")
    citations: serializers.ListSerializer[Any] = serializers.ListSerializer(
        child=CitationInput(), required=False, max_length=50
    )


class CitingInput(Input):
    """What a move rests on: citations that there are, and such as are added with it."""

    citations = serializers.ListField(
        child=Name(), required=False, max_length=50, help_text="Ids of citations of this one."
    )
    new_citations: serializers.ListSerializer[Any] = serializers.ListSerializer(
        child=CitationInput(),
        required=False,
        max_length=50,
        help_text="To be added in the same step.",
    )


class DateMoveInput(CitingInput):
    """A new date, and who said so."""

    window = When()
    wording = Line(max_length=300, required=False, help_text="The date as the source put it.")
    effective = When(required=False, help_text="When the move was said.")
    reason = Reason()
    is_correction = Flag(
        default=False,
        help_text="We had entered it wrongly: it counts as no slip, and needs a reason.",
    )


class EvidenceCheckInput(Input):
    """Somebody looked for evidence, whatever was found."""

    day = Day(help_text="The day on which it was looked for.")
    reason = Reason()
