"""What operators and C++ classes may do, by name: which are folded, which run, and why others do neither."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from jitcore.types import STRING, ListType, OptionalType

if TYPE_CHECKING:
    from jitcore.types import FunctionSchema, Type

SORTS: Final = Path(__file__).with_name("operator_sorts.txt")
"""Says at its top which sorts there are."""

FUNCTIONAL: Final = "functional"
FILES: Final = "files"
_RUN: Final = frozenset({FUNCTIONAL, "effects", "unchecked"})
_FOLDED_NAMESPACES: Final = frozenset({"aten", "prim"})
CLASS_STATE: Final = "class state"
CLASS_MADE: Final = "class made"

_FILE_WORDS: Final = frozenset({
    "file", "files", "filename", "filenames", "filepath", "path", "paths", "dir", "directory", "folder",
    "uri", "url", "src", "dst", "source", "destination",
})  # fmt: skip
_NOT_ALLOWED: Final = "which this run does not allow"


class Sort(NamedTuple):
    """A section of the file: its kind, and what it says of all in it ("" where nothing is refused)."""

    kind: str
    reason: str = ""


def sort_of(operator: str) -> Sort | None:
    """The sort of an operator, as `aten::add`; None if nobody has sorted it."""
    return _sorts()[0].get(operator)


def class_sort_of(name: str) -> Sort | None:
    """The sort of a C++ class, as `quantized.LinearPackedParamsBase`; None if nobody has sorted it."""
    return _sorts()[1].get(name.replace(".", "::", 1))


def is_of_torch(namespace: str) -> bool:
    """Whether operators or classes of `namespace` come with torch, so that each of them is sorted."""
    return namespace in _namespaces()


def why_not_folded(schema: FunctionSchema) -> str:
    """Why an operator is not computed before a run, in a sentence; "" if it may be."""
    name = schema.name
    found = sort_of(name)
    if found is not None and found.kind == FUNCTIONAL and name.partition("::")[0] in _FOLDED_NAMESPACES:
        return ""
    if found is None:
        if may_reach_files(schema):
            return f"{name} can reach the file system"
        return f"{name} is not known to compute from its arguments alone"
    return f"{name} is left to runs" if not found.reason else f"{name} is refused: {found.reason}"


def why_not_run(name: str, schema: FunctionSchema | None, allows_files: bool) -> str:
    """Why a run refuses the operator `name`, in a clause; "" if it may run.

    Without a `schema` it is a kind of node that this package computes itself.
    """
    found = sort_of(name)
    if found is not None:
        if found.kind in _RUN or (found.kind == FILES and allows_files):
            return ""
        return f"{found.reason}, {_NOT_ALLOWED}" if found.kind == FILES else found.reason
    if schema is None:
        return ""
    namespace = name.partition("::")[0]
    if is_of_torch(namespace):
        return "it is not among the operators of torch whose reach is known"
    if not allows_files and may_reach_files(schema):
        return f"it can reach the file system, {_NOT_ALLOWED}"
    return ""


def why_no_state(name: str, allows_files: bool) -> str:
    """Why no object of the C++ class `name` gets a state out of an archive, in a clause; "" if it may."""
    return _why_no_class(name, frozenset({CLASS_STATE}), allows_files)


def why_not_made(name: str, allows_files: bool) -> str:
    """Why a program may not make an object of the C++ class `name`, in a clause; "" if it may."""
    return _why_no_class(name, frozenset({CLASS_STATE, CLASS_MADE}), allows_files)


def _why_no_class(name: str, kinds: frozenset[str], allows_files: bool) -> str:
    found = class_sort_of(name)
    if found is not None:
        return "" if found.kind in kinds else found.reason or "which no archive holds"
    if is_of_torch(name.partition(".")[0]):
        return "which is not among the classes of torch whose reach is known"
    return "" if allows_files else "whose library may reach files, which this run does not allow"


def may_reach_files(schema: FunctionSchema) -> bool:
    """Whether an operator may read or write files, as `image::read_file(str filename)` does.

    Of packages other than torch nothing is known but the schema: a text that is called a file, or is
    not called anything, may name one.
    """
    found = sort_of(schema.name)
    if found is not None:
        return found.kind == FILES
    if is_of_torch(schema.name.partition("::")[0]):
        return False
    return any(_is_text(a.type) and _may_name_a_file(a.name) for a in schema.arguments)


def _is_text(kind: Type) -> bool:
    if isinstance(kind, OptionalType | ListType):
        return _is_text(kind.element)
    return kind is STRING


def _may_name_a_file(name: str) -> bool:
    return name.lstrip("_").isdigit() or not name or not _FILE_WORDS.isdisjoint(name.lower().split("_"))


@cache
def _sorts() -> tuple[dict[str, Sort], dict[str, Sort]]:
    """Sorts of operators and of classes, by `namespace::name`."""
    operators: dict[str, Sort] = {}
    classes: dict[str, Sort] = {}
    target, sort, namespace = operators, Sort(""), ""
    for line in SORTS.read_text(encoding="utf-8").splitlines():
        if line.startswith("#") or not line:
            continue
        if line.startswith("["):
            kind, _, reason = line.strip("[]").partition(": ")
            sort = Sort(kind, reason)
            target = classes if kind.startswith("class") else operators
            continue
        words = line.split()
        if not line.startswith(" "):
            namespace = words.pop(0)
        target.update((namespace + word, sort) for word in words)
    return operators, classes


@cache
def _namespaces() -> frozenset[str]:
    return frozenset(name.partition("::")[0] for names in _sorts() for name in names)
