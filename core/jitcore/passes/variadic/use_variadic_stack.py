"""Stacks tensors without making a list of them.

%1 : Tensor[] = prim::ListConstruct(%x, %y)
%2 : Tensor = aten::stack(%1, %dim)         ->    %2 : Tensor = prim::VarStack(%x, %y, %dim)
"""

from __future__ import annotations

from typing import ClassVar

from jitcore.passes.variadic.operators import UseVariadic


class UseVariadicStack(UseVariadic):
    """Stack tensors without a list, where the list is as it was built.

    aten::stack([%x, %y], %dim)    ->    prim::VarStack(%x, %y, %dim)

    A list that something was put into since stays. As torch/csrc/jit/passes/variadic_ops.cpp.
    """

    name: ClassVar[str] = "use-variadic-stack"
    counterpart: ClassVar[str] = "torch::jit::UseVariadicStack"
    kind: ClassVar[str] = "aten::stack"
    variadic: ClassVar[str] = "prim::VarStack"
