"""The licences of what is installed to run the site: `python -m tests.config.licences` writes them.

Only what the lock of the running site names (`requirements.txt`), and only libraries that are on
this machine: a few are for other systems.
"""

from __future__ import annotations

import re
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from typing import Final

from tests.services.programs import ROOT

FILE: Final = ROOT / "docs" / "licences.md"
HEAD: Final = """# Licences

What the running site is made of, and under which licence each part stands, as its own metadata
say. A test compares this page with what is installed; `python -m tests.config.licences` writes it
anew, `make sbom` lists the same parts with their hashes as CycloneDX.

| library | licence |
| --- | --- |
"""
_FREE: Final = "License :: OSI Approved :: "


def locked_names() -> list[str]:
    """The names in the lock of the running site."""
    lock = (ROOT / "requirements.txt").read_text()
    return re.findall(r"^([A-Za-z0-9._-]+)==", lock, re.MULTILINE)


def licences() -> dict[str, str]:
    """The licence of each library of the lock that is installed here."""
    found = {}
    for name in locked_names():
        try:
            found[name] = licence_of(distribution(name))
        except PackageNotFoundError:
            continue
    return found


def licence_of(library: Distribution) -> str:
    """As an SPDX expression (PEP 639) where it says so, else as its classifiers or its words."""
    told = library.metadata
    for expression in told.get_all("License-Expression") or []:
        return str(expression)
    classes = [one.removeprefix(_FREE) for one in told.get_all("Classifier") or [] if _FREE in one]
    words = str((told.get_all("License") or ["unknown"])[0]).strip().splitlines()
    return "; ".join(sorted(classes)) or (words[0][:80] if words else "unknown")


def page() -> str:
    """The page as it should stand."""
    return HEAD + "".join(f"| {name} | {licence} |\n" for name, licence in licences().items())


if __name__ == "__main__":
    FILE.write_text(page())
