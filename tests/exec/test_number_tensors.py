"""A tensor that stands for a number gives what the number gives, beside tensors of every sort."""

import io
import itertools
import math

import pytest
import torch
from torch._subclasses.fake_tensor import FakeTensorMode
from torch.autograd.graph import saved_tensors_hooks
from torch.utils.flop_counter import FlopCounterMode

import jitcore
from jitcore.exec.number_tensors import operand

NUMBERS = [0, 1, -3, 1 << 40, (1 << 53) + 1, 0.5, -0.0, 3.3, 1e300, math.inf, math.nan, True, 2j]
TENSORS = {
    "floats": torch.linspace(-3, 3, 7),
    "float": torch.tensor(2.5),
    "turned": torch.linspace(-3, 3, 12).reshape(3, 4).t(),
    "channels last": torch.ones(1, 3, 4, 4).to(memory_format=torch.channels_last),
    "empty": torch.empty(0, 3),
    "halves": torch.linspace(-3, 3, 7).half(),
    "bfloats": torch.linspace(-3, 3, 7).bfloat16(),
    "doubles": torch.linspace(-3, 3, 7).double(),
    "ints": torch.arange(5),
    "int": torch.tensor(3),
    "bytes": torch.arange(5, dtype=torch.uint8),
    "bools": torch.tensor([True, False]),
    "complex": torch.linspace(-3, 3, 7) + 1j,
    "sparse": torch.eye(3).to_sparse(),
    "mkldnn": torch.ones(2, 3).to_mkldnn(),
    "meta": torch.empty(3, device="meta"),
    "with gradient": torch.ones(3, requires_grad=True),
}
OPERATIONS = (torch.add, torch.sub, torch.mul, torch.div)


def outcome(work):
    try:
        return work()
    except (RuntimeError, NotImplementedError) as error:
        return f"{type(error).__name__}: {error}"


def bits(tensor):
    dense = tensor.detach()
    dense = dense if dense.layout is torch.strided else dense.to_dense()
    return dense.contiguous().view(torch.uint8) if dense.dim() else dense.reshape(1).view(torch.uint8)


def assert_same(found, expected):
    if isinstance(expected, str):
        # A traceback of TorchScript ends with it.
        assert str(found).strip().endswith(expected)
        return
    assert found.dtype is expected.dtype
    assert found.layout is expected.layout
    assert found.shape == expected.shape
    assert found.requires_grad == expected.requires_grad
    if expected.is_meta:
        return
    assert torch.equal(bits(found), bits(expected))
    if expected.layout is torch.strided:
        assert found.stride() == expected.stride()


@pytest.mark.filterwarnings("ignore:ComplexHalf support")
@pytest.mark.parametrize("name", TENSORS)
def test_gives_what_the_number_gives(name):
    tensor = TENSORS[name]
    for number, operation in itertools.product(NUMBERS, OPERATIONS):
        stand_in = operand(number)
        assert stand_in is not None
        expected = outcome(lambda: operation(tensor, number))  # noqa: B023
        assert_same(outcome(lambda: operation(tensor, stand_in.tensor)), expected)  # noqa: B023
        if stand_in.rounded is not None and tensor.dtype is torch.float32 and tensor.dim():
            assert_same(outcome(lambda: operation(tensor, stand_in.rounded)), expected)  # noqa: B023


def test_equal_numbers_of_other_types_are_told_apart():
    assert operand(1).tensor.dtype is torch.int64
    assert operand(1.0).tensor.dtype is torch.float64
    assert operand(True).tensor.dtype is torch.bool
    assert math.copysign(1, operand(-0.0).tensor.item()) == -1
    assert math.copysign(1, operand(0.0).tensor.item()) == 1
    assert operand("1") is None


def test_a_plan_keeps_types_and_gradients():
    def scaled(x):
        return ((x * 0.5 + 1) / 3 - 2) * 2.5

    theirs = torch.jit.script(scaled)
    file = io.BytesIO()
    torch.jit.save(theirs, file)
    ours = jitcore.load(io.BytesIO(file.getvalue()))
    for tensor in TENSORS.values():
        assert_same(outcome(lambda: ours(tensor)), outcome(lambda: scaled(tensor)))  # noqa: B023
    first, second = (torch.linspace(-1, 1, 5, requires_grad=True) for _ in range(2))
    ours(first).sum().backward()
    scaled(second).sum().backward()
    assert torch.equal(first.grad, second.grad)


SCALED = """
def f(x):
    return ((x * {} + {}) / 3.25 - {}).relu()
"""


@pytest.mark.parametrize(
    ("mode", "is_made_before", "number"),
    [(FlopCounterMode, True, 6001), (FlopCounterMode, False, 6002), (FakeTensorMode, True, 6003),
     (FakeTensorMode, False, 6004)],
)  # fmt: skip
def test_what_a_mode_of_torch_sees_is_right_inside_of_it_and_after_it(mode, is_made_before, number):
    # Numbers that no other case has, of which nothing is kept yet.
    source = SCALED.format(number, number + 0.5, number + 0.25)
    ours, theirs = jitcore.CompilationUnit(source).f, torch.jit.CompilationUnit(source).f
    x = torch.linspace(-1, 1, 3)
    if is_made_before:
        ours(x)
    with mode() if mode is FakeTensorMode else mode(display=False) as entered:
        given = entered.from_tensor(x) if mode is FakeTensorMode else x
        for _ in range(3):
            found, expected = ours(given), theirs(given)
            assert type(found) is type(expected)
            assert (found.shape, found.dtype) == (expected.shape, expected.dtype)
    for _ in range(3):
        assert type(ours(x)) is torch.Tensor
        assert torch.equal(ours(x), theirs(x))


def test_nothing_is_kept_that_a_mode_or_a_hook_of_the_caller_made():
    def refuse(_tensor):
        raise AssertionError("not asked for")

    with FakeTensorMode():
        inside = operand(7003)
    assert type(inside.tensor) is type(inside.rounded) is torch.Tensor
    with saved_tensors_hooks(refuse, refuse):
        assert operand(7004) is None
    torch.func.grad(lambda x: (x * 2).sum() if operand(7005) is None else None)(torch.ones(2))
    assert operand(7004).tensor.item() == 7004
    assert operand(7005).tensor.item() == 7005
