"""Modules: attributes of all types, containers, overloads, hooks, properties, sharing, state."""

from typing import Any, Dict, Final, List, NamedTuple, Optional, Tuple

import torch
from torch import Tensor, nn

from tests.differential.corpus.language.programs import Programs

programs = Programs()
X = torch.arange(6.0).reshape(2, 3)


class Scale(nn.Module):
    def __init__(self, factor: float) -> None:
        super().__init__()
        self.factor = factor

    def forward(self, x: Tensor) -> Tensor:
        return x * self.factor


class Config(NamedTuple):
    width: int
    name: str


@programs.script((X,), (X,))
class AttributesOfAllTypes(nn.Module):
    counts: Dict[str, int]
    maybe: Optional[Tensor]
    pairs: List[Tuple[int, str]]

    def __init__(self) -> None:
        super().__init__()
        self.counts = {"calls": 0}
        self.maybe = None
        self.pairs = [(1, "a")]
        self.rate = 0.5
        self.name = "model"
        self.flag = True
        self.z = 1 + 2j
        self.shape = (2, 3)
        self.config = Config(3, "c")
        self.device = torch.device("cpu")
        self.dtype = torch.float32
        self.sizes = [1, 2]
        self.nested = {"a": [1.0, 2.0]}
        self.nothing = None

    def forward(self, x: Tensor) -> tuple[Tensor, int, str, Optional[Tensor]]:
        self.counts["calls"] += 1
        before = self.maybe
        self.maybe = x * self.rate
        self.pairs.append((len(self.pairs), self.name))
        self.sizes[0] += self.shape[1] + self.config[0]
        y = torch.zeros([2, 3], dtype=self.dtype, device=self.device) + self.nested["a"][1]
        return x + y + self.sizes[0], self.counts["calls"] + len(self.pairs), self.config[1], before


@programs.script((X,))
class Constants(nn.Module):
    __constants__ = ["width", "names"]
    depth: Final[int]

    def __init__(self) -> None:
        super().__init__()
        self.width = 3
        self.names = ["a", "b"]
        self.depth = 2

    def forward(self, x: Tensor) -> tuple[Tensor, str]:
        for _ in range(self.depth):
            x = x * self.width
        return x, self.names[1]


@programs.script((X,))
class SharedModules(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Linear(3, 3)
        self.second = self.first
        self.tied = nn.Linear(3, 3)
        self.tied.weight = self.first.weight

    def forward(self, x: Tensor) -> Tensor:
        return self.tied(self.second(self.first(x)))


@programs.script((X,))
class SameClassDifferentTypes(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.one = nn.Sequential(Scale(2.0))
        self.two = nn.Sequential(Scale(3.0), nn.ReLU())
        self.three = nn.Sequential(Scale(4.0), nn.Tanh())

    def forward(self, x: Tensor) -> Tensor:
        return self.one(x) + self.two(x) + self.three(x)


@programs.script((X, 1))
class Containers(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(3, 3), nn.ModuleList([Scale(2.0), Scale(0.5)])[0]])
        self.table = nn.ModuleDict({"relu": nn.ReLU(), "scale": Scale(3.0)})
        self.seq = nn.Sequential(Scale(1.5), nn.Identity())

    def forward(self, x: Tensor, n: int) -> Tensor:
        for layer in self.layers:
            x = layer(x)
        for index, layer in enumerate(self.layers[1:]):
            x = layer(x) + index
        for key, module in self.table.items():
            if key == "scale":
                x = module(x)
        for module in self.table.values():
            x = module(x)
        for a, b in zip(self.seq, self.layers):
            x = a(x) + b(x)
        if "relu" in self.table:
            x = x + len(self.layers) + len(self.table) + len(self.seq)
        return self.seq[0](self.table["relu"](x)) + self.layers[-1](x)


@programs.script((X,))
class Buffers(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("mean", torch.zeros(3))
        self.register_buffer("steps", torch.tensor(0))
        self.register_buffer("absent", None)
        self.register_buffer("fleeting", torch.ones(3), persistent=False)
        self.register_parameter("bias", None)

    def forward(self, x: Tensor) -> Tensor:
        self.steps += 1
        self.mean = 0.9 * self.mean + 0.1 * x.mean(0)
        self.mean.mul_(2)
        if self.bias is None:
            return x - self.mean + self.fleeting
        return x * self.steps


@programs.script((X,))
class Exported(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return self.helper(x, 2) + self._private(x)

    @torch.jit.export
    def helper(self, x: Tensor, n: int = 1) -> Tensor:
        return x * n

    def _private(self, x: Tensor) -> Tensor:
        return self.static(x) - 1

    @staticmethod
    def static(x: Tensor) -> Tensor:
        return x + 10

    @torch.jit.export
    def apart(self, x: Optional[Tensor], names: Dict[str, List[int]], flag: bool = True) -> int:
        if x is None or not flag:
            return len(names)
        return x.size(0)

    @torch.jit.unused
    def unused(self, x: Tensor) -> Any:
        return {x}


@programs.script((X, True), (X, False))
class CallsUnused(nn.Module):
    @torch.jit.unused
    def unused(self, x: Tensor) -> Tensor:
        return x

    def forward(self, x: Tensor, flag: bool) -> Tensor:
        if flag:
            return x + 1
        return self.unused(x)


@programs.script((X,))
class Property(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self._scale = 2.0

    @property
    def scale(self) -> float:
        return self._scale + 1

    @scale.setter
    def scale(self, value: float) -> None:
        self._scale = value

    def forward(self, x: Tensor) -> Tensor:
        self.scale = self.scale * 2
        return x * self.scale


def before(self: nn.Module, input: Tuple[Tensor]) -> Tuple[Tensor]:
    return (input[0] + 1,)


def after(self: nn.Module, input: Tuple[Tensor], output: Tensor) -> Tensor:
    return output * 2 + input[0]


class Hooked(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.inner = nn.Identity()

    def forward(self, x: Tensor) -> Tensor:
        return self.inner(x) * 3


@programs.script((X,))
class HasHooks(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.hooked = Hooked()
        self.hooked.register_forward_pre_hook(before)
        self.hooked.register_forward_hook(after)

    def forward(self, x: Tensor) -> Tensor:
        return self.hooked(x)


@programs.script((X,))
class TrainingFlag(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.eval()

    def forward(self, x: Tensor) -> Tensor:
        if self.training:
            return x
        return x * 2


@programs.script((X,))
class ModuleAsAttributeOfList(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.blocks = nn.ModuleList(
            [nn.ModuleList([Scale(float(i + j)) for j in range(2)]) for i in range(2)]
        )

    def forward(self, x: Tensor) -> Tensor:
        outputs: List[Tensor] = []
        for row in self.blocks:
            for block in row:
                x = block(x)
                outputs.append(x)
        return torch.cat(outputs)


@programs.script((X,))
class MultipleOutputs(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.lstm = nn.LSTM(3, 4, 1)
        self.heads = nn.ModuleDict({"a": nn.Linear(4, 1), "b": nn.Linear(4, 2)})

    def forward(self, x: Tensor) -> Dict[str, Tensor]:
        y, (h, c) = self.lstm(x.unsqueeze(0))
        out: Dict[str, Tensor] = {"h": h, "c": c}
        for name, head in self.heads.items():
            out[name] = head(y)
        return out


@programs.script((X,))
class FunctionAttributes(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.activation = torch.nn.functional.relu
        self.other = torch.tanh

    def forward(self, x: Tensor) -> Tensor:
        return self.activation(x) + self.other(x)


@programs.script((X,))
class Subclass(Scale):
    def __init__(self) -> None:
        super().__init__(4.0)

    def forward(self, x: Tensor) -> Tensor:
        return super().forward(x) + 1 if False else x * self.factor + 1


@programs.script((torch.rand(1, 3, 8, 8),))
class ResidualBlock(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, 3, 3, padding=1, bias=False)
        self.norm1 = nn.BatchNorm2d(3)
        self.conv2 = nn.Conv2d(3, 3, 3, padding=1, groups=3)
        self.down: Optional[nn.Module] = None
        self.eval()

    def forward(self, x: Tensor) -> Tensor:
        y = torch.relu_(self.norm1(self.conv1(x)))
        y = self.conv2(y)
        y += x
        return nn.functional.adaptive_avg_pool2d(y, (1, 1)).flatten(1)


@programs.script((torch.rand(2, 5, 8), torch.ones(2, 5, dtype=torch.bool)))
class SelfAttention(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.heads = 2
        self.query = nn.Linear(8, 8)
        self.key = nn.Linear(8, 8)
        self.value = nn.Linear(8, 8)
        self.norm = nn.LayerNorm(8)

    def split(self, x: Tensor) -> Tensor:
        b, t, d = x.shape
        return x.view(b, t, self.heads, d // self.heads).permute(0, 2, 1, 3)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        q, k, v = self.split(self.query(x)), self.split(self.key(x)), self.split(self.value(x))
        scores = q @ k.transpose(-2, -1) / float(q.size(-1)) ** 0.5
        scores = scores.masked_fill(~mask[:, None, None, :], float("-inf"))
        y = (scores.softmax(-1) @ v).permute(0, 2, 1, 3).reshape(x.shape)
        return self.norm(x + y)


@programs.script((X,))
class CustomState(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(3))
        self.saved = 0

    def forward(self, x: Tensor) -> Tensor:
        return x * self.weight + self.saved

    @torch.jit.export
    def __getstate__(self) -> Tuple[Tensor, int, bool]:
        return self.weight * 2, self.saved + 5, self.training

    @torch.jit.export
    def __setstate__(self, state: Tuple[Tensor, int, bool]) -> None:
        self.weight = state[0]
        self.saved = state[1]
        self.training = state[2]


@programs.script((X,))
class OddNames(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.ops = Scale(2.0)
        self.torch = Scale(3.0)
        setattr(self, "__torch__", 3)  # noqa: B010
        self.add_module("class", nn.Identity())
        self.add_module("0", Scale(1.5))
        self.annotate = 4
        self.inf = 2.0

    def forward(self, x: Tensor) -> Tensor:
        return self.ops(self.torch(x)) + self.annotate + self.inf


@programs.script((X,))
class RestoredByCalls(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.weight = torch.ones(3)
        self.mode = "zeros"

    def narrow(self, x: Tensor, n: int) -> Tensor:
        if self.mode == "zeros":
            return x[0:n] * 1 + 0
        return x[1:n]

    def assign(self, x: Tensor) -> None:
        assert x.dim() == 1, "one dimension"
        self.weight = self.narrow(x, 2 + 1)

    def forward(self, x: Tensor) -> Tensor:
        self.assign(self.weight * 2)
        return x * self.narrow(self.weight, 3)

    @torch.jit.export
    def __getstate__(self) -> Tuple[Tensor, str, bool]:
        return self.weight * 3, self.mode, self.training

    @torch.jit.export
    def __setstate__(self, state: Tuple[Tensor, str, bool]) -> None:
        self.mode = state[1]
        self.assign(state[0])
        self.training = state[2]
