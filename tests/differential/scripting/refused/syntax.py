"""Syntax that TorchScript does not have."""

from typing import Any, Callable, Dict, List, Optional, Tuple

import torch
from torch import Tensor

from tests.differential.corpus.language.programs import Programs

programs = Programs()
COUNT = 0


@programs.script()
def global_statement(x):
    global COUNT
    COUNT = 1
    return x


def make_nonlocal():
    n = 0

    def nonlocal_statement(x):
        nonlocal n
        n = 1
        return x

    return nonlocal_statement


programs.script()(make_nonlocal())


@programs.script()
def try_block(x):
    try:
        return x + 1
    except ValueError:
        return x


@programs.script()
def try_finally(x):
    y = x
    try:
        y = x + 1
    finally:
        y = y * 2
    return y


@programs.script()
def lambda_expression(x):
    f = lambda y: y + 1
    return f(x)


@programs.script()
def nested_function(x):
    def inner(y):
        return y

    return inner(x)


@programs.script()
def nested_class(x):
    class Inner:
        pass

    return x


@programs.script()
def import_inside(x):
    import math

    return x


@programs.script()
def import_from_inside(x):
    from math import pi

    return x * pi


@programs.script()
def generator_function(n: int):
    for i in range(n):
        yield i


@programs.script()
def yield_from(xs: List[int]):
    yield from xs


@programs.script()
def set_literal(n: int):
    return {n, 1}


@programs.script()
def set_comprehension(xs: List[int]):
    return {x for x in xs}


@programs.script()
def walrus(n: int) -> int:
    if (m := n + 1) > 2:
        return m
    return n


@programs.script()
def comprehension_with_if(xs: List[int]) -> List[int]:
    return [x for x in xs if x > 1]


@programs.script()
def nested_comprehension(xs: List[List[int]]) -> List[int]:
    return [x for row in xs for x in row]


@programs.script()
def dict_comprehension_with_if(xs: List[int]) -> Dict[int, int]:
    return {x: x for x in xs if x}


@programs.script()
def dict_expansion(d: Dict[str, int]) -> Dict[str, int]:
    return {**d, "a": 1}


@programs.script()
def keyword_expansion(x, d: Dict[str, int]):
    return torch.sum(x, **d)


@programs.script()
def star_arguments(*args):
    return args[0]


@programs.script()
def star_keywords(x, **kwargs):
    return x


@programs.script()
def keyword_only_default(x, *, n: int = 3):
    return x * n


@programs.script()
def for_else(n: int) -> int:
    for i in range(n):
        n += 1
    else:
        n = 0
    return n


@programs.script()
def match_statement(n: int) -> int:
    match n:
        case 1:
            return 2
        case _:
            return 3


@programs.script()
def formatted_with_specification(f: float) -> str:
    return f"{f:.2f}"


@programs.script()
def formatted_with_conversion(s: str) -> str:
    return f"{s!r}"


@programs.script()
def annotation_without_value(n: int) -> int:
    m: int
    m = n
    return m


@programs.script()
def augmented_floor_division(n: int) -> int:
    n //= 2
    return n


@programs.script()
def augmented_matrix_product(x: Tensor) -> Tensor:
    x @= x
    return x


@programs.script()
def bytes_literal() -> int:
    return len(b"abc")


@programs.script()
def list_target(t: Tuple[int, int]) -> int:
    [a, b] = t
    return a + b


@programs.script()
def async_with(x):
    async def f():
        pass

    return x


@programs.script()
def reserved_name(x):
    __jit_x = x
    return __jit_x


@programs.script()
def attribute_annotation(x):
    x.y: int = 3
    return x


@programs.script()
def delete_attribute(x):
    del x.grad
    return x


@programs.script()
def delete_slice(xs: List[int]) -> List[int]:
    del xs[1:]
    return xs


programs.script()(lambda x: x)
