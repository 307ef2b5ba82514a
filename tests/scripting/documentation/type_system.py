"""Types: what values have, how they are written, refined and declared."""

import enum
from typing import Any, Dict, Final, List, NamedTuple, Optional, Tuple, Union

import torch
from torch import Tensor, nn

from tests.scripting.documentation.examples import example, refusal, texts

X = torch.arange(4.0).view(2, 2)


class Shade(enum.Enum):
    DARK = 1
    LIGHT = 2


class Place(NamedTuple):
    column: int
    row: int


class Worker(NamedTuple):
    name: str
    number: int
    weight: float = 1.5


class Counter:
    def __init__(self, start: int):
        self.value = start

    def step(self, by: int) -> int:
        self.value += by
        return self.value


class Two:
    def __init__(self, left: Tensor, right: Tensor):
        self.left = left
        self.right = right


@example
def a_variable_has_one_type(jit):
    def either(x):
        if x:
            r = torch.ones(1)
        else:
            r = 4
        return r

    return refusal(lambda: jit.script(either))


@example
def parameters_are_tensors_unless_they_say_otherwise(jit):
    def plain(x, y):
        return x + y

    compiled = jit.script(plain)
    return str(compiled.schema), compiled(X, X), texts(compiled)


@example
def annotations_of_python_3(jit):
    def nested(x: int, pair: Tuple[int, Tuple[Tensor, Tensor]]) -> Tensor:
        count, (a, b) = pair
        return a * x + b * count

    compiled = jit.script(nested)
    return compiled(3, (2, (X, X))), texts(compiled)


@example
def annotations_in_a_comment(jit):
    def nested(x, pair):
        # type: (int, Tuple[Tensor, Tensor]) -> Tensor
        return pair[0] * x + pair[1]

    compiled = jit.script(nested)
    return compiled(3, (X, X)), texts(compiled)


@example
def a_wrong_argument(jit):
    def nested(x: int, pair: Tuple[Tensor, Tensor]) -> Tensor:
        return pair[0] * x

    return refusal(lambda: jit.script(nested)(X, (X, X)))


class Empty(nn.Module):
    def forward(self, n: int) -> Tuple[List[Tuple[int, float]], Dict[str, int]]:
        rows: List[Tuple[int, float]] = []
        names: Dict[str, int] = {}
        for i in range(n):
            rows.append((i, i * 2.5))
            names[str(i)] = i
        return rows, names


@example
def empty_containers_are_annotated(jit):
    compiled = jit.script(Empty())
    return compiled(3), texts(compiled)


@example
def empty_lists_hold_tensors(jit):
    def tensors(x):
        found = []
        found.append(x)
        return found

    def numbers(n: int):
        found = []
        found.append(n)
        return found

    return jit.script(tensors)(X), refusal(lambda: jit.script(numbers))


class Refined(nn.Module):
    z: Optional[int]

    def __init__(self, z):
        super().__init__()
        self.z = z

    def forward(self, x: Optional[int], y: Optional[int]) -> int:
        if x is None:
            x = 1
        x = x + 1
        z = self.z
        if z is not None:
            x += z
        assert y is not None
        x += y
        return x


@example
def optionals_are_refined(jit):
    results = []
    for z in (None, 4):
        compiled = jit.script(Refined(z))
        results.append(
            (compiled(None, 2), compiled(5, 1), refusal(lambda: compiled(5, None)), texts(compiled))
        )
    return results


@example
def an_attribute_is_not_refined(jit):
    class Direct(nn.Module):
        z: Optional[int]

        def __init__(self):
            super().__init__()
            self.z = 3

        def forward(self, x: int) -> int:
            if self.z is not None:
                x += self.z
            return x

    return refusal(lambda: jit.script(Direct()))


@example
def classes(jit):
    jit.script(Counter)

    def count(start: int) -> Tuple[int, int]:
        counter = Counter(start)
        counter.step(2)
        return counter.step(3), counter.value

    compiled = jit.script(count)
    return compiled(4), texts(compiled)


@example
def classes_as_parameters(jit):
    jit.script(Two)

    def total(two: Two) -> Tensor:
        return two.left + two.right

    compiled = jit.script(total)
    return compiled(Two(X, X)), texts(compiled)


@example
def a_class_declares_its_attributes_in_init(jit):
    class Late:
        def __init__(self):
            self.x = torch.ones(1)

        def add(self):
            self.y = 2

    return refusal(lambda: jit.script(Late))


@example
def classes_do_not_inherit(jit):
    class Child(Counter):
        pass

    return refusal(lambda: jit.script(Child))


@example
def a_class_with_static_methods_and_properties(jit):
    class Ring:
        def __init__(self, radius: float):
            self.radius = radius

        @property
        def area(self) -> float:
            return self.radius * self.radius * 3

        @staticmethod
        def unit() -> float:
            return 1.0

        def __add__(self, other: float) -> float:
            return self.radius + other

        def __contains__(self, x: float) -> bool:
            return x < self.radius

    def use(r: float):
        ring = Ring(r)
        return ring.area, Ring.unit(), ring + 2.0, 0.5 in ring

    compiled = jit.script(use)
    return compiled(2.0)


@example
def enums(jit):
    def same_or_dark(x: Shade, y: Shade) -> bool:
        if x == Shade.DARK:
            return True
        return x == y

    compiled = jit.script(same_or_dark)
    cases = [(Shade.DARK, Shade.LIGHT), (Shade.LIGHT, Shade.DARK), (Shade.LIGHT, Shade.LIGHT)]
    return [compiled(a, b) for a, b in cases], texts(compiled)


@example
def enum_names_and_values(jit):
    def parts(x: Shade) -> Tuple[str, int, Shade]:
        return x.name, x.value, Shade.LIGHT

    return jit.script(parts)(Shade.DARK)


@example
def named_tuples(jit):
    def total(place: Place) -> int:
        return place.column + place.row

    def moved(place: Place) -> Place:
        return Place(place.column + 1, place.row)

    compiled = jit.script(total)
    return compiled(Place(3, 4)), jit.script(moved)(Place(1, 2)), texts(compiled)


@example
def named_tuples_with_defaults(jit):
    def hire(name: str) -> Worker:
        return Worker(name=name, number=3)

    return jit.script(hire)("ada")


@example
def any_type(jit):
    def describe(x: Any) -> str:
        if isinstance(x, int):
            return "int " + str(x + 1)
        elif isinstance(x, str):
            return "str " + x
        return "other"

    compiled = jit.script(describe)
    return compiled(3), compiled("a"), compiled(X), texts(compiled)


@example
def unions(jit):
    def twice(x: Union[int, str]) -> str:
        if isinstance(x, int):
            return str(x * 2)
        return x + x

    compiled = jit.script(twice)
    return compiled(4), compiled("ab"), refusal(lambda: compiled(1.5)), texts(compiled)


@example
def container_isinstance(jit):
    def first(value: Any) -> str:
        if jit.isinstance(value, List[str]):
            return value[0]
        if jit.isinstance(value, Dict[str, str]):
            return value["k"]
        return "neither"

    compiled = jit.script(first)
    return compiled(["a"]), compiled({"k": "v"}), compiled(3)


@example
def isinstance_in_python(jit):
    return (
        jit.isinstance(["a"], List[str]), jit.isinstance([1], List[str]), jit.isinstance({"k": 1}, Dict[str, int]),
        jit.isinstance((1, "a"), Tuple[int, str]), jit.isinstance(None, Optional[int]),
    )  # fmt: skip


@example
def subtypes(jit):
    def none_is_optional(flag: bool) -> Optional[int]:
        if flag:
            return 3
        return None

    def branches(flag: bool):
        x: Optional[int] = None
        if flag:
            x = 2
        return x

    return [jit.script(f)(flag) for f in (none_is_optional, branches) for flag in (True, False)]


class Constants(nn.Module):
    width: Final[int]
    sizes: Final[Tuple[int, int]]

    def __init__(self, width: int):
        super().__init__()
        self.width = width
        self.sizes = (width, 2)

    def forward(self, x):
        for _ in range(self.width):
            x = x + self.sizes[1]
        return x


@example
def final_attributes_are_constants(jit):
    compiled = jit.script(Constants(3))
    return compiled(X), compiled.width, refusal(lambda: setattr(compiled, "width", 4)), texts(compiled)


@example
def types_that_do_not_exist(jit):
    def sets(x: set) -> int:
        return 1

    def iterator(n: int):
        yield n

    return refusal(lambda: jit.script(iterator)), refusal(lambda: jit.script(sets))
