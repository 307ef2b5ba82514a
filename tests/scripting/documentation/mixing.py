"""Tracing and scripting mixed, and the older ways of writing modules."""

import collections
import warnings
from enum import Enum
from typing import Any, Dict, List, NamedTuple, Optional, Tuple

import torch
from torch import Tensor, nn

from tests.scripting.documentation.examples import example, refusal, texts

X = torch.arange(4.0).view(2, 2)


def traced(function, *given):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return torch.jit.trace(function, given)


@example
def a_traced_function_called_by_a_compiled_one(jit):
    def mixed(x, y):
        return x * 3 - y

    recorded = traced(mixed, X, X)

    def calls(x):
        if bool(x.sum() > 0):
            x = recorded(x, x)
        return x

    compiled = jit.script(calls)
    return compiled(X), compiled(-X), texts(compiled)


@example
def a_compiled_function_called_while_tracing(jit):
    @jit.script
    def smaller(x, y):
        if x.max() < y.max():
            r = x
        else:
            r = y
        return r

    def shifted(x, y):
        return smaller(x, y) + 1

    return traced(shifted, X, X * 2)(X, X * 2)


class Centred(nn.Module):
    def __init__(self):
        super().__init__()
        self.middle = nn.Parameter(torch.tensor([0.5, 1.5]))
        inner = nn.Linear(2, 2)
        nn.init.constant_(inner.weight, 0.25)
        nn.init.constant_(inner.bias, 0.0)
        self.net = traced(inner, torch.ones(1, 2))

    def forward(self, x):
        return self.net(x - self.middle)


@example
def a_traced_module_inside(jit):
    compiled = jit.script(Centred())
    return compiled(X), texts(compiled)


@example
def attributes_by_annotations_of_the_class(jit):
    class Counts(nn.Module):
        __annotations__ = {"by_name": Dict[str, int]}

        def __init__(self):
            super().__init__()
            self.by_name = {}
            self.start = 20

        def forward(self, name: str) -> int:
            self.by_name[name] = self.start
            return self.by_name[name] + len(self.by_name)

    compiled = jit.script(Counts())
    return compiled("a"), compiled("b"), texts(compiled), jit.script(Counts()).by_name


@example
def constants_by_final_and_by_list(jit):
    class Listed(nn.Module):
        __constants__ = ["factor"]

        def __init__(self):
            super().__init__()
            self.factor = 2

        def forward(self, x):
            return x * self.factor

    class Declared(nn.Module):
        factor: torch.jit.Final[int]

        def __init__(self):
            super().__init__()
            self.factor = 1 + 4

        def forward(self, x):
            return self.factor + x

    compiled = [jit.script(Listed()), jit.script(Declared())]
    return [(each(X), texts(each), each.code_with_constants[0]) for each in compiled]


@example
def containers_and_optionals_with_types(jit):
    def filled(flag: bool):
        counts: Dict[str, int] = {}
        counts["some"] = 2
        perhaps: Optional[int] = None
        if flag:
            perhaps = 2
        return counts, perhaps

    compiled = jit.script(filled)
    return compiled(True), compiled(False), texts(compiled)


@example
def functions_that_are_marked(jit):
    @jit.ignore
    def left_alone():
        return 2

    @jit.unused
    def never_called():
        import turtle

        turtle.forward(3)
        return 4

    @jit.export
    def exported():
        return 3

    @jit.script
    def compiled():
        return 2

    return left_alone(), exported(), compiled(), never_called.__name__


# --- types ------------------------------------------------------------------------------------


@example
def anything_may_stand_where_nobody_looks(jit):
    def first_plus_one(pair: Tuple[int, Any]):
        return (pair[0] + 1, pair[1])

    compiled = jit.script(first_plus_one)
    return compiled((1, 2.0)), compiled((1, (100, 200))), texts(compiled)


@example
def anything_is_asked_for_its_type(jit):
    def is_tensor(thing: Any):
        print(thing)
        return isinstance(thing, Tensor)

    compiled = jit.script(is_tensor)
    return compiled(torch.ones(2)), compiled(3), texts(compiled)


class Pair(NamedTuple):
    first: int
    second: int


Written = NamedTuple("Written", [("first", int), ("second", int)])
Plain = collections.namedtuple("Plain", ["first", "second"])  # noqa: PYI024


@example
def named_tuples_of_both_kinds(jit):
    def of_a_class(x: Pair) -> Tuple[int, int]:
        return (x.first + 1, x.second + 1)

    def of_a_call(x: Written) -> Tuple[int, int]:
        return (x.first + 1, x.second + 1)

    def of_tensors(point: Plain):
        return point.first + point.second

    compiled = [jit.script(each) for each in (of_a_class, of_a_call, of_tensors)]
    values = compiled[0](Pair(first=1, second=2)), compiled[1](Written(1, 2)), compiled[2](Plain(X, X))
    return values, [texts(each) for each in compiled]


@example
def devices_are_values(jit):
    def moved(x, where: torch.device):
        return x.to(device=where)

    return jit.script(moved)(X, torch.device("cpu")), texts(jit.script(moved))


class Base(Enum):
    def nothing(self):
        pass


class Shade(Base):
    DARK = 1
    LIGHT = 2


@example
def enums_that_inherit_methods(jit):
    def is_same(x: Shade, y: Shade) -> bool:
        if x == Shade.DARK:
            return True
        return x == y

    compiled = jit.script(is_same)
    return compiled(Shade.LIGHT, Shade.DARK), compiled(Shade.LIGHT, Shade.LIGHT), texts(compiled)


class Adder(nn.Module):
    def __init__(self, start):
        super().__init__()
        self.start = start

    def forward(self, more: int):
        return self.start + more


@example
def the_type_of_a_module_is_that_of_its_instance(jit):
    number, tensor = jit.script(Adder(1)), jit.script(Adder(torch.ones([5])))
    return number(3), tensor(3), texts(number), texts(tensor)


@example
def modules_are_not_made_in_compiled_code(jit):
    def makes(x: int):
        return Maker(x)(x)

    return refusal(lambda: jit.script(makes))


class Maker(nn.Module):
    def __init__(self, start: int):
        super().__init__()
        self.start = start

    def forward(self, x: int):
        return self.start + x


class Labelled:
    label = "some"

    def __init__(self, x: int):
        self.x = x


@example
def attributes_of_classes_are_not_seen(jit):
    def reads(thing: Labelled):
        return thing.label

    return refusal(lambda: jit.script(reads))


@example
def parameters_without_a_type_are_tensors(jit):
    def total(a, b: int):
        return a + b

    return jit.script(total)(torch.ones(6), 100), texts(jit.script(total))


@example
def a_list_is_annotated_where_it_is_given(jit):
    def appended(items: List[int], more: int):
        items.append(more)
        return items

    def begin(more: int):
        return appended(jit.annotate(List[int], []), more)

    compiled = jit.script(begin)
    return compiled(3), texts(compiled)


# --- statements -------------------------------------------------------------------------------


@example
def a_tensor_of_one_element_is_a_condition(jit):
    def is_some(x: Tensor):
        if x:
            return True
        return False

    compiled = jit.script(is_some)
    return compiled(torch.tensor([2.0])), compiled(torch.zeros(1)), refusal(lambda: compiled(X))


@example
def loops_have_no_else(jit):
    def of_for(x: int):
        for i in range(x):
            x += i
        else:
            x = 4
        return x

    return refusal(lambda: jit.script(of_for))


@example
def named_tuples_are_asked_for_their_fields(jit):
    def asks(x: Pair):
        return hasattr(x, "first"), hasattr(x, "third")

    return jit.script(asks)(Pair(1, 2)), texts(jit.script(asks))


@example
def lists_are_zipped_and_a_tuple_is_not_with_a_list(jit):
    def of_lists(a: List[float], b: List[int]):
        total = 0.0
        for x, y in zip(a, b):
            total += x * y
        return total

    def of_both(b: List[int]):
        total = 0
        for x, y in zip((1, 2), b):
            total += x * y
        return total

    return jit.script(of_lists)([1.5, 2.5], [2, 3, 4]), refusal(lambda: jit.script(of_both))


@example
def assignment_to_several_names_at_once(jit):
    def unpacked(pair: Tuple[int, int, int, str]):
        a, b, *rest = pair
        whole = c, d = (a, b)
        return a, b, rest, whole, c, d

    return jit.script(unpacked)((1, 2, 3, "x")), texts(jit.script(unpacked))


@example
def breaking_off_and_going_on(jit):
    def counted(n: int):
        seen: List[int] = []
        for i in range(n):
            if i == 1:
                continue
            if i == 3:
                break
            seen.append(i)
        return seen

    return jit.script(counted)(5), texts(jit.script(counted))
