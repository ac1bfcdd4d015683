"""A request with an Idempotency-Key: who sent what, and what the answer was.

The unique key is what makes one of several parallel requests the first. It is no part of the
record: a row is forgotten after a day (`actions/idempotency.py`).
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

LONGEST_KEY = 255


class IdempotentRequest(models.Model):
    """`caller` and `key` name it; `fingerprint` is the SHA-256 of method, address and body.

    Without a `status` the first attempt is still running, or has crashed once `lease_until` is
    over; `attempt` is the number of the one that holds the lease. `headers` are those of the
    answer that matter.
    """

    caller = models.CharField(max_length=80)
    key = models.CharField(max_length=LONGEST_KEY)
    fingerprint = models.CharField(max_length=64)
    created_at = models.DateTimeField(db_index=True)
    attempt = models.CharField(max_length=32)
    lease_until = models.DateTimeField()
    status = models.PositiveSmallIntegerField(null=True)
    headers = models.JSONField(default=dict)
    body = models.BinaryField(default=bytes)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["caller", "key"], name="idempotency_key_is_used_once"),
            models.CheckConstraint(
                condition=Q(status__isnull=True) | Q(status__range=(200, 399)),
                name="idempotent_answer_was_a_success",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.caller}: {self.key}"
