"""The page of licences fits what is installed, and nothing is in it that we may not use."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from tests.config.licences import FILE, licences, locked_names
from tests.services.programs import run

pytestmark = pytest.mark.once

USABLE = (
    "Apache",
    "BSD",
    "ISC",
    "LGPL",
    "MIT",
    "MPL",
    "Mozilla",
    "PSF",
    "Python",
    "Unlicense",
    "0BSD",
)


def rows() -> dict[str, str]:
    lines = [line for line in FILE.read_text().splitlines() if line.startswith("| ")][2:]
    pairs = [line.strip("| ").split(" | ") for line in lines]
    return {name: licence for name, licence in pairs}  # noqa: C416 - so that both have types


def test_the_page_fits_what_is_installed() -> None:
    there = rows()
    assert set(there) <= set(locked_names())
    assert licences().items() <= there.items()


def test_every_licence_lets_us_use_its_library() -> None:
    strange = {
        name: said for name, said in rows().items() if not any(one in said for one in USABLE)
    }
    assert strange == {}


def test_the_bill_of_materials_has_every_part_with_its_hash(tmp_path: Path) -> None:
    program = str(Path(sys.executable).with_name("cyclonedx-py"))
    file = tmp_path / "sbom.json"
    options = ["--pyproject", "pyproject.toml", "--output-reproducible", "-o", str(file)]
    run([program, "requirements", *options, "requirements.txt"], env={})
    bill = json.loads(file.read_text())
    assert bill["bomFormat"] == "CycloneDX"
    assert {part["name"] for part in bill["components"]} == set(locked_names())
    for part in bill["components"]:
        assert part["purl"] == f"pkg:pypi/{part['name']}@{part['version']}"
        assert any(reference["hashes"] for reference in part["externalReferences"]), part["name"]
