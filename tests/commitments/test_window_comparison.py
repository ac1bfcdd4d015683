"""Date moves named by comparing windows: each row of the table, and its laws."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from commitments.window import Window
from commitments.window_comparison import WindowComparison, compare_windows
from tests.commitments.windows import window_texts


@pytest.mark.parametrize(
    ("old", "new", "kind", "slip"),
    [
        ("2025", "2025", "corrected", 0),
        ("2025", "2025~", "corrected", 0),
        ("2025-01-01/2025-12-31", "2025", "corrected", 0),
        ("2025-21", "2025-03/2025-05", "corrected", 0),
        ("2026/", "2026/..", "corrected", None),
        ("", "", "corrected", None),
        ("2025", "2025-06", "firmed", -184),
        ("2025", "2025-12", "firmed", 0),
        ("2025", "2025-12-31", "firmed", 0),
        ("../2026", "2026-05", "firmed", -214),
        ("2026-04/..", "2026-05", "firmed", None),
        ("", "2026", "firmed", None),
        ("", "2026/..", "firmed", None),
        ("2025-06", "2025", "loosened", 184),
        ("2025-12", "2025", "loosened", 0),
        ("2025-06", "2025-06/2027", "loosened", 914),
        ("2026-04", "2026-04/..", "loosened", None),
        ("2026", "", "loosened", None),
        ("../2026", "", "loosened", None),
        ("2025-21", "2026-23", "slipped", 548),
        ("2025-05-09", "2025-05-10", "slipped", 1),
        ("2025", "2025-06/2026-01", "slipped", 31),
        ("2025", "2026/..", "slipped", None),
        ("../2025", "2026", "slipped", 365),
        ("2025-05-09", "2025-05-08", "pulled_in", -1),
        ("2026", "2025", "pulled_in", -365),
        ("2025-06/2026-01", "2025", "pulled_in", -31),
        ("2026-04/..", "2026", "pulled_in", None),
        ("2026-04/..", "../2026-04", "pulled_in", None),
    ],
)
def test_compare_windows_names_the_move(old: str, new: str, kind: str, slip: int | None) -> None:
    compared = compare_windows(Window.parse(old), Window.parse(new))
    assert compared == WindowComparison(kind, slip)  # type: ignore[arg-type]


OPPOSITE = {
    "slipped": "pulled_in",
    "pulled_in": "slipped",
    "firmed": "loosened",
    "loosened": "firmed",
    "corrected": "corrected",
}


@settings(deadline=None)
@given(window_texts(), window_texts())
def test_compare_windows_back_is_the_opposite(old: str, new: str) -> None:
    there = compare_windows(Window.parse(old), Window.parse(new))
    back = compare_windows(Window.parse(new), Window.parse(old))
    assert back.kind == OPPOSITE[there.kind]
    assert there.slip_days is None or back.slip_days == -there.slip_days


@settings(deadline=None)
@given(window_texts(), window_texts())
def test_compare_windows_kind_and_slip_never_contradict(old: str, new: str) -> None:
    compared = compare_windows(Window.parse(old), Window.parse(new))
    slip = compared.slip_days
    if slip is not None:
        allowed = {
            "slipped": slip > 0,
            "pulled_in": slip < 0,
            "firmed": slip <= 0,
            "loosened": slip >= 0,
            "corrected": slip == 0,
        }
        assert allowed[compared.kind]
