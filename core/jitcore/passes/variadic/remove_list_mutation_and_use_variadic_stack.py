"""Builds lists of tensors that are stacked whole, and then makes no list of them.

%1 : Tensor[] = prim::ListConstruct(%x)
%2 : Tensor[] = aten::append(%1, %y)
%3 : Tensor = aten::stack(%1, %dim)         ->    %3 : Tensor = prim::VarStack(%x, %y, %dim)
"""

from __future__ import annotations

from typing import ClassVar

from jitcore.passes.variadic.operators import BuildListsAndUseVariadic


class RemoveListMutationAndUseVariadicStack(BuildListsAndUseVariadic):
    """Stack tensors without a list, where all that is put into it is known.

    l = [%x]; l.append(%y); aten::stack(l, %dim)    ->    prim::VarStack(%x, %y, %dim)

    Lists that are left stay as `remove-mutation` builds them. As torch/csrc/jit/passes/variadic_ops.cpp.
    """

    name: ClassVar[str] = "remove-list-mutation-and-use-variadic-stack"
    counterpart: ClassVar[str] = "torch::jit::RemoveListMutationAndUseVariadicStack"
    kind: ClassVar[str] = "aten::stack"
    variadic: ClassVar[str] = "prim::VarStack"
