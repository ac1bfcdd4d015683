"""Hypothesis strategies for EDTF texts, shared by the tests of windows and phrases."""

from __future__ import annotations

from collections.abc import Iterable

from hypothesis import assume
from hypothesis import strategies as st

from commitments.exceptions import WindowError
from commitments.window import Hemisphere, Window

_YEARS = st.integers(1, 9998) | st.integers(1990, 2060)
_QUALIFIERS = st.sampled_from(["", "", "", "~", "?", "%"])
_KINDS = {
    "year": _YEARS.map("{:04}".format),
    "month": st.tuples(_YEARS, st.integers(1, 12)).map(lambda t: f"{t[0]:04}-{t[1]:02}"),
    "day": st.dates().map(str),
    "season": st.tuples(_YEARS, st.integers(21, 24)).map(lambda t: f"{t[0]:04}-{t[1]}"),
    "named_season": st.tuples(_YEARS, st.integers(25, 32)).map(lambda t: f"{t[0]:04}-{t[1]}"),
    "quarter": st.tuples(_YEARS, st.integers(33, 36)).map(lambda t: f"{t[0]:04}-{t[1]}"),
    "half": st.tuples(_YEARS, st.integers(40, 41)).map(lambda t: f"{t[0]:04}-{t[1]}"),
    "decade": st.integers(1, 999).map("{:03}X".format),
    "century": st.integers(1, 99).map("{:02}XX".format),
    "some": st.tuples(_YEARS, st.sampled_from(["-XX", "-XX-XX", "-02-XX", "-11-XX"])).map(
        lambda t: f"{t[0]:04}{t[1]}"
    ),
}
ALL_KINDS = tuple(_KINDS)


def single_texts(
    kinds: Iterable[str] = ALL_KINDS, *, qualified: bool = False
) -> st.SearchStrategy[str]:
    """Single dates of the named kinds, with a qualifier at the end if asked."""
    plain = st.one_of([_KINDS[kind] for kind in kinds])
    return st.tuples(plain, _QUALIFIERS).map("".join) if qualified else plain


@st.composite
def _intervals(draw: st.DrawFn, hemisphere: Hemisphere) -> str:
    sides = single_texts(qualified=True)
    text = f"{draw(sides)}/{draw(sides)}"
    try:
        Window.parse(text, hemisphere=hemisphere)
    except WindowError:
        text = "/".join(reversed(text.split("/")))
    try:
        Window.parse(text, hemisphere=hemisphere)
    except WindowError:  # the span crosses 9999
        assume(condition=False)
    return text


def window_texts(hemisphere: Hemisphere = Hemisphere.NORTH) -> st.SearchStrategy[str]:
    """Every shape of window, as canonical text; what stands in order hangs on where seasons are."""
    sides = single_texts(qualified=True)
    return st.one_of(
        st.just(""),
        sides,
        _intervals(hemisphere),
        sides.map("../{}".format),
        sides.map("/{}".format),
        sides.map("{}/..".format),
        sides.map("{}/".format),
    )
