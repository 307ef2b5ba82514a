"""Finds what computes an operator: a kernel of ours, or the overload that torch has registered."""

from __future__ import annotations

import importlib
import importlib.util
from functools import cache, partial
from typing import TYPE_CHECKING, Any

import torch

from jitcore.exec.errors import MissingOperatorError, UnregisteredOperatorError
from jitcore.exec.fast_paths import fast_call
from jitcore.exec.tensor_kernels import TENSOR_KERNELS
from jitcore.ops import kernels, parse_schema
from jitcore.ops.lookup import fits

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from jitcore.ir import Node
    from jitcore.types import FunctionSchema

PROVIDERS = {
    "torchvision": "torchvision",
    "image": "torchvision",
    "torchaudio": "torchaudio",
    "torchtext": "torchtext",
    "fbgemm": "fbgemm_gpu",
    "torch_scatter": "torch_scatter",
    "torch_sparse": "torch_sparse",
    "torch_cluster": "torch_cluster",
    "torch_spline_conv": "torch_spline_conv",
    "tensorrt": "torch_tensorrt",
}
"""Namespaces of operators -> the package whose import registers them."""

_ROUNDED_BY_CPP = frozenset({"jitcore.ops.kernels.complex_math", "jitcore.ops.kernels.powers"})
"""Families of kernels in which C++ may round the last bit of a complex result another way than Python."""

_APPROXIMATED_BY_PYTHON = frozenset({"aten::gamma", "aten::lgamma"})
"""Functions that Python computes by formulas of its own, not by the C library's as C++ does."""


def schema_key(schema: FunctionSchema) -> str:
    """`aten::add.Tensor`; without an overload name `aten::relu`."""
    return f"{schema.name}.{schema.overload}" if schema.overload else schema.name


class Operator:
    """What computes an operator: `function`, and whether it is torch's own overload.

    Torch's overloads take keyword-only arguments by name; ours take all by position.
    """

    __slots__ = ("function", "is_torch")

    def __init__(self, function: Callable[..., Any], is_torch: bool) -> None:
        self.function = function
        self.is_torch = is_torch


@cache
def find(key: str) -> Operator:
    """What computes the overload `key`, as `aten::add.Tensor`; raises `MissingOperatorError`."""
    name, _, overload = key.partition(".")
    kernel = TENSOR_KERNELS.get(key) or kernels.find(key)
    rounded = "complex" in overload and kernel is not None and kernel.__module__ in _ROUNDED_BY_CPP
    if kernel is not None and not rounded and name not in _APPROXIMATED_BY_PYTHON:
        return Operator(kernel, is_torch=False)
    registered = _registered(name, overload)
    if registered is None:
        _provide(name)
        registered = _registered(name, overload)
    if registered is None:
        if kernel is None:
            raise _missing(name)
        return Operator(kernel, is_torch=False)
    return Operator(registered, is_torch=True)


def is_torch_overload(schema: FunctionSchema) -> bool:
    """Whether torch's own overload computes the operator; it keeps no list that it is given."""
    try:
        return find(schema_key(schema)).is_torch
    except MissingOperatorError:
        return False


def registered_schema(node: Node) -> FunctionSchema | None:
    """The overload that `node` is of those that only this machine's libraries have registered."""
    _provide(node.kind)
    # The C++ registry has no public name in Python.
    look_up: Any = torch._C._jit_get_schemas_for_operator  # pyright: ignore[reportPrivateUsage]
    for registered in look_up(node.kind):
        schema = parse_schema(str(registered))
        if fits(node, schema):
            return schema
    return None


def _provide(name: str) -> None:
    """Import the package that registers operators of this namespace, if it is installed."""
    package = PROVIDERS.get(name.partition("::")[0])
    if package is not None and importlib.util.find_spec(package) is not None:
        importlib.import_module(package)


def _registered(name: str, overload: str) -> Callable[..., Any] | None:
    # What `torch.ops` is made of; going through it costs a Python call more for each operator run.
    find_registered: Any = torch._C._get_operation_overload  # pyright: ignore[reportPrivateUsage]
    found = find_registered(name, overload)
    return None if found is None else found[0]


def check_registered(name: str) -> None:
    """Raise `MissingOperatorError`, which says what would provide it, unless some overload of it is known."""
    look_up: Any = torch._C._jit_get_schemas_for_operator  # pyright: ignore[reportPrivateUsage]
    if not look_up(name):
        raise _missing(name)


def _missing(name: str) -> MissingOperatorError:
    namespace = name.partition("::")[0]
    package = PROVIDERS.get(namespace)
    if package is not None:
        return MissingOperatorError(
            f"torch has no {name} by itself; install {package}, which provides it", name
        )
    if namespace in ("aten", "prim", "quantized", "prepacked"):
        return MissingOperatorError(
            f"the installed torch ({torch.__version__}) does not provide {name}", name
        )
    return UnregisteredOperatorError(name)


class BoundCall:
    """An operator with the constant arguments at its end taken in.

    `function` is called with the arguments number `dynamic` of the node, in order. If that is a quicker one,
    `overload` does the same with the first `count` arguments, and says in torch's words which of them is of
    another type.
    """

    __slots__ = ("count", "dynamic", "function", "overload")

    def __init__(self, function: Callable[..., Any], dynamic: Sequence[int]) -> None:
        self.function = function
        self.dynamic = dynamic
        self.overload: Callable[..., Any] | None = None
        self.count = 0


UNKNOWN: Any = object()
"""Stands for an argument that is no constant."""


def bind(schema: FunctionSchema, constants: Sequence[object]) -> BoundCall:
    """Fit an operator to positional calls.

    `constants` are the known arguments in order, `UNKNOWN` where only a run tells. For torch's
    overloads, what equals its default is left out at the end (converting it costs time), and
    keyword-only arguments are passed by name.
    """
    key = schema_key(schema)
    operator = find(key)
    function, arguments = operator.function, schema.arguments
    if not operator.is_torch:
        return BoundCall(function, range(len(constants)))
    if schema.is_vararg or schema.is_varret:
        # Made by torch's own optimizer; its overload takes what only torch's interpreter can give.
        raise MissingOperatorError(f"{schema.name} exists only inside torch's own executor", schema.name)
    first_keyword = next((i for i, a in enumerate(arguments) if a.kwarg_only), len(arguments))
    positional = min(first_keyword, len(constants))
    while positional and _is_default(arguments[positional - 1].default, constants[positional - 1]):
        positional -= 1
    fixed: dict[str, object] = {}
    late: list[int] = []
    for index in range(first_keyword, len(constants)):
        argument = arguments[index]
        if constants[index] is UNKNOWN:
            late.append(index)
        elif not _is_default(argument.default, constants[index]):
            fixed[argument.name] = constants[index]
    if late:
        names = [arguments[index].name for index in late]
        function = _with_keywords(function, positional, names, fixed)
    elif fixed:
        function = partial(function, **fixed)
    else:
        quicker = fast_call(key, constants[:positional])
        if quicker is not None:
            bound = BoundCall(quicker[0], range(quicker[1]))
            bound.overload, bound.count = function, positional
            return bound
    return BoundCall(function, [*range(positional), *late])


def _with_keywords(
    function: Callable[..., Any], positional: int, names: Sequence[str], fixed: dict[str, object]
) -> Callable[..., Any]:
    if len(names) == 1:
        name = names[0]

        def call_with_keyword(*values: Any) -> Any:
            return function(*values[:-1], **{name: values[-1]}, **fixed)

        return call_with_keyword

    def call_with_keywords(*values: Any) -> Any:
        return function(*values[:positional], **dict(zip(names, values[positional:], strict=True)), **fixed)

    return call_with_keywords


def _is_default(default: object, value: object) -> bool:
    if value is None or default is None or isinstance(value, bool | int | float | str):
        return type(default) is type(value) and default == value
    return False
