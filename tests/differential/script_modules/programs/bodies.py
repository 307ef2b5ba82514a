"""Bodies of `forward` over everything that a module is used for, without annotations."""

import torch
from torch import Tensor, nn

from tests.differential.corpus.language.programs import Programs

programs = Programs()
X = torch.linspace(-1, 1, 6).reshape(2, 3)


class Leaf(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.w = nn.Parameter(torch.full((3,), 2.0), requires_grad=False)
        self.n = 1
        self.inner = nn.Linear(3, 3)

    def forward(self, x: Tensor) -> Tensor:
        return x * self.w


class Called(Leaf):
    """A class of its own, since a method is compiled for all modules of a class once one is asked for it."""

    def m(self, x: Tensor, k: int) -> Tensor:
        return self.inner(x) + k


class Base(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.leaf = Leaf()
        self.layers = nn.ModuleList([Leaf(), Leaf()])
        self.a = 1
        self.b = 2
        self.f = 0.5
        self.s = "x"
        self.t = torch.ones(3)
        self.l = [1, 2]
        self.d = {"a": 1}
        self.p = nn.Parameter(torch.ones(3), requires_grad=False)
        self.none = None
        self.opt = None


class BaseOfCalled(Base):
    def __init__(self) -> None:
        super().__init__()
        self.leaf = Called()
        self.layers = nn.ModuleList([Called(), Called()])


@programs.script((X,), (X,))
class Swaps(Base):
    def forward(self, x):
        self.a, self.b = self.b, self.a
        return x + self.a


@programs.script((X,), (X,))
class AddsToChild(Base):
    def forward(self, x):
        self.leaf.n += 3
        return x + self.leaf.n


@programs.script((X,), (X,))
class SetsItems(Base):
    def forward(self, x):
        self.leaf.n = 3
        self.t[0] = 5
        self.t[1:] += x[0, 1:]
        self.d["b"] = 3
        self.d["a"] += 1
        self.l[0] *= 2
        return x + self.t + self.d["a"]


@programs.script((X,), (X,))
class LooksDeep(BaseOfCalled):
    def forward(self, x):
        return (
            self.leaf.inner(x)
            + self.leaf.inner.weight
            + self.leaf.m(x, 2)
            + self.layers[0].w
            + self.layers[1].inner.bias
        )


@programs.script((X,), (X,))
class WithoutGradients(Base):
    def forward(self, x):
        with torch.no_grad():
            x = self.leaf(x)
        return x


@programs.script((X,), (X,))
class FormatsText(Base):
    def forward(self, x):
        y = f"{self.a} {self.s}"
        return x, y


@programs.script((X,), (X,))
class TestsForNone(Base):
    def forward(self, x):
        if self.none is None:
            x = x + 1
        if self.leaf is not None:
            x = self.leaf(x)
        return x


@programs.script((X,), (X,))
class ListsModules(Base):
    def forward(self, x):
        z = [self.leaf, self.layers[0]]
        return z[0].forward(x)


@programs.script((X,), (X,))
class TupleOfModules(Base):
    def forward(self, x):
        z = (self.leaf, self.layers[0])
        return z[0].forward(x)


@programs.script((X,), (X,))
class ChoosesModule(Base):
    def forward(self, x):
        m = self.leaf if x.sum() > 0 else self.layers[0]
        return m.forward(x)


@programs.script((X,), (X,))
class SetsInLoop(Base):
    def forward(self, x):
        for i in range(3):
            self.a = self.a + i
            x = self.leaf(x)
        return x + self.a


@programs.script((X,), (X,))
class LoopsOnAttribute(Base):
    def forward(self, x):
        while self.a < 5:
            self.a += 1
            x = x + self.a
        return x


@programs.script((X,), (X,))
class NestsBranches(Base):
    def forward(self, x):
        if self.training:
            if self.a > 0:
                return x + 1
            else:
                return x + 2
        return self.leaf(x)


@programs.script((X,), (X,))
class ListsCalls(Base):
    def forward(self, x):
        return [self.leaf(x) for _ in range(self.a)]


@programs.script((X,), (X,))
class TableOfCalls(Base):
    def forward(self, x):
        return {str(i): l(x) for i, l in enumerate(self.layers)}


@programs.script((X,), (X,))
class ReversesBySlice(Base):
    def forward(self, x):
        for i, l in enumerate(self.layers[::-1]):
            x = l.forward(x) + i
        return x


@programs.script((X,), (X,))
class IndexesFromEnd(Base):
    def forward(self, x):
        return self.layers[-2](x) + self.layers[-1](x)


@programs.script((X,), (X,))
class AsksForClass(Base):
    def forward(self, x):
        if isinstance(self.leaf, Leaf):
            x = x + 1
        return x


@programs.script((X,), (X,))
class Asserts(Base):
    def forward(self, x):
        assert self.a > 0, "bad"
        assert self.none is None
        return x


@programs.script((X,), (X,))
class Raises(Base):
    def forward(self, x):
        if self.a > 100:
            raise ValueError(self.s)
        return x


@programs.script((X,), (X,))
class UsesFunctional(Base):
    def forward(self, x):
        return nn.functional.linear(x, self.leaf.inner.weight, self.leaf.inner.bias)


@programs.script((X,), (X,))
class Concatenates(Base):
    def forward(self, x):
        return torch.cat([l(x) for l in self.layers], dim=self.a)


@programs.script((X,), (X,))
class UnpacksArguments(Base):
    def forward(self, x):
        y = (x,)
        return self.leaf(*y)


@programs.script((X,), (X,))
class NamesArgument(Base):
    def forward(self, x):
        return self.leaf(x=x)


@programs.script((X,), (X,))
class NamesArguments(BaseOfCalled):
    def forward(self, x):
        return self.leaf.m(k=2, x=x)


@programs.script((X,), (X,))
class SetsParameter(Base):
    def forward(self, x):
        self.p = x
        return self.p


@programs.script((X,), (X,))
class ChangesParameter(Base):
    def forward(self, x):
        self.p.add_(1)
        return self.p + x


@programs.script((X,), (X,))
class ReadsGradient(Base):
    def forward(self, x):
        return self.leaf.w.grad


@programs.script((X,), (X,))
class Prints(Base):
    def forward(self, x):
        print(self.a, self.s, x.shape)
        return x


@programs.script((X,), (X,))
class SearchesContainers(Base):
    def forward(self, x):
        return 1 in self.l, "a" in self.d, self.s in ["x"]


@programs.script((X,), (X,))
class Lengths(Base):
    def forward(self, x):
        return len(self.l) + len(self.d) + len(self.s) + len(self.t)


@programs.script((X,), (X,))
class Slices(Base):
    def forward(self, x):
        return self.l[1:], self.t[:2], self.s[0]


@programs.script((X,), (X,))
class ChoosesByTraining(Base):
    def forward(self, x):
        return x + self.a if self.training else x - self.b


@programs.script((X,), (X,))
class JoinsConditions(Base):
    def forward(self, x):
        if self.training and self.a > 1 or not self.b:
            x = x + 1
        return x


@programs.script((X,), (X,))
class ChainsComparisons(Base):
    def forward(self, x):
        if 0 < self.a < self.b:
            x = x + 1
        return x


@programs.script((X,), (X,))
class HoldsMethod(BaseOfCalled):
    def forward(self, x):
        f = self.leaf.m
        return f(x, 1)


@programs.script((X,), (X,))
class HoldsMethodInLoop(BaseOfCalled):
    def forward(self, x):
        for l in self.layers:
            f = l.m
            x = f(x, 1)
        return x


@programs.script((X,), (X,))
class SetsModule(Base):
    def forward(self, x):
        self.leaf = self.layers[0]
        return x


@programs.script((X,), (X,))
class SkipsBranch(Base):
    def forward(self, x):
        return x.to(self.t.dtype) + self.t.device.index if False else x


@programs.script((X,), (X,))
class AsksChild(Base):
    def forward(self, x):
        if hasattr(self.leaf, "n") and not hasattr(self.leaf, "zz"):
            x = x + 1
        return x


@programs.script((X,), (X,))
class ReadsByName(Base):
    def forward(self, x):
        return getattr(self.leaf, "n") + x + getattr(self, "zz", 3)


@programs.script((X,), (X,))
class AllOf(Base):
    def forward(self, x):
        return all([self.training, self.a > 0])


@programs.script((X,), (X,))
class ReturnsFromUnrolled(Base):
    def forward(self, x):
        for l in self.layers:
            x = l(x)
            if x.sum() > 3:
                return x
        return x + 1
