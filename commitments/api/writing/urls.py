"""The addresses that write, and what is read at the same addresses."""

from __future__ import annotations

from django.urls import path

from commitments.api.writing import batch, on_commitments, on_links, on_named, on_statuses

ONE = "commitments/<slug:public_id>/"
PROPOSAL = f"{ONE}proposals/<int:number>/"

writing_patterns = [
    path("batch/", batch.Batch.as_view(), name="batch"),
    path("commitments/", on_commitments.Commitments.as_view(), name="commitments"),
    path(ONE, on_commitments.OneCommitment.as_view(), name="commitment"),
    path(f"{ONE}date-moves/", on_commitments.DateMoves.as_view(), name="commitment-date-moves"),
    path(f"{ONE}citations/", on_commitments.Citations.as_view(), name="commitment-citations"),
    path(
        f"{ONE}citations/<slug:citation>/",
        on_commitments.OneCitation.as_view(),
        name="commitment-citation",
    ),
    path(
        f"{ONE}evidence-checks/",
        on_commitments.EvidenceChecks.as_view(),
        name="commitment-evidence-checks",
    ),
    path(f"{ONE}target/", on_commitments.OneTarget.as_view(), name="commitment-target"),
    path(
        f"{ONE}remove-target/",
        on_commitments.RemoveTarget.as_view(),
        name="commitment-remove-target",
    ),
    path(f"{ONE}values/", on_commitments.Values.as_view(), name="commitment-values"),
    path(f"{ONE}submit/", on_commitments.Submit.as_view(), name="commitment-submit"),
    path(
        f"{ONE}return-to-draft/",
        on_commitments.ReturnToDraft.as_view(),
        name="commitment-return-to-draft",
    ),
    path(f"{ONE}publish/", on_commitments.Publish.as_view(), name="commitment-publish"),
    path(f"{ONE}retract/", on_commitments.Retract.as_view(), name="commitment-retract"),
    path(f"{ONE}merge/", on_links.Merge.as_view(), name="commitment-merge"),
    path(f"{ONE}split/", on_links.Split.as_view(), name="commitment-split"),
    path(f"{ONE}occurrences/", on_links.Occurrences.as_view(), name="commitment-occurrences"),
    path(f"{ONE}anchor/", on_links.Anchor.as_view(), name="commitment-anchor"),
    path(
        f"{ONE}status-changes/",
        on_statuses.StatusChanges.as_view(),
        name="commitment-status-changes",
    ),
    path(f"{ONE}proposals/", on_statuses.Proposals.as_view(), name="proposals"),
    path(PROPOSAL, on_statuses.OneProposal.as_view(), name="proposal"),
    path(f"{PROPOSAL}approve/", on_statuses.Approve.as_view(), name="approve"),
    path(f"{PROPOSAL}reject/", on_statuses.Reject.as_view(), name="reject"),
    path(f"{PROPOSAL}take-back/", on_statuses.TakeBack.as_view(), name="take-back"),
    path("parties/", on_named.Parties.as_view(), name="parties"),
    path("parties/<slug:key>/", on_named.OneParty.as_view(), name="party"),
    path("topics/", on_named.Topics.as_view(), name="topics"),
    path("topics/<slug:key>/", on_named.OneTopic.as_view(), name="topic"),
    path("sources/", on_named.Sources.as_view(), name="sources"),
    path("sources/<slug:public_id>/", on_named.OneSource.as_view(), name="source"),
]
