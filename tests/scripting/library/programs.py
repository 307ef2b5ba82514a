"""Functions and modules whose values cross between Python and TorchScript in every way."""

import enum
from typing import Any, Dict, Final, List, NamedTuple, Optional, Tuple, Union

import torch
from torch import Tensor, nn


class Color(enum.Enum):
    RED = 1
    GREEN = 2


class Point(NamedTuple):
    x: Tensor
    n: int


class Account:
    def __init__(self, balance: int):
        self.balance = balance

    def add(self, amount: int) -> int:
        self.balance += amount
        return self.balance


def plain(
    x, n: int, s: str = "a", many: Optional[List[int]] = None, o: Optional[float] = None, flag: bool = False
):
    return x + n, s, many, o, flag


def containers(
    d: Dict[str, int],
    t: Tuple[int, float],
    u: Union[int, str, List[int]],
    c: complex,
    dev: torch.device,
    p: Point,
    e: Color,
    k: List[Optional[Tensor]],
):
    return d, t, u, c, dev, p, e, k


def integer(a: int):
    return a


def floating(a: float):
    return a


def truth(a: bool):
    return a


def text(a: str):
    return a


def spin(a: complex):
    return a


def texts(a: List[str]):
    return a


def floats(a: List[float]):
    return a


def truths(a: List[bool]):
    return a


def tensors(a: List[Tensor]):
    return a


def table(a: Dict[str, Tensor]):
    return a


def maybe(a: Optional[Tensor]):
    return a


def nested(a: List[List[int]]):
    return a


def anything(a: Any):
    return a


def number_or_float(a: Union[int, float]):
    return a


def keywords(x: Tensor, *, scale: float):
    return x * scale


def raises(x: Tensor):
    if x.sum() > 100:
        raise ValueError("too large")
    return x


def account(a: Account, amount: int) -> Account:
    a.add(amount)
    return a


class Sub(nn.Module):
    def __init__(self):
        super().__init__()
        self.lin = nn.Linear(2, 2)

    def forward(self, x):
        return self.lin(x)


class Model(nn.Module):
    limit: Final[int]
    account: Account
    point: Point
    maybe: Optional[int]

    def __init__(self):
        super().__init__()
        self.sub = Sub()
        self.limit = 3
        self.words = ["a"]
        self.n = 1
        self.ratio = 0.5
        self.color = Color.RED
        self.account = Account(3)
        self.point = Point(torch.ones(1), 2)
        self.maybe = None
        self.register_buffer("buf", torch.ones(2))
        self.plain = torch.zeros(1)
        self.tensors = [torch.ones(1)]
        self.table = {"k": 1}
        self.seq = nn.Sequential(nn.Linear(2, 2), nn.ReLU())
        self.choices = nn.ModuleDict({"a": nn.ReLU()})

    def forward(self, x):
        if x.sum() > 1e6:
            raise ValueError("too big")
        self.n += 1
        return self.seq(self.sub(x)) + self.limit * self.buf

    @torch.jit.export
    def several(self) -> Tuple[Color, List[str], int]:
        return self.color, self.words, self.n

    @torch.jit.export
    def check(self, color: Color, account: Account) -> Tuple[bool, int]:
        return color == Color.RED, account.add(self.n)

    @torch.jit.export
    def spread(self, x: Tensor, sizes: List[int]) -> Dict[str, List[Tensor]]:
        return {"parts": [x * size for size in sizes]}
