"""Pictures of one commitment for other sites: the card of a shared link, and a badge.

The card is a PNG of 1200 by 630 pixels, the size that the Open Graph protocol's readers show
without cutting. Its letters are DejaVu Sans (`timeline/fonts/`): it has those of Kazakh.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from PIL import Image, ImageDraw, ImageFont

SIZE: Final = (1200, 630)
_FONTS: Final = Path(__file__).resolve().parent / "fonts"
_MARGIN: Final = 80
_PAPER: Final = "#fbfaf6"
_INK: Final = "#1d1b18"
_MUTED: Final = "#5c584f"
TONES: Final = {
    "overdue": "#a13c0f",
    "due_soon": "#855500",
    "open": "#1b5c99",
    "upcoming": "#52678a",
    "delivered": "#23683a",
    "partly_delivered": "#5a6416",
    "not_delivered": "#8d1b3c",
}
"""As the pages' own colours on paper (`static/timeline/pages.css`); the rest is `_MUTED`."""

_TITLE_SIZES: Final = (68, 58, 48, 40)
_MOST_LINES: Final = 4
_BADGE_LETTER: Final = 11


@dataclass(frozen=True, slots=True)
class CardWords:
    """What stands on a card, all in one language; `look` chooses the colour."""

    look: str
    kicker: str
    title: str
    sentence: str
    who: str
    site: str


@lru_cache(maxsize=16)
def _font(size: int, *, bold: bool = False) -> ImageFont.FreeTypeFont:
    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    return ImageFont.truetype(_FONTS / name, size)


def tone_of(look: str) -> str:
    """The colour of a look on paper."""
    return TONES.get(look, _MUTED)


def draw_card(words: CardWords) -> bytes:
    """The card as a PNG; the same words give the same bytes."""
    image = Image.new("RGB", SIZE, _PAPER)
    draw = ImageDraw.Draw(image)
    tone = tone_of(words.look)
    width = SIZE[0] - 2 * _MARGIN
    draw.rectangle((0, 0, 24, SIZE[1]), fill=tone)
    draw.text((_MARGIN, 64), _fitted(words.kicker, 30, width), font=_font(30), fill=_MUTED)
    font, lines = _title(words.title, width)
    y = 124
    for line in lines:
        draw.text((_MARGIN, y), line, font=font, fill=_INK)
        y += round(font.size * 1.22)
    sentence = _fitted(words.sentence, 38, width, bold=True)
    draw.text((_MARGIN, 424), sentence, font=_font(38, bold=True), fill=tone)
    draw.text((_MARGIN, 482), _fitted(words.who, 30, width), font=_font(30), fill=_MUTED)
    draw.line((_MARGIN, 548, SIZE[0] - _MARGIN, 548), fill=_INK, width=2)
    draw.text((_MARGIN, 566), _fitted(words.site, 26, width), font=_font(26), fill=_MUTED)
    # A few colours and their edges: a third of the bytes of full colour.
    packed = image.quantize(colors=64)
    target = io.BytesIO()
    packed.save(target, format="PNG", optimize=True)
    return target.getvalue()


def _title(text: str, width: int) -> tuple[ImageFont.FreeTypeFont, list[str]]:
    """The largest letters in which the title fits, and its lines; the last one is cut if none."""
    for size in _TITLE_SIZES:
        font = _font(size, bold=True)
        lines = _wrapped(text, font, width)
        if len(lines) * size * 1.22 <= 290:
            return font, lines
    kept = lines[:_MOST_LINES]
    return font, [*kept[:-1], _fitted(" ".join(lines[_MOST_LINES - 1 :]), size, width, bold=True)]


def _wrapped(text: str, font: ImageFont.FreeTypeFont, width: int) -> list[str]:
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and font.getlength(longer) <= width:
            lines[-1] = longer
        else:
            lines += _broken(word, font, width)
    return lines


def _broken(word: str, font: ImageFont.FreeTypeFont, width: int) -> list[str]:
    """One word, in pieces where it is wider than the card."""
    pieces = [""]
    for letter in word:
        if font.getlength(pieces[-1] + letter) > width:
            pieces.append("")
        pieces[-1] += letter
    return pieces


def _fitted(text: str, size: int, width: int, *, bold: bool = False) -> str:
    """`text` in one line, cut with an ellipsis where it is too wide."""
    font = _font(size, bold=bold)
    if font.getlength(text) <= width:
        return text
    while text and font.getlength(text + "…") > width:
        text = text[:-1]
    return text.rstrip() + "…"


def width_of_words(text: str) -> int:
    """The width of `text` on a badge, in pixels, rounded up."""
    return -int(-_font(_BADGE_LETTER).getlength(text) // 1)
