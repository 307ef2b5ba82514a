"""Methods: which are compiled, how they are called, overloads, properties, hooks, interfaces, sharing."""

import functools
from typing import Any, Dict, List, Optional, Tuple

import torch
from torch import Tensor, nn

from tests.differential.corpus.language.programs import Programs

programs = Programs()
X = torch.linspace(-1, 1, 6).reshape(2, 3)


class Scale(nn.Module):
    def __init__(self, factor: float) -> None:
        super().__init__()
        self.factor = factor

    def forward(self, x: Tensor, by: int = 1) -> Tensor:
        return x * self.factor * by


@programs.script((X, 2))
class CallsMethods(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.scale = Scale(2.0)
        self.n = 1

    def last(self, x: Tensor) -> Tensor:
        return x + self.n

    def middle(self, x: Tensor, k: int = 2, flag: bool = True) -> Tensor:
        return self.last(x) * k if flag else x

    @torch.jit.export
    def exported(self, x: Tensor, names: Dict[str, List[int]], y: Optional[Tensor]) -> int:
        return len(names) + x.size(0)

    @torch.jit.export
    def another(self, x: Tensor) -> Tensor:
        return self.middle(x, flag=True)

    @staticmethod
    def static(x: Tensor, k: int) -> Tensor:
        return x + k

    @classmethod
    def of_class(cls, k: int) -> int:
        return k + 1

    @torch.jit.unused
    def unused(self, x: Tensor) -> Tensor:
        return [y for y in x if {x: y}]  # type: ignore[return-value]

    def forward(self, x: Tensor, n: int) -> Tensor:
        bound = self.last
        x = bound(x) + self.middle(x, flag=False) + self.middle(k=3, x=x, flag=True)
        x = self.static(x, n) + self.of_class(n) + self.exported(x, {"a": [1]}, None)
        return self.scale(x, by=3) + self.scale.forward(x) + self.scale(x)


class Base(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.k = 3

    def helper(self, x: Tensor) -> Tensor:
        return x + self.k

    def forward(self, x: Tensor) -> Tensor:
        return self.helper(x)


@programs.script((X,))
class Derived(Base):
    def helper(self, x: Tensor) -> Tensor:
        return x * self.k


@programs.script((X,))
class Inherited(Base):
    @torch.jit.export
    def more(self, x: Tensor) -> Tensor:
        return self.helper(self.forward(x))


@programs.script((X, 3))
class Overloads(nn.Module):
    @torch.jit._overload_method
    def double(self, x: int) -> int: ...

    @torch.jit._overload_method
    def double(self, x: Tensor) -> Tensor: ...

    def double(self, x: Any) -> Any:
        return x + x

    def forward(self, x: Tensor, n: int) -> Tensor:
        return self.double(x) * self.double(n)


@programs.script((X,), (X,))
class Properties(nn.Module):
    __jit_unused_properties__ = ["strange"]

    def __init__(self) -> None:
        super().__init__()
        self._scale = 2.0

    @property
    def scale(self) -> float:
        return self._scale + self.shift

    @scale.setter
    def scale(self, value: float) -> None:
        self._scale = value

    @property
    def shift(self) -> int:
        return 1

    @property
    def strange(self) -> Any:
        return lambda: 1

    @torch.jit.unused
    @property
    def hidden(self) -> Any:
        return {1, 2}

    def forward(self, x: Tensor) -> Tensor:
        self.scale = self.scale * 2
        self.scale += 1
        return x * self.scale + self.shift


def add_one(self: Any, input: Tuple[Tensor, int]) -> Tuple[Tensor, int]:
    return input[0] + 1, input[1]


def look(self: Any, input: Tuple[Tensor, int]) -> None:
    assert input[1] > 0


def double(self: Any, input: Tuple[Tensor, int], output: Tensor) -> Tensor:
    return output * 2 + input[0] + self.k


def count(self: Any, input: Tuple[Tensor, int], output: Tensor) -> None:
    self.k += 1


def unwrap(self: Any, input: Tuple[Tensor]) -> Tensor:
    return input[0] - 1


class Hooked(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.k = 2
        self.register_forward_pre_hook(add_one)
        self.register_forward_pre_hook(look)
        self.register_forward_hook(double)
        self.register_forward_hook(count)

    def forward(self, x: Tensor, n: int) -> Tensor:
        return x * n


class Simple(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return x * 3


@programs.script((X,))
class Hooks(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.hooked = Hooked()
        self.unwrapped = Simple()
        self.unwrapped.register_forward_pre_hook(unwrap)
        self.twice = Simple()
        self.twice.register_forward_pre_hook(unwrap)
        self.twice.register_forward_pre_hook(unwrap)
        self.plain = Simple()
        self.row = nn.Sequential(Simple(), Simple())
        self.row[0].register_forward_pre_hook(unwrap)

    def forward(self, x: Tensor) -> Tensor:
        y = self.hooked(x, 3) + self.hooked(x, 2)
        return self.row(self.twice(self.unwrapped(self.plain(y)))) + self.hooked.forward(x, 1)


@programs.script((X, 1))
def hooked_root() -> nn.Module:
    return Hooked()


@torch.jit.interface
class Operation(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        pass


class Adds(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return x + 1


class Multiplies(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.full((3,), 2.0))

    def forward(self, x: Tensor) -> Tensor:
        return x * self.weight


@programs.script((X, 1, "b"))
class Interfaces(nn.Module):
    operation: Operation

    def __init__(self) -> None:
        super().__init__()
        self.operation = Adds()
        self.operations = nn.ModuleList([Adds(), Multiplies()])
        self.table = nn.ModuleDict({"a": Adds(), "b": Multiplies()})

    def forward(self, x: Tensor, n: int, key: str) -> Tensor:
        chosen: Operation = self.operations[n]
        named: Operation = self.table[key]
        fixed: Operation = self.operations[0]
        x = self.operation(x) + self.operation.forward(x)
        for part, _ in self.named_children():
            x = x + len(part)
        return chosen.forward(x) + named.forward(x) + fixed.forward(x)


@programs.script((X,))
class Shared(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Linear(3, 3)
        self.second = self.first
        self.tied = nn.Linear(3, 3)
        self.tied.weight = self.first.weight
        self.third = nn.Linear(3, 3, bias=False)
        self.relu = nn.ReLU()
        self.relu_in_place = nn.ReLU(inplace=True)
        self.scales = nn.ModuleList([Scale(1.0), Scale(2.0), Scale(3.0)])

    def forward(self, x: Tensor) -> Tensor:
        x = self.relu(self.tied(self.second(self.first(x))))
        for scale in self.scales:
            x = scale(x)
        return self.relu_in_place(self.third(x))


@programs.script((X,))
class OnlyExported(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.inner = Inherited()

    def forward(self, x: Tensor) -> Tensor:
        return self.inner.more(x) + self.inner.helper(x)


class NoForward(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.scale = Scale(3.0)

    @torch.jit.export
    def run(self, x: Tensor) -> Tensor:
        return self.scale(x)


@programs.script((X,))
class UsesNoForward(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.inner = NoForward()

    def forward(self, x: Tensor) -> Tensor:
        return self.inner.run(x)


@programs.script((X,))
class Magic(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.inner = Scale(2.0)

    @torch.jit.export
    def __len__(self) -> int:
        return 3

    @torch.jit.export
    def __contains__(self, key: int) -> bool:
        return key == 2

    def forward(self, x: Tensor) -> Tensor:
        if 2 in self:
            x = x + len(self)
        return self.inner(x)


@programs.script((X,))
class UsesForks(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.scale = Scale(2.0)

    def work(self, x: Tensor, n: int) -> Tensor:
        return self.scale(x) + n

    def forward(self, x: Tensor) -> Tensor:
        future = torch.jit.fork(self.scale, x)
        other = torch.jit.fork(self.work, x, 3)
        return torch.jit.wait(future) + torch.jit.wait(other)


@programs.script((X,))
class Recompiled(nn.Module):
    """Uses functions and modules that were compiled already."""

    def __init__(self) -> None:
        super().__init__()
        self.inner = Scale(2.0)
        self.helper = helper

    def forward(self, x: Tensor) -> Tensor:
        return self.helper(self.inner(x)) + helper(x)


@torch.jit.script
def helper(x: Tensor) -> Tensor:
    return x + 5


@programs.script((X, X), (X, None))
class OptionalInputs(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.linear = nn.Linear(3, 3)

    def forward(self, x: Tensor, y: Optional[Tensor] = None, scale: float = 2.0) -> Tuple[Tensor, Tensor]:
        if y is None:
            y = self.linear(x)
        return x * scale, y


@programs.script((X,))
class RestoresItself(nn.Module):
    """What `__setstate__` takes without an annotation is what `__getstate__` gives."""

    def __init__(self) -> None:
        super().__init__()
        self.weight = torch.ones(3)
        self.count = 2

    def forward(self, x: Tensor) -> Tensor:
        return x * self.weight + self.count

    @torch.jit.export
    def __setstate__(self, state):  # noqa: ANN001, ANN204
        self.weight = state[0]
        self.count = state[1]
        self.training = state[2]

    @torch.jit.export
    def __getstate__(self):  # noqa: ANN204
        return self.weight, self.count, self.training


@programs.script((X,))
def normalized_weight() -> nn.Module:
    return nn.Sequential(nn.utils.parametrizations.weight_norm(nn.Linear(3, 2)), nn.ReLU())


class Symmetric(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return x.triu() + x.triu(1).transpose(-1, -2)


@programs.script((X,))
def parametrized() -> nn.Module:
    linear = nn.Linear(3, 3)
    nn.utils.parametrize.register_parametrization(linear, "weight", Symmetric())
    return linear


@programs.script((X,))
def quantized_dynamically() -> nn.Module:
    network = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 2)).eval()
    return torch.ao.quantization.quantize_dynamic(network, {nn.Linear}, dtype=torch.qint8)


@programs.script((X,))
@functools.cache
def traced_by_fx() -> nn.Module:
    return torch.fx.symbolic_trace(nn.Sequential(nn.Linear(3, 3), nn.Tanh()))
