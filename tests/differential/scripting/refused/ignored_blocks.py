"""Blocks left to Python whose variables do not fit."""

from typing import List
import torch
from torch import Tensor
from tests.differential.corpus.language.programs import Programs

programs = Programs()
X = torch.linspace(-1, 1, 12).reshape(3, 4)


@programs.script()
def block_of_unknown_type(x: Tensor) -> Tensor:
    with torch.jit._IgnoreContextManager(x="inp:Nothing"):
        print(x)
    return x


@programs.script()
def block_without_type(x: Tensor) -> Tensor:
    with torch.jit._IgnoreContextManager(x="inp"):
        print(x)
    return x


@programs.script()
def block_with_number(x: Tensor) -> Tensor:
    with torch.jit._IgnoreContextManager(x=1):
        print(x)
    return x


@programs.script()
def block_of_undefined_variable(x: Tensor) -> Tensor:
    with torch.jit._IgnoreContextManager(y="inp:int"):
        print(y)
    return x


@programs.script()
def block_with_wrong_result(x: Tensor) -> int:
    with torch.jit._IgnoreContextManager(x="inp:torch.Tensor", y="out:str"):
        y = "a"
    return y
