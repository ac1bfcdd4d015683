"""The languages that candidates are found in."""

from __future__ import annotations

from commitments.candidates.signal_table import SignalTable
from commitments.candidates.signals_english import ENGLISH_SIGNALS
from commitments.candidates.signals_russian import RUSSIAN_SIGNALS

SIGNALS = {table.code: table for table in (ENGLISH_SIGNALS, RUSSIAN_SIGNALS)}


def signals_for(code: str) -> SignalTable:
    """The table for a code such as "ru" or "ru-RU"; raises ValueError where there is none."""
    found = SIGNALS.get(code.casefold().replace("_", "-").partition("-")[0])
    if found is None:
        raise ValueError(f"language: there are tables for {', '.join(SIGNALS)}, not for {code}.")
    return found
