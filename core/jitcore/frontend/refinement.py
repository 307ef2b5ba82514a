"""What a condition tells of the types of variables, in its true and in its false branch."""

from __future__ import annotations

from jitcore.ir import Value
from jitcore.types import Type

Refinements = tuple[tuple[str, Type], ...]
"""Variables and the types that they are known to have."""


class RefinementSet:
    """Refinements that hold if a condition is true, and those that hold if it is false."""

    __slots__ = ("if_false", "if_true")

    def __init__(self, if_true: Refinements = (), if_false: Refinements = ()) -> None:
        self.if_true = if_true
        self.if_false = if_false

    def both(self, other: RefinementSet) -> RefinementSet:
        """Of `this and other`."""
        return RefinementSet(
            _union(self.if_true, other.if_true), _intersection(self.if_false, other.if_false)
        )

    def either(self, other: RefinementSet) -> RefinementSet:
        """Of `this or other`."""
        return RefinementSet(
            _intersection(self.if_true, other.if_true), _union(self.if_false, other.if_false)
        )

    def negated(self) -> RefinementSet:
        """Of `not this`."""
        return RefinementSet(self.if_false, self.if_true)


def _union(a: Refinements, b: Refinements) -> Refinements:
    result = dict(a)
    for name, kind in b:
        known = result.get(name)
        if known is None:
            result[name] = kind
        elif known != kind:
            # Two different types for one variable: nothing is claimed.
            del result[name]
    return tuple(result.items())


def _intersection(a: Refinements, b: Refinements) -> Refinements:
    others = dict(b)
    return tuple((name, kind) for name, kind in a if others.get(name) == kind)


NO_REFINEMENTS = RefinementSet()


class Condition:
    """A lowered condition; `static` is its value if only that branch is to be compiled."""

    __slots__ = ("refinements", "static", "value")

    def __init__(
        self, value: Value, refinements: RefinementSet = NO_REFINEMENTS, static: bool | None = None
    ) -> None:
        self.value = value
        self.refinements = refinements
        self.static = static
