"""Gives operators that have several names the one that other passes know.

%1 : Tensor = aten::negative(%x)          ->    %1 : Tensor = aten::neg(%x)
%2 : bool = aten::__is__(%a, %b)          ->    %2 : bool = aten::eq(%a, %b), for two bools
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from jitcore.ir import made_from
from jitcore.passes.base import Pass, PassContext
from jitcore.passes.rules import rule
from jitcore.types import BOOL, TENSOR, is_subtype

if TYPE_CHECKING:
    from jitcore.ir import Block, Graph, Node

_IN_PLACE_TOO: Final = {
    "absolute": "abs", "clip": "clamp", "arccos": "acos", "arcsin": "asin", "arctan": "atan",
    "arctan2": "atan2", "arccosh": "acosh", "arcsinh": "asinh", "arctanh": "atanh", "fix": "trunc",
    "negative": "neg", "subtract": "sub", "greater_equal": "ge", "greater": "gt", "less_equal": "le",
    "less": "lt", "not_equal": "ne", "divide": "div", "multiply": "mul", "true_divide": "div",
    "swapdims": "transpose", "swapaxes": "transpose",
}  # fmt: skip
_SAME: Final = {
    "det": "linalg_det", "matrix_power": "linalg_matrix_power", "matrix_exp": "linalg_matrix_exp",
    "ger": "outer", "linalg_matmul": "matmul", "inverse": "linalg_inv", "concat": "cat",
    "concatenate": "cat", "row_stack": "vstack", "moveaxis": "movedim",
    "orgqr": "linalg_householder_product", "adjoint": "mH", "special_expit": "sigmoid",
    "special_psi": "digamma", "special_multigammaln": "mvlgamma", "special_gammainc": "igamma",
    "special_gammaincc": "igammac", "special_gammaln": "lgamma",
}  # fmt: skip
_SPECIAL: Final = (
    "erf", "erfc", "erfinv", "exp2", "expm1", "logit", "logsumexp", "round", "log1p", "sinc", "digamma", "i0",
    "xlogy", "log_softmax", "polygamma", "softmax",
)  # fmt: skip

ALIASES: Final = {
    **{f"aten::{alias}": f"aten::{name}" for alias, name in (_SAME | _IN_PLACE_TOO).items()},
    **{f"aten::{alias}_": f"aten::{name}_" for alias, name in _IN_PLACE_TOO.items()},
    **{f"aten::special_{name}": f"aten::{name}" for name in _SPECIAL},
}
"""Operator -> the operator that it is another name of."""

_BOOL_COMPARISONS: Final = {"aten::__is__": "aten::eq", "aten::__isnot__": "aten::ne"}
_CONCERNED: Final = frozenset((*ALIASES, *_BOOL_COMPARISONS, "aten::rsub"))


class NormalizeOps(Pass):
    """Rename operators that are known under several names to the usual one.

    aten::negative(%x)                   ->    aten::neg(%x)
    aten::rsub(%x, %y, %alpha)           ->    aten::sub(%y, %x, %alpha)
    aten::__is__(%a, %b), two bools      ->    aten::eq(%a, %b)
    """

    name: ClassVar[str] = "normalize-ops"
    counterpart: ClassVar[str] = "torch::jit::NormalizeOps"
    refuses: ClassVar[bool] = False

    def run(self, graph: Graph, context: PassContext) -> bool:
        """Rename in all blocks."""
        return normalize_ops(graph.block)


def normalize_ops(block: Block) -> bool:
    """Rename operators in `block`; says whether anything changed."""
    changed = False
    for node in block.nodes():
        for inner in node.blocks:
            changed |= normalize_ops(inner)
        if node.kind in _CONCERNED:
            changed |= _normalize(node)
    return changed


def _normalize(node: Node) -> bool:
    kind = node.kind
    if kind == "aten::rsub" and len(node.inputs) == 3 and is_subtype(node.inputs[1].type, TENSOR):
        swap_subtraction(node)
        return True
    usual = ALIASES.get(kind)
    if usual is not None:
        use_usual_name(node, usual)
        return True
    if kind in _BOOL_COMPARISONS and all(value.type is BOOL for value in node.inputs):
        compare_bools(node, _BOOL_COMPARISONS[kind])
        return True
    return False


def _replace(node: Node, kind: str) -> Node:
    """Put a node of another kind, with the same inputs and as many outputs, in the place of `node`."""
    new = node.graph.create(kind, node.inputs, 0)
    new.insert_before(node)
    for output in node.outputs:
        replacement = new.add_output()
        replacement.copy_metadata(output)
        output.replace_all_uses_with(replacement)
    new.copy_metadata(node)
    new.copy_attributes(node)
    new.provenance = made_from(node)
    return new


@rule
def use_usual_name(node: Node, usual: str) -> None:
    """an operator -> the same operator under its usual name"""
    with use_usual_name.step(node.graph, lambda: f"{node.kind} is another name of {usual}", (node,)):
        _replace(node, usual)
        node.destroy()


@rule
def swap_subtraction(node: Node) -> None:
    """aten::rsub(x, y, alpha) -> aten::sub(y, x, alpha)"""
    first, second = node.inputs[:2]
    with swap_subtraction.step(
        node.graph,
        lambda: f"rsub subtracts %{first.name} from %{second.name}, which sub does in that order",
        (node,),
    ):
        new = _replace(node, "aten::sub")
        new.replace_input(0, second)
        new.replace_input(1, first)
        node.destroy()


@rule
def compare_bools(node: Node, kind: str) -> None:
    """aten::__is__(a, b) -> aten::eq(a, b), for bools"""
    first, second = node.inputs
    with compare_bools.step(
        node.graph,
        lambda: f"%{first.name} and %{second.name} are bools, which are the same when they are equal",
        (node,),
    ):
        _replace(node, kind)
        node.destroy()
