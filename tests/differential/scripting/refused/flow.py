"""Control flow, refinement, tensors and indexing in less usual arrangements, as TorchScript refuses them."""

from typing import Any, Dict, List, Optional, Tuple, Union
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from tests.differential.corpus.language.programs import Programs

programs = Programs()
X = torch.linspace(-1, 1, 12).reshape(3, 4)


@programs.script((3,))
def return_in_while(n: int) -> int:
    while True:
        n += 1
        if n > 5:
            return n


@programs.script((X,))
def no_grads(x: Tensor) -> Tuple[bool, bool]:
    with torch.no_grad():
        a = x * 2
        with torch.enable_grad():
            b = x * 2
    return a.requires_grad, torch.is_grad_enabled()


@programs.script((X,))
def grad_set(x: Tensor) -> Tensor:
    with torch.set_grad_enabled(False):
        y = x * 2
    with torch.inference_mode():
        z = y + 1
    return z.clone()


@programs.script((X,))
def try_it(x: Tensor) -> Tensor:
    try:
        return x
    except RuntimeError:
        return x + 1


@programs.script((3,))
def walrus(n: int) -> int:
    if (m := n + 1) > 3:
        return m
    return n


@programs.script((3,))
def matched(n: int) -> int:
    match n:
        case 1:
            return 1
        case _:
            return 2
