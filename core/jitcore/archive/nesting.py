"""A check that values read from a file are safe to walk by recursion."""

from __future__ import annotations

from typing import Final, cast

from jitcore.archive.errors import ArchiveError
from jitcore.archive.tensors import LazyTensor
from jitcore.archive.values import Device, SavedDict, SavedEnum, SavedList, SavedObject, Value

DEEPEST: Final = 128
"""Levels of values in values; real models have about twenty. What walks them by recursion needs room."""

MOST_REPEATS: Final = 500_000
"""Values that a walk which follows every reference may meet over and above four times those there are.

Shared parts are met once for each reference to them; real models share a few tensors and objects."""

_LEAVES: Final = frozenset((type(None), bool, int, float, complex, str, bytes, Device, LazyTensor))


def check_nesting(value: Value, where: str, more_leaves: frozenset[type] = frozenset()) -> None:
    """Raise `ArchiveError` if `value` contains itself, is nested too deeply, or is no value at all.

    Shared parts are fine, unless following each reference would meet far more values than there are.
    `more_leaves` are types without parts that a value may have too.
    """
    leaves = _LEAVES | more_leaves
    # Depth first without recursion: a value is met twice, to push its parts and, after all of
    # these, to add up what they are. An entry of None in `finished` marks a value still open.
    finished: dict[int, tuple[int, int] | None] = {}
    pending: list[object] = [value]
    held = 1
    while pending:
        current = pending[-1]
        if type(current) in leaves:
            pending.pop()
            continue
        identity = id(current)
        parts = _parts(current, where)
        if identity not in finished:
            finished[identity] = None
            held += len(parts)
            for part in parts:
                if type(part) in leaves:
                    continue
                if id(part) not in finished:
                    pending.append(part)
                elif finished[id(part)] is None:
                    raise ArchiveError(f"{where} holds a value that contains itself, as no saved model does")
            continue
        pending.pop()
        if finished[identity] is None:
            finished[identity] = _measure(parts, finished, where, leaves)
    root = finished.get(id(value))
    if root is not None and root[1] > 4 * held + MOST_REPEATS:
        raise ArchiveError(f"{where} refers to its own parts so often that reading it would never end")


def _measure(
    parts: list[object],
    finished: dict[int, tuple[int, int] | None],
    where: str,
    leaves: frozenset[type],
) -> tuple[int, int]:
    """Depth of a value and number of values met in it, from those of its parts."""
    depth, elements = 0, 1 + len(parts)
    for part in parts:
        if type(part) in leaves:
            continue
        measured = finished[id(part)]
        if measured is None:
            raise ArchiveError(f"{where} holds a value that contains itself, as no saved model does")
        depth = max(depth, measured[0])
        elements += measured[1]
    if depth >= DEEPEST:
        raise ArchiveError(f"{where} nests values more than {DEEPEST} deep, as no saved model does")
    return depth + 1, elements


def _parts(value: object, where: str) -> list[object]:
    if type(value) is tuple or isinstance(value, SavedList):
        return list(cast("tuple[object, ...]", value))
    if isinstance(value, SavedDict):
        return list(value.values())
    if isinstance(value, SavedObject):
        return [value.state] if value.has_state else list(value.attributes.values())
    if isinstance(value, SavedEnum):
        return [value.value]
    raise ArchiveError(f"{where} holds a {type(value).__name__} where a value should be; save the file again")
