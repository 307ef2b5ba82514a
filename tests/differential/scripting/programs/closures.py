"""Names from around a function: globals, closures, modules, other functions."""

import math
import sys

import numpy
from typing import Dict, List, Optional, Tuple

import torch
import torch.nn.functional as F
from torch import nn
from torch import relu as renamed
from torch.nn import functional
from torch.nn.functional import gelu

from tests.differential.corpus.language.programs import Programs

programs = Programs()
X = torch.arange(6.0).reshape(2, 3)


def helper(x):
    return x * 2


def typed_helper(x: torch.Tensor, n: int = 3) -> torch.Tensor:
    return x + n


@programs.script((X,))
def calls_global(x):
    return helper(x)


@programs.script((X,))
def calls_with_default(x):
    return typed_helper(x) + typed_helper(x, 4) + typed_helper(n=1, x=x)


@programs.script((X,))
def calls_twice(x):
    return helper(helper(x))


def outer_helper(x):
    return helper(x) + 1


@programs.script((X,))
def calls_through(x):
    return outer_helper(x) + helper(x)


def make_closure():
    def inner(x):
        return x + 5

    def scaled(x):
        return inner(x) * 2

    return scaled


programs.script((X,))(make_closure())


def make_local_class():
    class Local:
        def __init__(self, n: int):
            self.n = n

        def get(self) -> int:
            return self.n

    def uses_local_class(n: int) -> int:
        return Local(n).get()

    return uses_local_class


programs.script((3,))(make_local_class())


@programs.script((X,))
def module_attributes(x):
    return (
        F.relu(x)
        + functional.gelu(x)
        + gelu(x)
        + nn.functional.elu(x)
        + torch.nn.functional.selu(x)
        + renamed(x)
    )


@programs.script((0.5,))
def math_functions(v: float) -> List[float]:
    return [
        math.sin(v),
        math.cos(v),
        math.sqrt(v),
        math.exp(v),
        math.log(v),
        math.pow(v, 2),
        math.atan2(v, 1.0),
    ]


@programs.script((2.5,))
def math_rounding(v: float) -> Tuple[int, int, float, float]:
    return math.floor(v), math.ceil(v), math.fabs(-v), math.fmod(v, 2.0)


@programs.script()
def math_constants() -> Tuple[float, float, float, bool]:
    return math.pi, math.e, math.inf, math.isnan(math.nan)


@programs.script((12, 18))
def math_integers(a: int, b: int) -> Tuple[int, int]:
    return math.gcd(a, b), math.factorial(5)


@programs.script()
def dtypes() -> torch.Tensor:
    return torch.zeros([2], dtype=torch.int64) + torch.ones(2, dtype=torch.float)


@programs.script()
def layouts_and_formats() -> torch.Tensor:
    x = torch.zeros([1, 2, 3, 4], dtype=torch.float32, layout=torch.strided, device=torch.device("cpu"))
    return x.contiguous(memory_format=torch.channels_last)


@programs.script((X,))
def device_attribute(x):
    return torch.ones(2, device=x.device, dtype=x.dtype)


@programs.script((X,))
def tensor_attributes(x: torch.Tensor) -> Tuple[List[int], int, bool, bool]:
    return x.shape, x.ndim, x.is_cuda, x.requires_grad


@programs.script((X,))
def is_scripting(x):
    if torch.jit.is_scripting():
        return x + 1
    else:
        return numpy.zeros(3)


@programs.script((X,))
def is_not_scripting(x):
    if not torch.jit.is_scripting():
        return sys.modules
    return x - 1


@programs.script((X,))
def scripting_or(x):
    if torch.jit.is_scripting() or x.foo():
        x = x + 1
    return x


@torch.jit.script
def already_scripted(x):
    return x + 7


@programs.script((X,))
def calls_scripted(x):
    return already_scripted(x)


@torch.jit.script_if_tracing
def if_tracing(x: torch.Tensor, n: int):
    for _ in range(n):
        x = x + 1
    return x


@programs.script((X,))
def calls_if_tracing(x):
    return if_tracing(x, 3)


@programs.script((X,))
def shadowed(x):
    helper = x + 1
    return helper * 2


@programs.script((X,))
def parameter_named_like_global(helper):
    return helper + 1


@programs.script((X,))
def builtin_functions(x):
    return [len(x), int(x.sum()), abs(-3), max(1, 2), min(3, 4), round(2.6), sum([1, 2, 3])]


@programs.script(([3, 1, 2],))
def list_functions(xs: List[int]) -> Tuple[List[int], int, int, bool, bool]:
    return sorted(xs), max(xs), min(xs), any([x > 2 for x in xs]), all([x > 0 for x in xs])


@programs.script((65, "A"))
def characters(n: int, s: str) -> Tuple[str, int, str, str, str]:
    return chr(n), ord(s), hex(n), oct(n), bin(n)


@programs.script((3.7, "4", True))
def casts(f: float, s: str, b: bool) -> Tuple[int, int, float, float, str, bool, int]:
    return int(f), int(s), float(s), float(3), str(f), bool(f), int(b)


@programs.script((X,))
def casts_of_tensors(x) -> Tuple[int, float, bool]:
    y = x.sum()
    return int(y), float(y), bool(y)


@programs.script((X,))
def operators_of_torch(x):
    return torch.add(x, 1) + torch.mul(x, x) + torch.cat([x, x]).sum() + torch.stack([x, x]).mean()


@programs.script((X,))
def ops_namespace(x):
    return torch.ops.aten.relu(x) + torch.ops.aten.add(x, 1)


@programs.script((X,))
def special_and_linalg(x):
    return torch.special.expit(x).sum() + torch.linalg.norm(x) + torch.fft.fft(x).abs().sum()


@programs.script((X,))
def einsum(x):
    return torch.einsum("ij,ik->jk", [x, x])


@programs.script((X,))
def functional_of_torch(x):
    return torch.norm(x) + torch.unique(x).sum() + torch.cdist(x, x).sum()


@programs.script((X,))
def boolean_dispatch(x):
    y = x.reshape(1, 1, 2, 3)
    return F.max_pool2d(y, 2), F.max_pool2d(y, [2, 2], return_indices=True)


@programs.script((X,))
def overloaded(x):
    return F.interpolate(x.reshape(1, 1, 2, 3), scale_factor=2.0) + F.interpolate(
        x.reshape(1, 1, 2, 3), size=[4, 6]
    )


@programs.script((X,))
def attention(x):
    return F.scaled_dot_product_attention(x, x, x)


@programs.script((X,))
def warns(x):
    import_free = 1
    return x + import_free


@programs.script((X,))
def module_level_function_of_nn(x):
    return nn.init.ones_(x.clone()) if False else x


@programs.script((X,))
def manual_seed(x):
    torch.manual_seed(3)
    return x


def _overloads_of_a_scope():
    @torch.jit._overload
    def same(x: int) -> int: ...

    @torch.jit._overload
    def same(x: float) -> float: ...

    def same(x):
        return x

    def uses_overloads_of_its_scope(n: int, f: float) -> Tuple[int, float]:
        return same(n), same(f)

    return uses_overloads_of_its_scope


uses_overloads_of_its_scope = programs.script((1, 2.5))(_overloads_of_a_scope())
