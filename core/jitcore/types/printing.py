"""Types as `.graph` spells them, which differs from the schema spelling for tensors and named tuples."""

from __future__ import annotations

from typing import cast

from jitcore.types.base import Type
from jitcore.types.containers import FutureType, ListType, OptionalType, RRefType, TupleType
from jitcore.types.tensor import SCALAR_TYPE_NAMES, TENSOR, TensorType


def ir_text(t: Type) -> str:
    """`t` as printed after `%x : ` in a graph (torch's default verbosity, strides and device included)."""
    if t is TENSOR:
        return "Tensor"
    if isinstance(t, TensorType):
        return _tensor_text(t)
    if isinstance(t, ListType):
        return ir_text(t.element) + "[]"
    if isinstance(t, OptionalType):
        return ir_text(t.element) + "?"
    if isinstance(t, FutureType):
        return f"Future[{ir_text(t.element)}]"
    if isinstance(t, RRefType):
        return f"RRef[{ir_text(t.element)}]"
    if isinstance(t, TupleType):
        if t.field_names is None:
            if t.text is None:
                t.text = f"({', '.join(ir_text(e) for e in t.parts)})"
            return t.text
        fields = [
            f"{name} : {ir_text(e)}" + (f" = {_default_text(t.defaults[name])}" if name in t.defaults else "")
            for name, e in zip(t.field_names, t.parts, strict=True)
        ]
        return f"NamedTuple({', '.join(fields)})"
    return str(t)


def _default_text(value: object) -> str:
    """A default of a named tuple: texts without quotes, floats with a point."""
    match value:
        case float():
            return _float_text(value)
        case complex():
            return (
                f"{_float_text(value.real)}{'+' if value.imag >= 0 else '-'}{_float_text(abs(value.imag))}j"
            )
        case tuple():
            parts = [_default_text(part) for part in cast("tuple[object, ...]", value)]
            return f"({parts[0]},)" if len(parts) == 1 else f"({', '.join(parts)})"
        case list():
            return f"[{', '.join(_default_text(part) for part in cast('list[object]', value))}]"
        case dict():
            items = cast("dict[object, object]", value).items()
            return "{" + ", ".join(f"{_default_text(k)}: {_default_text(v)}" for k, v in items) + "}"
        case _:
            return str(value)


def _float_text(value: float) -> str:
    text = f"{value + 0.0:.17g}"
    return f"{text}." if text.lstrip("-").isdigit() else text


def _tensor_text(t: TensorType) -> str:
    text = "Tensor"
    if t.dtype is not None:
        text = SCALAR_TYPE_NAMES[t.dtype] + ("" if t.sizes is not None else "Tensor")
    details: list[str] = []
    if t.sizes is not None:
        details.append(", ".join("*" if s is None else str(s) for s in t.sizes))
        strides = t.strides
        if t.sizes and strides is not None and len(strides) == len(t.sizes) and None not in strides:
            details.append(f"strides=[{', '.join(str(s) for s in strides)}]")
    if t.requires_grad is not None:
        details.append(f"requires_grad={int(t.requires_grad)}")
    if t.device is not None:
        details.append(f"device={t.device}")
    if t.sizes is not None or details:
        text += "(" + ", ".join(d for d in details if d or len(details) == 1) + ")"
    return text + ("[Undefined]" if t.undefined else "")
