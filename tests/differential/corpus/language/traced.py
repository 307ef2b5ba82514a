"""Traced functions and modules: constants, in-place writes, sizes, nested results, scripted parts."""

from typing import Any

import torch
from torch import Tensor, nn

from tests.differential.corpus.language.programs import Programs

programs = Programs()
X = torch.arange(6.0).reshape(2, 3)
Y = torch.rand(1, 3, 6, 6)


@programs.trace((X,))
def arithmetic(x: Tensor) -> Tensor:
    return (x * 2 + 1) / 3 - x**2 + x % 2 + abs(-x) + (5 - x) // 2


@programs.trace((X,))
def constants(x: Tensor) -> Tensor:
    return x + torch.tensor([1.5, 2.0, 3.0]) + torch.ones(3) * torch.tensor(2) + torch.zeros(2, 1)


@programs.trace((X,))
def large_constant(x: Tensor) -> Tensor:
    return x.sum() + torch.linspace(0, 1, 50) + torch.eye(5, dtype=torch.float64).sum()


@programs.trace((X,))
def sizes(x: Tensor) -> Tensor:
    b, n = x.shape
    return x.view(n, b).reshape(-1, x.size(0)) + x.shape[1] / 2 + int(x.size(0)) * 3


@programs.trace((X,))
def indexing(x: Tensor) -> Tensor:
    y = x.clone()
    y[0] = 1
    y[:, 1:] += x[:, :2]
    y[y > 3] = 0.5
    return y[..., -1] + x[[0, 1], [1, 2]] + x[None, :, 0].squeeze(0)


@programs.trace((X, X + 1))
def several_results(x: Tensor, y: Tensor) -> Any:
    return x + y, [x, y * 2], (x - y, (y, x))


@programs.trace((X,))
def inplace(x: Tensor) -> Tensor:
    y = x + 1
    y.add_(x).mul_(2)
    y[0].zero_()
    y.view(-1)[1:3].fill_(7)
    torch.relu_(y)
    return y


@programs.trace((X,))
def control_flow_disappears(x: Tensor) -> Tensor:
    for i in range(3):
        if i % 2 == 0:
            x = x + i
        else:
            x = x.tanh()
    return x


@programs.trace((X,))
def dtypes_and_devices(x: Tensor) -> Tensor:
    return (
        x.to(torch.float64).cpu().float()
        + x.half().to(x.dtype)
        + torch.zeros_like(x, dtype=torch.int32)
        + x.type_as(x.double()).sum()
    )


@programs.trace((X,))
def lists(x: Tensor) -> Tensor:
    a, b, c = x.unbind(1)
    first, second = x.chunk(2)
    return torch.cat([torch.stack([a, b, c]).t(), first, second], 0)


@programs.trace(({"a": X, "b": X + 1},))
def dict_arguments(table: dict[str, Tensor]) -> Tensor:
    return table["a"] * table["b"]


@programs.trace(((X, (X, X + 1)),))
def nested_arguments(pair: Any) -> Tensor:
    a, (b, c) = pair
    return a + b * c


@programs.trace(([X, X + 1],))
def list_arguments(xs: list[Tensor]) -> Tensor:
    return xs[0] @ xs[1].t()


@programs.trace((torch.tensor([3, 1, 2]),))
def integers(x: Tensor) -> Any:
    return x // 2, x % 2, x << 1, x & 1, x.float().mean(), x.sort()[0], x.bincount()


@programs.trace((X,))
def randomness(x: Tensor) -> Tensor:
    return torch.dropout(x, 0.5, True) + torch.rand(2, 3) + torch.randn_like(x)


@torch.jit.script
def scripted_part(x: Tensor, n: int) -> Tensor:
    for _ in range(n):
        if bool(x.sum() > 100):
            return x
        x = x * 2
    return x


@programs.trace((X,), (X * 100,))
def calls_scripted(x: Tensor) -> Tensor:
    return scripted_part(x + 1, 3) - 1


class Network(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4), nn.ReLU(inplace=True), nn.MaxPool2d(2)
        )
        self.head = nn.ModuleDict({"a": nn.Linear(16, 2), "b": nn.Linear(16, 3)})
        self.scale = nn.Parameter(torch.ones(1))

    def forward(self, x: Tensor) -> Any:
        y = self.features(x).flatten(1)
        return {"a": self.head["a"](y) * self.scale, "b": self.head["b"](y)}["a"]


@programs.trace((Y,))
class TracedNetwork(Network):
    pass


@programs.trace((Y,))
class TracedEvaluation(Network):
    def __init__(self) -> None:
        super().__init__()
        self.eval()


class Repeated(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Linear(3, 3)

    def forward(self, x: Tensor) -> Tensor:
        return self.layer(torch.relu(self.layer(x))) + self.layer(x)


@programs.trace((X,))
class CalledTwice(Repeated):
    pass


@programs.trace((X,))
class NestedModules(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.blocks = nn.ModuleList([Repeated(), Repeated()])

    def forward(self, x: Tensor) -> Tensor:
        for block in self.blocks:
            x = block(x) + x
        return x


@programs.trace((X,))
class ScriptedSubmodule(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.inner = torch.jit.script(nn.Sequential(nn.Linear(3, 3), nn.Dropout(0.5)))
        self.other = nn.Linear(3, 3)

    def forward(self, x: Tensor) -> Tensor:
        return self.other(self.inner(x))


@programs.trace((torch.rand(5, 2, 3),))
class TracedRecurrent(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.lstm = nn.LSTM(3, 4, 2, bidirectional=True)
        self.gru = nn.GRU(8, 2)

    def forward(self, x: Tensor) -> Any:
        y, (h, _) = self.lstm(x)
        return self.gru(y)[0], h


@programs.trace((torch.rand(2, 5, 8),))
class TracedTransformer(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.encoder = nn.TransformerEncoderLayer(8, 2, 16, batch_first=True)
        self.eval()

    def forward(self, x: Tensor) -> Tensor:
        return self.encoder(x)


@programs.trace((torch.tensor([[1, 2, 3], [4, 5, 0]]),))
class TracedEmbedding(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.embedding = nn.Embedding(10, 4, padding_idx=0)
        self.position = nn.Embedding(3, 4)
        self.register_buffer("positions", torch.arange(3))

    def forward(self, x: Tensor) -> Tensor:
        y = self.embedding(x) + self.position(self.positions[: x.size(1)])
        return y.masked_fill((x == 0)[:, :, None], 0.0).mean(1)


@programs.trace((X,))
class BufferWrites(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("total", torch.zeros(3))

    def forward(self, x: Tensor) -> Tensor:
        self.total.add_(x.sum(0))
        return self.total * 2


@programs.trace((X,))
def complex_numbers(x: Tensor) -> Any:
    z = torch.complex(x, x + 1)
    return (z * (1 + 2j)).abs(), torch.view_as_real(z.conj().resolve_conj()), torch.fft.fft(x).real


@programs.trace((X,))
def einsum_and_linalg(x: Tensor) -> Any:
    return torch.einsum("ij,kj->ik", x, x), torch.linalg.svd(x)[1], torch.linalg.norm(x, dim=1)


@programs.trace((X,))
def scalars(x: Tensor) -> Tensor:
    n = int(x.sum().item())
    return x * n + float(x[0, 1]) + x.numel() + len(x)
