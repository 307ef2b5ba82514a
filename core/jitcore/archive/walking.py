"""Visiting the objects of an archive, knowing only what they hold and not their classes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jitcore.archive.tensors import LazyTensor
from jitcore.archive.values import SavedDict, SavedList, SavedObject, Value

if TYPE_CHECKING:
    from collections.abc import Iterator


def walk_objects(root: SavedObject, path: str = "") -> Iterator[tuple[str, SavedObject]]:
    """`root` and every object below it that is an attribute, with its dotted path, parents first.

    An object that is shared is given once for each of its paths.
    """
    pending = [(path, root)]
    while pending:
        path, current = pending.pop()
        yield path, current
        below = [
            (f"{path}.{name}" if path else name, value)
            for name, value in current.attributes.items()
            if isinstance(value, SavedObject)
        ]
        pending.extend(reversed(below))


def walk_tensors(root: Value, path: str = "") -> Iterator[tuple[str, LazyTensor]]:
    """Every tensor in `root` with a path to it, in the order saved: attributes, lists, dicts, states.

    A shared tensor or object is given once for each of its paths.
    """
    pending: list[tuple[str, Value]] = [(path, root)]
    while pending:
        path, value = pending.pop()
        if isinstance(value, LazyTensor):
            yield path, value
        else:
            pending.extend(reversed(list(_named_parts(path, value))))


def _named_parts(path: str, value: Value) -> Iterator[tuple[str, Value]]:
    if isinstance(value, SavedObject):
        if value.has_state:
            yield f"{path}.__state__" if path else "__state__", value.state
        for name, part in value.attributes.items():
            yield f"{path}.{name}" if path else name, part
    elif isinstance(value, tuple | SavedList):
        for index, part in enumerate(value):
            yield f"{path}[{index}]", part
    elif isinstance(value, SavedDict):
        for key, part in value.items():
            yield f"{path}[{key!r}]", part
