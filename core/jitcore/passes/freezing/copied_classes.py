"""Gives a graph the classes of a copied module.

%self : Net    ->    %self : ___torch_mangle_0.Net
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jitcore.passes.rules import rule

if TYPE_CHECKING:
    from jitcore.ir import Graph
    from jitcore.passes.freezing.module_copy import ModuleCopy


@rule
def use_copied_classes(graph: Graph, copy: ModuleCopy) -> None:
    """m : Net -> m : ___torch_mangle_0.Net, the class of a copy of the module"""
    with use_copied_classes.step(
        graph, lambda: f"the module is a copy, of the class {copy.root.type.qualified_name}"
    ):
        copy.graph_of_copy(graph)
