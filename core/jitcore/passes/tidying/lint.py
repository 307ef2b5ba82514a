"""Looks whether a graph is well formed.

%2 : Tensor = aten::neg(%1)    ->    the same graph; refused where %1 is read before it is there
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from jitcore.ir.verify import VerificationError, verify
from jitcore.passes.base import Pass, PassContext
from jitcore.source import JitError

if TYPE_CHECKING:
    from jitcore.ir import Graph


class Lint(Pass):
    """Look whether a graph is well formed, and change nothing.

    %2 : Tensor = aten::neg(%1)    ->    %2 : Tensor = aten::neg(%1), if %1 is there

    What is read stands before it is read, names and numbers are no others', ifs and loops have the blocks,
    and these the results, that they need. As Graph::lint of torch/csrc/jit/ir/ir.cpp.
    """

    name: ClassVar[str] = "lint"
    counterpart: ClassVar[str] = "_jit_pass_lint"

    def run(self, graph: Graph, context: PassContext) -> bool:
        """Raises `JitError` with the first thing that is wrong."""
        try:
            verify(graph)
        except VerificationError as error:
            raise JitError(f"the graph is not well formed: {error}") from error
        return False
