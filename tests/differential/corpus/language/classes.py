"""Classes, enums, dataclasses, interfaces and context managers."""

import enum
from dataclasses import dataclass
from typing import Any, Dict, List, Optional, Tuple

import torch
from torch import Tensor, nn

from tests.differential.corpus.language.programs import Programs

programs = Programs()
X = torch.arange(6.0).reshape(2, 3)


class Box:
    def __init__(self, low: int, high: int = 10):
        self.low = low
        self.high = high

    def width(self) -> int:
        return self.high - self.low

    def grow(self, by: int) -> None:
        self.high += by
        self.low -= by

    def __contains__(self, value: int) -> bool:
        return self.low <= value and value < self.high

    def __len__(self) -> int:
        return self.width()

    def __getitem__(self, index: int) -> int:
        return self.low + index

    def __eq__(self, other: "Box") -> bool:  # type: ignore[override]
        return self.low == other.low and self.high == other.high

    def __lt__(self, other: "Box") -> bool:
        return self.low < other.low

    def __add__(self, other: "Box") -> "Box":
        return Box(self.low + other.low, self.high + other.high)

    def __str__(self) -> str:
        return str(self.low) + ".." + str(self.high)


@programs.script((2,))
def box_methods(n: int) -> tuple[int, int, bool, int, int]:
    box = Box(n)
    box.grow(3)
    box.high = box.high + 1
    return box.width(), box.low, 5 in box, len(box), box[2]


@programs.script((2,))
def box_operators(n: int) -> tuple[bool, bool, int, str]:
    a, b = Box(n), Box(1, high=4)
    c = a + b
    return a == b, b < a, c.high, str(c)


@programs.script((3,))
def box_sorting(n: int) -> list[int]:
    boxes = [Box(n), Box(1), Box(2)]
    boxes.sort()
    return [each.low for each in boxes]


class Stack:
    def __init__(self) -> None:
        self.items: List[int] = []
        self.names: Dict[str, int] = {}

    def push(self, item: int) -> "Stack":
        self.items.append(item)
        return self

    def pop(self) -> int:
        return self.items.pop()


@programs.script((4,))
def chained_methods(n: int) -> tuple[int, list[int]]:
    stack = Stack().push(n).push(n + 1)
    stack.names["n"] = n
    other = stack
    other.push(7)
    return stack.pop() + stack.names["n"], stack.items


class Linked:
    def __init__(self, value: int, next: Optional[Tensor]) -> None:
        self.value = value
        self.next = next


@programs.script((X,))
def optional_attributes(x: Tensor) -> Tensor:
    first = Linked(1, None)
    second = Linked(2, x)
    total = torch.zeros(2, 3)
    for each in [first, second]:
        found = each.next
        if found is not None:
            total = total + found * each.value
    return total


class Temperature:
    def __init__(self, celsius: float) -> None:
        self.celsius = celsius

    @property
    def fahrenheit(self) -> float:
        return self.celsius * 9 / 5 + 32

    @fahrenheit.setter
    def fahrenheit(self, value: float) -> None:
        self.celsius = (value - 32) * 5 / 9

    @staticmethod
    def freezing() -> float:
        return 0.0


@programs.script((20.0,))
def class_properties(x: float) -> tuple[float, float]:
    t = Temperature(x)
    t.fahrenheit = t.fahrenheit + 9
    return t.celsius, Temperature.freezing() + t.fahrenheit


class Colour(enum.Enum):
    RED = 1
    GREEN = 2


class Mood(enum.Enum):
    GOOD = "good"
    BAD = "bad"


class Level(enum.Enum):
    LOW = 0.5
    HIGH = 1.5


@programs.script((1,), (2,))
def enum_members(n: int) -> tuple[str, int, bool, str, float]:
    colour = Colour.RED if n == 1 else Colour.GREEN
    mood = Mood.BAD
    return colour.name, colour.value, colour == Colour.GREEN, mood.value, Level.HIGH.value


@programs.script()
def enum_containers() -> tuple[int, int]:
    table: Dict[str, Colour] = {"a": Colour.GREEN}
    colours = [Colour.RED, table["a"]]
    total = 0
    for each in colours:
        total += each.value
    return total, len(colours)


@programs.script()
def enum_iteration() -> list[int]:
    return [each.value for each in Colour]


def score(mood: Mood) -> int:
    if mood is Mood.GOOD:
        return 1
    elif mood != Mood.BAD:
        return 2
    return 3


@programs.script()
def enum_arguments() -> int:
    return score(Mood.GOOD) * 10 + score(Mood.BAD)


@torch.jit.script
@dataclass
class Point:
    x: float
    y: float = 2.0
    name: str = "p"

    def norm(self) -> float:
        return (self.x * self.x + self.y * self.y) ** 0.5


@torch.jit.script
@dataclass(order=True)
class Version:
    major: int
    minor: int


@programs.script((3.0,))
def dataclasses(x: float) -> tuple[float, str, bool]:
    point = Point(x)
    other = Point(x, 4.0, name="q")
    point.y += 2
    return point.norm() + other.norm(), other.name, point == other


@programs.script((3,))
def ordered_dataclasses(n: int) -> tuple[bool, bool]:
    return Version(n, 1) < Version(3, 2), Version(n, 1) >= Version(n, 1)


class Counting:
    def __init__(self, start: int) -> None:
        self.count = start

    def __enter__(self) -> "Counting":
        self.count += 1
        return self

    def __exit__(self, type: Any, value: Any, tb: Any) -> None:
        self.count *= 10


@programs.script((X, 2))
def with_blocks(x: Tensor, n: int) -> tuple[int, int, Tensor]:
    first, second = Counting(n), Counting(5)
    inside = 0
    with first as a, second:
        inside = a.count
        x = x + inside
    with first:
        with second as b:
            inside += b.count
    return first.count * 10000 + second.count, inside, x


@programs.script((X, 1), (X, 5))
def branch_in_with(x: Tensor, n: int) -> Tensor:
    with Counting(n) as c:
        if c.count > 3:
            x = x * c.count
        x = x + 1
    return x


@programs.script((3,))
def loop_in_with(n: int) -> int:
    counting = Counting(0)
    for i in range(n):
        with counting as c:
            if i == 1:
                continue
            c.count += i
    return counting.count


@programs.script((X,))
def gradient_modes(x: Tensor) -> tuple[Tensor, bool, bool]:
    with torch.no_grad():
        y = x * 2
        inside = torch.is_grad_enabled()
    return y, inside, torch.is_grad_enabled()


@torch.jit.interface
class Operation(nn.Module):
    def apply(self, x: Tensor, n: int) -> Tensor:
        pass


class Adds(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return x

    @torch.jit.export
    def apply(self, x: Tensor, n: int) -> Tensor:
        return x + n


class Multiplies(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.scale = nn.Parameter(torch.full((3,), 2.0))

    def forward(self, x: Tensor) -> Tensor:
        return x

    @torch.jit.export
    def apply(self, x: Tensor, n: int) -> Tensor:
        return x * n * self.scale


@programs.script((X, 3))
class InterfaceAttribute(nn.Module):
    operation: Operation

    def __init__(self) -> None:
        super().__init__()
        self.operation = Multiplies()

    def forward(self, x: Tensor, n: int) -> Tensor:
        return self.operation.apply(x, n)


@torch.jit.interface
class Step(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        pass


class Doubles(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return x * 2


class Halves(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return x / 2


@programs.script((X, 0), (X, 1))
class InterfaceList(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.steps = nn.ModuleList([Doubles(), Halves()])

    def forward(self, x: Tensor, n: int) -> Tensor:
        step: Step = self.steps[n]
        return step.forward(x)


@torch.jit.interface
class Shape:
    def area(self, scale: float) -> float:
        pass


@torch.jit.script
class Square:
    def __init__(self, side: float) -> None:
        self.side = side

    def area(self, scale: float) -> float:
        return self.side * self.side * scale


@torch.jit.script
class Circle:
    def __init__(self, radius: float) -> None:
        self.radius = radius

    def area(self, scale: float) -> float:
        return 3.0 * self.radius * self.radius * scale


def measured(shape: Shape) -> float:
    return shape.area(2.0)


@programs.script((2.0, True), (2.0, False))
def interfaces_of_classes(x: float, flag: bool) -> float:
    shape: Shape = Square(x)
    if flag:
        shape = Circle(x)
    return measured(shape)


class Node:
    def __init__(self, weights: List[Tensor], label: Tuple[int, str]) -> None:
        self.weights = weights
        self.label = label


@programs.script((X,))
def nested_attribute_containers(x: Tensor) -> tuple[Tensor, str]:
    node = Node([x, x + 1], (1, "a"))
    node.weights[0] = x * 3
    node.weights.append(x)
    number, text = node.label
    return torch.stack(node.weights).sum(0) * number, text


@programs.script((3,))
def objects_in_containers(n: int) -> int:
    boxes = {"a": Box(n), "b": Box(1, 2)}
    total = 0
    for name, box in boxes.items():
        box.grow(len(name))
        total += box.width()
    pair = (Box(0), [Box(1)])
    return total + pair[0].width() + pair[1][0].low


@programs.script((X,))
class ObjectAttribute(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.box = torch.jit.script(Box)(1, 5) if False else Box(1, 5)

    def forward(self, x: Tensor) -> Tensor:
        self.box.grow(1)
        return x * self.box.width()
