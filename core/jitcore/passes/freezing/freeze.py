"""Freezing of a module: its attributes become constants of the graph.

%w : Tensor = prim::GetAttr[name="weight"](%self)          %self.weight : Float(4, 3) = prim::Constant[...]()
%1 : Tensor = aten::linear(%x, %w, %b)               ->    %1 : Tensor = aten::linear(%x, %self.weight, ...)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from jitcore.passes.base import Pass, PassContext
from jitcore.passes.freezing.frozen_module import freeze_module
from jitcore.passes.freezing.optimize_frozen_graph import optimize_frozen_graph
from jitcore.passes.options import PassOption
from jitcore.source import JitError

if TYPE_CHECKING:
    from jitcore.ir import Graph


class Freeze(Pass):
    """Inline everything, and make constants of the attributes of the module that never change.

    prim::GetAttr[name="weight"](%self)    ->    %self.weight : Float(4, 3) = prim::Constant[value=<Tensor>]()

    As `torch.jit.freeze` does with the module after `eval()`: what a method sets or writes to stays an
    attribute, and so do those that are to be preserved; loops of known length are unrolled, and dropout goes.
    With numerics to be optimized, batch norms are folded into the layers before them. The module that is
    shown stays as it is; the frozen one is a copy.
    """

    name: ClassVar[str] = "freeze"
    counterpart: ClassVar[str] = "_freeze_module"
    options: ClassVar[tuple[PassOption, ...]] = (
        PassOption("preserved_attrs", "", "attributes and methods that stay: names with + between"),
        PassOption("optimize_numerics", True, "fold batch norms and constants into the layers before them"),
    )

    def __init__(self, preserved_attrs: str = "", optimize_numerics: bool = True) -> None:
        self.preserved_attrs = [name for name in preserved_attrs.split("+") if name]
        self.optimize_numerics = optimize_numerics

    def run(self, graph: Graph, context: PassContext) -> bool:
        """Freeze. Raises `JitError` for what is no method of a module, or cannot be frozen."""
        if context.module is None or context.function is None:
            raise JitError("freezing needs a module: this graph is of none")
        freeze_module(
            context.module, self.preserved_attrs, context, evaluating=True, shown=(context.function, graph)
        )
        optimize_frozen_graph(graph, context, self.optimize_numerics)
        return True
