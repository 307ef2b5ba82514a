"""`export_opnames`: the operators that a module needs to run, as torch lists them for phones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from jitcore.ir import Function, ScriptObject
from jitcore.ops.lookup import operator_key
from jitcore.passes.inline import inlined_graph
from jitcore.scripting.library.script_module import RecursiveScriptModule

if TYPE_CHECKING:
    from collections.abc import Iterator

_OF_THE_INTERPRETER: Final = frozenset({
    "prim::RaiseException", "prim::Uninitialized", "prim::TupleIndex", "prim::dtype", "prim::device",
    "prim::is_cuda", "prim::NumToTensor.Scalar", "prim::tolist", "prim::unchecked_unwrap_optional",
    "aten::__is__", "aten::__isnot__", "aten::__not__", "aten::format", "aten::dim",
    "aten::warn",
})  # fmt: skip
"""What an interpreter for phones computes without looking for an operator."""

_NOT_ON_PHONES: Final = {"prim::Enter": "ENTER", "prim::fork": "FORK"}

_OF_DICTS: Final = "aten::__getitem__.Dict_"

_RESTORING: Final = ("__getstate__", "__setstate__")


def export_opnames(m: Any) -> list[str]:
    """The overloads (`aten::add.Tensor`) that the methods of a compiled module use, sorted.

    Raises AttributeError for what is no compiled module, and RuntimeError for what phones do not do.
    """
    if not isinstance(m, RecursiveScriptModule):
        raise AttributeError(f"'{type(m).__name__}' object has no attribute '_c'")
    owner: ScriptObject = vars(m)["_script_object"]
    found: set[str] = set()
    for function in _saved_functions(owner):
        for node in inlined_graph(function).all_nodes():
            if node.kind in _NOT_ON_PHONES:
                raise RuntimeError(f"{_NOT_ON_PHONES[node.kind]} is not supported in mobile module.")
            key = operator_key(node)
            if key is not None:
                found.add(key)
    return sorted(key for key in found - _OF_THE_INTERPRETER if not key.startswith(_OF_DICTS))


def _saved_functions(owner: ScriptObject) -> Iterator[Function]:
    """The methods of a module, and what restores the modules below it."""
    for method in owner.type.methods.values():
        if isinstance(method, Function):
            yield method
    for _, module in owner.named_modules():
        for name in _RESTORING:
            method = module.type.methods.get(name)
            if isinstance(method, Function):
                yield method
