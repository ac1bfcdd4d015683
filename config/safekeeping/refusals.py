"""Why a backup, a restore or a move is not done; the sentence says what to do instead."""


class SafekeepingError(Exception):
    """Nothing was changed, unless the sentence says so."""
