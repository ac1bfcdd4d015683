"""Mozilla's HTTP Observatory, offline: what its rules give an answer for its headers.

The modifiers are those of its score table as of 2026 (github.com/mdn/mdn-http-observatory,
`src/grader/charts.js`). It starts at 100; what is added counts only where nothing has taken the
score below 90. What needs the net (certificate, preload list, redirection from http) is left out:
these give nothing or take away, and `test_headers.py` tests the redirection by itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from http.cookies import Morsel
from typing import Any, Final

START, LEAST_FOR_EXTRA = 100, 90
BROAD: Final = {
    "http:",
    "https:",
    "ftp:",
    "*",
    "http://*",
    "https://*",
    "http://*.*",
    "https://*.*",
}
PRIVATE: Final = {"no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin"}
CLOSED: Final = {"same-origin": 10, "same-site": 10, "cross-origin": 0, "": 0}
OPENERS: Final = {
    "same-origin": 10,
    "same-origin-allow-popups": 10,
    "noopener-allow-popups": 10,
    "unsafe-none": 0,
    "": 0,
}
EMBEDDERS: Final = {"require-corp": 10, "credentialless": 10, "unsafe-none": 0, "": 0}
SIX_MONTHS: Final = 15_768_000


def marks(headers: Mapping[str, str], cookies: Mapping[str, Morsel[str]]) -> dict[str, int]:
    """What each rule gives or takes, by its name."""
    policy = directives(headers.get("Content-Security-Policy", ""))
    return {
        "csp": _of_policy(policy),
        "cookies": _of_cookies(cookies),
        "cors": _of_sharing(headers),
        "referrer": 5 if headers.get("Referrer-Policy", "") in PRIVATE else -5,
        "hsts": _of_transport(headers.get("Strict-Transport-Security", "")),
        "nosniff": 0 if headers.get("X-Content-Type-Options") == "nosniff" else -5,
        "frames": _of_frames(headers, policy),
        "corp": CLOSED.get(headers.get("Cross-Origin-Resource-Policy", ""), -5),
        "coop": OPENERS.get(headers.get("Cross-Origin-Opener-Policy", ""), -5),
        "coep": EMBEDDERS.get(headers.get("Cross-Origin-Embedder-Policy", ""), -5),
    }


def score(given: Mapping[str, int]) -> int:
    """The sum: extra marks count from 90 on."""
    base = START + sum(mark for mark in given.values() if mark < 0)
    extra = sum(mark for mark in given.values() if mark > 0)
    return max(0, base + (extra if base >= LEAST_FOR_EXTRA else 0))


def directives(policy: str) -> dict[str, set[str]]:
    """A content security policy by directive."""
    parts = [part.split() for part in policy.split(";") if part.strip()]
    return {name.lower(): set(sources) for name, *sources in parts}


def _of_policy(policy: Mapping[str, set[str]]) -> int:
    if not policy:
        return -25
    rest = policy.get("default-src", {"*"})
    scripts, styles, objects = (
        policy.get(name, rest) for name in ("script-src", "style-src", "object-src")
    )
    unsafe = {"'unsafe-inline'", "data:"}
    if scripts & (BROAD | unsafe) or objects & BROAD:
        return -20
    if any(source.startswith(("http:", "ftp:")) for part in policy.values() for source in part):
        return -20
    if "'unsafe-eval'" in scripts | styles:
        return -10
    if styles & (BROAD | unsafe):
        return 0
    return 10 if policy.get("default-src") == {"'none'"} else 5


def _of_cookies(cookies: Mapping[str, Morsel[str]]) -> int:
    """The worst of them; the site has HSTS, so a cookie without `Secure` costs 5 or 10."""
    found = [_of_cookie(name.lower(), cookie) for name, cookie in cookies.items()]
    return min(found, default=0)


def _of_cookie(name: str, cookie: Morsel[str]) -> int:
    is_login = "login" in name or "sess" in name
    if is_login and not cookie["httponly"]:
        return -30
    if "csrf" in name and not cookie["samesite"]:
        return -20
    if cookie["samesite"] not in {"", "Lax", "Strict"}:
        return -20
    if not cookie["secure"]:
        return -10 if is_login else -5
    return 5 if cookie["samesite"] else 0


def _of_sharing(headers: Mapping[str, Any]) -> int:
    """Only with credentials does sharing with every origin cost anything."""
    origin = headers.get("Access-Control-Allow-Origin", "")
    with_credentials = headers.get("Access-Control-Allow-Credentials", "") == "true"
    return -50 if origin not in {"", "*"} and with_credentials else 0


def _of_transport(header: str) -> int:
    ages = [part.strip() for part in header.split(";") if part.strip().startswith("max-age=")]
    if not ages:
        return -20
    return 0 if int(ages[0].removeprefix("max-age=")) >= SIX_MONTHS else -10


def _of_frames(headers: Mapping[str, str], policy: Mapping[str, set[str]]) -> int:
    if "frame-ancestors" in policy:
        return 5
    return 5 if headers.get("X-Frame-Options", "").lower() in {"deny", "sameorigin"} else -20
