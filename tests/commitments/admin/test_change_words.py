"""The log in an editor's words."""

from __future__ import annotations

from typing import Any

import pytest

from commitments.admin.change_words import field_changes


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"title": ["A", "B"]}, [("Title", "A", "B")]),
        ({"status": ["announced", "in_progress"]}, [("Status", "announced", "in progress")]),
        ({"window": ["2025", "2026-21"]}, [("Window", "2025", "spring 2026 (2026-21)")]),
        ({"window": ["2025", ""]}, [("Window", "2025", "—")]),
        ({"window": ["", "not EDTF"]}, [("Window", "", "not EDTF")]),
        ({"summary": ["", ""]}, []),
        (
            {"parties": [[], [["promised_by", "kz"], ["responsible", "ru"]]]},
            [("Parties", "", "kz (promised by), ru (responsible)")],
        ),
        ({"topics": [["a"], ["a", "b"]]}, [("Topics", "a", "a, b")]),
        (
            {"citation 7 role": [None, "reports"], "citation 7 source": [None, "s1"]},
            [
                ("Citation 7: what it does", "", "reports progress"),
                ("Citation 7: source", "", "Act"),
            ],
        ),
        (
            {"place": ["", "Aktau"], "title": ["A", "B"], "citation 7 quote": [None, "x"]},
            [("Title", "A", "B"), ("Place", "", "Aktau"), ("Citation 7: quote", "", "x")],
        ),
        ({"citation 7 span": [None, [1, 2]]}, []),
        (
            {"date_move": [None, {"kind": "slipped", "slip_days": 365}]},
            [("Date move", "", "slipped (+365 days)")],
        ),
        (
            {"date_move": [None, {"kind": "pulled_in", "slip_days": -1}]},
            [("Date move", "", "pulled in (-1 day)")],
        ),
        (
            {"date_move": [None, {"kind": "corrected", "slip_days": None}]},
            [("Date move", "", "corrected")],
        ),
        (
            {
                "status_change": [
                    None,
                    {"reason_code": "funding", "missing": "a wing", "explicit_refusal": True},
                ]
            },
            [
                ("Kind of reason", "", "funding"),
                ("What is missing", "", "a wing"),
                ("Explicitly refused", "", "yes"),
            ],
        ),
        (
            {"value": [None, {"period": "2025-40", "value": "28.1"}]},
            [("Reported value", "", "first half of 2025 (2025-40): 28.1")],
        ),
        ({"target": [None, "trade: > 30 USD"]}, [("Target", "", "trade: > 30 USD")]),
        ({"gone_field": [1, 2]}, [("Gone_field", "1", "2")]),
    ],
)
def test_change_in_words(changes: dict[str, Any], words: list[tuple[str, str, str]]) -> None:
    names = {("source", "s1"): "Act"}
    found = field_changes(changes, names=names)
    assert [(one.label, one.old, one.new) for one in found] == words


def test_long_text_is_cut() -> None:
    (change,) = field_changes({"summary": ["", "x" * 1000]})
    assert len(change.new) == 200


def test_source_is_told_with_its_own_fields() -> None:
    changes = {"independent": [False, True], "kind": ["article", "report"]}
    found = field_changes(changes, record_type="source")
    assert [(one.label, one.old, one.new) for one in found] == [
        ("Kind", "article", "report"),
        ("Independent", "no", "yes"),
    ]
