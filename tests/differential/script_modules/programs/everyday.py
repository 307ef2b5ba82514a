"""Modules as their users write them."""

from typing import Dict, Final, List, NamedTuple, Optional, Tuple

import torch
from torch import Tensor, nn
from torch.nn import functional

from tests.differential.corpus.language.programs import Programs

programs = Programs()
X = torch.linspace(-1, 1, 12).reshape(3, 4)


@programs.script((X,))
class Looped(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(4, 4) for _ in range(3)])
        self.named = nn.ModuleDict({"a": nn.ReLU(), "b": nn.Tanh()})
        self.seq = nn.Sequential(nn.Linear(4, 4), nn.Sigmoid())

    def forward(self, x: Tensor) -> Tensor:
        for i, (l, s) in enumerate(zip(self.layers, self.layers)):
            x = l(x) * i + s(x)
        for k, m in self.named.items():
            x = m(x) + len(k)
        for k in self.named:
            x = x + len(k)
        for m in self.named.values():
            x = m(x)
        for k in self.named.keys():
            x = x + len(k)
        for m in self.seq:
            x = m(x)
        for m in self.layers[1:]:
            x = m(x)
        x = self.layers[0](x) + self.layers[-1](x) + self.named["a"](x) + self.seq[1](x)
        return x + len(self.layers) + len(self.named) + len(self.seq)


@programs.script((X,))
class Contains(nn.Module):
    def __init__(self):
        super().__init__()
        self.named = nn.ModuleDict({"a": nn.ReLU()})

    def forward(self, x: Tensor) -> Tensor:
        if "a" in self.named:
            x = self.named["a"](x)
        return x


@programs.script((X,))
class MaybeChild(nn.Module):
    def __init__(self):
        super().__init__()
        self.down: Optional[nn.Module] = None
        self.up = nn.Linear(4, 4)

    def forward(self, x: Tensor) -> Tensor:
        if self.down is not None:
            x = self.down(x)
        if self.up is not None:
            x = self.up(x)
        return x


@programs.script((X,))
class HasAttribute(nn.Module):
    def __init__(self):
        super().__init__()
        self.scale = 2.0

    def forward(self, x: Tensor) -> Tensor:
        if hasattr(self, "scale"):
            x = x * self.scale
        if hasattr(self, "nothing"):
            x = x + self.nothing
        return x * getattr(self, "scale")


@programs.script((X,))
class WithProperty(nn.Module):
    def __init__(self):
        super().__init__()
        self._k = 2

    @property
    def k(self) -> int:
        return self._k + 1

    @k.setter
    def k(self, value: int) -> None:
        self._k = value

    def forward(self, x: Tensor) -> Tensor:
        y = x * self.k
        self.k = 7
        return y + self.k


@programs.script((X,))
class WithExport(nn.Module):
    def __init__(self):
        super().__init__()
        self.count: int = 0
        self.history = torch.jit.Attribute([], List[float])
        self.table = torch.jit.Attribute({}, Dict[str, Tensor])

    def forward(self, x: Tensor) -> Tensor:
        self.count += 1
        self.history.append(float(x.sum()))
        self.table["last"] = x
        return self.helper(x, k=2)

    def helper(self, x: Tensor, k: int = 1) -> Tensor:
        return x * k + self.count

    @torch.jit.export
    def summary(self, scale: float = 1.0) -> Tuple[int, List[float]]:
        return self.count, [h * scale for h in self.history]

    @torch.jit.ignore
    def ignored(self, x):
        return x

    @torch.jit.unused
    def unused(self, x: Tensor) -> Tensor:
        return x


@programs.script((X,))
class Constants(nn.Module):
    __constants__ = ["n", "names", "pair", "f"]
    limit: Final[int]
    mode: Final = "sum"

    def __init__(self):
        super().__init__()
        self.n = 3
        self.names = ["a", "b"]
        self.pair = (1, 2.0)
        self.f = 0.5
        self.limit = 4

    def forward(self, x: Tensor) -> Tensor:
        if self.n > 2:
            x = x + self.pair[0]
        for name in self.names:
            x = x + len(name)
        if self.mode == "sum":
            x = x * self.f
        return x + self.limit


@programs.script((X,))
class Buffers(nn.Module):
    running: Tensor

    def __init__(self):
        super().__init__()
        self.register_buffer("running", torch.zeros(4))
        self.register_buffer("maybe", None)
        self.register_buffer("temporary", torch.ones(1), persistent=False)
        self.weight = nn.Parameter(torch.ones(4))
        self.register_parameter("bias", None)
        self.rates = nn.ParameterList([nn.Parameter(torch.ones(1)), nn.Parameter(torch.ones(1) * 2)])

    def forward(self, x: Tensor) -> Tensor:
        self.running += x.mean(0)
        self.running.mul_(0.9)
        if self.bias is not None:
            x = x + self.bias
        x = x * self.rates[0]
        return x * self.weight + self.running * self.temporary


@programs.script((X,))
class ParameterDictionary(nn.Module):
    def __init__(self):
        super().__init__()
        self.p = nn.ParameterDict({"a": nn.Parameter(torch.ones(4))})

    def forward(self, x: Tensor) -> Tensor:
        return x * self.p["a"]


class Block(nn.Module):
    def __init__(self, k: int):
        super().__init__()
        self.k = k

    def forward(self, x: Tensor, skip: Optional[Tensor] = None) -> Tensor:
        return x * self.k if skip is None else x + skip

    def extra(self, x: Tensor) -> Tensor:
        return x - 1


@programs.script((X,))
class CallsExtra(nn.Module):
    def __init__(self):
        super().__init__()
        self.blocks = nn.ModuleList([Block(1), Block(2), Block(2)])
        self.alias = self.blocks[0]

    def forward(self, x: Tensor) -> Tensor:
        outs: List[Tensor] = []
        for b in self.blocks:
            x = b.extra(b(x, skip=x))
            outs.append(x)
        return torch.cat(outs) + self.alias.k


class Base(nn.Module):
    def __init__(self):
        super().__init__()
        self.lin = nn.Linear(4, 4)

    def forward(self, x: Tensor) -> Tensor:
        return self.post(self.lin(x))

    def post(self, x: Tensor) -> Tensor:
        return x


@programs.script((X,))
class Derived(Base):
    def post(self, x: Tensor) -> Tensor:
        return x.relu()


@torch.jit.interface
class Step(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        pass


class StepA(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return x + 1


class StepB(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return x * 2


@programs.script((X,))
class Interfaced(nn.Module):
    step: Step

    def __init__(self):
        super().__init__()
        self.step = StepA()
        self.steps = nn.ModuleList([StepA(), StepB()])

    def forward(self, x: Tensor, i: int = 1) -> Tensor:
        s: Step = self.steps[i]
        return s.forward(self.step.forward(x))


def pre_hook(self, input: Tuple[Tensor]) -> Tuple[Tensor]:
    return (input[0] * 2,)


def post_hook(self, input: Tuple[Tensor], output: Tensor) -> Tensor:
    return output + input[0]


@programs.script((X,))
class Hooked(nn.Module):
    def __init__(self):
        super().__init__()
        self.inner = StepA()
        self.inner.register_forward_pre_hook(pre_hook)
        self.inner.register_forward_hook(post_hook)
        self.register_forward_hook(post_hook)

    def forward(self, x: Tensor) -> Tensor:
        return self.inner(x)


@programs.script((X,))
class Training(nn.Module):
    def __init__(self):
        super().__init__()
        self.drop = nn.Dropout(0.5)
        self.eval()

    def forward(self, x: Tensor) -> Tensor:
        if self.training:
            return self.drop(x)
        return x


@programs.script((X,))
class FunctionAttribute(nn.Module):
    def __init__(self):
        super().__init__()
        self.act = functional.relu
        self.op = torch.tanh

    def forward(self, x: Tensor) -> Tensor:
        return self.op(self.act(x))


class Out(NamedTuple):
    logits: Tensor
    hidden: Optional[Tensor] = None


@programs.script((X,))
class GivesNamed(nn.Module):
    def forward(self, x: Tensor) -> Out:
        o = Out(x)
        return Out(logits=o.logits + 1, hidden=o.logits)


@programs.script((X, None), (X, (X[0], X[1])))
class State(nn.Module):
    def __init__(self):
        super().__init__()
        self.cell = nn.LSTMCell(4, 4)

    def forward(
        self, x: Tensor, state: Optional[Tuple[Tensor, Tensor]] = None
    ) -> Tuple[Tensor, Tuple[Tensor, Tensor]]:
        if state is None:
            z = torch.zeros(1, 4)
            state = (z, z)
        else:
            state = (state[0][None], state[1][None])
        h, c = state
        for t in range(x.size(0)):
            h, c = self.cell(x[t : t + 1], (h, c))
        return h, (h, c)


@programs.script((X,))
class Recurrent(nn.Module):
    def __init__(self):
        super().__init__()
        self.gru = nn.GRU(4, 3, batch_first=True, bidirectional=True)
        self.lstm = nn.LSTM(4, 3, num_layers=2)

    def forward(self, x: Tensor) -> Tensor:
        a, h = self.gru(x[None])
        b, (g, c) = self.lstm(x[:, None])
        return a.sum() + h.sum() + b.sum() + c.sum()


@programs.script((X,))
class Transformer(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = nn.TransformerEncoderLayer(4, 2, 8, batch_first=True)
        self.norm = nn.LayerNorm(4)
        self.eval()

    def forward(self, x: Tensor) -> Tensor:
        return self.norm(self.layer(x[None]))


@programs.script()
class NoForward(nn.Module):
    def __init__(self):
        super().__init__()
        self.x = 1

    @torch.jit.export
    def go(self, x: Tensor) -> Tensor:
        return x * self.x


@programs.script((X,))
class IgnoredCall(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return self.think(x)

    @torch.jit.ignore
    def think(self, x: Tensor) -> Tensor:
        return x + 1


@programs.script((X,))
class UnusedCall(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        if False:
            return self.think(x)
        return x

    @torch.jit.unused
    def think(self, x: Tensor) -> Tensor:
        return eval("x")


@programs.script((X,))
class AttributeKinds(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = torch.jit.Attribute(1, int)
        self.b = torch.jit.Attribute({}, Dict[str, int])
        self.c = None
        self.d = (1, "x")
        self.e = {"k": [1]}
        self.f = [X, X]
        self.device = torch.device("cpu")
        self.dtype = torch.float32
        self.comp = 1j

    def forward(self, x: Tensor) -> Tensor:
        if self.c is None:
            x = x + self.a
        self.b["z"] = self.e["k"][0]
        return x.to(self.device).to(self.dtype) + self.d[0] + self.f[0] + self.comp


@programs.script((X,))
class StarredSequential(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential()
        self.body.add_module("first", nn.Linear(4, 4))
        self.body.add_module("second", nn.Identity())

    def forward(self, x: Tensor) -> Tensor:
        return self.body(x) + self.body.first(x)


@programs.script((X, 1))
class Overloaded(nn.Module):
    @torch.jit._overload_method
    def add(self, x: Tensor, k: int) -> Tensor: ...

    @torch.jit._overload_method
    def add(self, x: Tensor, k: float) -> Tensor: ...

    def add(self, x, k):
        return x + k

    def forward(self, x: Tensor, k: int) -> Tensor:
        return self.add(x, k) + self.add(x, 1.5)


class Counter:
    n: int

    def __init__(self, n: int):
        self.n = n

    def up(self) -> int:
        self.n += 1
        return self.n


@programs.script((X,))
class HoldsObject(nn.Module):
    counter: Counter

    def __init__(self):
        super().__init__()
        self.counter = Counter(1)

    def forward(self, x: Tensor) -> Tensor:
        return x * self.counter.up()


@programs.script((X,))
class SharedWeights(nn.Module):
    def __init__(self):
        super().__init__()
        self.enc = nn.Linear(4, 4, bias=False)
        self.dec = nn.Linear(4, 4, bias=False)
        self.dec.weight = self.enc.weight

    def forward(self, x: Tensor) -> Tensor:
        return self.dec(self.enc(x))


@programs.script((X,))
class ModernTypes(nn.Module):
    def forward(
        self, x: "Tensor", y: int | None = None, z: list[int] | None = None
    ) -> tuple[Tensor, dict[str, int]]:
        k = y if y is not None else 1
        d: dict[str, int] = {}
        d["a"] = k
        return x, d


@programs.script((X,))
class ForksAndWaits(nn.Module):
    def __init__(self):
        super().__init__()
        self.lin = nn.Linear(4, 4)

    def forward(self, x: Tensor) -> Tensor:
        futures: List[torch.jit.Future[Tensor]] = []
        for i in range(2):
            futures.append(torch.jit.fork(self.work, x, i))
        f = torch.jit.fork(self.lin, x)
        return torch.stack([torch.jit.wait(g) for g in futures]).sum() + f.wait()

    def work(self, x: Tensor, i: int) -> Tensor:
        return x + i


@programs.script((X,))
class WeightNormed(nn.Module):
    def __init__(self):
        super().__init__()
        self.lin = nn.utils.parametrizations.weight_norm(nn.Linear(4, 4))

    def forward(self, x: Tensor) -> Tensor:
        return self.lin(x)


@programs.script((X,))
class MethodPassed(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        f = self.helper
        return f(x)

    def helper(self, x: Tensor) -> Tensor:
        return x


@programs.script()
class SelfReturned(nn.Module):
    def forward(self, x: Tensor):
        return self


@programs.script((X,))
class StaticAndClass(nn.Module):
    @staticmethod
    def twice(x: Tensor) -> Tensor:
        return x * 2

    def forward(self, x: Tensor) -> Tensor:
        return self.twice(x) + StaticAndClass.twice(x)


class Act(nn.Module):
    """A class of its own: torch compares with the first compiled class of the name in the process."""

    def forward(self, x: Tensor) -> Tensor:
        return x.relu()


@programs.script((X,))
class IsInstanceOfModule(nn.Module):
    def __init__(self):
        super().__init__()
        self.act = Act()

    def forward(self, x: Tensor) -> Tensor:
        if isinstance(self.act, Act):
            return self.act(x)
        return x
