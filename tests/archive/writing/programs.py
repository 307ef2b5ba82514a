"""Modules that hold a value of every type that an attribute can have."""

import enum
import warnings
from typing import Any, Final, NamedTuple

import torch
from torch import Tensor, nn


class Tone(enum.Enum):
    LOW = "low"
    HIGH = "high"


class Span(NamedTuple):
    start: Tensor
    length: int


@torch.jit.script
class Tally:
    def __init__(self, count: int):
        self.count = count
        self.seen: list[Tensor] = []

    def add(self, x: Tensor):
        self.count += 1
        self.seen.append(x)
        return self.count


@torch.jit.interface
class Scale(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        pass


class Twice(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return x * 2


class Holder(nn.Module):
    limit: Final[int]
    name: Final[str]
    scale: Scale
    span: Span
    no_tensors: list[Tensor]
    maybe: int | None
    either: int | str | list[int]
    anything: dict[str, list[Tensor | None]]

    def __init__(self) -> None:
        super().__init__()
        self.limit = 4
        self.name = "caf\u00e9"
        weight = nn.Parameter(torch.arange(12.0).view(3, 4))
        self.weight = weight
        self.tied = weight
        self.register_buffer("view", weight.detach()[1:, ::2])
        self.register_buffer("transient", torch.ones(2), persistent=False)
        self.frozen = nn.Parameter(torch.zeros(2, dtype=torch.bfloat16), requires_grad=False)
        self.nothing = None
        self.flag = True
        self.big = 2**40 + 1
        self.small = -3
        self.ratio = float("inf")
        self.spin = 2 - 3j
        self.device = torch.device("cpu")
        self.ints = [1, 300, 70000, -1]
        self.floats = [0.1, float("nan")]
        self.flags = [True, False]
        self.words = ["a", "b", "a"]
        self.tensors = [torch.zeros(1), weight.detach()]
        self.no_tensors = []
        self.table = {"x": [1, 2], "y": [3]}
        self.keyed = {1: 0.5, -2: 1.5}
        self.pair = (1, (2.0, "three", torch.ones(1, dtype=torch.int64)), [4])
        self.one = (torch.zeros(0, 3, dtype=torch.bool),)
        self.tone = Tone.HIGH
        self.span = Span(torch.ones(2, dtype=torch.complex64), 3)
        self.tally = Tally(2)
        self.tallies = [self.tally, Tally(5)]
        self.scale = Twice()
        self.maybe = 7
        self.either = "text"
        self.anything = {"k": [None, torch.ones(1)]}
        self.blocks = nn.ModuleList([nn.Linear(4, 2), nn.Dropout(0.5)])
        self.named = nn.ModuleDict({"left": nn.ReLU(), "right": nn.Tanh()})

    def forward(self, x: Tensor) -> tuple[Tensor, int]:
        for block in self.blocks:
            x = block(x)
        y = self.scale.forward(x) + self.weight.sum() + self.tied.sum() + self.limit
        if self.tone == Tone.HIGH:
            y = y + self.tally.add(y)
        return y, len(self.words) + self.span.length + self.view.size(0)

    @torch.jit.export
    def constants(self, a: int = 3, label: str = "\u4e2d"):
        return torch.tensor([1, 2]) + a, label, [Tone.LOW], self.name


class Restored(nn.Module):
    """Saves itself another way than its attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.total = torch.tensor([1.0, 2.0])
        self.log = ["made"]

    def forward(self, x):
        return x + self.total, self.log

    @torch.jit.export
    def __getstate__(self):
        return self.total * 2, self.log, self.training

    @torch.jit.export
    def __setstate__(self, state: tuple[Tensor, list[str], bool]):
        self.total = state[0] / 2
        self.log = state[1]
        self.training = state[2]


class Sparse(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        dense = torch.tensor([[0.0, 1.0], [2.0, 0.0]])
        self.register_buffer("coo", dense.to_sparse())
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self.register_buffer("csr", dense.to_sparse_csr())

    def forward(self):
        return self.coo.to_dense() + self.csr.to_dense()


class Bits(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        z = torch.tensor([1 + 2j, 3 - 4j])
        self.register_buffer("conjugated", z.conj())
        self.register_buffer("negated", torch._neg_view(torch.arange(3.0)))
        self.register_buffer("halves", torch.ones(3, dtype=torch.float16))
        self.register_buffer("scalar", torch.tensor(7, dtype=torch.uint8))

    def forward(self):
        return self.conjugated, self.negated, self.halves, self.scalar


class Quantized(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        values = torch.tensor([[1.0, -2.0], [3.0, 4.0]])
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self.register_buffer("whole", torch.quantize_per_tensor(values, 0.1, 3, torch.qint8))
            self.register_buffer(
                "rows",
                torch.quantize_per_channel(
                    values, torch.tensor([0.1, 0.2]), torch.tensor([0, 1]), 0, torch.qint8
                ),
            )
        self.packed: Any = torch.ops.quantized.linear_prepack(self.whole, None)

    def forward(self, x: Tensor) -> Tensor:
        return torch.ops.quantized.linear_dynamic(x, self.packed) + self.whole.dequantize()


def modules() -> dict[str, nn.Module]:
    """Fresh modules by name."""
    return {kind.__name__: kind() for kind in (Holder, Restored, Sparse, Bits, Quantized)}
