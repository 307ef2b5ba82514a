"""ignore, unused, fork and wait, isinstance, exceptions and their like."""

import warnings
from typing import Any, Dict, List, Optional, Tuple

import torch
from torch import Tensor
from torch.jit import Future

from tests.differential.corpus.language.programs import Programs

programs = Programs()
X = torch.arange(6.0).reshape(2, 3)


@torch.jit.unused
def unused(x: Tensor) -> Tensor:
    import os

    return x + len(os.environ)


@programs.script((X, False))
def calls_unused(x: Tensor, flag: bool) -> Tensor:
    if flag:
        x = unused(x)
    return x


@torch.jit.ignore
def ignored(x: Tensor) -> Tensor:
    return x + 1


@programs.script()
def calls_ignored(x: Tensor) -> Tensor:
    return ignored(x) * 2


@torch.jit.ignore
def ignored_without_types(x):
    return x


@programs.script()
def calls_ignored_without_types(x):
    return ignored_without_types(x)


@torch.jit.ignore
def ignored_with_tuple(x: Tensor, n: int) -> Tuple[int, str]:
    return n, "a"


@programs.script()
def calls_ignored_with_tuple(x: Tensor) -> str:
    n, s = ignored_with_tuple(x, 3)
    return s


@torch.jit.ignore
def ignored_comment(x, n):
    # type: (Tensor, int) -> int
    return n


@programs.script()
def calls_ignored_comment(x: Tensor) -> int:
    return ignored_comment(x, 3)


@torch.jit.ignore(drop=True)
def dropped(x: Tensor) -> Tensor:
    return x


@programs.script((X, False))
def calls_dropped(x: Tensor, flag: bool) -> Tensor:
    if flag:
        return dropped(x)
    return x


def work(x: Tensor, n: int = 2) -> Tensor:
    return x * n


@programs.script((X,))
def forks(x: Tensor) -> Tensor:
    f = torch.jit.fork(work, x)
    g = torch.jit.fork(work, x, n=3)
    return torch.jit.wait(f) + torch.jit.wait(g)


@programs.script((X,))
def forks_in_list(x: Tensor) -> List[Tensor]:
    futures: List[Future[Tensor]] = []
    for i in range(3):
        futures.append(torch.jit.fork(work, x, i))
    return [torch.jit.wait(f) for f in futures]


@programs.script((X,))
def forks_old_names(x: Tensor) -> Tensor:
    return torch.jit._wait(torch.jit._fork(work, x))


@programs.script((3,), ("a",), ([1],))
def isinstance_of_any(x: Any) -> int:
    if isinstance(x, int):
        return x + 1
    if isinstance(x, str):
        return len(x)
    if torch.jit.isinstance(x, List[int]):
        return x[0]
    return -1


@programs.script(({"a": 1},), ([X],))
def isinstance_of_containers(x: Any) -> int:
    if torch.jit.isinstance(x, Dict[str, int]):
        return x["a"]
    elif torch.jit.isinstance(x, (List[Tensor], List[str])):
        return 2
    return 0


@programs.script((X,))
def isinstance_of_tensor(x: Tensor) -> bool:
    return isinstance(x, Tensor) and isinstance(x.dim(), int)


@programs.script((1,), (2,), (3,), (4,))
def exceptions(n: int) -> int:
    if n == 1:
        raise ValueError("bad")
    if n == 2:
        raise RuntimeError
    if n == 3:
        raise KeyError("a", n)
    return n


class OwnError(Exception):
    pass


@programs.script((1,), (-1,))
def own_exception(n: int) -> int:
    if n < 0:
        raise OwnError(f"negative {n}")
    return n


@programs.script((1,), (-1,))
def raise_of_variable_message(n: int) -> int:
    message = "n is " + str(n)
    if n < 0:
        raise Exception(message)
    return n


@programs.script((X,))
def warnings_are_numbered(x: Tensor) -> Tensor:
    warnings.warn("first")
    if x.dim() > 5:
        warnings.warn("second")
    return x


def warns_inside(x: Tensor) -> Tensor:
    warnings.warn("inside", stacklevel=2)
    return x


@programs.script((X,))
def warnings_of_callee(x: Tensor) -> Tensor:
    warnings.warn("before")
    x = warns_inside(x)
    warnings.warn("after")
    return x


@programs.script((X,))
def asserts_of_torch(x: Tensor) -> Tensor:
    torch._assert(x.dim() == 2, "two dimensions")
    return x


@programs.script((None,), (X,))
def unwrap(x: Tensor | None) -> Tensor:
    return torch.jit._unwrap_optional(x)


@programs.script((X, 3))
def reuse_of_names(x: Tensor, n: int) -> Tensor:
    for i in range(n):
        y = x * i
        x = y
    return x


@programs.script((X,))
def legacy_constructors(x: Tensor) -> Tuple[Tensor, Tensor, Tensor]:
    return torch.FloatTensor([1.0, 2.0]), torch.LongTensor([1]), torch.BoolTensor([True])


@programs.script((X,))
def to_list(x: Tensor) -> List[List[float]]:
    y: List[List[float]] = x.tolist()
    return y


@programs.script((X,))
def early_returns(x: Tensor) -> Tensor:
    if x.dim() == 1:
        return x
    for i in range(3):
        if i == 2:
            return x * i
    while True:
        x = x + 1
        if x.sum() > 100:
            break
    return x


MODULE = torch.nn.Linear(3, 3)


@programs.script()
def global_module(x):
    return MODULE(x)


@programs.script()
def type_call(x):
    return type(x)
