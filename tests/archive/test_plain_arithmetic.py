"""What numpy computes for weights that are folded has the bits that torch gives."""

import io

import pytest
import torch

from jitcore.archive import LazyTensor, load
from jitcore.archive.plain_arithmetic import compute_plainly
from jitcore.exec import Materializer
from jitcore.ops import find_overload


class Held(torch.nn.Module):
    def __init__(self, tensors: list[torch.Tensor]) -> None:
        super().__init__()
        for number, tensor in enumerate(tensors):
            self.register_buffer(f"b{number}", tensor)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x


@pytest.fixture
def lazy(tmp_path):
    """Gives tensors of torch as those of an archive."""

    def make(*tensors: torch.Tensor) -> list[LazyTensor]:
        file = tmp_path / "held.pt"
        buffer = io.BytesIO()
        torch.jit.save(torch.jit.script(Held(list(tensors))), buffer)
        file.write_bytes(buffer.getvalue())
        root = load(str(file))
        return [root.attributes[f"b{number}"] for number in range(len(tensors))]

    return make


def computed(operator: str, *arguments: object) -> torch.Tensor | None:
    schema = find_overload(operator)
    assert schema is not None
    rest = [argument.default for argument in schema.arguments[len(arguments) :]]
    found = compute_plainly(schema, [*arguments, *rest])
    return None if found is None else Materializer().tensor(found)


def wide(dtype: torch.dtype) -> list[torch.Tensor]:
    """Numbers of all sizes, and what is no number."""
    generator = torch.Generator().manual_seed(5)
    mantissas = torch.rand(512, generator=generator, dtype=torch.float64) - 0.4
    powers = torch.randint(-40, 40, (512,), generator=generator)
    a = (mantissas * 2.0**powers).to(dtype).reshape(8, 64)
    a[0, :6] = torch.tensor([0.0, -0.0, float("inf"), float("-inf"), float("nan"), 1e-45])
    return [a, a.flip(0).clone(), torch.linspace(1e-6, 9, 64, dtype=dtype)]


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("name", ["add", "sub", "mul", "div"])
def test_pairs_have_the_same_bits(lazy, dtype, name):
    a, b, row = wide(dtype)
    x, y, z = lazy(a, b, row)
    for mine, theirs in (((x, y), (a, b)), ((x, z), (a, row))):
        found = computed(f"aten::{name}.Tensor", *mine)
        expected = getattr(torch, name)(*theirs)
        assert found is not None
        assert torch.equal(found.isnan(), expected.isnan())
        assert torch.equal(found.nan_to_num(7.0), expected.nan_to_num(7.0))
        assert torch.equal(torch.signbit(found)[~found.isnan()], torch.signbit(expected)[~expected.isnan()])


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_single_tensors_have_the_same_bits(lazy, dtype):
    _, _, row = wide(dtype)
    [x] = lazy(row)
    for found, expected in (
        (computed("aten::rsqrt", x), torch.rsqrt(row)),
        (computed("aten::add.Scalar", x, 1e-5), row + 1e-5),
        (computed("aten::reshape", x, [-1, 4]), row.reshape(-1, 4)),
        (computed("aten::view", x, [4, 16]), row.view(4, 16)),
        (computed("aten::unsqueeze", x, -1), row.unsqueeze(-1)),
        (computed("aten::zeros_like", x), torch.zeros_like(row)),
        (computed("aten::ones_like", x), torch.ones_like(row)),
        (computed("aten::new_full", x, [2, 3], 0.1), row.new_full([2, 3], 0.1)),
    ):
        assert found is not None
        assert found.dtype == expected.dtype
        assert torch.equal(found, expected)
    [one] = lazy(row[:1].clone())
    assert torch.equal(computed("aten::expand", one, [2, 3]), row[:1].expand(2, 3))


def test_what_is_not_plain_is_left_to_torch(lazy):
    a = torch.arange(6.0).reshape(2, 3)
    x, half, turned, whole = lazy(a, a.half(), a.t(), a.int())
    assert computed("aten::mul.Tensor", x, half) is None
    assert computed("aten::mul.Tensor", half, half) is None
    assert computed("aten::mul.Tensor", turned, turned) is None
    assert computed("aten::mul.Tensor", whole, whole) is None
    assert computed("aten::add.Tensor", x, x, 2) is None
    assert computed("aten::add.Scalar", x, True) is None
    assert computed("aten::mul.Tensor", x, x.without_gradient()) is not None
    assert computed("aten::cos", x) is None
    assert computed("aten::reshape", x, [4, -1]) is None
    assert computed("aten::reshape", x, [5]) is None
    assert computed("aten::unsqueeze", x, 0) is None


def test_shapes_that_do_not_fit_or_grow_too_large_are_left_to_torch(lazy):
    tall, broad, other = lazy(torch.ones(5000, 1), torch.ones(1, 5000), torch.ones(3))
    assert computed("aten::mul.Tensor", tall, broad) is None
    assert computed("aten::mul.Tensor", broad, other) is None
    assert computed("aten::new_full", other, [100_000, 100_000], 0.5) is None
    assert computed("aten::expand", other, [3]) is None
