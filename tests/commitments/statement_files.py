"""A small statement file in parts, for tests to break one of them."""

from __future__ import annotations

import copy
import json
from typing import Any

Document = dict[str, Any]

_WHOLE: Document = {
    "sources": [
        {
            "key": "talks",
            "title": "Talks",
            "date": "2024-11-27",
            "kind": "transcript",
            "text": "The launch will be next year, as planned.",
        }
    ],
    "parties": [
        {"key": "kz", "kind": "country", "name": "Kazakhstan"},
        {
            "key": "president",
            "kind": "person",
            "name": "K. T.",
            "role": "President",
            "of": "kz",
        },
    ],
    "topics": [{"key": "space", "name": "Space"}],
    "commitments": [
        {
            "key": "programme",
            "kind": "programme",
            "title": "Space programme",
            "status": "in_progress",
            "source": "talks",
            "said_by": "president",
        },
        {
            "key": "launch",
            "kind": "milestone",
            "title": "First launch",
            "due": "2025",
            "due_wording": "next year",
            "status": "announced",
            "source": "talks",
            "quote": "next year, as planned",
            "said_by": "president",
            "parties": ["kz"],
            "topics": ["space"],
            "parent": "programme",
            "also": [{"locator": "page 2"}],
            "target": {"measure": "launches", "unit": "1", "goal": 1},
        },
    ],
}


def whole_document() -> Document:
    """A document that loads; a copy, to be broken."""
    return copy.deepcopy(_WHOLE)


def as_file(document: object) -> bytes:
    """The document as a file with a row on each line."""
    return json.dumps(document, indent=1, ensure_ascii=True).encode()
