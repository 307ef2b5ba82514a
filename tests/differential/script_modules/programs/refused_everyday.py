"""Modules as their users write them, as TorchScript refuses them."""

from torch import Tensor, nn

from tests.differential.script_modules.programs import Refusals
from tests.differential.script_modules.programs.everyday import Base

refusals = Refusals()


@refusals.refused
class ReversedLayers(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList([nn.ReLU(), nn.Tanh()])

    def forward(self, x: Tensor) -> Tensor:
        for layer in self.layers[::-1]:
            x = layer(x)
        return x


@refusals.refused
class CallsSuper(Base):
    def forward(self, x: Tensor) -> Tensor:
        return super().forward(x) + 1


@refusals.refused
class CallsBaseByName(Base):
    def forward(self, x: Tensor) -> Tensor:
        return Base.forward(self, x) + 1


@refusals.refused
class LambdaAttribute(nn.Module):
    def __init__(self):
        super().__init__()
        self.act = lambda x: x

    def forward(self, x: Tensor) -> Tensor:
        return self.act(x)


@refusals.refused
class TupleOfModules(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.ReLU()
        self.b = nn.Tanh()

    def forward(self, x: Tensor) -> Tensor:
        for m in (self.a, self.b):
            x = m(x)
        for m in [self.a, self.b]:
            x = m(x)
        return x


@refusals.refused
class TypeComments(nn.Module):
    def forward(self, x, y=None):
        # type: (Tensor, Optional[Tensor]) -> Tuple[Tensor, int]
        z = []  # type: List[int]
        z.append(1)
        if y is not None:
            x = x + y
        return x, z[0]


@refusals.refused
class OldWeightNorm(nn.Module):
    def __init__(self):
        super().__init__()
        self.lin = nn.utils.weight_norm(nn.Linear(4, 4))

    def forward(self, x: Tensor) -> Tensor:
        return self.lin(x)


@refusals.refused
class VariadicForward(nn.Module):
    def forward(self, *xs: Tensor) -> Tensor:
        return xs[0]


@refusals.refused
class KeywordForward(nn.Module):
    def forward(self, x: Tensor, **kw: Tensor) -> Tensor:
        return x


@refusals.refused
class NewAttribute(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        self.fresh = x
        return self.fresh


@refusals.refused
class IndexedByNumber(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList([nn.ReLU(), nn.Tanh()])

    def forward(self, x: Tensor, i: int = 0) -> Tensor:
        return self.layers[i](x)


@refusals.refused
class ClassVariable(nn.Module):
    size = 3
    names = ["a"]

    def forward(self, x: Tensor) -> Tensor:
        return x * self.size + len(self.names)


@refusals.refused
class UninitializedAttr(nn.Module):
    later: int

    def forward(self, x: Tensor) -> Tensor:
        return x + self.later
