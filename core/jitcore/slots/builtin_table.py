"""Which Python callables are operators, by the namespaces of torch, `math` and `cmath`."""

from __future__ import annotations

import cmath
import math
import warnings
from collections import OrderedDict
from collections.abc import Callable
from functools import cache
from types import FunctionType
from typing import Any, TypeVar

from jitcore.slots.torch_names import TORCH

_FROM_MATH = (
    "ceil copysign erf erfc exp expm1 fabs floor gamma lgamma log log10 log1p pow sqrt isnan asinh atanh "
    "cosh sinh tanh acos asin atan atan2 cos sin tan acosh fmod modf factorial frexp isinf degrees radians "
    "ldexp gcd isfinite"
)
_FROM_CMATH = (
    "isnan isfinite isinf log log10 sqrt exp sin tan cos asin acos atan sinh cosh tanh asinh acosh atanh"
)
# Written in Python, and compiled from that.
_COMPILED = ("stft", "istft", "lu", "cdist", "norm", "unique", "unique_consecutive", "tensordot")


_LATER = (
    "_as_tensor_fullprec _constrain_as_size _import_device_backends _is_device_backend_autoload_enabled "
    "_register_device_module compile compiled_with_cxx11_abi cond eig from_dlpack get_device_module lobpcg "
    "lstsq matrix_rank quantized_gru quantized_lstm solve symeig to_dlpack vmap while_loop"
)
"""Functions that torch does not have yet when its compiler takes all others for operators of their names."""


def _singles() -> list[tuple[Any, str]]:
    functional, init, utils = TORCH.nn.functional, TORCH.nn.init, TORCH.nn.modules.utils
    found: list[tuple[Any, str]] = [
        (utils._pair, "aten::_pair"), (utils._quadruple, "aten::_quadruple"),
        (utils._single, "aten::_single"), (utils._triple, "aten::_triple"),
        (utils._list_with_default, "aten::list_with_default"),
        (OrderedDict, "aten::dict"), (dict, "aten::dict"),
        (TORCH.backends.cudnn.is_acceptable, "aten::cudnn_is_acceptable"),
        (cmath.phase, "aten::angle"), (cmath.rect, "aten::polar"), (math.remainder, "aten::mathremainder"),
        (TORCH._assert, "aten::_assert"), (TORCH.autograd.grad, "aten::grad"),
        (TORCH.autograd.backward, "aten::backward"), (TORCH._C._infer_size, "aten::_infer_size"),
        (TORCH.broadcast_shapes, "aten::broadcast_shapes"),
        (functional._no_grad_embedding_renorm_, "aten::_no_grad_embedding_renorm_"),
        (functional.assert_int_or_pair, "aten::_assert_int_or_pair"),
        (init._no_grad_fill_, "aten::_no_grad_fill_"), (init._no_grad_normal_, "aten::_no_grad_normal_"),
        (init._no_grad_uniform_, "aten::_no_grad_uniform_"), (init._no_grad_zero_, "aten::_no_grad_zero_"),
        (TORCH._C._get_tracing_state, "aten::_get_tracing_state"),
        (TORCH._C._get_cpu_capability, "aten::_get_cpu_capability"),
        (warnings.warn, "aten::warn"),
        (TORCH.jit._unwrap_optional, "aten::_unwrap_optional"),
        (TORCH.jit.is_scripting, "aten::is_scripting"),
        (TORCH.overrides.has_torch_function, "aten::has_torch_function"),
        (TORCH.overrides.has_torch_function_unary, "aten::has_torch_function"),
        (TORCH.overrides.has_torch_function_variadic, "aten::has_torch_function"),
        (TORCH.jit._awaitable_wait, "prim::awaitable_wait"),
        (TORCH.jit._awaitable_nowait, "prim::awaitable_nowait"),
        (TORCH.jit.wait, "aten::wait"), (TORCH.manual_seed, "aten::manual_seed"),
    ]  # fmt: skip
    names = (
        "stft", "istft", "cdist", "norm", "unique_dim", "unique_consecutive", "nuclear_norm",
        "frobenius_norm", "tensordot",
    )  # fmt: skip
    found.extend((getattr(TORCH._VF, name), f"aten::{name}") for name in names)
    return found


@cache
def _table() -> dict[int, str]:
    """Operator names by the identity of the callable; what comes later in a namespace wins."""
    entries = _singles()
    entries += [(getattr(math, name), f"aten::{name}") for name in _FROM_MATH.split()]
    entries += [(getattr(cmath, name), f"aten::{name}") for name in _FROM_CMATH.split()]
    left_out = {id(getattr(TORCH.functional, name)) for name in _COMPILED}
    left_out |= {id(TORCH.no_grad), id(TORCH.autocast)}
    left_out |= {id(getattr(TORCH, name)) for name in _LATER.split() if hasattr(TORCH, name)}
    spaces = (
        TORCH, TORCH._C._nn, TORCH._C._fft, TORCH._C._linalg, TORCH._C._nested, TORCH._C._sparse,
        TORCH._C._special,
    )  # fmt: skip
    for space in spaces:
        for name in dir(space):
            with warnings.catch_warnings():
                # Looking at a deprecated name is not using it.
                warnings.simplefilter("ignore")
                found = getattr(space, name)
            if callable(found) and id(found) not in left_out:
                entries.append((found, f"aten::{'segment_reduce' if name == '_segment_reduce' else name}"))
    # The objects live as long as torch does, so their identities stay theirs.
    return {id(found): name for found, name in entries}


_STANDS_FOR = "_jitcore_stands_for"
_R = TypeVar("_R", bound=Callable[..., Any])


def standing_for(replacement: _R, original: Callable[..., Any]) -> _R:
    """`replacement`, which is the same operator as `original` to who compiles while it is in its place."""
    setattr(replacement, _STANDS_FOR, original)
    return replacement


def stood_for(obj: Any) -> Any:
    """What an object is in the place of; itself, if it is in no other's."""
    return obj.__dict__.get(_STANDS_FOR, obj) if isinstance(obj, FunctionType) else obj


def know_operators() -> None:
    """Look at torch as it is; afterwards functions may be exchanged for a while."""
    _table()


def operator_of(obj: Callable[..., Any] | object) -> str | None:
    """The operator that a Python callable stands for, None if it stands for none."""
    obj = stood_for(obj)
    found = _table().get(id(obj))
    if found is not None:
        return found
    if obj is TORCH.manual_seed:
        # torch puts another function in its place when its compiler is imported.
        return "aten::manual_seed"
    packet = getattr(obj, "_qualified_op_name", None)
    if packet is not None and isinstance(obj, TORCH._ops.OpOverloadPacket):
        return packet
    return None
