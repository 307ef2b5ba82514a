"""Modules whose methods are not simply those of their class: replaced, marked, with hooks that change types."""

import types
from typing import Any, Tuple

import torch
from torch import Tensor, nn

from tests.differential.corpus.language.programs import Programs

programs = Programs()
X = torch.linspace(-1, 1, 6).reshape(2, 3)


class StandsIn(nn.SELU):
    def __prepare_scriptable__(self) -> nn.Module:
        return nn.ReLU()


@programs.script((X,))
class SubmodulesThatPutOthersInTheirPlace(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.one = StandsIn()
        self.many = nn.Sequential(StandsIn(), nn.Linear(3, 2))

    def forward(self, x: Tensor) -> Tensor:
        return self.many(self.one(x))


class Doubles(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return self.inner(x) * 2


@programs.script((X,))
class MethodOfTheInstance(Doubles):
    def __init__(self) -> None:
        super().__init__()
        self.forward = types.MethodType(Doubles.forward, self)  # type: ignore[method-assign]

    def inner(self, x: Tensor) -> Tensor:
        return x + 1

    def forward(self, x: Tensor) -> Tensor:
        return self.inner(x)


@programs.script((X,))
class MarkedMethodOfAPlainModule(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(3, 2), nn.ReLU())

    @torch.jit.script_method
    def forward(self, x: Tensor) -> Tensor:
        for layer in self.layers:
            x = layer(x)
        return x


def pairs(self: Any, input: Tuple[Tensor], output: Tensor):  # noqa: ANN201
    return (output, output.sum())


def takes_pairs(self: Any, input: Tuple[Tensor], output: Tuple[Tensor, Tensor]):  # noqa: ANN201
    return (output[0] * output[1], 1)


@programs.script((X,))
class HooksWhoseResultsAreFoundOut(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.register_forward_hook(pairs)
        self.register_forward_hook(takes_pairs)

    def forward(self, x: Tensor) -> Tensor:
        return x
