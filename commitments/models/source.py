"""Where something was said: one source carries many commitments."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from commitments.enums import LinkState, SourceKind
from commitments.models.translated import TranslatedTexts
from commitments.public_ids import new_public_id
from commitments.querysets.sources import SourceQuerySet
from commitments.validators import (
    validate_http_url,
    validate_language,
    validate_line,
    validate_text,
)


class Source(TranslatedTexts):
    """A transcript, statement, agreement, article or report, with its day and place.

    `text` is the stored text, optional; `text_sha256` is the SHA-256 of its UTF-8 bytes in
    hexadecimal and stands exactly where a text does. `independent` tells that no party of its
    commitments speaks or publishes here: only then can it confirm independently.
    """

    public_id = models.CharField(max_length=12, unique=True, editable=False, default=new_public_id)
    key = models.SlugField(
        _("key"),
        max_length=100,
        unique=True,
        null=True,
        blank=True,
        help_text=_("The name of this source in statement files; permanent."),
    )
    title = models.CharField(_("title"), max_length=300, validators=[validate_line])
    kind = models.CharField(_("kind"), max_length=20, choices=SourceKind.choices)
    date = models.DateField(_("date"), help_text=_("The day on which it was said or published."))
    place = models.CharField(_("place"), max_length=200, blank=True, validators=[validate_line])
    publisher = models.CharField(
        _("publisher"), max_length=200, blank=True, validators=[validate_line]
    )
    url = models.CharField(
        _("address"), max_length=1000, blank=True, validators=[validate_http_url]
    )
    archive_url = models.CharField(
        _("archived copy"),
        max_length=1000,
        blank=True,
        validators=[validate_http_url],
    )
    language = models.CharField(
        _("language"), max_length=12, default="en", validators=[validate_language]
    )
    independent = models.BooleanField(
        _("independent"),
        default=False,
        help_text=_("No party of its commitments speaks or publishes here."),
    )
    text = models.TextField(
        _("text"),
        blank=True,
        validators=[validate_text],
        help_text=_("The full text, so that quotes can be checked against it."),
    )
    text_sha256 = models.CharField(
        _("SHA-256 of the text"), max_length=64, blank=True, editable=False
    )
    created_at = models.DateTimeField(_("recorded"), editable=False)

    # What the address answered: no part of the visible record, so it leaves no row in its log.
    link_checked_at = models.DateTimeField(_("address checked"), null=True, editable=False)
    link_state = models.CharField(
        _("state of the address"),
        max_length=20,
        choices=LinkState.choices,
        blank=True,
        editable=False,
        db_index=True,
    )
    link_detail = models.CharField(
        _("answer of the address"), max_length=200, blank=True, editable=False
    )
    # How often in a row it has failed, and until when a checker has it in hand.
    link_failures = models.PositiveSmallIntegerField(null=True, editable=False)
    link_claimed_until = models.DateTimeField(null=True, editable=False, db_index=True)

    objects = SourceQuerySet.as_manager()

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ["-date", "title"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=SourceKind.values), name="source_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(text="", text_sha256="") | (~Q(text="") & ~Q(text_sha256="")),
                name="source_text_has_its_hash",
            ),
            models.CheckConstraint(
                condition=Q(link_state__in=["", *LinkState.values]),
                name="source_link_state_is_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.date})"

    def log_state(self) -> dict[str, Any]:
        """The visible fields as plain JSON values; of the text only its hash."""
        names = ("key", "title", "kind", "place", "publisher", "url", "archive_url", "language")
        return {
            **{name: getattr(self, name) for name in names},
            "date": self.date.isoformat(),
            "independent": self.independent,
            "text_sha256": self.text_sha256,
            "translations": self.translations,
        }
