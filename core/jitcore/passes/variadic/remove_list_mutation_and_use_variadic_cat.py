"""Builds lists of tensors that are concatenated whole, and then makes no list of them.

%1 : Tensor[] = prim::ListConstruct(%x)
%2 : Tensor[] = aten::append(%1, %y)
%3 : Tensor = aten::cat(%1, %dim)           ->    %3 : Tensor = prim::VarConcat(%x, %y, %dim)
"""

from __future__ import annotations

from typing import ClassVar

from jitcore.passes.variadic.operators import BuildListsAndUseVariadic


class RemoveListMutationAndUseVariadicCat(BuildListsAndUseVariadic):
    """Concatenate tensors without a list, where all that is put into it is known.

    l = [%x]; l.append(%y); aten::cat(l, %dim)    ->    prim::VarConcat(%x, %y, %dim)

    Lists that are left stay as `remove-mutation` builds them. As torch/csrc/jit/passes/variadic_ops.cpp.
    """

    name: ClassVar[str] = "remove-list-mutation-and-use-variadic-cat"
    counterpart: ClassVar[str] = "torch::jit::RemoveListMutationAndUseVariadicCat"
    kind: ClassVar[str] = "aten::cat"
    variadic: ClassVar[str] = "prim::VarConcat"
