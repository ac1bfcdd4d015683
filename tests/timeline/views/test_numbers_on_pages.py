"""Numbers on pages stand as the reader's language writes them, and addresses stay plain."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client

from benchmarks.made_up import make_commitments
from tests.builders import NOW
from tests.timeline.views.page_reading import links_of, text_of, text_within

pytestmark = [pytest.mark.django_db, pytest.mark.once]

HOW_MANY = 1_200


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.mark.parametrize(
    ("prefix", "words"),
    [
        ("", "1,200 public commitments"),
        ("/ru", "1\N{NO-BREAK SPACE}200 публичных обязательств"),
        ("/kk", "1\N{NO-BREAK SPACE}200 жария міндеттеме"),
    ],
)
def test_counts_have_the_separators_of_the_language(
    client: Client, prefix: str, words: str
) -> None:
    make_commitments(HOW_MANY)
    html = client.get(f"{prefix}/?strength=promise&group=status").content.decode()
    separated = words.split(" ", maxsplit=1)[0]
    opening = html[html.index('class="standfirst"') : html.index("</p>", html.index("standfirst"))]
    assert words in opening.replace("&nbsp;", "\N{NO-BREAK SPACE}")
    assert separated in html[html.index('class="chosen"') : html.index("</form>")]
    board = client.get(f"{prefix}/sources/").content.decode()
    assert f'<td class="number">{separated}</td>' in board
    # Four digits in a row are years, and nothing else is.
    numbers = re.findall(r"(?<![\d-])\d{4}(?!\d)", text_within(html, 'class="tally"'))
    assert numbers == []
    assert not [link for link in links_of(html) if separated in link]
    assert "2026" in text_of(html)
