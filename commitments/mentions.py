"""What a set of commitments names: parties, topics and sources.

One rule for what is public: a party, a topic or a source is shown as soon as a published
commitment names it. What only a draft names stays unseen, in lists as in the answers to filters.
"""

from __future__ import annotations

from django.db.models import Q, QuerySet

from commitments.models import Citation, Involvement, Party, Source, TargetValue, Topic
from commitments.querysets.commitments import CommitmentQuerySet
from commitments.querysets.sources import SourceQuerySet


def parties_named_by(commitments: CommitmentQuerySet) -> QuerySet[Party]:
    """Parties that take part or speak in `commitments`, and what those belong to.

    A person is shown with the ministry and the country of their office, so these are public
    with the person; a body more than two steps above is not.
    """
    among = commitments.order_by().values("pk")
    involved = Involvement.objects.filter(commitment__in=among).values("party")
    speaking = Citation.objects.filter(commitment__in=among, said_by__isnull=False)
    named = Party.objects.filter(Q(pk__in=involved) | Q(pk__in=speaking.values("said_by")))
    bodies = _bodies_of(named)
    return Party.objects.filter(
        Q(pk__in=named.values("pk"))
        | Q(pk__in=bodies.values("pk"))
        | Q(pk__in=_bodies_of(bodies).values("pk"))
    )


def _bodies_of(parties: QuerySet[Party]) -> QuerySet[Party]:
    return Party.objects.filter(pk__in=parties.filter(body__isnull=False).values("body"))


def topics_named_by(commitments: CommitmentQuerySet) -> QuerySet[Topic]:
    """Topics that stand at one of `commitments` or more."""
    among = commitments.order_by().values("pk")
    links = Topic.commitments.through.objects.filter(commitment__in=among)
    return Topic.objects.filter(pk__in=links.values("topic"))


def sources_named_by(commitments: CommitmentQuerySet) -> SourceQuerySet:
    """Sources that are cited for one of `commitments`, or that reported a value for its target."""
    among = commitments.order_by().values("pk")
    cited = Citation.objects.filter(commitment__in=among).values("source")
    reported = TargetValue.objects.filter(target__commitment__in=among).values("source")
    return Source.objects.filter(Q(pk__in=cited) | Q(pk__in=reported))
