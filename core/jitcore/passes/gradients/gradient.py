"""What becomes of a graph that is differentiated."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jitcore.ir import Graph

if TYPE_CHECKING:
    from jitcore.ir import Node

GROUP: Final = "prim::DifferentiableGraph"

_BACKWARD: Final = "ReverseSubgraph"
_REAL_OUTPUTS: Final = "f_real_outputs"
_PLACES: Final = {
    "differentiated_outputs": "df_input_vjps",
    "differentiated_inputs": "df_output_vjps",
    "captured_inputs": "df_input_captured_inputs",
    "captured_outputs": "df_input_captured_outputs",
}


class Gradient:
    """A graph and that of its gradients, as `Gradient` of torch/csrc/jit/runtime/autodiff.h.

    `forward` gives `real_outputs` results as before and then what `backward` needs besides. `backward` takes
    gradients of the results `differentiated_outputs`, then the inputs `captured_inputs` and the results
    `captured_outputs` of `forward`; it gives, in a tuple, gradients of the inputs `differentiated_inputs`.
    """

    __slots__ = (
        "backward", "captured_inputs", "captured_outputs", "differentiated_inputs", "differentiated_outputs",
        "forward", "real_outputs",
    )  # fmt: skip

    def __init__(self, forward: Graph, backward: Graph) -> None:
        self.forward = forward
        self.backward = backward
        self.real_outputs = len(forward.outputs)
        self.differentiated_outputs: list[int] = []
        self.differentiated_inputs: list[int] = []
        self.captured_inputs: list[int] = []
        self.captured_outputs: list[int] = []

    def keep_in(self, node: Node) -> None:
        """Let the node run `forward` and know the rest, by the names of attributes that libtorch uses."""
        node.set_attribute("Subgraph", self.forward)
        node.set_attribute(_BACKWARD, self.backward)
        node.set_attribute(_REAL_OUTPUTS, self.real_outputs)
        for name in _PLACES:
            node.set_attribute(_PLACES[name], list(getattr(self, name)))

    @classmethod
    def of(cls, node: Node) -> Gradient:
        """What `keep_in` left in a node. Raises TypeError for a node that has nothing of it."""
        forward, backward = node.attributes.get("Subgraph"), node.attributes.get(_BACKWARD)
        real_outputs = node.attributes.get(_REAL_OUTPUTS)
        if not (isinstance(forward, Graph) and isinstance(backward, Graph) and isinstance(real_outputs, int)):
            raise TypeError(f"{node.kind} was not differentiated")
        found = cls(forward, backward)
        found.real_outputs = real_outputs
        for name, attribute in _PLACES.items():
            setattr(found, name, node.attributes[attribute])
        return found


def groups_of(graph: Graph) -> list[Node]:
    """The nodes of a graph, those in blocks too, that run a graph that was differentiated."""
    return [node for node in graph.all_nodes() if node.kind == GROUP]


def was_differentiated(node: Node) -> bool:
    """Whether a node that runs a graph knows of the gradients of that."""
    return _BACKWARD in node.attributes
