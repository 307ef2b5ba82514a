"""The table of operator schemas: found by name without parsing, parsed when looked at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import overload

from jitcore.ops.releases import release, table_of
from jitcore.ops.schema_parser import parse_schema
from jitcore.types import FunctionSchema

TORCH_SCHEMAS = Path(__file__).with_name("schemas.txt")
CHANGES = "schema_changes.txt"
GONE = "- "
"""Before the name of an operator that a release does not have, in its changes."""

TORCHVISION_SCHEMAS = Path(__file__).with_name("torchvision_schemas.txt")


class Overloads(Sequence[FunctionSchema]):
    """The overloads of one operator in the order TorchScript tries them, each parsed on first use."""

    __slots__ = ("_lines", "_parsed")

    def __init__(self, lines: list[str]) -> None:
        self._lines = lines
        self._parsed: list[FunctionSchema | None] = [None] * len(lines)

    def __len__(self) -> int:
        return len(self._lines)

    @overload
    def __getitem__(self, index: int) -> FunctionSchema: ...
    @overload
    def __getitem__(self, index: slice) -> list[FunctionSchema]: ...
    def __getitem__(self, index: int | slice) -> FunctionSchema | list[FunctionSchema]:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self._lines)))]
        schema = self._parsed[index]
        if schema is None:
            schema = self._parsed[index] = parse_schema(self._lines[index])
        return schema

    def __iter__(self) -> Iterator[FunctionSchema]:
        for index, schema in enumerate(self._parsed):
            yield self[index] if schema is None else schema

    def named(self, overload: str) -> FunctionSchema | None:
        """The overload called `overload` ("" for the one without a name), None if there is none."""
        for index, line in enumerate(self._lines):
            if overload_of(line) == overload:
                return self[index]
        return None


def name_of(line: str) -> str:
    """`aten::add` of `aten::add.Tensor(Tensor self...`."""
    return key_of(line).partition(".")[0]


def overload_of(line: str) -> str:
    """`Tensor` of `aten::add.Tensor(Tensor self...`."""
    return key_of(line).partition(".")[2]


def key_of(line: str) -> str:
    """`aten::add.Tensor` of `aten::add.Tensor(Tensor self...`."""
    return line[: line.index("(")]


class SchemaTable:
    """Schemas of a file, one a line, sorted by name; found by bisection over the text as it is.

    `changes` has the lines of operators that are others in some release, none for those that it lacks.
    """

    __slots__ = ("_changes", "_text")

    def __init__(self, path: Path, changes: dict[str, list[str]] | None = None) -> None:
        self._text = path.read_text(encoding="utf-8")
        self._changes = changes or {}

    def lines(self, name: str) -> list[str]:
        """The lines of the operator `name`, in order."""
        changed = self._changes.get(name)
        return self._written(name) if changed is None else changed

    def _written(self, name: str) -> list[str]:
        text = self._text
        low, high = 0, len(text)
        # The first line whose name is not less than `name` starts in [low, high].
        while low < high:
            middle = (low + high) // 2
            start = text.rfind("\n", low, middle) + 1 or low
            if name_of(text[start : text.index("(", start) + 1]) < name:
                low = text.index("\n", start) + 1
            else:
                high = start
        found: list[str] = []
        while text.startswith(name, low):
            end = text.index("\n", low)
            line = text[low:end]
            if name_of(line) != name:
                break
            found.append(line)
            low = end + 1
        return found

    def __iter__(self) -> Iterator[str]:
        for line in self._text.splitlines():
            if name_of(line) not in self._changes:
                yield line
        for lines in self._changes.values():
            yield from lines

    def names(self) -> list[str]:
        """The names of all operators, sorted."""
        return sorted({name_of(line) for line in self})


def changes_of(of: str) -> dict[str, list[str]]:
    """The lines of operators that a release has otherwise than the usual one, by name; none: it lacks it."""
    changes: dict[str, list[str]] = {}
    path = table_of(CHANGES, of)
    for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else ():
        if line.startswith(GONE):
            changes[line.removeprefix(GONE)] = []
        else:
            changes.setdefault(name_of(line), []).append(line)
    return changes


@cache
def tables() -> tuple[SchemaTable, ...]:
    """Torch's table, as the installed release has it, and torchvision's, read on first use."""
    return SchemaTable(TORCH_SCHEMAS, changes_of(release())), SchemaTable(TORCHVISION_SCHEMAS)


@cache
def find(name: str) -> Overloads:
    """The overloads of `aten::add` and the like, in lookup order; empty if there is no such operator."""
    lines: list[str] = []
    for table in tables():
        lines.extend(table.lines(name))
    return Overloads(lines)


def exists(name: str) -> bool:
    """Whether an operator of this name is known."""
    return len(find(name)) > 0


def find_overload(key: str) -> FunctionSchema | None:
    """The schema of `aten::add.Tensor` (`aten::relu` for the overload without a name), None if unknown."""
    name, _, overload_name = key.partition(".")
    return find(name).named(overload_name)


def similar_names(name: str) -> list[str]:
    """Names of operators at most two edits away from `name`, nearest first."""
    close: list[tuple[int, str]] = []
    for table in tables():
        for other in table.names():
            if abs(len(other) - len(name)) <= 2:
                distance = _edit_distance(name, other)
                if distance <= 2:
                    close.append((distance, other))
    return [other for _, other in sorted(close)]


def _edit_distance(a: str, b: str) -> int:
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        previous, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            changed = previous + (x != y)
            previous, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, changed)
    return row[-1]
