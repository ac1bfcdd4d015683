"""Targets and reported values; never a status by themselves."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation

from commitments.actions.targets import report_value, set_target
from commitments.enums import Comparison
from commitments.exceptions import InvalidInput, NotAllowed
from commitments.models import Commitment, Revision, Target, TargetValue, User
from commitments.window import Window
from tests.builders import NOW, make_commitment, make_editor, make_source
from tests.commitments.record_state import changed_tables, whole_record

pytestmark = pytest.mark.django_db


def target_of(commitment: Commitment, **given: Any) -> Target:
    fields: dict[str, Any] = {"measure": "mutual trade", "unit": "USD", "goal": Decimal(30)}
    return Target(commitment=commitment, **{**fields, **given})


def save(target: Target) -> Target:
    return set_target(target=target, actor=None, now=NOW)


def test_a_target_is_logged_whole_and_in_no_language() -> None:
    commitment = make_commitment()
    target = save(
        target_of(
            commitment,
            comparison=Comparison.MORE_THAN,
            baseline=Decimal("28.40"),
            baseline_period="2023",
        )
    )
    row = Revision.objects.latest("number")
    assert row.changes == {"target": [None, "mutual trade: > 30 USD (2023: 28.4)"]}
    with translation.override("ru"):
        assert str(target) == "mutual trade: > 30 USD (2023: 28.4)"
    assert row.revision == Commitment.objects.get(pk=commitment.pk).revision


@pytest.mark.parametrize(
    "edit",
    [
        {"measure": "trade"},
        {"unit": "KZT"},
        {"goal": Decimal("30.0001")},
        {"comparison": Comparison.ABOUT},
        {"baseline": Decimal(0)},
        {"baseline": None},
        {"baseline_period": "2024"},
    ],
)
def test_a_correction_of_any_field_is_written_and_logged(edit: dict[str, Any]) -> None:
    commitment = make_commitment()
    target = save(target_of(commitment, baseline=Decimal(28), baseline_period="2023"))
    old = str(target)
    for name, value in edit.items():
        setattr(target, name, value)
    save(target)
    stored = Target.objects.get(pk=target.pk)
    assert all(getattr(stored, name) == value for name, value in edit.items())
    assert Revision.objects.latest("number").changes == {"target": [old, str(stored)]}


def test_the_same_number_written_otherwise_is_no_change() -> None:
    target = save(target_of(make_commitment(), goal=Decimal("30.00")))
    before = whole_record()
    target.goal = Decimal("3E+1")
    save(target)
    assert changed_tables(before) == set()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("goal", Decimal("NaN")),
        ("goal", Decimal("Infinity")),
        ("goal", Decimal("1E+400")),
        ("goal", Decimal("1E+20")),
        ("goal", Decimal("0.00001")),
        ("goal", None),
        ("goal", "many"),
        ("goal", float("inf")),
        ("baseline", Decimal("-1E+400")),
        ("baseline_period", "last year"),
        ("measure", ""),
        ("unit", "\x00"),
        ("comparison", "better"),
    ],
)
def test_what_the_record_cannot_hold_is_refused_with_its_field(field: str, value: Any) -> None:
    target = target_of(make_commitment(), **{field: value})
    before = whole_record()
    with pytest.raises(InvalidInput) as caught:
        save(target)
    assert caught.value.field == field
    assert changed_tables(before) == set()


@pytest.mark.parametrize(
    "number",
    [
        "99999999999999900000",
        "-99999999999999900000",
        "12345678901.2345",
        "99999999999.9999",
        "-0.0001",
        "9007199254740990",
        "0",
    ],
)
def test_every_digit_of_a_number_is_kept(number: str) -> None:
    target = save(target_of(make_commitment(), goal=Decimal(number), baseline=Decimal(number)))
    value = report(target, make_editor(), value=Decimal(number))
    stored = Target.objects.get(pk=target.pk)
    assert (stored.goal, stored.baseline) == (Decimal(number), Decimal(number))
    assert TargetValue.objects.get().log_state() == value.log_state()


@pytest.mark.parametrize(
    "number", ["99999999999999999999.9999", "9007199254740993", "1.23456789012345678"]
)
def test_a_number_of_which_a_database_would_lose_digits_is_refused(number: str) -> None:
    commitment = make_commitment()
    with pytest.raises(InvalidInput) as caught:
        save(target_of(commitment, goal=Decimal(number)))
    assert caught.value.field == "goal"


def test_a_commitment_has_one_target_and_a_target_one_commitment() -> None:
    commitment, other = make_commitment(), make_commitment()
    target = save(target_of(commitment))
    with pytest.raises(InvalidInput) as caught:
        save(target_of(commitment, goal=Decimal(40)))
    assert caught.value.field == "commitment"
    target.commitment = other
    with pytest.raises(InvalidInput) as caught:
        save(target)
    assert caught.value.field == "commitment"


def report(target: Target, actor: User, **given: Any) -> TargetValue:
    fields: dict[str, Any] = {
        "value": Decimal("28.40"),
        "period": Window.parse("2025"),
        "now": NOW,
    }
    fields["source"] = given.pop("source", None) or make_source()
    return report_value(target=target, actor=actor, **{**fields, **given})


def test_a_value_is_added_with_its_period_and_source_and_moves_no_status(editor: User) -> None:
    commitment = make_commitment()
    target = save(target_of(commitment))
    first = report(target, editor, locator="page 3")
    second = report(target, editor, value=Decimal(31))  # beyond the goal
    assert list(target.values.all()) == [first, second]
    now = Commitment.objects.get(pk=commitment.pk)
    assert (now.status, now.evidence) == ("announced", "none")
    rows = Revision.objects.filter(commitment=commitment, kind="value_reported")
    assert [row.changes for row in rows.order_by("number")] == [
        {"value": [None, value.log_state()]} for value in (first, second)
    ]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("value", Decimal("NaN")),
        ("value", Decimal("1E+400")),
        ("value", Decimal("0.00001")),
        ("period", Window.undated()),
        ("locator", "a\nb"),
    ],
)
def test_a_value_that_the_record_cannot_hold_is_refused(
    field: str, value: Any, editor: User
) -> None:
    target = save(target_of(make_commitment()))
    source = make_source()
    before = whole_record()
    with pytest.raises(InvalidInput) as caught:
        report(target, editor, source=source, **{field: value})
    assert caught.value.field == field
    assert changed_tables(before) == set()


def test_only_an_editor_sets_targets_and_reports(nobody: User) -> None:
    target = set_target(target=target_of(make_commitment()), actor=make_editor(), now=NOW)
    source = make_source()
    before = whole_record()
    target.goal = Decimal(40)
    with pytest.raises(NotAllowed):
        set_target(target=target, actor=nobody, now=NOW)
    with pytest.raises(NotAllowed):
        report(target, nobody, source=source)
    assert changed_tables(before) == set()
