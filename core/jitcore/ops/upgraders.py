"""What operators meant in older archives: their schemas then, and graphs of today's that do the same."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from jitcore.ops.releases import table_of
from jitcore.ops.schema_parser import parse_schema
from jitcore.types import FunctionSchema

UPGRADERS = "upgraders.txt"
HEADING = "== "


class Upgrader(NamedTuple):
    """The meaning of one overload in archives of the versions `first` to `last`.

    `key` is the overload as it is called today (`aten::div.Tensor`), `graph_text` the replacement.
    """

    key: str
    first: int
    last: int
    old_schema: FunctionSchema
    graph_text: str

    @property
    def operator(self) -> str:
        """Name without the overload."""
        return self.key.partition(".")[0]


def upgraders_for(version: int) -> dict[str, Upgrader]:
    """The upgraders that archives of a format version need, by overload; empty for new ones."""
    return {u.key: u for u in _upgraders() if u.first <= version <= u.last}


@cache
def first_version_of_today() -> dict[str, int]:
    """The first version of archives in which an overload means what it means today, by overload."""
    versions: dict[str, int] = {}
    for upgrader in _upgraders():
        versions[upgrader.key] = max(versions.get(upgrader.key, 0), upgrader.last + 1)
    return versions


@cache
def _upgraders() -> tuple[Upgrader, ...]:
    found: list[Upgrader] = []
    for entry in table_of(UPGRADERS).read_text(encoding="utf-8").split(HEADING)[1:]:
        heading, schema, graph_text = entry.split("\n", 2)
        key, first, last = heading.split(" ")
        found.append(Upgrader(key, int(first), int(last), parse_schema(schema), graph_text))
    return tuple(found)
