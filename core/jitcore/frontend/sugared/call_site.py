"""One call in a program, as what is called gets it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jitcore.frontend.lowering import Lowering
    from jitcore.ops.matching import NamedValue
    from jitcore.source import SourceRange


class CallSite(NamedTuple):
    """A call: its place, the lowering that meets it, its arguments.

    `binders` is how many names the result is bound to.

    One is made for every call of a program, and a frozen dataclass takes twice as long to make.
    """

    at: SourceRange
    lowering: Lowering
    arguments: Sequence[NamedValue]
    keywords: Sequence[NamedValue] = ()
    binders: int = 1

    def with_first(self, value: NamedValue) -> CallSite:
        """The same call with one more argument, before all others."""
        return self._replace(arguments=(value, *self.arguments))

    def with_arguments(self, arguments: Sequence[NamedValue]) -> CallSite:
        """The same call with other arguments; the keywords stay."""
        return self._replace(arguments=arguments)
