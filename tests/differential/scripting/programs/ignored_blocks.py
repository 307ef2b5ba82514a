"""Blocks that are left to Python."""

from typing import Dict, List, Tuple
import torch
from torch import Tensor
from tests.differential.corpus.language.programs import Programs

programs = Programs()
X = torch.linspace(-1, 1, 12).reshape(3, 4)


@programs.script((X,))
def block_with_two_results(x: Tensor) -> Tensor:
    numbers: List[int] = [1, 2, 3]
    y = x * 2
    with torch.jit._IgnoreContextManager(y="inp:torch.Tensor", numbers="inp:List[int]", z="out:torch.Tensor", n="out:int"):
        chosen = [i for i in numbers if i > 1]
        z = y + sum(chosen)
        n = len(chosen)
    return z + n


@programs.script((X,))
def block_with_one_result(x: Tensor) -> Tensor:
    a = 3
    with torch.jit._IgnoreContextManager(a="inp:int", x="inp:torch.Tensor", b="out:torch.Tensor"):
        b = x + sorted([a, 4], key=lambda t: -t)[0]
    return b


@programs.script((X,))
def block_without_result(x: Tensor) -> Tensor:
    a = 3
    with torch.jit._IgnoreContextManager(a="inp:int"):
        assert {a} == {3}
    return x + a


@programs.script((X,))
def block_without_arguments(x: Tensor) -> Tensor:
    with torch.jit._IgnoreContextManager():
        assert {1} == {1}
    return x


@programs.script((X,))
def blocks_in_branches(x: Tensor) -> Tensor:
    a = int(x.size(0))
    b = 4
    with torch.jit._IgnoreContextManager(a="inp:int", b="out:int"):
        b = a
    if a > 2:
        with torch.jit._IgnoreContextManager(a="inp:int", b="out:int", c="out:str"):
            b = a
            c = "x"
        b = b + len(c)
    for i in range(a):
        with torch.jit._IgnoreContextManager(i="inp:int", d="out:Dict[str, Tuple[int, int]]"):
            d = {str(i): (i, i)}
        b += len(d)
    return x + b
