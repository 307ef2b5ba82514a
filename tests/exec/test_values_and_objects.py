"""Containers, strings, objects, in-place operators and views, held against torch.jit."""

from enum import Enum
from typing import Any, NamedTuple

import pytest
import torch


def containers(x: torch.Tensor, names: list[str]) -> tuple[dict[str, list[int]], list[tuple[str, int]], int]:
    table: dict[str, list[int]] = {}
    for position, name in enumerate(names):
        if name not in table:
            fresh: list[int] = []
            table[name] = fresh
        table[name].append(position)
    pairs: list[tuple[str, int]] = []
    for name, found in table.items():
        pairs.append((name, len(found)))
    pairs.reverse()
    return table, pairs, x.size(0) + len(table)


def test_containers(agree):
    agree(containers, torch.zeros(3, 2), ["a", "b", "a", "c"])


def strings(name: str, count: int, ratio: float) -> list[str]:
    text = "{} has {} at {}".format(name, count, ratio)  # noqa: UP032 (the method is tested)
    return [
        text,
        text.upper(),
        text[2:5],
        "%s-%d" % (name, count),  # noqa: UP031 (this operator is tested, too)
        ",".join(text.split(" ")),
        str(ratio),
        f"{name}!",
    ]


def test_strings(agree):
    agree(strings, "x1", 3, 0.25)
    agree(strings, "", -1, 1e20)


def tensor_text(x: torch.Tensor, n: torch.Tensor) -> str:
    return f"{x}|{n}|{x.device}"


def test_tensors_as_text(agree):
    agree(tensor_text, torch.tensor([[1.0, 2.5], [-3.0, 1e-3]]), torch.tensor([1, 2]))
    agree(tensor_text, torch.tensor(3.0), torch.tensor([], dtype=torch.int64))


def prints(x: torch.Tensor) -> int:
    print("value", x, 1.5, [1, 2], {"a": None})
    return 1


def test_print(agree, capfd):
    agree(prints, torch.arange(3))
    theirs = capfd.readouterr().out
    assert agree.printed == theirs


class Point(NamedTuple):
    x: torch.Tensor
    name: str


def named_tuples(x: torch.Tensor) -> tuple[Point, str]:
    p = Point(x + 1, "p")
    return p, p.name + str(p.x.dim())


def test_named_tuples_are_tuples(agree):
    agree(named_tuples, torch.ones(2))


class Colour(Enum):
    RED = 1
    GREEN = 2


def enums(flag: bool) -> tuple[int, str, bool]:
    colour = Colour.RED if flag else Colour.GREEN
    return colour.value, colour.name, colour == Colour.RED


def test_enums(agree):
    agree(enums, True)
    agree(enums, False)


@torch.jit.script
class Accumulator:
    def __init__(self, start: int):
        self.total = torch.tensor(start)
        self.count = 0

    def add(self, x: torch.Tensor) -> None:
        self.total = self.total + x.sum()
        self.count += 1

    def __enter__(self):
        self.count += 10

    def __exit__(self, kind: Any, value: Any, trace: Any):
        self.count += 100


def objects(x: torch.Tensor) -> tuple[torch.Tensor, int]:
    acc = Accumulator(3)
    other = acc
    other.add(x)
    with acc:
        acc.add(x * 2)
    return acc.total, acc.count


def test_objects(agree):
    agree(objects, torch.ones(3))


def refine(value: int | str | list[int] | torch.Tensor) -> str:
    if isinstance(value, int):
        return "int" + str(value + 1)
    elif isinstance(value, str):
        return "str" + value
    elif isinstance(value, torch.Tensor):
        return "tensor" + str(value.dim())
    else:
        return "list" + str(len(value))


def test_isinstance(agree):
    for value in (1, "a", [1, 2], torch.zeros(2, 2)):
        agree(refine, value)


def in_place_and_views(x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    row = x[0]
    row.add_(1)
    x[:, 1] = 7
    part = x.view(-1)[::2]
    part *= 2
    return x, row, part


def test_in_place_operators_reach_views_and_arguments(agree):
    agree(in_place_and_views, torch.zeros(3, 4))


def scalars(x: torch.Tensor) -> tuple[int, float, bool, float, torch.Tensor]:
    n = int(x.sum())
    f = float(x[0])
    y = torch.tensor([n, 2]) + torch.tensor(1.5)
    return n // -2, f**2, bool(x[0]), n / 3, y


def test_scalars(agree):
    agree(scalars, torch.tensor([3, 4]))


def made_tensors(n: int) -> list[torch.Tensor]:
    empty: list[int] = []
    return [
        torch.tensor([1, 2]),
        torch.tensor([[1.0], [2.0]]),
        torch.tensor([True]),
        torch.tensor(empty),
        torch.tensor(n, dtype=torch.float64),
        torch.zeros([2, n], dtype=torch.int32),
        torch.full([n], 2.5),
        torch.arange(n),
        torch.as_tensor([1.5, 2.5], dtype=torch.float64),
        torch.tensor(0.1),
    ]


@pytest.mark.filterwarnings("ignore:Creating a tensor from an empty intlist")
def test_tensors_made_of_numbers(agree):
    agree(made_tensors, 3)


def lists_of_tensor(x: torch.Tensor) -> tuple[list[list[int]], list[float]]:
    nested: list[list[int]] = x.tolist()
    flat: list[float] = x.to(torch.float32).view(-1).tolist()
    return nested, flat


def test_tolist(agree):
    agree(lists_of_tensor, torch.arange(6).view(2, 3))


class Counter(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("seen", torch.zeros(1))
        self.linear = torch.nn.Linear(3, 3)
        self.norm = torch.nn.BatchNorm1d(3)
        self.layers = torch.nn.ModuleList([torch.nn.Linear(3, 3), torch.nn.ReLU()])
        self.history = torch.jit.Attribute([], list[int])
        self.calls = 0

    def forward(self, x: torch.Tensor):
        self.calls += 1
        self.seen += x.sum()
        self.history.append(x.size(0))
        x = self.norm(self.linear(x))
        for layer in self.layers:
            x = layer(x)
        return x, self.seen, self.history, self.calls


def test_modules_keep_their_state_between_runs(agree):
    torch.manual_seed(1)
    agree(Counter(), torch.randn(4, 3), times=3)


def test_traced_module(agree):
    torch.manual_seed(2)
    model = torch.nn.Sequential(torch.nn.Conv2d(3, 4, 3), torch.nn.BatchNorm2d(4), torch.nn.ReLU()).eval()
    agree(torch.jit.trace(model, torch.randn(1, 3, 8, 8)), torch.randn(2, 3, 8, 8))


@torch.jit.interface
class Step(torch.nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        pass


class Double(torch.nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x * 2


class Uses(torch.nn.Module):
    step: Step

    def __init__(self):
        super().__init__()
        self.step = Double()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.step.forward(x) + 1


def test_interfaces(agree):
    agree(Uses(), torch.randn(3))


def test_random_numbers_follow_the_seed(agree):
    def noisy(x: torch.Tensor) -> torch.Tensor:
        return torch.nn.functional.dropout(x, 0.5, True) + torch.rand_like(x)

    interpreter, module, oracle = agree.load(torch.jit.script(noisy))
    torch.manual_seed(5)
    ours = interpreter.run(module.method("forward"), [module, torch.ones(10)])
    torch.manual_seed(5)
    assert torch.equal(ours, oracle(torch.ones(10)))
