"""Which program fetches a calendar, told from its user agent: the family, and nothing more."""

from __future__ import annotations

import re
from typing import Final

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ClientFamily(TextChoices):
    """Programs that behave alike when they fetch; the values are stored, so they stay."""

    GOOGLE = "google", "Google Calendar"
    APPLE = "apple", "Apple Calendar"
    MICROSOFT = "microsoft", "Outlook"
    THUNDERBIRD = "thunderbird", "Thunderbird"
    DAVX5 = "davx5", "DAVx⁵"
    ICSX5 = "icsx5", "ICSx⁵"
    VDIRSYNCER = "vdirsyncer", "vdirsyncer"
    HOME_ASSISTANT = "home_assistant", "Home Assistant"
    NEXTCLOUD = "nextcloud", "Nextcloud"
    BROWSER = "browser", _("a browser")
    OTHER = "other", _("another program")


# The first that fits counts: Thunderbird says that it is Mozilla as well, and so do browsers.
_SIGNS: Final = (
    (r"google-calendar|googlebot|google\b", ClientFamily.GOOGLE),
    (r"davx5|davdroid", ClientFamily.DAVX5),
    (r"icsx5", ClientFamily.ICSX5),
    (r"vdirsyncer", ClientFamily.VDIRSYNCER),
    (r"homeassistant|home assistant", ClientFamily.HOME_ASSISTANT),
    (r"nextcloud", ClientFamily.NEXTCLOUD),
    (r"thunderbird|lightning/", ClientFamily.THUNDERBIRD),
    (
        r"dataaccessd|calendaragent|accountsd|remindd|ios/.*\bcalendar|macos/|mac os x/|mac_os_x/",
        ClientFamily.APPLE,
    ),
    (r"microsoft|outlook|office365|exchange|owa\b", ClientFamily.MICROSOFT),
    (r"^mozilla/.*(firefox|chrome|safari|edg)/", ClientFamily.BROWSER),
)
_PATTERNS: Final = tuple((re.compile(sign, re.IGNORECASE), family) for sign, family in _SIGNS)
_READ: Final = 300  # what is looked at of a user agent: whoever sends more gains nothing by it


def family_of(user_agent: str) -> ClientFamily:
    """The family of the program that calls itself `user_agent` (RFC 9110 section 10.1.5)."""
    shown = user_agent[:_READ]
    found = (family for pattern, family in _PATTERNS if pattern.search(shown))
    return next(found, ClientFamily.OTHER)
