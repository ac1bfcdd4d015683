"""The shape that was asked for: `fields` leaves parts of the answer out, `expand` puts some in.

`fields=id,title,status.value` is a list of names with dots for what lies within; `expand=parties`
shows in full what is otherwise only named. An unknown name is an error that lists the known ones.
"""

from __future__ import annotations

import functools
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from django.http import QueryDict
from django.utils.translation import gettext as _
from drf_spectacular.drainage import get_override
from rest_framework import serializers

from commitments.api.serializers.fields import Either
from commitments.exceptions import InvalidInput

FIELDS: Final = "fields"
EXPAND: Final = "expand"

Tree: TypeAlias = "Mapping[str, Tree]"
"""Names of fields, each with the names within it."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What was asked for; `tree` is None where everything is."""

    tree: Tree | None = None
    expand: frozenset[str] = frozenset()

    def wants(self, name: str) -> bool:
        """Whether the field `name` is to be shown."""
        return self.tree is None or name in self.tree

    def cut(self, value: Any) -> Any:
        """`value`, one object or a list of them, without what was not asked for."""
        return value if self.tree is None else _cut(value, self.tree)


WHOLE: Final = Shape()


def read_shape(params: QueryDict, serializer: Any, expandable: Collection[str]) -> Shape:
    """The shape that `params` ask for of what `serializer` (a class) writes.

    Raises InvalidInput with the code "unknown_field" or "unknown_expansion".
    """
    expand = frozenset(_names(params.getlist(EXPAND)))
    for name in sorted(expand - set(expandable)):
        sentence = _("“%(name)s” cannot be expanded here. Known: %(known)s.")
        raise _unknown(EXPAND, "unknown_expansion", sentence, name, expandable)
    asked = _names(params.getlist(FIELDS))
    if not asked:
        return Shape(None, expand)
    return Shape(_chosen(asked, known_fields(serializer, expand)), expand)


def _names(values: Iterable[str]) -> list[str]:
    parts = (part.strip() for value in values for part in value.split(","))
    return [part for part in parts if part]


def _unknown(
    parameter: str, code: str, sentence: str, name: str, known: Iterable[str]
) -> InvalidInput:
    shown = name[:60].encode("utf-8", "replace").decode()
    values = {"name": shown, "known": ", ".join(sorted(known))}
    return InvalidInput(sentence % values, field=parameter, code=code)


def _chosen(names: Iterable[str], known: Tree) -> Tree:
    tree: dict[str, Any] = {}
    for name in names:
        chosen, among = tree, known
        *outer, last = name.split(".")
        for part in outer:
            _refuse_unknown(part, among, name)
            chosen, among = chosen.setdefault(part, {}), among[part]
        _refuse_unknown(last, among, name)
        chosen[last] = dict(among[last])  # all that lies within
    return tree


def _refuse_unknown(part: str, among: Tree, name: str) -> None:
    if part not in among and not among:
        sentence = _("“%(name)s” leads too deep: nothing lies within. Known: %(known)s.")
        raise _unknown(FIELDS, "unknown_field", sentence, name, [name.rpartition(".")[0]])
    if part not in among:
        sentence = _("There is no field “%(name)s” here. Known: %(known)s.")
        raise _unknown(FIELDS, "unknown_field", sentence, name, among)


def _cut(value: Any, tree: Tree) -> Any:
    if isinstance(value, list):
        return [_cut(one, tree) for one in value]
    if not tree or not isinstance(value, dict):
        return value
    return {name: _cut(inner, tree[name]) for name, inner in value.items() if name in tree}


@functools.lru_cache(maxsize=256)
def known_fields(serializer: Any, expand: frozenset[str]) -> Tree:
    """The names of what `serializer` (a class) writes with `expand`."""
    return _fields_of(serializer(context={"expand": expand}))


def _fields_of(serializer: Any) -> dict[str, Any]:
    return {name: _within(field) for name, field in serializer.fields.items()}


def _within(field: Any) -> dict[str, Any]:
    if isinstance(field, serializers.SerializerMethodField):
        field = get_override(getattr(field.parent, str(field.method_name)), "field")
        field = field() if isinstance(field, type) else field
    if isinstance(field, serializers.ListSerializer | serializers.ListField):
        field = field.child
    if isinstance(field, Either):
        field = field.chosen
    return _fields_of(field) if isinstance(field, serializers.Serializer) else {}
