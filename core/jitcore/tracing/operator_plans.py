"""How a call of each operator is recorded.

The rules are those by which libtorch's tracing kernels are generated (`gen_trace_type.py`) or written
(`TraceTypeManual.cpp`).
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from functools import cache
from typing import Any, NamedTuple

from torch._C import DispatchKey

from jitcore.slots.torch_names import TORCH

NOT_RECORDED = frozenset((
    "_backward", "_coalesced", "_fw_primal", "_make_dual", "_version", "conv1d", "conv2d", "conv3d",
    "conv_transpose1d", "conv_transpose2d", "conv_transpose3d", "convolution", "data", "gru_cell", "is_leaf",
    "lift", "lstm_cell", "output_nr", "requires_grad_", "retain_grad", "rnn_relu_cell", "rnn_tanh_cell",
    "set_data", "_coalesced_",
))  # fmt: skip
"""Operators of which what they call is recorded, or nothing; they are given plain numbers of the trace."""

_RENAMED = {"zero": "zeros_like", "fill": "full_like"}
"""What stands for an operator that writes where there is none of its name that does not."""

_AUTOCAST = (DispatchKey.AutocastCPU, DispatchKey.AutocastCUDA)
_has_kernel: Callable[[str, DispatchKey], bool] = TORCH._C._dispatch_has_kernel_for_dispatch_key

_UNTRACEABLE_ARGUMENTS = frozenset(("Storage", "Type", "ConstQuantizerPtr"))


class Way(Enum):
    """What is done about a call."""

    RECORD = "record it"
    OPEN = "record what it is made of"
    LOWER = "record what its kernel calls"
    IGNORE = "record nothing"


class Parameter(NamedTuple):
    """A parameter of an operator: name, type as schemas spell it, and default."""

    name: str
    kind: str
    default: Any
    is_keyword: bool


class Plan(NamedTuple):
    """How an operator is recorded.

    `kind` is the node that stands for it, `functional_kind` that where nothing may be written; `written` is
    the parameter that is written to. `given` are the parameters that become inputs, `outs` those that take
    results; `is_factory` says that the form without `out` takes options of tensors. `returns` are types;
    `casts` the keys under which autocast has a kernel for it.
    """

    way: Way
    kind: str
    functional_kind: str
    parameters: tuple[Parameter, ...]
    given: tuple[int, ...]
    outs: tuple[int, ...]
    written: int | None
    adds_options: bool
    is_factory: bool
    returns: tuple[str, ...]
    schema_name: str
    casts: tuple[DispatchKey, ...]


@cache
def plan_of(operator: Any) -> Plan:
    """The plan of an operator."""
    schema = operator._schema
    namespace, name = schema.name.split("::")
    parameters = tuple(
        Parameter(a.name, str(a.type), a.default_value, a.kwarg_only) for a in schema.arguments
    )
    returns = tuple(str(r.type) for r in schema.returns)
    writes = [
        place
        for place, a in enumerate(schema.arguments)
        if a.alias_info is not None and a.alias_info.is_write
    ]
    outs = tuple(
        place for place in writes if schema.arguments[place].kwarg_only and parameters[place].kind == "Tensor"
    )
    is_dunder = name.startswith("__") and name.endswith("__")
    is_inplace = bool(writes) and not outs and name.endswith("_") and not is_dunder
    base = name.removesuffix("_") if is_inplace else name
    functional = _RENAMED.get(base, base)
    kind = name if is_inplace else (_RENAMED.get(name, name) if not outs else name)
    if name == "detach_":
        kind = functional = "detach"
    given = tuple(place for place in range(len(parameters)) if place not in outs)
    written = None
    if not is_dunder:
        written = outs[0] if outs else (0 if is_inplace else None)
    has_tensors = any(
        "Tensor" in parameters[place].kind for place in range(len(parameters)) if place not in outs
    )
    return Plan(
        _way(operator, namespace, name, parameters, returns),
        f"{namespace}::{kind}",
        f"{namespace}::{functional}",
        parameters,
        given,
        outs,
        written,
        is_inplace and base in _RENAMED,
        bool(outs) and (not has_tensors or name == "normal"),
        returns,
        schema.name,
        tuple(key for key in _AUTOCAST if _has_kernel(operator.name(), key)),
    )


def _way(
    operator: Any,
    namespace: str,
    name: str,
    parameters: tuple[Parameter, ...],
    returns: tuple[str, ...],
) -> Way:
    is_recorded = (
        any("Tensor" in kind for kind in returns)
        and name not in NOT_RECORDED
        and not any(parameter.kind in _UNTRACEABLE_ARGUMENTS for parameter in parameters)
    )
    if namespace != "aten":
        return Way.RECORD
    if is_recorded:
        return Way.RECORD
    if operator.has_kernel_for_dispatch_key(DispatchKey.CompositeImplicitAutograd):
        return Way.OPEN
    if name in ("convolution", "_make_dual"):
        return Way.LOWER
    explicit = operator.has_kernel_for_dispatch_key(DispatchKey.CompositeExplicitAutograd)
    return Way.OPEN if explicit and not any("Tensor" in kind for kind in returns) else Way.IGNORE
