"""Sentences of a text that look like commitments, proposed to an editor who decides.

Closed tables of words, in English and Russian, and the date words of `commitments.phrases`: no
date is ever guessed, and nothing is saved here. Plain Python.
"""

from commitments.candidates.finder import Candidate, find_candidates
from commitments.candidates.signals import SIGNALS

CANDIDATE_LANGUAGES = tuple(SIGNALS)
"""Codes of the languages that there are tables for."""

__all__ = ["CANDIDATE_LANGUAGES", "Candidate", "find_candidates"]
