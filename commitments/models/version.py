"""How a commitment stood, for each span of time in which nothing of it changed.

Not history but a reading of it: every row can be made again from the history. It answers "what did
we know on 1 March?" and "how did it stand on 1 March?" with one index instead of a walk through the
log. Those are two questions, so there are two axes of time.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from commitments.models.commitment import Commitment
from commitments.models.ends import first_day_column, last_day_column
from commitments.querysets.versions import CommitmentVersionQuerySet

# The end of what holds still. A value and not NULL, so that one range test finds the row.
STILL: Final = datetime(9999, 12, 31, tzinfo=UTC)


# What stands in a version as it stands in `Commitment`, under the same name.
COPIED: Final = (
    "revision",
    "public_id",
    "changed_at",
    "publication",
    "status",
    "kind",
    "strength",
    "evidence",
    "title",
    "place",
    "time_zone",
    "window",
    "earliest",
    "latest",
    "effective_earliest",
    "effective_latest",
)


class Axis(models.TextChoices):
    """Which time is meant: when it was recorded, or when it was so in the world."""

    KNOWN = "known", _("as it was known then")
    EFFECTIVE = "effective", _("as it was then, by what is known now")


class CommitmentVersion(models.Model):
    """The visible state from `since` (included) to `until` (not included), both in UTC.

    The columns are those that lists filter and order by, named as in `Commitment`; `topics` is
    "|space|culture|" and `parties` "|promised_by:kz|", so that a plain LIKE finds a key on both
    databases. `state` has everything, as in the revision log.
    """

    commitment = models.ForeignKey(Commitment, on_delete=models.CASCADE, related_name="versions")
    axis = models.CharField(max_length=10, choices=Axis.choices)
    since = models.DateTimeField()
    until = models.DateTimeField(default=STILL)
    revision = models.PositiveIntegerField()
    public_id = models.CharField(max_length=12)
    changed_at = models.DateTimeField()
    publication = models.CharField(max_length=20)
    status = models.CharField(max_length=20)
    kind = models.CharField(max_length=20)
    strength = models.CharField(max_length=20)
    evidence = models.CharField(max_length=20)
    title = models.CharField(max_length=300)
    place = models.CharField(max_length=200)
    time_zone = models.CharField(max_length=64)
    window = models.CharField(max_length=60, blank=True)
    earliest = models.DateField(null=True)
    latest = models.DateField(null=True)
    first_day = first_day_column()
    last_day = last_day_column()
    effective_earliest = models.DateField(null=True)
    effective_latest = models.DateField(null=True)
    topics = models.TextField(default="|")
    parties = models.TextField(default="|")
    state = models.JSONField()

    objects = CommitmentVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        ordering = ["commitment_id", "axis", "since"]
        indexes = [
            models.Index(
                fields=["axis", "publication", "last_day", "public_id", "since", "until"],
                name="version_by_last_day",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["commitment", "axis", "revision", "since"], name="version_is_unique"
            ),
            models.CheckConstraint(condition=Q(since__lte=F("until")), name="version_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.public_id}, {self.revision}"
