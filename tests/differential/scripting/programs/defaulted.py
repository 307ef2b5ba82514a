"""Defaults of parameters: each is put into a call with the type that it has by itself."""

import enum
from typing import Any, NamedTuple, Optional, Tuple, Union

import torch
from torch import Tensor, device

from tests.differential.corpus.language.programs import Programs

programs = Programs()
X = torch.ones(2)
CPU = torch.device("cpu")


class Mode(enum.Enum):
    NEAREST = "nearest"
    LINEAR = "linear"


class Size(NamedTuple):
    rows: int
    columns: Optional[float] = None


def of_unions(
    x: Tensor,
    mode: Union[Mode, int] = Mode.NEAREST,
    other: Optional[Union[Mode, str]] = Mode.LINEAR,
    pair: Union[Tuple[int, float], str] = (1, 2.0),
    number: Union[int, str] = 3,
    text: Union[int, str, None] = "t",
):
    found = "mode" if isinstance(mode, Mode) else "int"
    if isinstance(pair, str):
        found += pair
    return found, number, text, x


@programs.script((X,))
def calls_unions(x):
    return of_unions(x), of_unions(x, 1, None, "pair", "n", None)


def of_any(x: Tensor, mode: Any = Mode.LINEAR, nested: Any = (Mode.NEAREST, (1, None)), where: Any = CPU, kind: Any = torch.float32):
    found = ""
    if isinstance(mode, Mode):
        found += mode.name
    if isinstance(where, device):
        found += where.type
    return found, isinstance(nested, Tuple[Mode, Tuple[int, None]]), isinstance(kind, int), x


@programs.script((X,))
def calls_any(x):
    return of_any(x), of_any(x, 1, 2, 3, 4)


def of_devices(
    x: Tensor,
    plain: device = CPU,
    perhaps: Optional[device] = CPU,
    either: Union[device, str] = CPU,
    text: Union[device, str] = "cpu",
    named: device = "cpu",
):
    found = plain.type + named.type
    if perhaps is not None:
        found += perhaps.type
    if isinstance(either, device):
        found += "device" + either.type
    if isinstance(text, str):
        found += text
    return found, x.to(plain)


@programs.script((X,))
def calls_devices(x):
    return of_devices(x), of_devices(x, torch.device("cpu"), None, "a", torch.device("cpu"))


@programs.script((X,))
def of_a_device_in_a_tuple(x: Tensor, pair: Tuple[Optional[int], device] = (1, CPU)):
    return pair[1].type, x


@programs.script((X,))
def calls_with_a_device_in_a_tuple(x):
    return of_a_device_in_a_tuple(x)


programs.script((X,))(of_unions)
programs.script((X,))(of_any)
programs.script((X,))(of_devices)


def of_tuples(
    x: Tensor,
    plain: Tuple[Optional[int], int] = (1, 2),
    empty: Tuple[Optional[int], float] = (None, 2),
    nested: Tuple[Tuple[Any, int], float] = ((3, 1), 2),
    named: Size = Size(1),
    inside: Tuple[Size, int] = (Size(2, 0.5), 3),
):
    return plain[0], empty[0], nested[0][1], named.columns, inside[0].columns, x


@programs.script((X,))
def calls_tuples(x):
    return of_tuples(x), of_tuples(x, (None, 3), named=Size(3, 1.5))


class Inner(torch.nn.Module):
    def forward(self, x: Tensor, mode: Union[Mode, int] = Mode.LINEAR, pair: Any = (1, "b")):
        return x if isinstance(mode, Mode) else x + 1


@programs.script((X,))
class Calls(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.inner = Inner()

    def forward(self, x):
        return self.inner(x) + self.inner(x, 2)
