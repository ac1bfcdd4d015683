"""Filling in the pages of the desk as a browser does: from what the page holds."""

from __future__ import annotations

from typing import Any

from django.test import Client
from django.urls import reverse

from commitments.actions.recording import rows_of
from commitments.models import Citation, Commitment, Involvement, Party, Source, Target, Topic

Fields = dict[str, Any]


def commitment_url(commitment: Commitment, name: str = "change") -> str:
    """The address of a page of `commitment`."""
    return reverse(f"admin:commitments_commitment_{name}", args=[commitment.pk])


def errors_in(response: Any) -> dict[str, list[str]]:
    """The sentences beside the fields of a page, by the field's name; "" for those above."""
    if "adminform" in response.context:
        forms = [response.context["adminform"].form]
        for inline in response.context["inline_admin_formsets"]:
            forms += inline.formset.forms
    else:
        forms = [response.context["form"]]
    found: dict[str, list[str]] = {}
    for form in forms:
        for name, sentences in form.errors.items():
            key = "" if name == "__all__" else form.add_prefix(name)
            found.setdefault(key, []).extend(map(str, sentences))
    return found


def new_commitment(**changes: Any) -> Fields:
    """What a browser sends for a new commitment."""
    fields = {
        "title": "A bridge",
        "summary": "",
        "kind": "milestone",
        "strength": "promise",
        "language": "en",
        "when": "2026",
        "wording": "",
        "place": "",
        "time_zone": "Asia/Almaty",
        "hemisphere": "north",
        "first_status": "announced",
        "note": "",
        **formset("citations", []),
        **formset("involvements", []),
        **formset("target", []),
    }
    return {**fields, **changes}


def as_read(record: Party | Source | Topic) -> Fields:
    """What the page of `record` holds of how far its history has come."""
    return {"expected_revision": str(rows_of(record).latest("number").number)}


def formset(prefix: str, rows: list[Fields], *, initial: int = 0) -> Fields:
    """The inputs of an inline with `rows`, the first `initial` of which are on record."""
    fields: Fields = {
        f"{prefix}-TOTAL_FORMS": str(len(rows)),
        f"{prefix}-INITIAL_FORMS": str(initial),
    }
    for number, row in enumerate(rows):
        fields |= {f"{prefix}-{number}-{name}": value for name, value in row.items()}
    return fields


def as_shown(commitment: Commitment) -> Fields:
    """What the page of `commitment` holds when it is opened, ready to be sent back."""
    citations = [_citation(one) for one in commitment.citations.all()]
    involvements = [_involvement(one) for one in commitment.involvements.all()]
    targets = [_target(one) for one in Target.objects.filter(commitment=commitment)]
    names = "title summary kind strength language wording place time_zone hemisphere note"
    fields: Fields = {name: getattr(commitment, name) for name in names.split()}
    fields |= {
        "expected_revision": str(commitment.revision),
        "topics": [str(topic.pk) for topic in commitment.topics.all()],
        "parent": commitment.parent_id or "",
        "duplicate_of": commitment.duplicate_of_id or "",
        **formset("citations", citations, initial=len(citations)),
        **formset("involvements", involvements, initial=len(involvements)),
        **formset("target", targets, initial=len(targets)),
    }
    for language, texts in commitment.translations.items():
        fields |= {f"translations_{language}_{field}": text for field, text in texts.items()}
    return fields


def _citation(citation: Citation) -> Fields:
    return {
        "id": citation.pk,
        "source": citation.source_id,
        "role": citation.role,
        "quote": citation.quote,
        "locator": citation.locator,
        "said_by": citation.said_by_id or "",
    }


def _involvement(involvement: Involvement) -> Fields:
    return {
        "id": involvement.pk,
        "party": involvement.party_id,
        "role": involvement.role,
    }


def _target(target: Target) -> Fields:
    return {
        "id": target.pk,
        "measure": target.measure,
        "unit": target.unit,
        "comparison": target.comparison,
        "goal": str(target.goal),
        "baseline": "" if target.baseline is None else str(target.baseline),
        "baseline_period": target.baseline_period,
    }


def press(desk: Client, commitment: Commitment, name: str, **fields: Any) -> Any:
    """Open the page of a button and send it with `fields`, following where it leads."""
    revision = Commitment.objects.get(pk=commitment.pk).revision
    data = {"expected_revision": revision, **fields}
    return desk.post(commitment_url(commitment, name), data, follow=True)


def messages_of(response: Any) -> list[str]:
    """What the page told at its top."""
    return [str(message) for message in response.context["messages"]]
