"""Names that mean the same in every program."""

from __future__ import annotations

from functools import cache

from jitcore.frontend.sugared.base import SugaredValue
from jitcore.frontend.sugared.builtin import BuiltinFunction, Cast, MagicMethod
from jitcore.frontend.sugared.special import ExceptionClass, PrintValue, SpecialForm
from jitcore.types import BOOL, COMPLEX, FLOAT, INT, STRING, TENSOR

_CASTS = {"float": FLOAT, "complex": COMPLEX, "int": INT, "bool": BOOL, "str": STRING}
_CAST_OPERATORS = {
    "float": "aten::Float", "complex": "aten::Complex", "int": "aten::Int", "bool": "aten::Bool",
    "str": "aten::str",
}  # fmt: skip
_FORMS = {
    "tuple": "prim::TupleConstruct", "getattr": "prim::GetAttr", "hasattr": "prim::HasAttr",
    "isinstance": "prim::isinstance", "list": "prim::list", "dict": "prim::dict", "range": "prim::range",
    "zip": "prim::zip", "enumerate": "prim::enumerate",
}  # fmt: skip
_OVERLOADABLE = {"len": "aten::len", "hex": "aten::hex", "oct": "aten::oct", "round": "aten::round"}
_OPERATORS = {
    "hash": "aten::hash", "id": "prim::id", "min": "prim::min", "max": "prim::max", "abs": "prim::abs",
    "all": "aten::all", "any": "aten::any", "divmod": "aten::divmod", "sum": "aten::sum", "ord": "aten::ord",
    "chr": "aten::chr", "bin": "aten::bin", "pow": "aten::pow", "rangelist": "prim::rangelist",
    "sorted": "aten::sorted",
}  # fmt: skip


@cache
def global_value(name: str) -> SugaredValue | None:
    """What a global name means, None if it has no meaning of its own."""
    if name in _CASTS:
        return MagicMethod(f"__{name}__", Cast(_CASTS[name], _CAST_OPERATORS[name]))
    if name in _FORMS:
        return SpecialForm(_FORMS[name])
    if name in _OVERLOADABLE:
        return MagicMethod(f"__{name}__", BuiltinFunction(_OVERLOADABLE[name]))
    if name in _OPERATORS:
        return BuiltinFunction(_OPERATORS[name])
    if name == "print":
        return PrintValue()
    if name == "_to_tensor":
        return Cast(TENSOR, "prim::NumToTensor")
    if name == "AssertionError":
        return ExceptionClass(name)
    return None
