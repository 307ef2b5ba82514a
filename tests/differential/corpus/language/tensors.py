"""Tensors: indexing, views and writes through them, factories, dtypes, properties, out arguments."""

from typing import Dict, List, Tuple

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor

from tests.differential.corpus.language.programs import Programs

programs = Programs()
X = torch.arange(24.0).reshape(2, 3, 4)
I = torch.tensor([1, 0])  # noqa: E741


@programs.script((X, I, 1))
def reading(x: Tensor, i: Tensor, n: int) -> list[Tensor]:
    return [
        x[0], x[-1], x[n], x[0, 1], x[:, 1], x[..., 0], x[0, ..., 1:3], x[:, None], x[None], x[i], x[:, i, 0],
        x[x > 5], x[[1, 0]], x[..., ::2], x[1:, :-1], x[n:, : n + 1], x[0][1][2], x[i, i + 1], x[:, :, [0, 1]],
        x[i.to(torch.bool)],
    ]  # fmt: skip


@programs.script((X, I, 1))
def writing(x: Tensor, i: Tensor, n: int) -> Tensor:
    x[0] = 1.0
    x[:, 1] = 2
    x[..., 0] += 5
    x[i, 0] = torch.zeros(4)
    x[x > 20] = -1.0
    x[n, n:, n] = x[0, 1:, 0] * 2
    x[1][2][3] = 9
    x[..., -1] *= 2
    return x


@programs.script((X,))
def views(x: Tensor) -> tuple[Tensor, Tensor]:
    y = x.view(6, 4)
    z = y[0]
    z.add_(10)
    w = x.transpose(0, 1)
    w[0].mul_(2)
    x.select(2, 1).zero_()
    return x, y


@programs.script((X,))
def augmented_writes(x: Tensor) -> Tensor:
    y = x
    y += 1
    y *= x
    y -= 0.5
    y /= 2
    z = y
    z = z + 1
    return x + z


@programs.script((3,))
def factories(n: int) -> list[Tensor]:
    return [
        torch.zeros(n), torch.ones(2, n), torch.full([2], 1.5), torch.arange(n), torch.arange(0.0, 1.0, 0.25),
        torch.linspace(0.0, 1.0, n), torch.eye(n), torch.tensor([1, 2]), torch.tensor([[1.0], [2.0]]),
        torch.tensor(n), torch.tensor(2.5, dtype=torch.float64), torch.tensor([True]), torch.zeros([n, 1], dtype=torch.int32),
        torch.empty(0), torch.tensor([[n, 2], [3, 4]], dtype=torch.float32), torch.logspace(0.0, 2.0, 3),
    ]  # fmt: skip


@programs.script((3,))
def random_factories(n: int) -> list[Tensor]:
    return [
        torch.rand(n),
        torch.randn([2, n]),
        torch.randint(0, 10, [n]),
        torch.randperm(n),
        torch.bernoulli(torch.full([4], 0.5)),
    ]


@programs.script((X,))
def like_factories(x: Tensor) -> list[Tensor]:
    return [
        torch.zeros_like(x), torch.ones_like(x, dtype=torch.int64), torch.full_like(x, 2.0), x.new_zeros([2]),
        x.new_full([1], 3.0), x.new_tensor([1.0]) if False else x.new_ones(2), torch.rand_like(x),
    ]  # fmt: skip


@programs.script((X,))
def dtypes(x: Tensor) -> list[Tensor]:
    return [
        x.to(torch.int64), x.double(), x.half().float(), x.to(torch.bool), x.int() // 2, x.long() % 3, x.type_as(x.int()),
        x.to(torch.complex64), x.to(torch.bfloat16).to(torch.float32), x.to(x.dtype), x.to("cpu", torch.float64), x.byte(),
    ]  # fmt: skip


@programs.script((X,))
def properties(x: Tensor) -> tuple[int, list[int], bool, bool, bool, int, bool]:
    return (
        x.dim(),
        x.shape,
        x.is_cuda,
        x.requires_grad,
        x.is_contiguous(),
        x.numel(),
        x.dtype == torch.float32,
    )


@programs.script((X,))
def more_properties(x: Tensor) -> tuple[bool, int, int, bool, int, list[int], bool]:
    return (
        x.is_sparse,
        x.ndim,
        x.element_size(),
        x.is_quantized,
        x.storage_offset(),
        x.stride(),
        x.is_floating_point(),
    )


@programs.script((X,))
def devices_and_layouts(x: Tensor) -> tuple[Tensor, bool, str, bool]:
    device = x.device
    y = torch.zeros([2], device=device, dtype=x.dtype, layout=x.layout)
    return y, device == torch.device("cpu"), device.type, x.device.index is None


@programs.script((X,))
def memory_formats(x: Tensor) -> tuple[bool, Tensor]:
    y = x.unsqueeze(0).contiguous(memory_format=torch.channels_last)
    return y.is_contiguous(memory_format=torch.channels_last), y.clone(memory_format=torch.preserve_format)


@programs.script((X,))
def reductions(x: Tensor) -> list[Tensor]:
    values, indices = x.max(dim=1)
    low, at = torch.min(x, -1, keepdim=True)
    return [
        x.sum(),
        x.sum(0),
        x.mean([0, 2]),
        x.std(1),
        x.prod(),
        values,
        indices,
        low,
        at,
        x.argmax(),
        x.norm(),
        x.cumsum(1),
    ]


@programs.script((X,))
def named_results(x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    result = torch.max(x, dim=0)
    ordered = x.sort(dim=-1, descending=True)
    return result.values, result.indices, ordered[1]


@programs.script((X,))
def shapes(x: Tensor) -> list[Tensor]:
    return [
        x.view(-1, 4), x.reshape(4, -1), x.permute(2, 0, 1), x.transpose(0, 2), x.flatten(), x.flatten(1), x.unsqueeze(-1),
        x[:1].squeeze(0), x.expand(2, 3, 4), x.repeat(1, 2, 1), torch.stack([x, x], 1), torch.cat([x, x], dim=-1), x.flip(0),
        x.roll(1, 0), x.unfold(2, 2, 1), x.movedim(0, 1), x.narrow(2, 1, 2), x.T if x.dim() == 2 else x.mT,
    ]  # fmt: skip


@programs.script((X,))
def splits(x: Tensor) -> tuple[list[Tensor], Tensor, Tensor, list[Tensor]]:
    a, b = x.chunk(2)
    pieces = list(torch.split(x, [1, 2], dim=1))
    c, d, e = torch.unbind(x, 1)
    return pieces, a + b, c + d + e, list(x.split(3, -1))


@programs.script((X,))
def comparisons(x: Tensor) -> list[Tensor]:
    return [
        x > 3,
        x == 2,
        (x < 4) & (x != 1),
        ~(x > 3),
        (x > 20) | (x < 1),
        torch.where(x > 3, x, -x),
        x.clamp(2, 5),
        (x > 1) ^ (x > 4),
    ]


@programs.script((X,))
def operators(x: Tensor) -> list[Tensor]:
    y = x + 1
    return [
        x + y,
        x - y,
        x * y,
        x / y,
        x // y,
        x % y,
        x**2,
        -x,
        x @ y.transpose(1, 2),
        1 - x,
        2 / y,
        abs(-x),
        x.int() << 1,
    ]


@programs.script((X,))
def out_arguments(x: Tensor) -> Tensor:
    y = torch.empty_like(x)
    torch.add(x, 1, out=y)
    torch.mul(y, 2.0, out=x)
    return x + y


@programs.script((torch.rand(1, 2, 6, 6), torch.rand(3, 2, 3, 3), I))
def functional(x: Tensor, w: Tensor, i: Tensor) -> list[Tensor]:
    y = F.conv2d(x, w, padding=1)
    return [
        F.relu(y), F.gelu(y), F.max_pool2d(y, 2), F.avg_pool2d(y, kernel_size=2, stride=1), F.pad(y, [1, 1], value=0.5),
        F.softmax(y, dim=1), F.log_softmax(y, 1), F.layer_norm(y, [6, 6]), F.interpolate(y, scale_factor=2.0),
        F.interpolate(y, size=[3, 3], mode="bilinear", align_corners=False), F.normalize(y), F.leaky_relu(y, 0.2),
        F.one_hot(i, 3), F.embedding(i, x[0, 0]), F.dropout(y, 0.5, training=False),
        F.group_norm(y, 3), F.hardtanh(y, -0.1, 0.1), F.mse_loss(y, y + 1), F.unfold(x, [2, 2]), F.cosine_similarity(x, x + 1),
    ]  # fmt: skip


@programs.script((X,))
def constant_indices(x: Tensor) -> tuple[Tensor, Tensor]:
    return F.one_hot(torch.tensor([0, 2]), 3), F.embedding(torch.tensor([1, 0]), x[0])


@programs.script((torch.randn(4, 3), torch.tensor([0, 2, 1, 1])))
def losses(x: Tensor, target: Tensor) -> list[Tensor]:
    return [
        F.cross_entropy(x, target), F.nll_loss(F.log_softmax(x, 1), target, reduction="sum"),
        F.binary_cross_entropy_with_logits(x, torch.ones_like(x)), F.l1_loss(x, x * 2), F.smooth_l1_loss(x, x + 2),
        F.cross_entropy(x, target, weight=torch.ones(3), label_smoothing=0.1), F.kl_div(x, x.exp(), reduction="batchmean"),
    ]  # fmt: skip


@programs.script((torch.rand(3, 3),))
def linear_algebra(x: Tensor) -> list[Tensor]:
    y = x @ x.t() + torch.eye(3)
    return [
        torch.linalg.inv(y),
        torch.det(y),
        torch.linalg.solve(y, x),
        torch.linalg.norm(x),
        torch.einsum("ij,jk->ik", x, y),
        torch.trace(y),
        torch.outer(x[0], x[1]),
    ]


@programs.script((X,))
def to_lists(x: Tensor) -> tuple[list[list[list[float]]], list[int], float]:
    nested: List[List[List[float]]] = x.tolist()
    flat: List[int] = x.long().flatten().tolist()
    one: float = x[0, 0, 1].tolist()
    return nested, flat, one


@programs.script((torch.tensor([1 + 2j, -1j]),))
def complex_tensors(z: Tensor) -> list[Tensor]:
    return [
        z.real,
        z.imag,
        z.abs(),
        z.conj(),
        z * 2j,
        torch.view_as_real(z),
        z.angle(),
        torch.complex(z.real, z.imag),
        z + (1 + 1j),
    ]


@programs.script((X,))
def lists_of_results(x: Tensor) -> Tensor:
    rows: List[Tensor] = []
    for i in range(x.size(0)):
        row = x[i]
        rows.append(row.softmax(-1) if i % 2 == 0 else row * i)
    return torch.stack(rows, dim=0).sum(dim=(0, 1))


@programs.script(({"a": X, "b": X + 1},))
def dict_of_results(table: Dict[str, Tensor]) -> tuple[Dict[str, Tensor], Tensor]:
    total = torch.zeros(())
    out: Dict[str, Tensor] = {}
    for name, value in table.items():
        out[name] = value.mean(dim=-1)
        total = total + value.sum()
    return out, total


@programs.script((X, 2))
def sizes_in_expressions(x: Tensor, n: int) -> Tensor:
    a, b, c = x.size()
    d, e = x.shape[:2]
    return x.view(a * b // n, c * n).sum() + d * e + x.size(-1) / 2


@programs.script((X,))
def detached(x: Tensor) -> tuple[Tensor, bool]:
    y = x.detach().clone().requires_grad_(True)
    return (y * 2).detach(), y.requires_grad


@programs.script((X, X + 1))
def aliases(x: Tensor, y: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    a = x[0]
    b = [a, y[0]]
    b[0].add_(1)
    c = (b[1], a)
    c[0].mul_(2)
    d = torch.stack(b)
    a.zero_()
    return x, y, d


@programs.script((torch.rand(2, 3, 4), (torch.zeros(1, 3, 5), torch.zeros(1, 3, 5))))
def tuple_of_tensors(x: Tensor, state: Tuple[Tensor, Tensor]) -> Tuple[Tensor, Tuple[Tensor, Tensor]]:
    h, c = state
    for step in x:
        h = torch.tanh(h + step.sum())
        c = c + h
    return h, (h, c)
