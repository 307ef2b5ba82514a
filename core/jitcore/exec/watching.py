"""What sees the nodes of a run: hooks that are compiled into a plan only where somebody asks for them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

if TYPE_CHECKING:
    from jitcore.ir import Node

Values = tuple[Any, ...]


class NodeWatch(NamedTuple):
    """What is called around each run of one node, in this order; None where nobody asks.

    `given` gets the inputs before the node runs, `begin` and `end` stand next to the work itself, and `gave`
    gets inputs and outputs afterwards. A node that fails is not ended.
    """

    given: Callable[[Values], object] | None = None
    begin: Callable[[], object] | None = None
    end: Callable[[], object] | None = None
    gave: Callable[[Values, Values], object] | None = None


class Observer(Protocol):
    """Is asked, when a plan is made, what sees its nodes."""

    def watch(self, node: Node, function: str) -> NodeWatch | None:
        """The hooks of a node in the graph of `function`; None if nobody needs to see it."""
        ...

    def watch_turns(self, node: Node, function: str) -> Callable[[], object] | None:
        """What is called before each turn of the loop `node`."""
        ...
