"""Which operators are the same work under two names, and which nodes only pass values on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from jitcore.ir import Node

CONTROL: Final = frozenset({"prim::If", "prim::Loop"})

PASSING: Final = frozenset({
    "prim::NumToTensor", "aten::Int", "aten::Float", "aten::Bool", "aten::IntImplicit", "aten::FloatImplicit",
    "aten::ScalarImplicit", "aten::BoolImplicit", "prim::unchecked_cast", "aten::detach",
})  # fmt: skip
"""Give what they are given, in another form: a tracer has sizes as tensors, and unpacks them to read them."""

_COLLECTING: Final = frozenset({
    "prim::ListConstruct", "prim::TupleConstruct", "prim::DictConstruct", "prim::TupleUnpack",
    "prim::ListUnpack", "prim::TupleIndex",
})  # fmt: skip

_SILENT: Final = frozenset({
    "prim::Constant", "prim::GetAttr", "prim::Uninitialized", "prim::RaiseException", "prim::Print",
    "prim::Enter", "prim::Exit", "aten::warn", "prim::CreateObject", "prim::SetAttr",
})  # fmt: skip
"""Nodes that a trace never has, or that are found by what they name."""

_SAME: Final = {
    name: same
    for same, names in {
        "convolution": (
            "aten::conv1d", "aten::conv2d", "aten::conv3d", "aten::conv_transpose1d",
            "aten::conv_transpose2d", "aten::conv_transpose3d", "aten::_convolution", "aten::convolution",
            "aten::_convolution_mode",
        ),
        "floor division": ("aten::floordiv", "aten::floor_divide", "aten::__floordiv__"),
        "true division": ("aten::div", "aten::true_divide", "aten::divide"),
        "product": ("aten::mul", "aten::multiply"),
        "difference": ("aten::sub", "aten::subtract"),
        "absolute value": ("aten::abs", "aten::absolute"),
        "joining": ("aten::cat", "aten::concat", "aten::concatenate"),
        "maximum": ("prim::max", "aten::maximum"),
        "minimum": ("prim::min", "aten::minimum"),
    }.items()
    for name in names
}  # fmt: skip
"""A tracer records what torch dispatches to, a script what the program names."""

SIZE: Final = "size of a dimension"


def is_passing(node: Node) -> bool:
    """Whether the node only collects, takes apart or passes on."""
    return node.kind in PASSING or node.kind in _COLLECTING


def is_operator(node: Node) -> bool:
    """Whether the node computes something that has a partner by itself, and not by what it is read by."""
    return not (is_passing(node) or node.kind in _SILENT or node.kind in CONTROL)


def work_of(node: Node) -> str:
    """What the operator does: equal for those that do the same under other names, or in place."""
    kind = node.kind
    if kind == "aten::size" and len(node.inputs) == 2:
        return SIZE
    if kind == "aten::__getitem__" and node.inputs[0].node.kind == "aten::size":
        return SIZE
    if kind.endswith("_") and not kind.endswith("__"):
        kind = kind[:-1]
    return _SAME.get(kind, kind)


def is_recorded(node: Node) -> bool:
    """Whether a trace has the operator whenever it ran: it gives tensors, or numbers made of their sizes.

    Sizes are left out: a script asks for more of them than a program reads.
    """
    if not is_operator(node) or node.kind in ("aten::size", "aten::dim", "aten::len"):
        return False
    return any(output.type.kind == "TensorType" for output in node.outputs)
