"""What a tensor depends on, found in the graph as far as it has been recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import torch

from jitcore.tracing.nondeterminism import is_nondeterministic

if TYPE_CHECKING:
    from jitcore.ir import Node, Value
    from jitcore.tracing.state import TracingState

VALUES: Final = 1
"""On the values of an input."""
SIZES: Final = 2
"""On the sizes of an input."""
DRAWS: Final = 4
"""On random numbers."""
STATE: Final = 8
"""On what Python keeps from call to call."""
MODULE: Final = 16
"""On parameters or buffers."""

FROM_INPUTS: Final = VALUES | SIZES

_SIZE_OPERATORS = frozenset(("aten::size", "aten::numel", "aten::dim", "aten::len"))
_VIEWS = frozenset((
    "aten::alias", "aten::as_strided", "aten::chunk", "aten::detach", "aten::diagonal", "aten::expand",
    "aten::expand_as", "aten::flatten", "aten::movedim", "aten::narrow", "aten::permute", "aten::ravel",
    "aten::reshape", "aten::reshape_as", "aten::select", "aten::slice", "aten::split",
    "aten::split_with_sizes", "aten::squeeze", "aten::swapaxes", "aten::t", "aten::transpose",
    "aten::unbind", "aten::unflatten", "aten::unfold", "aten::unsqueeze", "aten::view", "aten::view_as",
    "prim::ListUnpack",
))  # fmt: skip
_INPUTS = "prim::Param"
_ATTRIBUTE = "prim::TracedAttr"


class TensorOrigins:
    """The origins of the tensors of a trace; without one, all tensors but parameters come from inputs.

    `calm` are operators that may draw random numbers and do not.
    """

    def __init__(self, state: TracingState | None) -> None:
        self._state = state
        self._known: dict[Value, int] = {}
        self._given: dict[Node, int] = {}
        self.calm: set[Node] = set()

    def of(self, tensor: torch.Tensor) -> int:
        """What a tensor depends on."""
        if self._state is None:
            return MODULE if isinstance(tensor, torch.nn.Parameter) else VALUES | SIZES
        value = self._state.tensors.get(tensor)
        return 0 if value is None else self.of_value(value)

    def is_size(self, tensor: torch.Tensor) -> bool:
        """Whether a tensor is a number that came of sizes alone."""
        return not self.of(tensor) & (VALUES | DRAWS)

    def given(self, node: Node, origin: int) -> None:
        """A node holds numbers of Python that have an origin themselves."""
        self._given[node] = self._given.get(node, 0) | origin

    def written(self, value: Value, origin: int) -> None:
        """A value was written to: so were those that it is a view of."""
        while True:
            self._known[value] = self.of_value(value) | origin
            node = value.node
            if node.kind not in _VIEWS or not node.inputs:
                return
            value = node.inputs[0]

    def of_value(self, value: Value) -> int:
        """What a value of the graph depends on."""
        known = self._known
        waiting = [value]
        while waiting:
            each = waiting[-1]
            if each in known:
                waiting.pop()
                continue
            node = each.node
            missing = [other for other in node.inputs if other not in known]
            if missing and node.kind != "prim::Constant":
                waiting.extend(missing)
                continue
            known[each] = self._of_node(node, each)
            waiting.pop()
        return known[value]

    def _of_node(self, node: Node, value: Value) -> int:
        if node.kind == _INPUTS:
            return MODULE if value.debug_name == "self" and value.type.kind == "ClassType" else VALUES | SIZES
        if node.kind == _ATTRIBUTE:
            return MODULE
        found = self._given.get(node, 0)
        for each in node.inputs:
            found |= self._known[each]
        if node.kind in _SIZE_OPERATORS:
            return (found & ~VALUES & ~DRAWS) | (SIZES if found & FROM_INPUTS else 0)
        if is_random(node) and node not in self.calm:
            found |= DRAWS
        return found


_RANDOM: dict[str, bool] = {}


def is_random(node: Node) -> bool:
    """Whether a node draws random numbers."""
    may = _RANDOM.get(node.kind)
    if may is None:
        name = node.kind.removeprefix("aten::")
        packet = getattr(torch.ops.aten, name, None) if node.kind.startswith("aten::") else None
        may = _RANDOM[node.kind] = packet is not None and any(
            torch.Tag.nondeterministic_seeded in getattr(packet, each).tags for each in packet.overloads()
        )
    return may and is_nondeterministic(node)
