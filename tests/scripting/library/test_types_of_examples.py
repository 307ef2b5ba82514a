"""Parameters get the types that torch.jit gives them where MonkeyType tells it what they had in calls."""

import enum

import pytest
import torch
from torch import nn

import jitcore


class Color(enum.Enum):
    RED = 1


class Number:
    def __init__(self, n: int):
        self.n = n


def gives(v):
    return v


def gives_first(v, w=2):
    return v


def declared(v: int, w):
    return v


EXAMPLES = [
    (gives, [(1,), (2.5,), ("a",)], "Any"), (gives, [([1],), ([1.5],)], "Any"), (gives, [([],)], "List[Any]"),
    (gives, [((1, 2.0),), ((3, 4.0),)], "Tuple[int, float]"), (gives, [(1,), (None,)], "Optional[int]"),
    (gives, [({"a": 1},), ({"b": 2.5},)], "Any"), (gives, [([1, "a"],)], "List[Union[int, str]]"),
    (gives, [({},)], "Dict[Any, Any]"), (gives, [(torch.ones(1),), (1,)], "Any"), (gives, [(None,)], "NoneType"),
    (gives, [(None,), (1,), ("a",)], "Any"), (gives, [([None, 1],)], "List[Optional[int]]"),
    (gives, [([[1]],)], "List[List[int]]"), (gives, [(1j,)], "complex"), (gives_first, [(1,), (2, 3)], "int"),
    (declared, [(1, 2)], "int"),
]  # fmt: skip


@pytest.mark.parametrize(("function", "examples", "expected"), EXAMPLES)
def test_one_parameter(function, examples, expected):
    compiled = jitcore.script(function, example_inputs=examples)
    assert str(compiled.schema.arguments[0].type) == expected


def test_objects_and_enums():
    jitcore.script(Number)
    for example, name in ((Number(1), "Number"), (Color.RED, "Color")):
        compiled = jitcore.script(gives, example_inputs=[(example,)])
        assert str(compiled.schema.arguments[0].type).endswith(name)


class Inner(nn.Module):
    def forward(self, n):
        return n * 3


def half(n):
    return n // 2


class Outer(nn.Module):
    def __init__(self):
        super().__init__()
        self.inner = Inner()

    def helper(self, n, names):
        return n + len(names)

    def forward(self, n):
        return half(self.helper(self.inner(n), ["a"]))


@pytest.mark.parametrize("by_module", [False, True])
def test_what_is_called_has_types_too(by_module):
    module = Outer()
    examples = iter([(2,)])
    compiled = jitcore.script(module, example_inputs={module: examples} if by_module else examples)
    assert compiled(5) == module(5) == 8
    assert [str(argument.type) for argument in compiled.helper.schema.arguments[1:]] == ["int", "List[str]"]
    assert str(compiled.inner.forward.schema.arguments[1].type) == "int"


class Scales:
    def __init__(self):
        self.k = 2

    def scale(self, v):
        return v * self.k


def uses_scales(n: int):
    return Scales().scale(n)


def test_methods_of_classes():
    jitcore.script(Scales, example_inputs={Scales().scale: [(3,)]})
    assert jitcore.script(uses_scales)(5) == 10


def fails(n):
    raise ValueError(f"not {n}")


def test_what_a_call_raises_is_raised():
    with pytest.raises(ValueError, match="not 1"):
        jitcore.script(fails, example_inputs=[(1,)])
    with pytest.raises(RuntimeError, match="example of 'v' cannot be told"):
        jitcore.script(gives, example_inputs=[(object(),)])
