"""How much folding may make of a graph: two lines of code can ask for more than a machine holds.

Forty doublings of a text are a terabyte, and `torch.ljust("a", 9223372036854775807)` is one constant. What
would be larger than a person can look at stays the operation that it is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

LARGEST_CONSTANT: Final = 1 << 16
"""Elements, or characters, of the largest constant that folding makes."""

MOST_IN_A_GRAPH: Final = 1 << 18
"""The same of all constants that one run of a pass makes."""


def _length(value: Any) -> int:
    return len(value) if hasattr(value, "__len__") else 1


def _repeated(items: Any, times: Any) -> int:
    return _length(items) * max(int(times), 0)


def _joined(separator: Any, parts: Any) -> int:
    return _length(separator) * _length(parts) + sum(_length(part) for part in parts)


def _replaced(text: Any, old: Any, new: Any, most: Any = -1) -> int:
    places = _length(text) // max(_length(old), 1) + 1
    return _length(text) + _length(new) * (places if most < 0 else min(places, most))


# What operators that make more than they are given will give, by the key of their schema.
_SIZES: Final[dict[str, Callable[..., int]]] = {
    "aten::mul.left_t": _repeated,
    "aten::mul.right_": lambda times, items: _repeated(items, times),
    "aten::mul_.t": _repeated,
    "prim::rangelist": lambda n: max(int(n), 0),
    "aten::ljust": lambda text, width, *_: _length(text) + width,
    "aten::rjust": lambda text, width, *_: _length(text) + width,
    "aten::center": lambda text, width, *_: _length(text) + width,
    "aten::zfill": lambda text, width: _length(text) + width,
    "aten::expandtabs": lambda text, size: _length(text) * max(size, 1),
    "aten::join": _joined,
    "aten::replace": _replaced,
}


class FoldingLimits:
    """Counts what one run of a pass folds."""

    __slots__ = ("_made", "_sizes")

    def __init__(self) -> None:
        self._made = 0
        # Objects are held, so that no other gets the number of one that was counted.
        self._sizes: dict[int, tuple[object, int]] = {}

    def may_compute(self, key: str, inputs: Sequence[object]) -> bool:
        """Whether the result of the operator `key` is small enough to be made at all."""
        size = _SIZES.get(key)
        return size is None or size(*inputs) <= LARGEST_CONSTANT

    def may_keep(self, values: Sequence[object]) -> bool:
        """Whether results may become constants; if so they are counted."""
        size = sum(self.size_of(value) for value in values)
        if size > LARGEST_CONSTANT or self._made + size > MOST_IN_A_GRAPH:
            return False
        self._made += size
        return True

    def size_of(self, value: object) -> int:
        """Elements and characters of a value, those that it holds twice counted twice."""
        if isinstance(value, str):
            return len(value)
        if not isinstance(value, list | tuple | dict):
            return 1
        known = self._sizes.get(id(value))
        if known is not None:
            return known[1]
        parts = [*value, *value.values()] if isinstance(value, dict) else value
        size = 1 + sum(self.size_of(part) for part in parts)
        self._sizes[id(value)] = (value, size)
        return size
