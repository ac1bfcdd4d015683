"""The editors' desk in Django's admin, a file for each thing.

`theme.py` is the one door to the theme, `site.py` what the settings point to, `buttons/` the small
pages by which status, date and publication move. Every write calls an action.
"""

from commitments.admin import (
    api_keys,
    commitment,
    login_failures,
    party,
    people,
    proposals,
    revisions,
    site,
    source,
    topic,
)

__all__ = [
    "api_keys",
    "commitment",
    "login_failures",
    "party",
    "people",
    "proposals",
    "revisions",
    "site",
    "source",
    "topic",
]
