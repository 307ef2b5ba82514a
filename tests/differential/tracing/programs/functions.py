"""Functions: arithmetic, constants, sizes, subscripts, writes, containers."""

import copy
import math
import warnings
from typing import Any, NamedTuple

import torch
from torch import Tensor

from tests.differential.tracing.programs.registry import Registry

functions = Registry("functions")
torch.manual_seed(0)
A, B = torch.rand(3, 4), torch.rand(3, 4)
V = torch.rand(4)
I = torch.tensor([2, 0, 1])
HELD = torch.rand(4)
PICTURES, KERNELS = torch.rand(2, 3, 6, 6), torch.rand(3, 3, 2, 2)
with warnings.catch_warnings():
    # torch is about to drop such tensors.
    warnings.simplefilter("ignore")
    QUANTIZED = torch.quantize_per_tensor(A, 0.1, 0, torch.quint8)


class Pair(NamedTuple):
    first: Tensor
    second: Tensor


@functions(A, B)
def arithmetic(x: Tensor, y: Tensor) -> Tensor:
    return (x + y) * 2 - y / 3.5 + (1 - x) ** 2 + 2**y


@functions(A)
def comparisons(x: Tensor):
    return x > 0.5, x == x, (x < 0.2) & (x >= 0.1), ~(x != 0.3)


@functions(A)
def sizes_beside_numbers(x: Tensor):
    last = x.size(0) - 1
    made = x.clone().clamp_(0, last)
    return x.clamp(0, last), x.clamp(-1.5, max=last), made, x.std(correction=last), x.std(0, correction=last)


@functions(A)
def numbers_in_place_of_tensors(x: Tensor):
    count = x.size(0)
    return x.add(2, alpha=count), x.sub(1.5, alpha=count), x.mul(count), x.copysign(count), x.fmod(count)


@functions(A)
def constants(x: Tensor) -> Tensor:
    return x + HELD * torch.ones(4)


@functions(A, other=((torch.rand(5, 4),),))
def sizes_in_view(x: Tensor) -> Tensor:
    return x.view(x.size(0), 2, -1).reshape(x.shape[0] * 2, x.shape[1] // 2)


@functions(A, other=((torch.rand(2, 6),),))
def sizes_unpacked(x: Tensor) -> Tensor:
    rows, columns = x.shape
    return x.t().reshape(columns, rows) + rows * columns


@functions(A)
def size_arithmetic(x: Tensor) -> Tensor:
    half = x.size(-1) // 2
    return x[:, half:] + x[:, :half] + (x.size(0) + 1 - half)


@functions(A)
def size_slices(x: Tensor) -> Tensor:
    return x.new_zeros(x.shape[:-1] + (2,)) + x.new_ones((1,) + x.shape[1:])[:, :2]


@functions(A)
def numel(x: Tensor) -> Tensor:
    return x.sum() / x.numel() + x.nelement() + torch.numel(x)


@functions(A)
def sizes_in_texts(x: Tensor) -> Tensor:
    texts = [f"{x.shape}", repr(x.size()[:1]), f"{2 * x.shape}", str((1,) + x.shape), f"{x.shape[0]}"]
    return x + sum(map(len, texts)) + x.shape[0]


@functions(A)
def sizes_are_of_torch(x: Tensor) -> Tensor:
    kept = {type(x.shape).__name__, type(x.shape[1:]).__name__, type(x.shape + (1,)).__name__}
    copied = [copy.copy(x.shape), torch.Size(x.shape), torch.Size([x.shape[0], 2])]
    # A deep copy is a tensor that torch's trace leaves empty: nobody can read its values.
    lengths = sum(len(size) for size in (*copied, copy.deepcopy(x.shape)))
    return x * len(kept) + lengths + sum(size[0] for size in copied)


@functions(A)
def size_with_list(x: Tensor) -> Tensor:
    return x.new_zeros(x.shape + [1])


@functions(A)
def size_of_fraction(x: Tensor) -> Tensor:
    return x.new_zeros(torch.Size([x.shape[0], 0.5]))


@functions(A)
def numbers_lost_in_lists(x: Tensor) -> Tensor:
    made = torch.tensor([x.shape[0], 0.5]), torch.as_tensor([[1.0, x.sum()]]), torch.tensor([1j, x.shape[1]])
    whole = torch.tensor([x.shape[0], 2]), torch.tensor([x.sum() > 1])
    return x + x.new_tensor(x.shape).sum() + sum(each.sum() for each in (*made, *whole))


@functions(A, other=((A[:2],),))
def numbers_lost_in_arguments(x: Tensor) -> Tensor:
    padded = torch.nn.functional.pad(x, (0, 1), value=x.shape[0])
    larger = torch.nn.functional.interpolate(x[None, None], scale_factor=(2, x.shape[0]))
    return torch.nn.functional.leaky_relu(padded - 1, x.mean()).sum() + larger.sum()


@functions(A)
def one_number_for_all_dims(x: Tensor) -> Tensor:
    return torch.roll(x, x.shape[0] // 2, 0) + x.roll((1, x.shape[0]), (0, 1)) + x.tile(x.shape[0])[:, :4]


@functions(A)
def sizes_given_to_old_constructors(x: Tensor) -> Tensor:
    return x.new(x.shape).zero_() + torch.Tensor(x.size()).zero_() + x.new([x.shape[0]])


@functions(A)
def sparse_of_values(x: Tensor) -> Tensor:
    return torch.sparse_coo_tensor([[0, 2]], [x.sum(), 1.0], (4,)).to_dense() + x


@functions(A)
def outside_in_second_place(x: Tensor) -> Tensor:
    # With a number of the trace torch would keep what is put aside for a call that is not made.
    return x[None, 3]


@functions(A)
def list_of_sizes_as_subscript(x: Tensor) -> Tensor:
    return x[[0, x.shape[0] - 1]] + x[[1, x.shape[1] - 2]]


@functions(A)
def lengths(x: Tensor) -> Tensor:
    return x * len(x)


@functions(A)
def dims(x: Tensor) -> Tensor:
    return x.sum(dim=x.dim() - 1) * x.ndim


@functions(A)
def sqrt_of_size(x: Tensor) -> Tensor:
    return x / math.sqrt(x.size(-1))


@functions(A)
def int_of_size(x: Tensor) -> Tensor:
    return x * int(x.size(0)) + float(x.size(1))


@functions(A)
def range_of_size(x: Tensor) -> Tensor:
    total = torch.zeros(4)
    for index in range(x.size(0)):
        total = total + x[index]
    return total


@functions(A)
def iterated(x: Tensor) -> Tensor:
    total = torch.zeros(4)
    for row in x:
        total = total + row
    return total


@functions(A)
def branch_on_values(x: Tensor) -> Tensor:
    if x.sum() > 0:
        return x + 1
    return x - 1


@functions(A)
def branch_on_sizes(x: Tensor) -> Tensor:
    if x.size(0) == 3:
        return x + 1
    return x - 1


@functions(A)
def items(x: Tensor) -> Tensor:
    return x * x[0, 0].item() + x.max().item()


@functions(A)
def to_list(x: Tensor) -> Tensor:
    return x + torch.tensor(x[0].tolist())


@functions(A)
def to_numpy(x: Tensor) -> Tensor:
    return x + torch.from_numpy(x.detach().numpy() + 1)


@functions(A)
def constructors(x: Tensor):
    return x + torch.tensor(2.0), torch.tensor([1, 2, 3]), torch.as_tensor([1.0, 2.0]), x.new_tensor([3.0])


@functions(A)
def factories(x: Tensor):
    return (
        torch.zeros(2, 3) + 1, torch.ones(x.size(0)), torch.arange(3), torch.arange(1, x.size(1)),
        torch.full((2,), 3.0), torch.eye(3), torch.linspace(0, 1, 5), torch.empty(0), x.new_full((2,), 1.0),
        torch.zeros_like(x), torch.ones(2, dtype=torch.int64), torch.zeros(x.shape, dtype=x.dtype, device=x.device),
    )  # fmt: skip


@functions(A)
def subscripts(x: Tensor):
    return x[0], x[-1, 1:], x[:, 0], x[..., 1], x[None, 0], x[:, None, ::2], x[1:3, -2:], x[:], x[...], x[1:]


@functions(A, I)
def indices(x: Tensor, i: Tensor):
    return x[i], x[:, i], x[i, i], x[[0, 2]], x[x > 0.5], x[i][:, None], x[[0, 1], [1, 2]], x[i, 1:3]


@functions(A, torch.tensor(1))
def scalar_index(x: Tensor, i: Tensor):
    return x[i], x[:, i], x[i:], x[0, i]


@functions(A)
def masks(x: Tensor):
    return x[torch.tensor([True, False, True])], x[True], x[x[:, 0] > 0]


@functions(A)
def assignments(x: Tensor) -> Tensor:
    x = x.clone()
    x[0] = 1
    x[1, 2] = 3.5
    x[:, 0] = x[:, 1]
    x[1:, 2:] = torch.zeros(2)
    x[...] = x * 2
    x[2] += 1
    x[x > 5] = 0
    x[[0, 1], 1] = 7.0
    return x


@functions(A, B)
def writes(x: Tensor, y: Tensor) -> Tensor:
    z = x * 1
    z.add_(y).mul_(2)
    z += 1
    z -= y
    z /= 2
    z.clamp_(0, 1)
    z.copy_(y)
    z.zero_()
    z.fill_(3)
    z[0].add_(1)
    torch.add(x, y, out=z)
    return z


@functions(A)
def writes_to_input(x: Tensor) -> Tensor:
    x.add_(1)
    return x * 2


@functions(A)
def views(x: Tensor):
    y = x * 1
    v = y.view(-1)
    v.mul_(2)
    return y, v, y.t(), y.transpose(0, 1), y.unsqueeze(0), y.expand(2, 3, 4), y.squeeze()


@functions(A, B)
def joined(x: Tensor, y: Tensor):
    return torch.cat([x, y]), torch.stack((x, y), dim=1), torch.cat((x, y), dim=-1)


@functions(A)
def parted(x: Tensor):
    a, b = x.split(2, dim=1)
    c = x.chunk(3)
    d, e, f = x.unbind()
    g = torch.split(x, [1, 2])
    return a + b, c[1], d + e + f, g[1]


@functions(A)
def several_results(x: Tensor):
    values, places = x.max(dim=1)
    top = x.topk(2)
    ordered = torch.sort(x, descending=True)
    return values, places, top.values, ordered[1], torch.aminmax(x)


@functions((A, B))
def tuple_input(pair):
    return pair[0] + pair[1]


@functions((A, (B, V)), V)
def nested_tuple_input(pair, v: Tensor) -> Tensor:
    return pair[0] * pair[1][0] + pair[1][1] + v


@functions([A, B])
def list_input(pair) -> Tensor:
    return pair[0] + pair[1]


@functions({"a": A, "b": B})
def dict_input(given) -> Tensor:
    return given["a"] + given["b"]


@functions(Pair(A, B))
def named_tuple_input(pair) -> Tensor:
    return pair[0] + pair[1]


@functions([(A, B), (B, A)])
def list_of_tuples(given) -> Tensor:
    return given[0][0] * given[1][1]


@functions(A, B)
def tuple_output(x: Tensor, y: Tensor):
    return x, (y, x + y)


@functions(A, B)
def list_output(x: Tensor, y: Tensor):
    return [x + 1, y]


@functions(A, B, strict=False)
def list_output_allowed(x: Tensor, y: Tensor):
    return [x + 1, y]


@functions(A, B)
def dict_output(x: Tensor, y: Tensor):
    return {"x": x, "y": y + 1}


@functions(A, B, strict=False)
def dict_output_allowed(x: Tensor, y: Tensor):
    return {"x": x, "y": y + 1}


@functions(A, B, strict=False)
def nested_output(x: Tensor, y: Tensor):
    return {"x": x}, [y, x], (x, [y])


@functions(A, B)
def named_tuple_output(x: Tensor, y: Tensor):
    return Pair(x + 1, y)


@functions(A)
def same_output_twice(x: Tensor):
    y = x + 1
    return y, y


@functions(A, A)
def unused_input(x: Tensor, y: Tensor) -> Tensor:
    return x + 1


@functions(A)
def input_is_output(x: Tensor) -> Tensor:
    return x


@functions(A)
def constant_output(x: Tensor) -> Tensor:
    return HELD


@functions(A)
def nothing(x: Tensor) -> None:
    x + 1


@functions(A)
def number_output(x: Tensor):
    return 3


@functions(A)
def none_in_output(x: Tensor):
    return x, None


@functions(A)
def text_output(x: Tensor):
    return "a"


@functions(3)
def number_input(x):
    return torch.ones(2) * x


@functions("text")
def text_input(x):
    return torch.ones(2)


@functions(None)
def none_input(x):
    return torch.ones(2)


@functions([])
def empty_list_input(x):
    return torch.ones(2)


@functions([A, 3])
def mixed_list_input(x):
    return x[0]


@functions({"a": A, "b": 2})
def mixed_dict_input(x):
    return x["a"]


@functions(A)
def raises(x: Tensor):
    raise ValueError("not this one")


@functions(A)
def wrong_shapes(x: Tensor) -> Tensor:
    return x @ x


@functions(A)
def captured_parameter(x: Tensor) -> Tensor:
    return x + torch.ones(4, requires_grad=True)


@functions(torch.rand(3, requires_grad=True))
def with_gradient(x: Tensor) -> Tensor:
    return (x * x).sum()


@functions(A)
def detached(x: Tensor):
    y = x.detach()
    z = (x * 2).detach_()
    return y + 1, z, x.data + 1


@functions(A)
def without_gradient(x: Tensor) -> Tensor:
    with torch.no_grad():
        y = x * 2
    return y + 1


@functions(torch.tensor([1, 2, 3]), torch.tensor([1.5, 2.5, 3.5], dtype=torch.float64))
def mixed_types(x: Tensor, y: Tensor):
    return (
        x + y,
        x.float() * 2,
        y.to(torch.int32),
        x.double(),
        (x > 1).int(),
        x.type_as(y),
        y.to(x),
        x / 2,
        x // 2,
    )


@functions(A)
def conversions(x: Tensor):
    return (
        x.half().float(),
        x.to("cpu"),
        x.to(torch.float64),
        x.bool(),
        x.long(),
        x.cpu(),
        x.type(torch.int32),
        x.to(x.device, torch.float16),
    )


@functions(A, torch.rand(4, 5), torch.rand(2, 3, 4))
def products(x: Tensor, y: Tensor, z: Tensor):
    return x @ y, torch.mm(x, y), z @ y, torch.einsum("bij,jk->bik", z, y), torch.matmul(z, y), x.mv(x[0])


@functions(A)
def reductions(x: Tensor):
    return (
        x.sum(),
        x.mean(0),
        x.std(),
        x.var(dim=1, unbiased=False),
        x.norm(),
        x.prod(),
        x.argmax(1),
        x.cumsum(0),
        x.logsumexp(1),
        torch.softmax(x, -1),
    )


@functions(A)
def activations(x: Tensor):
    f = torch.nn.functional
    return (
        f.relu(x),
        f.gelu(x),
        f.silu(x),
        f.leaky_relu(x, 0.1),
        f.elu(x),
        f.softplus(x),
        f.log_softmax(x, 1),
        f.hardtanh(x),
        f.relu(x.clone(), inplace=True),
        torch.sigmoid(x),
        x.tanh(),
    )


@functions(A)
def dropped(x: Tensor) -> Tensor:
    return torch.nn.functional.dropout(x, 0.5, training=True)


@functions(A)
def random(x: Tensor) -> Tensor:
    return x + torch.rand(3, 4) + torch.randn_like(x) + torch.randint(0, 5, (3, 4))


@functions(torch.rand(1, 3, 8, 8))
def resampled(x: Tensor):
    f = torch.nn.functional
    size = x.shape[-2:]
    return (
        f.interpolate(x, scale_factor=2.0),
        f.interpolate(x, size=(4, 4), mode="bilinear"),
        f.interpolate(x, size=size),
        f.avg_pool2d(x, 2),
        f.adaptive_avg_pool2d(x, (2, 2)),
        f.max_pool2d(x, 2),
        f.pad(x, (1, 1, 2, 0)),
        f.interpolate(x, size=(size[0] * 2, size[1] * 2), mode="bilinear", align_corners=False),
    )


@functions(torch.rand(2, 3, 4))
def permuted(x: Tensor):
    return (
        x.permute(2, 0, 1).contiguous().view(x.size(2), -1),
        x.contiguous(),
        x.transpose(1, 2).reshape(x.size(0), -1),
        x.flatten(1),
        torch.flatten(x, 0, 1),
        x.movedim(0, 2),
        x.repeat(2, 1, 1),
        x.expand(2, -1, x.size(2)),
    )


@functions(A)
def lambdas(x: Tensor) -> Tensor:
    twice = lambda y: y * 2  # noqa: E731
    return twice(x)


@functions(A, 2 * B)
def keyword_only_sizes(x: Tensor, y: Tensor):
    return (
        torch.zeros(size=(x.size(0), 2)),
        x.repeat_interleave(2, dim=1),
        torch.zeros((x.size(0), y.size(1))),
    )


@functions(A, example_kwarg_inputs=None)
def masked(x: Tensor):
    return (
        x.masked_fill(x > 0.5, 0.0),
        torch.where(x > 0.5, x, torch.zeros_like(x)),
        torch.where(x > 0.5, 1.0, x),
        x.masked_select(x > 0.5),
        x.nonzero(),
    )


@functions(A)
def printed_shape(x: Tensor) -> Tensor:
    assert x.size(1) == 4, f"wrong {x.shape}"
    return x + 1


@functions(A)
def shape_numel(x: Tensor) -> Tensor:
    return x * x.shape.numel()


@functions(A)
def shape_compared(x: Tensor) -> Tensor:
    if x.shape == torch.Size([3, 4]) and isinstance(x.shape, torch.Size):
        return x + 1
    return x


@functions(A)
def torch_size_made(x: Tensor) -> Tensor:
    return torch.zeros(torch.Size([x.size(0), 2]))


@functions(A)
def in_place_index_of_view(x: Tensor) -> Tensor:
    y = torch.zeros(3, 4)
    y[:, :2] = x[:, 2:]
    y[0, 1:] *= 2
    return y


@functions(torch.rand(5, dtype=torch.complex64))
def complex_numbers(z: Tensor):
    return z * 1j, z.real, z.abs(), torch.view_as_real(z), z.conj() * 2, z + (1 + 2j)


@functions(QUANTIZED)
def quantized(q: Tensor) -> Tensor:
    return q.dequantize() + 1


@functions(A.to_sparse())
def sparse(s: Tensor) -> Tensor:
    return s.to_dense() + 1


@functions(A, _force_outplace=True)
def forced_out_of_place(x: Tensor) -> Tensor:
    y = x * 1
    y.add_(1)
    y.zero_()
    y.fill_(2)
    y[0] = 1
    y.clamp_(0, 1)
    return y


@functions(A)
def contains(x: Tensor) -> Tensor:
    return x + 1 if 0.5 in x else x


@functions(A, B)
def outer_products(x: Tensor, y: Tensor):
    return (
        torch.outer(x[0], y[0]),
        torch.dot(x[0], y[0]),
        torch.addmm(x, x, torch.eye(4)),
        torch.baddbmm(x[None], x[None], torch.eye(4)[None]),
    )


@functions(torch.randint(0, 5, (2, 3)))
def one_hot(x: Tensor) -> Tensor:
    return torch.nn.functional.one_hot(x, 5)


@functions(A)
def clipped_slices(x: Tensor):
    return x[5:], x[-10:2], x[:, : x.size(1) - 1], x[x.size(0) - 1], x[:, -1:], x[::2, ::3]


@functions(A)
def inside_python_containers(x: Tensor) -> Tensor:
    parts = [x * index for index in range(3)]
    named = {"a": parts[0], "b": parts[1]}
    return sum(parts) + named["a"] - named["b"]


@functions(A)
def allclose_call(x: Tensor) -> Tensor:
    if torch.allclose(x, x) and not torch.equal(x, x + 1):
        return x * 2
    return x


@functions(torch.rand(1, 2, 8))
def resampled_by_area(x: Tensor):
    f = torch.nn.functional
    return (
        f.interpolate(x, scale_factor=0.5, mode="area"),
        f.interpolate(x, scale_factor=0.5, mode="nearest", recompute_scale_factor=True),
        f.adaptive_max_pool1d(x, 2),
    )


@functions(torch.rand(1, 2, 8, 8))
def resampled_planes(x: Tensor):
    f = torch.nn.functional
    return (
        f.interpolate(x, scale_factor=0.5, mode="area"),
        f.interpolate(x, scale_factor=(0.5, 0.25), mode="bilinear", recompute_scale_factor=True),
        f.interpolate(x, size=(x.size(2) * 2, 4), mode="bicubic"),
    )


@functions(torch.tensor(2.5))
def tensor_first_in_methods(x: Tensor) -> Tensor:
    return x.polygamma(1) + torch.polygamma(2, x)


@functions(torch.rand(2, 3, 1))
def several_numbers(x: Tensor):
    one = x.size(2)
    return (
        torch.arange(0, x.numel(), x.size(1)), x.transpose(one, x.size(0)), x.narrow(one, 0, x.size(1)),
        torch.arange(one, x.size(1), dtype=torch.float32), x.clamp(one, x.size(0)), torch.full((x.size(0), x.size(1)), one),
        x.flatten(one - 1, one),
    )  # fmt: skip


@functions(A)
def constant_number_output(x: Tensor) -> Tensor:
    return NUMBER


@functions(A)
def constant_of_truth_output(x: Tensor) -> Tensor:
    return TRUTH


TRUTH, NUMBER = torch.tensor([True, False]), torch.tensor(-8.478373527526855)


@functions(A)
def parameters_made(x: Tensor) -> Tensor:
    return x + torch.nn.Parameter(x * 2) + torch.nn.Buffer(x - 1)


@functions(A)
def several_outs(x: Tensor):
    values, places = torch.empty(3), torch.empty(3, dtype=torch.long)
    torch.max(x, 1, out=(values, places))
    return values, places, torch.mul(x, 2, out=torch.empty(3, 4))


@functions(A)
def own_generator(x: Tensor) -> Tensor:
    return x + torch.rand(3, 4, generator=torch.Generator().manual_seed(1))


@functions(A)
def profiled(x: Tensor) -> Tensor:
    with torch.profiler.record_function("part"):
        return x * 2


@functions(torch.rand(5, 2, 4), torch.tensor([5, 3]))
def packed_sequences(x: Tensor, lengths: Tensor) -> Tensor:
    layer = torch.nn.LSTM(4, 3)
    for parameter in layer.parameters():
        parameter.requires_grad_(False)
    out, _ = layer(torch.nn.utils.rnn.pack_padded_sequence(x, lengths))
    return torch.nn.utils.rnn.pad_packed_sequence(out)[0]


@functions(torch.rand(3, requires_grad=True))
def gradient_inside(x: Tensor) -> Tensor:
    (found,) = torch.autograd.grad((x * x).sum(), x, create_graph=True)
    return found + 1


@functions(A)
def constructors_of_tensors(x: Tensor) -> Tensor:
    row = torch.Tensor([1.0, 2.0, 3.0, 4.0]) + torch.FloatTensor([1.0])
    return x + row + torch.Tensor(x.size(0), 4).fill_(1) + torch.Tensor(x) + x.new([2.0])


@functions(example_kwarg_inputs={"y": A, "more": B, "x": B * 2})
def keywords_beside_parameters(x, between=None, y=None, **others):
    return torch.exp(x) - y - others["more"]


@functions(A, _compilation_unit=None)
def given_a_compilation_unit(x: Tensor) -> Tensor:
    return x + 1


@functions(A, strict=False)
def dict_of_something_else(x: Tensor) -> Any:
    return {"a": x + 1, "b": range(3)}


@functions(A, strict=False)
def dict_of_several_types(x: Tensor) -> Any:
    return {"a": x + 1, "b": 1, "c": range(3)}


@functions(A, strict=False)
def dict_of_keys_of_several_types(x: Tensor) -> Any:
    return {"a": x + 1, 1: x}


@functions(A, strict=False)
def list_of_several_types(x: Tensor) -> Any:
    return [x + 1, 1, range(3)]


@functions(A, strict=False)
def list_of_something_else(x: Tensor) -> Any:
    return [x + 1, range(3)]


@functions(A, torch.tensor([1]))
def one_number_for_sizes_of_many(x: Tensor, shifts: Tensor):
    """Where so many numbers are wanted, a single one is read."""
    return (
        x.roll(shifts[0]),
        torch.roll(x, shifts[0], 0),
        torch.roll(x, [shifts[0]], [0]),
        torch.avg_pool1d(x, shifts[0] + 1),
        torch.avg_pool1d(x, x.shape[0] - 1),
        x.flip(shifts[0]),
    )


@functions(A, B)
def arguments_of_any_number(*given: Tensor) -> Tensor:
    return given[0] + given[1]


@functions(A, B, A)
def one_argument_and_any_number(x: Tensor, *given: Tensor) -> Tensor:
    return x + given[0] * given[1]


@functions(PICTURES)
def convolution_by_sizes(x: Tensor):
    count = x.size(0)
    steps = [count, count]
    wide = torch.nn.functional.conv2d(x, KERNELS, None, steps, [1, count])
    whole = torch.convolution(x, KERNELS, None, steps, [0, 0], [1, 1], False, [0, 0], count - 1)
    one = torch.nn.functional.conv2d(x, KERNELS, padding=count - 1)
    pooled = torch.nn.functional.avg_pool2d(x, steps)
    return wide, whole, one, pooled


@functions(PICTURES)
def transposed_convolution_by_sizes(x: Tensor) -> Tensor:
    left = [2 * x.size(0) - 4, x.size(2) - 6]
    return torch.nn.functional.conv_transpose2d(x, KERNELS, stride=2, output_padding=left)
