"""All ways of writing types."""

from __future__ import annotations

from typing import Any, NamedTuple, Optional

import torch
from torch import Tensor

from tests.differential.corpus.language.programs import Programs

programs = Programs()
X = torch.arange(6.0).reshape(2, 3)
Vector = list[float]


@programs.script(({"a": [1.0]},))
def strings(d: dict[str, list[float]]) -> list[float]:
    return d["a"]


@programs.script(({"a": [1.0]},))
def builtin_generics(d: dict[str, list[float]]) -> tuple[list[float], int]:
    return d["a"], 1


@programs.script((None,), (3,))
def union_operator(n: int | None) -> int:
    if n is None:
        return 0
    return n


@programs.script((3,), (2.5,))
def union_of_two(n: int | float) -> float:
    if isinstance(n, int):
        return n * 2.0
    return n


@programs.script((3,), ("a",))
def union_in_typing(n: int | str) -> str:
    if isinstance(n, int):
        return "int"
    else:
        return n


@programs.script((1,), (None,))
def optional(n: int | None = None) -> int:
    return 0 if n is None else n


@programs.script((X,))
def qualified(x: torch.Tensor) -> list[torch.Tensor]:
    return [x, x]


@programs.script((X,))
def qualified_typing(x: torch.Tensor | None) -> tuple[int, dict[str, int]]:
    if x is not None:
        return x.dim(), {"a": 1}
    return 0, {"b": 2}


@programs.script(([1.0],))
def alias(v: Vector) -> Vector:
    return v


@programs.script()
def empty_tuple() -> tuple[()]:
    return ()


@programs.script((3,))
def any_argument(x: Any) -> bool:
    return isinstance(x, int)


@programs.script((X,))
def no_annotations(x):
    return x


@programs.script((X, 2))
def partly_annotated(x, n: int):
    return x * n


@programs.script((torch.device("cpu"), torch.float32))
def device_and_dtype(d: torch.device, k: torch.dtype) -> Tensor:
    return torch.zeros(2, device=d, dtype=k)


@programs.script(([(1, "a")],))
def nested(xs: list[tuple[int, str]]) -> dict[str, list[int]]:
    d: dict[str, list[int]] = {}
    for n, s in xs:
        d[s] = [n]
    return d


@programs.script((3,))
def annotated_assignment(n: int):
    xs: list[int] = []
    y: int | None = None
    z: float = 1.5
    if n > 2:
        y = n
    xs.append(n)
    return xs, y, z


@programs.script((3,))
def annotate_call(n: int):
    xs = torch.jit.annotate(list[int], [])
    y = torch.jit.annotate(Optional[Tensor], None)
    xs.append(n)
    return xs, y


@programs.script((1 + 2j,))
def complex_number(c: complex) -> complex:
    return c * 2


class Pair(NamedTuple):
    first: int
    second: Tensor


@programs.script((X,))
def named_tuple(x: Tensor) -> Pair:
    p = Pair(1, x)
    return Pair(p.first + 1, second=p.second)


@programs.script((Pair(1, X),))
def takes_named_tuple(p: Pair) -> Tensor:
    a, b = p
    return b * a + p.second * p[0]


@programs.script(([1, 2],))
def list_of_optionals(xs: list[int]) -> list[int | None]:
    ys: list[int | None] = [None, 1]
    return ys


def with_keyword_only(x: Tensor, *, n: int) -> Tensor:
    return x * n


@programs.script((X,))
def calls_keyword_only(x: Tensor) -> Tensor:
    return with_keyword_only(x, n=3)
