"""Containers of modules and parameters: gone through, indexed, asked for their length and keys."""

from typing import Any, Dict, List, Tuple

import torch
from torch import Tensor, nn

from tests.differential.corpus.language.programs import Programs

programs = Programs()
X = torch.linspace(-1, 1, 6).reshape(2, 3)


class Scale(nn.Module):
    def __init__(self, factor: float) -> None:
        super().__init__()
        self.factor = factor

    def forward(self, x: Tensor) -> Tensor:
        return x * self.factor


class Wide(nn.Module):
    def forward(self, x: Tensor) -> Tuple[Tensor, Tensor]:
        return x + 1, x - 1


@programs.script((X,))
class Lists(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(3, 3), Scale(2.0), nn.Tanh()])
        self.same = nn.ModuleList([Scale(2.0), Scale(3.0)])
        self.empty = nn.ModuleList()
        self.rows = nn.ModuleList([nn.ModuleList([Scale(1.0 + i + j) for j in range(2)]) for i in range(2)])

    def forward(self, x: Tensor) -> Tensor:
        for layer in self.layers:
            x = layer(x)
        for index, layer in enumerate(self.layers):
            x = layer(x) + index
        for index, layer in enumerate(self.layers, 5):
            x = layer(x) * index
        for left, right in zip(self.layers, self.same):
            x = left(x) + right(x)
        for row in self.rows:
            for cell in row:
                x = cell(x)
        for nobody in self.empty:
            x = nobody(x) * 100
        return x + len(self.layers) + len(self.empty)


@programs.script((X,))
class ListItems(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(3, 3), Scale(2.0), nn.Tanh(), Scale(0.5)])

    def forward(self, x: Tensor) -> Tensor:
        x = self.layers[0](x) + self.layers[-1](x)
        chosen = self.layers[2]
        x = chosen(x)
        for part in self.layers[1:3]:
            x = part.forward(x)
        for part in self.layers[::2]:
            x = part.forward(x)
        if len(self.layers) > 3:
            x = x + 1
        for i in range(len(self.layers)):
            x = x + i
        return x


@programs.script((X,))
class Comprehensions(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.ModuleList([Scale(2.0), nn.Tanh()])
        self.table = nn.ModuleDict({"one": Scale(2.0), "two": nn.Sigmoid()})

    def forward(self, x: Tensor) -> Any:
        outputs = [layer(x) for layer in self.layers]
        named = {name: part(x) for name, part in self.table.items()}
        sizes = [part(x).size(0) for part in self.table.values()]
        return torch.cat(outputs), named, sizes


@programs.script((X,))
class Dicts(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.table = nn.ModuleDict({"linear": nn.Linear(3, 3), "scale": Scale(3.0), "act": nn.ReLU()})
        self.empty = nn.ModuleDict()

    def forward(self, x: Tensor) -> Tuple[Tensor, List[str]]:
        names: List[str] = []
        for name, part in self.table.items():
            names.append(name)
            if name == "scale":
                x = part(x) + 1
            else:
                x = part(x)
        for part in self.table.values():
            x = part(x)
        for key in self.table.keys():
            names.append(key)
        for key in self.table:
            names.append(key + "!")
        for key, part in self.empty.items():
            x = part(x)
        if "act" in self.table:
            x = x + 1
        if "none" in self.table or "act" in self.empty:
            x = x + 100
        return self.table["linear"](x) + len(self.table), names


@programs.script((X,))
class Sequentials(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.body = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Sequential(nn.Linear(4, 3), nn.Tanh()))
        self.named = nn.Sequential()
        self.named.add_module("first", Scale(2.0))
        self.named.add_module("second", nn.Softmax(-1))
        self.nothing = nn.Sequential()

    def forward(self, x: Tensor) -> Tensor:
        x = self.body(x)
        for layer in self.body:
            x = layer(x)
        x = self.named(x) + self.body[0](x)[:, :3] + self.named[-1](x)
        return x + len(self.body)


@programs.script((X,))
class Parameters(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.items = nn.ParameterList([torch.full((3,), 1.0 + i) for i in range(3)])
        self.table = nn.ParameterDict({"a": torch.ones(3), "b": torch.full((3,), 2.0)})

    def forward(self, x: Tensor) -> Tensor:
        for item in self.items:
            x = x * item
        for index, item in enumerate(self.items):
            x = x + item * index
        for left, right in zip(self.items, self.items):
            x = x + left - right
        return x + self.items[1] + self.items[-1] + self.table["b"] - self.table["a"]


@programs.script((X,))
class OwnList(nn.ModuleList):
    def __init__(self) -> None:
        super().__init__([Scale(2.0), nn.Tanh()])
        self.shift = 3

    def forward(self, x: Tensor) -> Tensor:
        for part in self:
            x = part(x)
        return self[0](x) + self.shift


@programs.script((X,))
class OwnDict(nn.ModuleDict):
    def __init__(self) -> None:
        super().__init__({"a": Scale(2.0), "b": nn.Tanh()})

    def forward(self, x: Tensor) -> Tensor:
        for name, part in self.items():
            x = part(x) + len(name)
        for part in self.values():
            x = part(x)
        return self["a"](x)


@programs.script((X,))
class OwnSequential(nn.Sequential):
    def __init__(self) -> None:
        super().__init__(nn.Linear(3, 3), nn.ReLU())

    def forward(self, x: Tensor) -> Tensor:
        for part in self:
            x = part(x) + 1
        return x


@programs.script((X,))
class WalksThrough(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.first = Scale(2.0)
        self.rest = nn.ModuleList([Scale(3.0), nn.Sequential(nn.Tanh())])
        self.register_buffer("mean", torch.ones(3))
        self.register_buffer("other", torch.ones(3))

    def forward(self, x: Tensor) -> Tuple[Tensor, List[str]]:
        names: List[str] = []
        for name, child in self.named_children():
            names.append(name)
        for name, module in self.named_modules():
            names.append(name)
        for child in self.children():
            x = x + 1
        for module in self.modules():
            x = x + 1
        for name, buffer in self.named_buffers():
            names.append(name)
            x = x + buffer
        for name, child in self.rest.named_children():
            names.append(name)
        return x, names


@programs.script((X,))
class MixedResults(nn.Module):
    """Iterations of an unrolled loop may give values of different types."""

    def __init__(self) -> None:
        super().__init__()
        self.parts = nn.ModuleList([Scale(2.0), Wide()])

    def forward(self, x: Tensor) -> Tensor:
        for part in self.parts:
            y = part(x)
        return y[0] + y[1]


@programs.script((X,))
class GivesModule(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.inner = Scale(2.0)
        self.parts = nn.ModuleList([Scale(1.0), Scale(4.0)])

    def forward(self, x: Tensor) -> Tensor:
        inner = self.inner
        alias = inner
        x = alias(x) * alias.factor
        for part in self.parts:
            x = x + part.factor
        return x + self.parts[1].factor


@programs.script((X,))
class BreaksOut(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.first = nn.ModuleList([Scale(2.0), Scale(3.0)])
        self.scales: Dict[str, float] = {"a": 2.0}

    def forward(self, x: Tensor) -> Tensor:
        for i in range(3):
            for part in self.first:
                x = part(x)
            if x.sum() > 100:
                break
        return x
