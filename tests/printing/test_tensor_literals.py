"""Tensor constants of any numbers are printed as torch prints them."""

import random

import pytest
import torch

from jitcore.printing.tensor_text import tensor_listing, tensor_text

SEED = 1
SPECIAL = [float("nan"), float("inf"), -float("inf"), 0.0, -0.0, 1.0, -1e5, 2.5]
EXTREME = [1e-300, 1e300, -1e-310, 1e100, 3.0]
WHOLE = (torch.int64, torch.int8, torch.uint8, torch.int32, torch.complex64)


def printed_by_torch(tensor: torch.Tensor) -> str:
    graph = torch._C.Graph()
    graph.insertConstant(tensor)
    line = str(graph).splitlines()[1]
    return line[line.index("value=") + len("value=") : line.rindex("]()")]


def number(kind: str) -> float:
    if kind == "whole":
        return float(random.randint(-(10 ** random.randint(0, 12)), 10 ** random.randint(0, 12)))
    if kind == "wide":
        return random.gauss(0, 1) * 10 ** random.randint(-8, 8)
    if kind == "negative":
        return -abs(random.gauss(0, 1)) * 10 ** random.randint(-3, 3)
    if kind == "digit":
        return float(random.randint(-9, 9))
    return random.choice(SPECIAL if kind == "special" else EXTREME)


def test_random_numbers():
    random.seed(SEED)
    for shape in ((1,), (2,), (3,), (2, 2), (2, 2, 2), (10,), (2, 5), ()):
        for kind in ("whole", "wide", "special", "negative", "extreme", "digit"):
            for _ in range(12):
                count = torch.Size(shape).numel()
                held = torch.tensor([number(kind) for _ in range(count)], dtype=torch.float64).reshape(shape)
                kinds = [held, held.float()]
                if kind in ("whole", "digit"):
                    kinds += [held.to(dtype) for dtype in WHOLE]
                for tensor in kinds:
                    assert tensor_text(tensor) == printed_by_torch(tensor)


@pytest.mark.filterwarnings("ignore:torch.quantize_per_tensor")
def test_quantized_by_channel():
    reals = torch.linspace(-1, 1, 4).reshape(2, 2)
    scales, zero_points = torch.tensor([0.1, 0.05]), torch.tensor([0, 1])
    tensor = torch.quantize_per_channel(reals, scales, zero_points, axis=0, dtype=torch.qint8)
    assert tensor_text(tensor) == printed_by_torch(tensor)


def test_no_elements_on_the_meta_device():
    assert tensor_text(torch.empty(2, device="meta")) == "<Tensor>"


def show(x: torch.Tensor) -> None:
    print(x)


def test_a_tensor_of_one_number_is_listed_with_all_digits(capfd):
    shown = torch.jit.script(show)
    for value in (-8.478373527526855, 1e10, 1e16, 1.5e-7, 2.0, 0.1, float("inf"), 123456789.125):
        for dtype in (torch.float32, torch.float64):
            tensor = torch.tensor(value, dtype=dtype)
            shown(tensor)
            assert capfd.readouterr().out == f"{tensor_listing(tensor)}\n"
