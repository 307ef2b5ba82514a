"""What is met seldom: wrapped functions, callables, awaitables, custom containers, odd signatures."""

import contextlib
import copy
import functools
import math
import operator
from collections import OrderedDict
from typing import Any, Callable, Dict, Final, List, NamedTuple, Optional, Tuple, Union

import torch
from torch import Tensor
from torch.nn import functional as F

from tests.differential.corpus.language.programs import Programs

programs = Programs()
X = torch.arange(6.0).reshape(2, 3)


def logged(f):
    @functools.wraps(f)
    def wrapper(*args, **kwargs):
        return f(*args, **kwargs)

    return wrapper


@logged
def wrapped(x: Tensor) -> Tensor:
    return x + 1


@programs.script()
def calls_wrapped(x: Tensor) -> Tensor:
    return wrapped(x)


class Callable_:
    def __init__(self, k):
        self.k = k

    def __call__(self, x: Tensor) -> Tensor:
        return x * self.k

    def method(self, x: Tensor) -> Tensor:
        return x


INSTANCE = Callable_(3)
BOUND = INSTANCE.method
PARTIAL = functools.partial(torch.add, alpha=2)


@programs.script()
def calls_instance(x: Tensor) -> Tensor:
    return INSTANCE(x)


@programs.script()
def calls_bound(x: Tensor) -> Tensor:
    return BOUND(x)


@programs.script()
def calls_partial(x: Tensor) -> Tensor:
    return PARTIAL(x, x)


@programs.script()
def calls_print_result(x: Tensor) -> Tensor:
    print(x.sum())
    return x


@programs.script((3,))
def floor_and_mod(n: int) -> Tuple[int, int, float]:
    return -n // 2, -n % 2, -7.5 % 2


@programs.script(("a,b",))
def string_methods(s: str) -> Tuple[List[str], str, bool, str, int, str]:
    return s.split(","), s.upper().lower(), s.startswith("a"), s.replace(",", ";"), s.find("b"), ",".join([s, s])


@programs.script((3, 2.5))
def formats(n: int, f: float) -> Tuple[str, str, str]:
    return "%d %s" % (n, "a"), "%.2f" % f, "{} {}".format(n, f)


@programs.script(([3, 1],))
def list_methods(xs: List[int]) -> Tuple[List[int], int, int]:
    xs.append(4)
    xs.extend([5, 6])
    xs.insert(0, 9)
    xs.remove(1)
    xs.sort()
    xs.reverse()
    n = xs.pop()
    return xs, n, xs.index(9) + xs.count(4)


@programs.script(({"a": 1},))
def dict_methods(d: Dict[str, int]) -> Tuple[List[str], List[int], int, bool]:
    d["b"] = 2
    return list(d.keys()), list(d.values()), d.pop("a"), "c" in d


@programs.script()
def ordered_dict() -> Dict[str, int]:
    d: Dict[str, int] = OrderedDict()
    d["a"] = 1
    return d


@programs.script((X,))
def out_arguments(x: Tensor) -> Tensor:
    y = torch.empty_like(x)
    torch.add(x, x, out=y)
    return y


@programs.script((X,))
def several_results(x: Tensor) -> Tuple[Tensor, Tensor]:
    values, indices = torch.max(x, dim=1)
    v, i = x.sort(dim=1)
    return values + v.sum(), indices + i.sum()


@programs.script((X,))
def named_results(x: Tensor) -> Tensor:
    r = torch.topk(x, 2)
    return r.values + r.indices


@programs.script((X,))
def list_unpacking(x: Tensor) -> Tensor:
    a, b = x.split(1)
    c, d = [a, b]
    return c * d


@programs.script((X,))
def shape_unpacking(x: Tensor) -> int:
    h, w = x.shape
    n, m = x.size()
    return h * w + n * m


@programs.script((X,))
def unused_variables(x: Tensor) -> Tensor:
    y = x + 1
    z = [y]
    return x


@programs.script((X, None), (X, X))
def optional_tensor(x: Tensor, y: Optional[Tensor]) -> Tensor:
    if y is None or y.dim() != 2:
        return x
    return x + y


@programs.script((X, None), (X, X))
def refined_by_assert(x: Tensor, y: Optional[Tensor] = None) -> Tensor:
    if y is None:
        y = x
    assert y is not None
    return x * y


@programs.script((None, 1), (2, None))
def refined_by_and(a: Optional[int], b: Optional[int]) -> int:
    if a is not None and b is None:
        return a
    if not (a is not None) and b is not None:
        return b
    return 0


@programs.script((X,))
def conditional_expression_statement(x: Tensor) -> Tensor:
    x.add_(1) if x.dim() == 2 else x.sub_(1)
    return x


@programs.script((X,))
def deep_nesting(x: Tensor) -> Tensor:
    for i in range(2):
        if i == 0:
            while True:
                if x.sum() > 3:
                    for j in range(3):
                        if j == 2:
                            break
                        x = x + j
                    break
                x = x + 1
        else:
            x = x * 2
    return x


@programs.script((X,))
def tensor_conditions(x: Tensor) -> Tensor:
    if x.sum() > 0:
        x = x + 1
    while x.max() < 100:
        x = x * 2
    return x


@programs.script((3,))
def nothing_returned(n: int) -> None:
    m = n + 1


@programs.script((3,))
def bare_return(n: int):
    if n > 2:
        return
    print("small")


@programs.script((3,))
def returns_tuple_without_parentheses(n: int):
    return n, n + 1, "a"


@programs.script((3,))
def returns_nested(n: int) -> Tuple[List[Tuple[int, str]], Dict[str, List[int]]]:
    return [(n, "a")], {"a": [n]}


@programs.script((X,))
def calls_torch_functions_with_lists(x: Tensor) -> Tensor:
    return x.permute([1, 0]).reshape([3, 2]).expand(3, 2).view(-1).sum([0]) + x.mean((0, 1))


@programs.script((X,))
def varargs_of_sizes(x: Tensor) -> Tensor:
    return x.reshape(3, 2).permute(1, 0).repeat(1, 2).view(2, -1)


@programs.script((X,))
def dtype_methods(x: Tensor) -> Tuple[Tensor, Tensor, Tensor, Tensor]:
    return x.to(torch.int32), x.float(), x.type(torch.float64), x.to("cpu")


@programs.script((X,))
def inplace_and_views(x: Tensor) -> Tensor:
    y = x[0]
    y.mul_(2)
    x[1].add_(1)
    x.t_()
    return x


@programs.script((5,))
def constants_folded(n: int) -> int:
    return (2 + 3) * n + len([1, 2, 3]) - (10 if True else 20)


@programs.script((X,))
def static_if(x: Tensor) -> Tensor:
    if True:
        y = x + 1
    else:
        y = x.undefined_method()
    if None is None:
        y = y * 2
    return y


@programs.script((X,))
def awaitable(x: Tensor) -> Tensor:
    a = torch.jit._awaitable(wrapped_plain, x)
    return torch.jit._awaitable_wait(a)


def wrapped_plain(x: Tensor) -> Tensor:
    return x + 1


@programs.script((X,))
def enabled_grad(x: Tensor) -> Tensor:
    with torch.enable_grad():
        y = x * 2
    return y


@programs.script((X,))
def grad_mode(x: Tensor) -> bool:
    torch.set_grad_enabled(False)
    b = torch.is_grad_enabled()
    torch.set_grad_enabled(True)
    return b


@programs.script((X,))
def profiler_range(x: Tensor) -> Tensor:
    with torch.autograd.profiler.record_function("name"):
        x = x + 1
    return x


@programs.script((X,))
def with_as(x: Tensor) -> Tensor:
    with torch.no_grad() as g:
        x = x + 1
    return x


@programs.script((1.5,))
def complex_math(f: float) -> Tuple[complex, float, float]:
    c = complex(f, 2.0)
    return c * c, c.real, abs(c)


@programs.script((X,))
def scalar_tensor_mix(x: Tensor) -> Tensor:
    n = x.size(0)
    f = x.sum().item()
    return x * n + f - 1 / (n + 1)


@programs.script((X,))
def item_with_type(x: Tensor) -> float:
    f: float = x.sum().item()
    return f


@programs.script((3,))
def large_ranges(n: int) -> int:
    t = 0
    for i in range(n, n + 5, 2):
        t += i
    for i in range(0):
        t = -1
    return t


@programs.script((X,))
def global_shadow(len: Tensor) -> Tensor:
    return len + 1


@programs.script((X,))
def assigned_function(x: Tensor) -> Tensor:
    f = torch.relu
    g = F.gelu
    return f(x) + g(x)


@programs.script((X,))
def assigned_module(x: Tensor) -> Tensor:
    m = torch.nn.functional
    return m.relu(x)


@programs.script((X,))
def generator_argument(x: Tensor) -> Tensor:
    return torch.dropout(x, 0.0, False) + torch.zeros_like(x, dtype=None)


@programs.script()
def strides_and_layout() -> Tensor:
    return torch.empty_strided([2, 2], [1, 2]).zero_()


@programs.script((X,))
def stack_and_unbind(x: Tensor) -> List[Tensor]:
    return torch.unbind(torch.stack([x, x]))


@programs.script((X,))
def meshgrid_and_functional(x: Tensor) -> Tuple[Tensor, Tensor]:
    a, b = torch.meshgrid([x[0], x[1]])
    return a, torch.atleast_1d(b)


@programs.script((X,))
def checkpointless(x: Tensor) -> Tensor:
    return torch.utils.checkpoint.checkpoint(wrapped_plain, x) if False else x


@programs.script(((X, X),))
def tuple_of_tensors(t: Tuple[Tensor, Tensor]) -> Tensor:
    total = torch.zeros(2, 3)
    for e in t:
        total = total + e
    a, b = t
    return total + a * b + t[0]


@programs.script((True,))
def bool_arithmetic(b: bool) -> Tuple[int, bool, int]:
    return int(b) + 1, b == True, 3 if b else 4


@programs.script((7,))
def bit_operations(n: int) -> Tuple[int, int, int, int, int, int]:
    return n & 3, n | 8, n ^ 1, n << 2, n >> 1, ~n


@programs.script((X,))
def comparison_of_tensors(x: Tensor) -> Tuple[Tensor, Tensor, bool]:
    return x == 2, (x > 1) & (x < 4), x.shape == [2, 3]


@programs.script(([1, 2],))
def list_comparisons(xs: List[int]) -> Tuple[bool, bool, bool]:
    return xs == [1, 2], xs != [1], not xs


@programs.script((X,))
def imaginary_numbers(x: Tensor) -> Tuple[Tensor, complex, complex, List[complex]]:
    return -0.5j * x, complex(-0.0, -1.0), -1j, [-2j, complex(-0.0, 2.0)]
