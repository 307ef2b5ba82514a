"""Modules: scopes, repeated calls, containers, shared parts, hooks, buffers."""

from typing import Any

import torch
import torch.utils.checkpoint
from torch import Tensor, nn

from tests.differential.tracing.programs.registry import Registry

modules = Registry("modules")
X = torch.rand(3, 4)


@modules(X)
class Plain(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.rand(4))
        self.register_buffer("shift", torch.rand(4))

    def forward(self, x: Tensor) -> Any:
        return x * self.weight + self.shift


@modules(X)
class Nested(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Linear(4, 5)
        self.rest = nn.Sequential(nn.ReLU(), nn.Linear(5, 3), nn.Sequential(nn.Tanh(), nn.Linear(3, 2)))

    def forward(self, x: Tensor) -> Any:
        return self.rest(self.first(x))


@modules(X)
class CalledTwice(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Linear(4, 4)

    def forward(self, x: Tensor) -> Any:
        return self.layer(torch.relu(self.layer(self.layer(x))))


@modules(X)
class SharedModule(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.a = nn.Linear(4, 4)
        self.b = self.a
        self.c = nn.Sequential(self.a, nn.ReLU())

    def forward(self, x: Tensor) -> Any:
        return self.c(self.b(self.a(x)))


@modules(X)
class TiedWeights(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.a = nn.Linear(4, 4)
        self.b = nn.Linear(4, 4)
        self.b.weight = self.a.weight

    def forward(self, x: Tensor) -> Any:
        return self.b(self.a(x))


@modules(X)
class SameParameterTwice(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.a = nn.Parameter(torch.rand(4))
        self.b = self.a

    def forward(self, x: Tensor) -> Any:
        return x * self.a + self.b


@modules(X)
class BufferWritten(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("count", torch.zeros(4))

    def forward(self, x: Tensor) -> Any:
        self.count += 1
        self.count.mul_(2)
        return x + self.count


@modules(X)
class BufferReplaced(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("last", torch.zeros(3, 4))

    def forward(self, x: Tensor) -> Any:
        y = x + self.last
        self.last = y
        return y * 2


@modules(X)
class Lists(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(4, 4) for _ in range(3)])
        self.named = nn.ModuleDict({"a": nn.ReLU(), "b": nn.Linear(4, 2)})
        self.scales = nn.ParameterList([nn.Parameter(torch.rand(4)) for _ in range(2)])

    def forward(self, x: Tensor) -> Any:
        for layer in self.layers:
            x = layer(x) * self.scales[0]
        return self.named["b"](self.named["a"](x) + self.scales[1])


@modules(X)
class ParameterOfChild(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Linear(4, 4)

    def forward(self, x: Tensor) -> Any:
        return x @ self.layer.weight + self.layer.bias + self.layer(x)


@modules(X)
class ParameterGivenToChild(nn.Module):
    class Inner(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.own = nn.Parameter(torch.rand(4))

        def forward(self, x, given):
            return x * given + self.own

    def __init__(self) -> None:
        super().__init__()
        self.inner = self.Inner()
        self.weight = nn.Parameter(torch.rand(4))

    def forward(self, x: Tensor) -> Any:
        return self.inner(x, self.weight) + self.inner(x, self.inner.own)


class SeveralResults(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.scale = nn.Parameter(torch.rand(4))

    def forward(self, x: Tensor) -> Any:
        return x * self.scale, (x + 1, x.sum())


@modules(X)
class TuplesBetween(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.inner = SeveralResults()

    def forward(self, x: Tensor) -> Any:
        a, (b, c) = self.inner(x)
        return a + b * c


@modules(X)
class UnusedResult(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.inner = nn.Linear(4, 4)

    def forward(self, x: Tensor) -> Any:
        self.inner(x)
        return x + 1


@modules(X)
class IntermediateRead(nn.Module):
    class Inner(nn.Module):
        def forward(self, x: Tensor) -> Any:
            self.kept = x * 2
            return self.kept + 1

    def __init__(self) -> None:
        super().__init__()
        self.inner = self.Inner()

    def forward(self, x: Tensor) -> Any:
        return self.inner(x) + self.inner.kept


@modules(X)
class ListBetween(nn.Module):
    class Inner(nn.Module):
        def forward(self, items):
            return [item + 1 for item in items]

    def __init__(self) -> None:
        super().__init__()
        self.inner = self.Inner()

    def forward(self, x: Tensor) -> Any:
        a, b = self.inner([x, x * 2])
        return a + b


@modules(X)
class DictBetween(nn.Module):
    class Inner(nn.Module):
        def forward(self, given):
            return {"a": given["x"] + 1, "b": given["x"] * 2}

    def __init__(self) -> None:
        super().__init__()
        self.inner = self.Inner()

    def forward(self, x: Tensor) -> Any:
        out = self.inner({"x": x})
        return out["a"] * out["b"]


@modules(X)
class Hooked(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Linear(4, 4)
        self.layer.register_forward_pre_hook(lambda module, given: (given[0] * 2,))
        self.layer.register_forward_hook(lambda module, given, result: result + 1)
        self.register_forward_hook(lambda module, given, result: result * 3)
        self.register_forward_pre_hook(lambda module, given: (given[0] - 1,))

    def forward(self, x: Tensor) -> Any:
        return self.layer(x)


@modules(X)
class BackwardHooked(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Linear(4, 4)
        self.layer.register_full_backward_hook(lambda module, given, result: None)

    def forward(self, x: Tensor) -> Any:
        return self.layer(x)


@modules((X, X))
class TupleInput(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Linear(4, 4)

    def forward(self, pair):
        return self.layer(pair[0]) + pair[1]


@modules({"a": X, "b": X * 2})
class DictInput(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Linear(4, 4)

    def forward(self, given):
        return self.layer(given["a"]) + given["b"]


@modules(X, strict=False)
class DictOutput(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Linear(4, 4)

    def forward(self, x: Tensor) -> Any:
        return {"out": self.layer(x), "in": x}


@modules(X)
class DictOutputRefused(nn.Module):
    def forward(self, x: Tensor) -> Any:
        return {"out": x + 1}


@modules(X)
class SlicesInScopes(nn.Module):
    class Inner(nn.Module):
        def forward(self, x: Tensor) -> Any:
            y = x.clone()
            y[:, :2] = 0
            y[0] += 1
            return y[:, 1:]

    def __init__(self) -> None:
        super().__init__()
        self.inner = self.Inner()

    def forward(self, x: Tensor) -> Any:
        return self.inner(x).sum()


@modules(torch.rand(2, 3, 8, 8))
class Convolutional(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(3, 6, 3, padding=1)
        self.norm = nn.BatchNorm2d(6)
        self.pool = nn.MaxPool2d(2)
        self.head = nn.Linear(96, 5)

    def forward(self, x: Tensor) -> Any:
        x = self.pool(torch.relu(self.norm(self.conv(x))))
        return self.head(x.view(x.size(0), -1))


class Block(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.conv1 = nn.Conv2d(width, width, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.relu = nn.ReLU(inplace=True)
        self.conv2 = nn.Conv2d(width, width, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)

    def forward(self, x: Tensor) -> Any:
        identity = x
        out = self.relu(self.bn1(self.conv1(x)))
        out = self.bn2(self.conv2(out))
        out += identity
        return self.relu(out)


@modules(torch.rand(1, 4, 8, 8))
class Residual(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.layer1 = nn.Sequential(Block(4), Block(4))
        self.pool = nn.AdaptiveAvgPool2d((1, 1))
        self.fc = nn.Linear(4, 2)
        self.eval()

    def forward(self, x: Tensor) -> Any:
        return self.fc(torch.flatten(self.pool(self.layer1(x)), 1))


@modules(torch.rand(5, 2, 4))
class Recurrent(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.lstm = nn.LSTM(4, 6, num_layers=2, bidirectional=True)
        self.gru = nn.GRU(12, 3)

    def forward(self, x: Tensor) -> Any:
        out, (h, c) = self.lstm(x)
        out, last = self.gru(out)
        return out, h, c, last


@modules(torch.rand(2, 4), torch.rand(2, 6))
class Cells(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.gru = nn.GRUCell(4, 6)
        self.lstm = nn.LSTMCell(4, 6)

    def forward(self, x, h):
        h = self.gru(x, h)
        return self.lstm(x, (h, h))


@modules(torch.rand(5, 2, 8))
class Attention(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.attention = nn.MultiheadAttention(8, 2)
        self.norm = nn.LayerNorm(8)

    def forward(self, x: Tensor) -> Any:
        y, weights = self.attention(x, x, x)
        return self.norm(x + y), weights


class OwnAttention(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(width, width * 3)
        self.out = nn.Linear(width, width)

    def forward(self, x: Tensor) -> Any:
        b, t, c = x.size()
        q, k, v = self.qkv(x).split(c, dim=2)
        q = q.view(b, t, self.heads, c // self.heads).transpose(1, 2)
        k = k.view(b, t, self.heads, c // self.heads).transpose(1, 2)
        v = v.view(b, t, self.heads, c // self.heads).transpose(1, 2)
        weights = (q @ k.transpose(-2, -1)) * (1.0 / k.size(-1) ** 0.5)
        mask = torch.tril(torch.ones(t, t)).view(1, 1, t, t)
        weights = weights.masked_fill(mask[:, :, :t, :t] == 0, float("-inf")).softmax(dim=-1)
        return self.out((weights @ v).transpose(1, 2).contiguous().view(b, t, c))


@modules(torch.randint(0, 10, (2, 5)), other=((torch.randint(0, 10, (3, 5)),),))
class Language(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.tokens = nn.Embedding(10, 8)
        self.places = nn.Embedding(16, 8)
        self.blocks = nn.ModuleList([OwnAttention(8, 2), OwnAttention(8, 2)])
        self.norm = nn.LayerNorm(8)
        self.head = nn.Linear(8, 10, bias=False)
        self.head.weight = self.tokens.weight

    def forward(self, ids):
        places = torch.arange(0, ids.size(1), dtype=torch.long, device=ids.device).unsqueeze(0)
        x = self.tokens(ids) + self.places(places)
        for block in self.blocks:
            x = x + block(self.norm(x))
        return self.head(x)


@modules.methods({"forward": X, "twice": X, "both": (X, X)})
class SeveralMethods(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Linear(4, 4)

    def forward(self, x: Tensor) -> Any:
        return self.layer(x)

    def twice(self, x):
        return self.layer(x) * 2

    def both(self, x, y):
        return self.forward(x) + self.twice(y) + self.layer(x)


@modules.methods({"helper": X})
class OnlyHelper(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.rand(4))

    def forward(self, x: Tensor) -> Any:
        return x

    def helper(self, x):
        return x * self.weight


@modules.methods({"missing": X})
class MissingMethod(nn.Module):
    def forward(self, x: Tensor) -> Any:
        return x


@modules(example_kwarg_inputs={"y": X, "x": X * 2})
class Keywords(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Linear(4, 4)

    def forward(self, x, y, z=None):
        return self.layer(x) - y


@modules(example_kwarg_inputs={"y": X, "x": X * 2})
class KeywordsWithoutOneBetween(nn.Module):
    def forward(self, x, between=None, y=None):
        return torch.exp(x) - y


@modules(example_kwarg_inputs={"wrong": X})
class WrongKeyword(nn.Module):
    def forward(self, x: Tensor) -> Any:
        return x


@modules(X)
class DefaultArguments(nn.Module):
    def forward(self, x, scale=2.0, shift=None):
        return x * scale if shift is None else x


@modules(X)
class NotRegistered(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.__dict__["hidden"] = nn.Linear(4, 4)

    def forward(self, x: Tensor) -> Any:
        return self.hidden(x)


@modules(X)
class NotRegisteredWithoutParameters(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.__dict__["hidden"] = nn.ReLU()

    def forward(self, x: Tensor) -> Any:
        return self.hidden(x - 0.5)


@modules(X)
class NoneParts(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.register_parameter("absent", None)
        self.register_buffer("nothing", None)
        self.add_module("no_module", None)
        self.layer = nn.Linear(4, 2, bias=False)

    def forward(self, x: Tensor) -> Any:
        return self.layer(x) if self.absent is None else x


@modules(X)
class TrainingMode(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.drop = nn.Dropout(0.5)
        self.norm = nn.BatchNorm1d(4)

    def forward(self, x: Tensor) -> Any:
        return self.norm(self.drop(x))


@modules(X)
class SizesBetweenScopes(nn.Module):
    class Inner(nn.Module):
        def forward(self, x, size):
            return x.view(size, -1)

    def __init__(self) -> None:
        super().__init__()
        self.inner = self.Inner()

    def forward(self, x: Tensor) -> Any:
        return self.inner(x, x.size(0)) + self.inner(x, x.size(1)).sum()


@modules(X)
class DeepScopes(nn.Module):
    class Level(nn.Module):
        def __init__(self, depth):
            super().__init__()
            self.weight = nn.Parameter(torch.rand(4))
            self.below = DeepScopes.Level(depth - 1) if depth else None

        def forward(self, x: Tensor) -> Any:
            x = x * self.weight
            return x if self.below is None else self.below(x) + x

    def __init__(self) -> None:
        super().__init__()
        self.top = self.Level(4)

    def forward(self, x: Tensor) -> Any:
        return self.top(x)


@modules(X)
class SkipsOverScopes(nn.Module):
    class Outer(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.inner = IntermediateRead.Inner()

        def forward(self, x: Tensor) -> Any:
            return self.inner(x)

    def __init__(self) -> None:
        super().__init__()
        self.outer = self.Outer()

    def forward(self, x: Tensor) -> Any:
        y = self.outer(x)
        return y + self.outer.inner.kept * 2


@modules(X)
class ConstantsInScopes(nn.Module):
    class Inner(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.table = torch.rand(4)

        def forward(self, x: Tensor) -> Any:
            return x + self.table + torch.tensor([1.0, 2.0, 3.0, 4.0])

    def __init__(self) -> None:
        super().__init__()
        self.inner = self.Inner()

    def forward(self, x: Tensor) -> Any:
        return self.inner(x) * self.inner.table


@modules(X)
class Identities(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.a = nn.Identity()
        self.b = nn.Sequential()

    def forward(self, x: Tensor) -> Any:
        return self.b(self.a(x))


@modules(X)
class ReturnsParameter(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.rand(4))

    def forward(self, x: Tensor) -> Any:
        return x + 1, self.weight


@modules(X, X)
class ManyInputs(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.bilinear = nn.Bilinear(4, 4, 2)

    def forward(self, x, y, *rest):
        return self.bilinear(x, y)


@modules(X, X)
class VariableArguments(nn.Module):
    def forward(self, *given):
        return given[0] + given[1]


@modules(X)
class Inherited(Nested):
    def forward(self, x: Tensor) -> Any:
        return super().forward(x) * 2


@modules(X)
class ModuleReturningNone(nn.Module):
    class Inner(nn.Module):
        def forward(self, x: Tensor) -> Any:
            x.add_(1)

    def __init__(self) -> None:
        super().__init__()
        self.inner = self.Inner()

    def forward(self, x: Tensor) -> Any:
        y = x * 1
        self.inner(y)
        return y


@modules(X)
class SpectralNorm(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.utils.weight_norm(nn.Linear(4, 4))

    def forward(self, x: Tensor) -> Any:
        return self.layer(x)


@modules(X)
class Parametrized(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.utils.parametrizations.weight_norm(nn.Linear(4, 4))

    def forward(self, x: Tensor) -> Any:
        return self.layer(x)


@modules(X)
class Checkpointed(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Linear(4, 4)

    def forward(self, x: Tensor) -> Any:
        return torch.utils.checkpoint.checkpoint(self.layer, x, use_reentrant=False)


@modules(X)
class Autocast(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Linear(4, 4)

    def forward(self, x: Tensor) -> Any:
        with torch.autocast("cpu", dtype=torch.bfloat16):
            return self.layer(x) + self.layer(x * 2)


class _Keeping(nn.Module):
    """Keeps what its part made, and reads it itself."""

    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Linear(4, 4)
        self.kept: list[Tensor] = []

    def forward(self, x: Tensor) -> Any:
        self.kept = [self.layer(x)]
        return self.kept[0] + 1


@modules(X)
class ResultsReadFurtherOut(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.part = _Keeping()

    def forward(self, x: Tensor) -> Any:
        y = self.part(x)
        kept = self.part.kept[0]
        return y * kept, kept - 1, kept


@modules(torch.rand(2, 3, 4, 4))
class TransposedToASize(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.ConvTranspose2d(3, 2, 2, 2)

    def forward(self, x: Tensor) -> Any:
        return self.layer(x, output_size=(2 * x.shape[2], 9))
