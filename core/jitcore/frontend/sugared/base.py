"""What a name can stand for while a program is lowered: more than the values of the IR."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jitcore.frontend.lowering import Lowering
    from jitcore.frontend.sugared.call_site import CallSite
    from jitcore.ir import Value
    from jitcore.source import SourceRange
    from jitcore.types import Type


class SugaredValue:
    """Anything an expression can mean: a value, a module of operators, a class, a function...

    Every method may emit nodes at the insert point of `lowering.graph`; `at` is the place in the
    program that asks. What a kind of value cannot do raises a `SourceError` there.
    """

    __slots__ = ()

    @property
    def kind(self) -> str:
        """What this is, for error messages."""
        raise NotImplementedError

    def as_value(self, at: SourceRange, lowering: Lowering) -> Value:
        """The value of the IR that this is."""
        raise at.error(f"{self.kind} cannot be used as a value")

    def attribute(self, at: SourceRange, lowering: Lowering, name: str) -> SugaredValue:
        """`this.name`."""
        raise at.error(f"attribute lookup is not defined on {self.kind}")

    def member(self, name: str) -> SugaredValue | None:
        """`this.name` where that needs neither a place nor a node; None if `attribute` has to be asked."""
        return None

    def has_attribute(self, at: SourceRange, lowering: Lowering, name: str) -> bool:
        """`hasattr(this, name)`."""
        raise at.error(f"attribute lookup is not defined on {self.kind}")

    def set_attribute(self, at: SourceRange, lowering: Lowering, name: str, value: Value) -> None:
        """`this.name = value`."""
        raise at.error(f"attribute assignment is not defined on {self.kind}")

    def as_tuple(
        self, at: SourceRange, lowering: Lowering, size_hint: int | None = None
    ) -> list[SugaredValue]:
        """The parts when this is unpacked; `size_hint` is how many the other side wants."""
        raise at.error(f"{self.kind} cannot be used as a tuple")

    def sliceable(self, at: SourceRange, lowering: Lowering) -> Value:
        """The value that `this[a:b]` is a part of."""
        return self.as_value(at, lowering)

    def call(self, site: CallSite) -> SugaredValue:
        """`this(*arguments, **keywords)`; `binders` is how many names the result is bound to."""
        raise site.at.error(f"cannot call a {self.kind}")

    def iterate(self, at: SourceRange, lowering: Lowering) -> SugaredValue:
        """What `for x in this` goes over: something with `length` and `item`."""
        raise at.error(f"{self.kind} cannot be used as an iterable")

    def static_length(self) -> int | None:
        """The number of items if it is known now; a loop over this is then unrolled."""
        return None

    def length(self, at: SourceRange, lowering: Lowering) -> Value:
        """`len(this)` as a value."""
        raise at.error(f"'{self.kind}' object is not iterable")

    def item(
        self, at: SourceRange, lowering: Lowering, index: Value, hint: Type | None = None
    ) -> SugaredValue:
        """`this[index]`."""
        raise at.error(f"'{self.kind}' object is not subscriptable")
