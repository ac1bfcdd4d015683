"""The languages there are, each with its lexicon and grammar made ready at the first use."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from commitments.exceptions import PhraseError
from commitments.phrases.english import ENGLISH
from commitments.phrases.grammar import Grammar, Said
from commitments.phrases.kazakh import KAZAKH
from commitments.phrases.russian import RUSSIAN
from commitments.phrases.table import Language
from commitments.phrases.tokens import Lexicon

LANGUAGES = {language.code: language for language in (ENGLISH, RUSSIAN, KAZAKH)}


class Tools:
    """What reads one language."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self.lexicon = Lexicon(language)
        self.grammar = Grammar(language)
        self.vocabulary = sorted(
            {word for form in (*self.lexicon.forms, *self.lexicon.undated) for word in form}
        )

    def parse(self, tidy: str, anchors: Sequence[str] = ()) -> Said | None:
        """Take a cleaned phrase apart; `anchors` are names of events it may count from."""
        if self.lexicon.key(tidy) in self.lexicon.undated:
            return Said("undated", (), (), ())
        named = {key: name for name in anchors if (key := self._anchor_key(name))}
        tokens = self.lexicon.tokens(tidy, named)
        while tokens and tokens[-1].kind == "filler":
            tokens.pop()
        while tokens and tokens[0].kind == "filler":
            tokens.pop(0)
        return self.grammar.parse(tokens)

    def _anchor_key(self, name: str) -> tuple[str, ...]:
        try:
            return self.lexicon.key(name)
        except PhraseError:  # a name that no phrase could contain
            return ()


def language_for(code: str) -> Language:
    """The table for a code such as "kk" or "kk-KZ"; English for any other."""
    return LANGUAGES.get(code.casefold().replace("_", "-").partition("-")[0], ENGLISH)


@lru_cache(maxsize=len(LANGUAGES))
def _tools(code: str) -> Tools:
    return Tools(LANGUAGES[code])


def tools_for(code: str) -> Tools:
    """The reader's tools for a code, English for an unknown one."""
    return _tools(language_for(code).code)
