"""Concatenates tensors without making a list of them.

%1 : Tensor[] = prim::ListConstruct(%x, %y)
%2 : Tensor = aten::cat(%1, %dim)           ->    %2 : Tensor = prim::VarConcat(%x, %y, %dim)
"""

from __future__ import annotations

from typing import ClassVar

from jitcore.passes.variadic.operators import UseVariadic


class UseVariadicCat(UseVariadic):
    """Concatenate tensors without a list, where the list is as it was built.

    aten::cat([%x, %y], %dim)    ->    prim::VarConcat(%x, %y, %dim)

    A list that something was put into since stays. As torch/csrc/jit/passes/variadic_ops.cpp.
    """

    name: ClassVar[str] = "use-variadic-cat"
    counterpart: ClassVar[str] = "torch::jit::UseVariadicCat"
    kind: ClassVar[str] = "aten::cat"
    variadic: ClassVar[str] = "prim::VarConcat"
