"""Script classes, dataclasses, enums, named tuples, closures and context managers, as TorchScript refuses them."""

import dataclasses
import enum
from collections import OrderedDict, namedtuple
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Dict, Final, List, NamedTuple, Optional, Tuple, Union
import torch
from torch import Tensor
from tests.differential.corpus.language.programs import Programs
from tests.differential.scripting.programs.objects import DEVICE, DTYPE, LIMIT, NAMES, NOTHING, Node, PAIRS, SHAPE, TABLE, Vector, helper

programs = Programs()
X = torch.linspace(-1, 1, 12).reshape(3, 4)


@programs.script((3.0,))
def vector_absolute(k: float) -> float:
    return abs(Vector(k))


@programs.script(([1, 2, 3],))
def linked_list(values: List[int]) -> int:
    head: Optional[Node] = None
    for v in values:
        node = Node(v)
        node.next = head
        head = node
    total = 0
    while head is not None:
        total = total * 10 + head.value
        head = head.next
    return total


@programs.script((3,))
def global_constants(n: int) -> Tuple[int, Tuple[int, int], bool]:
    return n + LIMIT, PAIRS[1], FLAG


@programs.script((X,))
def global_device(x: Tensor) -> Tensor:
    return x.to(DEVICE, DTYPE) if NOTHING is None else x


@programs.script((X,))
def global_list(x: Tensor) -> int:
    return len(NAMES)


@programs.script((X,))
def global_dict(x: Tensor) -> int:
    return TABLE["a"]


@programs.script((X,))
def global_size(x: Tensor) -> int:
    return SHAPE[0]


@programs.script((X,))
def keyword_only(x: Tensor) -> Tensor:
    return helper(x, scale=3.0) + helper(x, names=["a", "b"])


@programs.script((X, 2))
def default_chain(x: Tensor, n: int = 3, s: str = "a", f: float = 1, t: Tuple[int, int] = (1, 2), l: List[int] = [1], o: Optional[Tensor] = None, d: Dict[str, int] = {}) -> Tensor:
    return x * n * f + t[0] + l[0]


@programs.script((X,))
def not_scripting(x: Tensor) -> Tensor:
    if not torch.jit.is_scripting():
        import numpy
        return lambda: numpy
    return x + 1
