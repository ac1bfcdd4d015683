"""The closed vocabularies of the record. Values are stored and public: they never change.

Four things are never mixed: publication, status, schedule and evidence (docs/words.md).
"""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Kind(TextChoices):
    """What sort of thing is promised."""

    EVENT = "event", _("event")
    MILESTONE = "milestone", _("milestone")
    TARGET = "target", _("target")
    PROGRAMME = "programme", _("programme")


class Strength(TextChoices):
    """How firmly it was said: a proposal is on the record, but nobody has promised it yet."""

    PROMISE = "promise", _("promise")
    PROPOSAL = "proposal", _("proposal")


class Publication(TextChoices):
    """Who may see it."""

    DRAFT = "draft", _("draft")
    IN_REVIEW = "in_review", _("in review")
    PUBLISHED = "published", _("published")
    RETRACTED = "retracted", _("retracted")


class Status(TextChoices):
    """What happened in the world, as far as it is known. Moves: `commitments/transitions.py`."""

    ANNOUNCED = "announced", _("announced")
    IN_PROGRESS = "in_progress", _("in progress")
    STALLED = "stalled", _("stalled")
    DELIVERED = "delivered", _("delivered")
    PARTLY_DELIVERED = "partly_delivered", _("partly delivered")
    NOT_DELIVERED = "not_delivered", _("not delivered")
    WITHDRAWN = "withdrawn", _("withdrawn")
    SUPERSEDED = "superseded", _("superseded")
    UNVERIFIABLE = "unverifiable", _("unverifiable")


OPEN_STATUSES = frozenset({Status.ANNOUNCED, Status.IN_PROGRESS, Status.STALLED})
FINAL_STATUSES = frozenset(Status) - OPEN_STATUSES
DELIVERED_STATUSES = frozenset({Status.DELIVERED, Status.PARTLY_DELIVERED})


class Schedule(TextChoices):
    """Where it stands in time: computed from window, status and a day; never stored."""

    UNDATED = "undated", _("undated")
    UPCOMING = "upcoming", _("upcoming")
    OPEN = "open", _("open now")
    DUE_SOON = "due_soon", _("due soon")
    OVERDUE = "overdue", _("overdue")
    EARLY = "early", _("early")
    ON_TIME = "on_time", _("on time")
    LATE = "late", _("late")
    CLOSED = "closed", _("closed")


class Evidence(TextChoices):
    """What the citations show of its being done."""

    NONE = "none", _("none found")
    CLAIMED = "claimed", _("claimed by a party")
    DOCUMENTED = "documented", _("documented")
    CONFIRMED = "confirmed", _("independently confirmed")


class PartyKind(TextChoices):
    COUNTRY = "country", _("country")
    ORGANISATION = "organisation", _("organisation")
    PERSON = "person", _("person")
    REGION = "region", _("region")


class PartyRole(TextChoices):
    """What a party has to do with a commitment."""

    PROMISED_BY = "promised_by", _("promised by")
    RESPONSIBLE = "responsible", _("responsible")
    COUNTERPART = "counterpart", _("counterpart")


class SourceKind(TextChoices):
    TRANSCRIPT = "transcript", _("transcript")
    STATEMENT = "statement", _("statement")
    AGREEMENT = "agreement", _("agreement")
    OFFICIAL_RECORD = "official_record", _("official record")
    REPORT = "report", _("report")
    ARTICLE = "article", _("article")
    DATASET = "dataset", _("dataset")
    OTHER = "other", _("other")


class LinkState(TextChoices):
    """What the address of a source answered when it was last asked; "" before that."""

    ALIVE = "alive", _("answers")
    DEAD = "dead", _("dead")
    SILENT = "silent", _("no answer")
    CLOSED = "closed", _("answers people only")
    REFUSED = "refused", _("not asked")


class CitationRole(TextChoices):
    """What a source does for a commitment."""

    ANNOUNCES = "announces", _("announces")
    CONFIRMS = "confirms", _("confirms")
    MOVES = "moves", _("moves the date")
    REPORTS = "reports", _("reports progress")
    CONTRADICTS = "contradicts", _("contradicts")


class DateMoveKind(TextChoices):
    """A date move, named by comparing the windows."""

    SLIPPED = "slipped", _("slipped")
    PULLED_IN = "pulled_in", _("pulled in")
    FIRMED = "firmed", _("firmed")
    LOOSENED = "loosened", _("loosened")
    CORRECTED = "corrected", _("corrected")


class ReasonCode(TextChoices):
    FUNDING = "funding", _("funding")
    TECHNICAL = "technical", _("technical")
    DECISION_CHANGED = "decision_changed", _("decision changed")
    EXTERNAL_EVENT = "external_event", _("external event")
    LEGAL = "legal", _("legal")
    OTHER_PARTY = "other_party", _("another party")
    UNKNOWN = "unknown", _("unknown")


class AnchorUnit(TextChoices):
    """What the distance from an anchor is counted in."""

    DAY = "day", _("days")
    WEEK = "week", _("weeks")
    MONTH = "month", _("months")
    YEAR = "year", _("years")


class Comparison(TextChoices):
    """How a reported value is held against the goal of a target."""

    AT_LEAST = "at_least", _("at least")
    MORE_THAN = "more_than", _("more than")
    AT_MOST = "at_most", _("at most")
    LESS_THAN = "less_than", _("less than")
    EXACTLY = "exactly", _("exactly")
    ABOUT = "about", _("about")


class ProposalState(TextChoices):
    """A proposed verdict waits for a second person."""

    WAITING = "waiting", _("waiting for approval")
    APPROVED = "approved", _("approved")
    REJECTED = "rejected", _("rejected")
    WITHDRAWN = "withdrawn", _("taken back")


class ChangeKind(TextChoices):
    """What a row of the revision log tells."""

    CREATED = "created", _("created")
    CORRECTED = "corrected", _("corrected")
    STATUS_CHANGED = "status_changed", _("status changed")
    DATE_MOVED = "date_moved", _("date moved")
    CITED = "cited", _("source cited")
    VALUE_REPORTED = "value_reported", _("value reported")
    EVIDENCE_CHECKED = "evidence_checked", _("evidence looked for")
    SUBMITTED = "submitted", _("sent to review")
    PUBLISHED = "published", _("published")
    RETRACTED = "retracted", _("retracted")
