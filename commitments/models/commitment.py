"""The dated public commitment: the one table that lists, feeds and reminders read."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from commitments.enums import (
    FINAL_STATUSES,
    OPEN_STATUSES,
    AnchorUnit,
    Evidence,
    Kind,
    PartyRole,
    Publication,
    Schedule,
    Status,
    Strength,
)
from commitments.models.ends import first_day_column, last_day_column
from commitments.models.party import Party
from commitments.models.source import Source
from commitments.models.topic import Topic
from commitments.models.translated import TranslatedTexts
from commitments.public_ids import new_public_id
from commitments.querysets.commitments import CommitmentQuerySet
from commitments.schedule import schedule_on
from commitments.validators import (
    validate_language,
    validate_line,
    validate_text,
    validate_time_zone,
    validate_window,
)
from commitments.window import Hemisphere, Window


class Commitment(TranslatedTexts):
    """Something that will be done, by whom and by when, as it was said in public.

    Written through `commitments/actions/` only. `window` is EDTF text ("" where undated) and
    `earliest`/`latest` are its first and last possible day (NULL where open or undated).
    `effective*` say when the present status came about in the world. `revision` rises by one
    with every visible change: it is the lock, the base of the ETag and iCalendar's SEQUENCE.
    """

    public_id = models.CharField(max_length=12, unique=True, editable=False, default=new_public_id)
    key = models.SlugField(
        _("key"),
        max_length=100,
        unique=True,
        null=True,
        blank=True,
        help_text=_("Its name in statement files; permanent."),
    )
    title = models.CharField(_("title"), max_length=300, validators=[validate_line])
    summary = models.TextField(
        _("summary"), max_length=5000, blank=True, validators=[validate_text]
    )
    note = models.TextField(
        _("note"),
        max_length=5000,
        blank=True,
        validators=[validate_text],
        help_text=_("What a reader should know about the figures or the words; shown in public."),
    )
    language = models.CharField(
        _("language"), max_length=12, default="en", validators=[validate_language]
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    strength = models.CharField(
        _("strength"), max_length=20, choices=Strength.choices, default=Strength.PROMISE
    )

    window = models.CharField(_("window"), max_length=60, blank=True, validators=[validate_window])
    earliest = models.DateField(_("first possible day"), null=True, blank=True, db_index=True)
    latest = models.DateField(_("last possible day"), null=True, blank=True, db_index=True)
    first_day = first_day_column()
    last_day = last_day_column()
    wording = models.CharField(
        _("words of the source"),
        max_length=300,
        blank=True,
        validators=[validate_line],
        help_text=_("The date as it was put: “next year, as planned”."),
    )
    hemisphere = models.CharField(
        _("hemisphere"),
        max_length=5,
        choices=[(Hemisphere.NORTH.value, _("north")), (Hemisphere.SOUTH.value, _("south"))],
        default=Hemisphere.NORTH.value,
        help_text=_("Which months a season means at its place."),
    )
    time_zone = models.CharField(
        _("time zone"),
        max_length=64,
        default="UTC",
        validators=[validate_time_zone],
        help_text=_("Of its place: there the day ends that decides what is overdue."),
    )
    place = models.CharField(_("place"), max_length=200, blank=True, validators=[validate_line])

    # "Within 40 days of the signing": the window counts from the anchor and moves with it.
    anchor_source = models.ForeignKey(
        Source,
        verbose_name=_("counts from the date of"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="anchored",
    )
    anchor_commitment = models.ForeignKey(
        "self",
        verbose_name=_("counts from the delivery of"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="anchored",
    )
    anchor_amount = models.PositiveSmallIntegerField(
        _("how many"), null=True, blank=True, validators=[MaxValueValidator(10_000)]
    )
    anchor_unit = models.CharField(
        _("days, weeks, months or years"), max_length=5, choices=AnchorUnit.choices, blank=True
    )

    topics = models.ManyToManyField(
        Topic, verbose_name=_("topics"), related_name="commitments", blank=True
    )
    parties = models.ManyToManyField(
        Party, verbose_name=_("parties"), related_name="commitments", through="Involvement"
    )
    parent = models.ForeignKey(
        "self",
        verbose_name=_("part of"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="milestones",
    )
    successor = models.ForeignKey(
        "self",
        verbose_name=_("replaced by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="predecessors",
    )
    duplicate_of = models.ForeignKey(
        "self",
        verbose_name=_("same as"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="duplicates",
    )

    publication = models.CharField(
        _("publication"),
        max_length=20,
        choices=Publication.choices,
        default=Publication.DRAFT,
        db_index=True,
    )
    status = models.CharField(
        _("status"), max_length=20, choices=Status.choices, default=Status.ANNOUNCED, db_index=True
    )
    effective = models.CharField(max_length=60, blank=True, validators=[validate_window])
    effective_earliest = models.DateField(null=True, blank=True)
    effective_latest = models.DateField(null=True, blank=True)
    evidence = models.CharField(
        _("evidence"), max_length=20, choices=Evidence.choices, default=Evidence.NONE
    )
    evidence_checked_on = models.DateField(
        _("evidence looked for on"),
        null=True,
        blank=True,
        help_text=_("The day on which an editor last looked for evidence."),
    )

    revision = models.PositiveIntegerField(default=1, validators=[MinValueValidator(1)])
    created_at = models.DateTimeField(_("recorded"), editable=False)
    changed_at = models.DateTimeField(_("last visible change"), editable=False, db_index=True)
    published_at = models.DateTimeField(_("published"), null=True, editable=False)
    retracted_at = models.DateTimeField(_("retracted"), null=True, editable=False)

    objects = CommitmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("commitment")
        verbose_name_plural = _("commitments")
        ordering = ["last_day", "public_id"]
        permissions = [
            ("publish_commitment", _("Can publish and retract commitments")),
            ("approve_status", _("Can approve proposed verdicts")),
        ]
        indexes = [
            models.Index(
                fields=["publication", "last_day", "public_id"], name="commitment_by_last_day"
            ),
            models.Index(
                fields=["publication", "first_day", "public_id"], name="commitment_by_first_day"
            ),
            models.Index(fields=["publication", "title", "public_id"], name="commitment_by_title"),
            models.Index(
                fields=["publication", "changed_at", "public_id"], name="commitment_by_change"
            ),
            # All that the queues and the counts by schedule look at: the rows are not read.
            models.Index(
                fields=[
                    "publication",
                    "status",
                    "evidence",
                    "latest",
                    "earliest",
                    "time_zone",
                    "effective_earliest",
                    "effective_latest",
                ],
                name="commitment_by_standing",
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="commitment_has_a_title"),
            models.CheckConstraint(
                condition=Q(kind__in=Kind.values), name="commitment_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(strength__in=Strength.values), name="commitment_strength_is_known"
            ),
            models.CheckConstraint(
                condition=Q(publication__in=Publication.values),
                name="commitment_publication_is_known",
            ),
            models.CheckConstraint(
                condition=Q(status__in=Status.values), name="commitment_status_is_known"
            ),
            models.CheckConstraint(
                condition=Q(evidence__in=Evidence.values), name="commitment_evidence_is_known"
            ),
            models.CheckConstraint(
                condition=Q(hemisphere__in=list(Hemisphere)), name="commitment_hemisphere_is_known"
            ),
            models.CheckConstraint(
                condition=Q(earliest__isnull=True)
                | Q(latest__isnull=True)
                | Q(earliest__lte=F("latest")),
                name="commitment_window_in_order",
            ),
            models.CheckConstraint(
                condition=~Q(window="") | Q(earliest__isnull=True, latest__isnull=True),
                name="commitment_undated_has_no_days",
            ),
            models.CheckConstraint(
                condition=Q(window="") | Q(earliest__isnull=False) | Q(latest__isnull=False),
                name="commitment_window_has_a_day",
            ),
            models.CheckConstraint(
                condition=~Q(status=Status.SUPERSEDED) | Q(successor__isnull=False),
                name="commitment_superseded_has_successor",
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")),
                name="commitment_is_not_its_own_parent",
            ),
            models.CheckConstraint(
                condition=Q(successor__isnull=True) | ~Q(successor=F("id")),
                name="commitment_does_not_succeed_itself",
            ),
            models.CheckConstraint(
                condition=Q(duplicate_of__isnull=True) | ~Q(duplicate_of=F("id")),
                name="commitment_does_not_double_itself",
            ),
            models.CheckConstraint(condition=Q(revision__gte=1), name="commitment_revision_counts"),
            models.CheckConstraint(
                condition=Q(anchor_source__isnull=True, anchor_commitment__isnull=True)
                | (Q(anchor_amount__isnull=False) & ~Q(anchor_unit="")),
                name="commitment_anchor_has_its_distance",
            ),
            models.CheckConstraint(
                condition=Q(anchor_source__isnull=True) | Q(anchor_commitment__isnull=True),
                name="commitment_has_one_anchor",
            ),
            models.CheckConstraint(
                condition=~Q(publication=Publication.PUBLISHED) | Q(published_at__isnull=False),
                name="commitment_published_knows_when",
            ),
            models.CheckConstraint(
                condition=~Q(publication=Publication.RETRACTED) | Q(retracted_at__isnull=False),
                name="commitment_retracted_knows_when",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def window_value(self) -> Window:
        """The window as a value; parsed from the stored text."""
        return Window.parse(self.window, hemisphere=Hemisphere(self.hemisphere))

    def at_its_place(self, window: Window) -> Window:
        """`window` with its seasons, where they name no hemisphere, as those of the place."""
        return Window.parse(str(window), hemisphere=Hemisphere(self.hemisphere))

    def set_window(self, window: Window) -> None:
        """Put the window and its two bounds together: they are never set apart."""
        window = self.at_its_place(window)
        self.window = str(window)
        self.earliest = window.earliest
        self.latest = window.latest

    def set_effective(self, window: Window) -> None:
        """Put the day of the present status in the world; it may itself be vague."""
        self.effective = str(window)
        self.effective_earliest = window.earliest
        self.effective_latest = window.latest

    @property
    def is_open(self) -> bool:
        return self.status in OPEN_STATUSES

    @property
    def is_final(self) -> bool:
        return self.status in FINAL_STATUSES

    def schedule_on(self, today: date, *, due_soon_days: int) -> Schedule:
        """Where it stands in time on `today`, a day at its own place."""
        return schedule_on(
            status=Status(self.status),
            earliest=self.earliest,
            latest=self.latest,
            effective_earliest=self.effective_earliest,
            effective_latest=self.effective_latest,
            today=today,
            due_soon_days=due_soon_days,
        )

    def log_state(self) -> dict[str, Any]:
        """The visible fields as plain JSON values, for the revision log.

        Status, window and publication have rows of their own and stand here as well, so that
        the log alone tells the whole story of a record.
        """
        plain = (
            "title summary note language kind strength window wording hemisphere time_zone place "
            "publication status effective evidence translations"
        )
        checked = self.evidence_checked_on
        return {
            **{name: getattr(self, name) for name in plain.split()},
            "evidence_checked_on": checked.isoformat() if checked else None,
            "parent": self.parent.public_id if self.parent else None,
            "successor": self.successor.public_id if self.successor else None,
            "anchor": self._anchor_as_logged(),
            "duplicate_of": self.duplicate_of.public_id if self.duplicate_of else None,
        }

    def _anchor_as_logged(self) -> list[Any] | None:
        anchor = self.anchor_source or self.anchor_commitment
        return [anchor.public_id, self.anchor_amount, self.anchor_unit] if anchor else None


class Involvement(models.Model):
    """A party's part in a commitment."""

    commitment = models.ForeignKey(
        Commitment, on_delete=models.CASCADE, related_name="involvements"
    )
    party = models.ForeignKey(
        Party, verbose_name=_("party"), on_delete=models.PROTECT, related_name="involvements"
    )
    role = models.CharField(
        _("role"), max_length=20, choices=PartyRole.choices, default=PartyRole.PROMISED_BY
    )

    class Meta:
        verbose_name = _("party of a commitment")
        verbose_name_plural = _("parties of a commitment")
        ordering = ["role", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["commitment", "party", "role"], name="involvement_is_unique"
            ),
            models.CheckConstraint(
                condition=Q(role__in=PartyRole.values), name="involvement_role_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}: {self.party}"
