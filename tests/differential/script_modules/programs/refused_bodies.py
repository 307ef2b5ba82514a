"""Bodies of `forward` that are refused."""

import torch
from torch import nn

from tests.differential.script_modules.programs import Refusals
from tests.differential.script_modules.programs.bodies import Base

refusals = Refusals()


def run(module, x):
    return module(x)


@refusals.refused
class ComparesWithNone(Base):
    def forward(self, x):
        if self.none == None:
            x = x + 1
        return x


@refusals.refused
class ClassName(Base):
    def forward(self, x):
        return x, self.__class__.__name__


@refusals.refused
class TypeOfSelf(Base):
    def forward(self, x):
        return x, type(self)


@refusals.refused
class NameOfSelf(Base):
    def forward(self, x):
        return x, self._get_name()


@refusals.refused
class AnnotatesSetAttribute(Base):
    def forward(self, x):
        self.a: int = 3
        return x + self.a


@refusals.refused
class DeletesAttribute(Base):
    def forward(self, x):
        del self.a
        return x


@refusals.refused
class PassesModule(Base):
    def forward(self, x):
        return run(self.leaf, x)


@refusals.refused
class CallsChosenModule(Base):
    def forward(self, x):
        m = self.leaf
        if x.sum() > 0:
            m = self.layers[0]
        return m(x)


@refusals.refused
class ZipsWithList(Base):
    def forward(self, x):
        for a, b in zip(self.layers, self.l):
            x = a(x) + b
        return x


@refusals.refused
class ZipsWithLiteral(Base):
    def forward(self, x):
        for a, b in zip(self.layers, [1.0, 2.0]):
            x = a(x) + b
        return x


@refusals.refused
class Reverses(Base):
    def forward(self, x):
        for l in reversed(self.layers):
            x = l(x)
        return x


@refusals.refused
class IndexesByCounter(Base):
    def forward(self, x):
        for i in range(len(self.layers)):
            x = self.layers[i](x)
        return x


@refusals.refused
class IndexesByVariable(Base):
    def forward(self, x):
        i = 1
        return self.layers[i](x)


@refusals.refused
class WritesLambda(Base):
    def forward(self, x):
        f = lambda y: y
        return f(x)


@refusals.refused
class DefinesFunction(Base):
    def forward(self, x):
        def f(y):
            return y

        return f(x)


@refusals.refused
class CallsSuperclass(Base):
    def forward(self, x):
        return super().forward(x)


@refusals.refused
class CallsBase(Base):
    def forward(self, x):
        return Base.forward(self, x)


@refusals.refused
class MakesModule(Base):
    def forward(self, x):
        return nn.Linear(3, 3)(x)


@refusals.refused
class UnpacksInList(Base):
    def forward(self, x):
        return torch.stack([*[x, x]])


@refusals.refused
class WrongKeyword(Base):
    def forward(self, x):
        return self.leaf(y=x)


@refusals.refused
class MissingArgument(Base):
    def forward(self, x):
        return self.leaf()


@refusals.refused
class TooManyArguments(Base):
    def forward(self, x):
        return self.leaf(x, x)


@refusals.refused
class SetsNone(Base):
    def forward(self, x):
        self.opt = x
        return x


@refusals.refused
class SetsFloatToInt(Base):
    def forward(self, x):
        self.f = 1
        return x


@refusals.refused
class SetsIntToFloat(Base):
    def forward(self, x):
        self.a = 1.5
        return x


@refusals.refused
class ComparesModules(Base):
    def forward(self, x):
        return self.leaf == self.layers[0]


@refusals.refused
class UnknownMethod(Base):
    def forward(self, x):
        return self.nofn(x)


@refusals.refused
class UnknownMethodOfChild(Base):
    def forward(self, x):
        return self.leaf.nope(x)


@refusals.refused
class UnknownAttributeOfChild(Base):
    def forward(self, x):
        return self.leaf.nope


@refusals.refused
class NewAttributeOfChild(Base):
    def forward(self, x):
        self.leaf.nope = 3
        return x


@refusals.refused
class ReadsByVariable(Base):
    def forward(self, x):
        n = "a"
        return getattr(self, n)


@refusals.refused
class SumsGenerator(Base):
    def forward(self, x):
        return sum(l(x) for l in self.layers)


@refusals.refused
class BreaksUnrolled(Base):
    def forward(self, x):
        for l in self.layers:
            if x.sum() > 3:
                break
            x = l(x)
        return x


@refusals.refused
class ContinuesUnrolled(Base):
    def forward(self, x):
        for l in self.layers:
            if x.sum() > 3:
                continue
            x = l(x)
        return x


@refusals.refused
class BreaksStatically(Base):
    def forward(self, x):
        for i, l in enumerate(self.layers):
            if i == 1:
                break
            x = l(x)
        return x
