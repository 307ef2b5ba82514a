"""Units of functions that texts define: what their names mean, and which names they may have."""

import enum
from typing import Union

import pytest
import torch

import jitcore
from tests.scripting.library.side_by_side import outcome

LIBRARIES = (torch.jit, jitcore)


def both(action, kind="gives"):
    """Fail unless the action has the same outcome with both libraries, of the kind that is expected."""
    theirs, ours = (outcome(lambda jit=jit: action(jit)) for jit in LIBRARIES)
    assert ours == theirs
    assert theirs[0] == kind


class Point:
    def __init__(self, n: int):
        self.n = n


class Shade(enum.Enum):
    LIGHT = 1
    DARK = 2


def made(n: int) -> Point:
    return Point(n)


def plus(x: int):
    return x + 100


def text_with_a_class(jit):
    unit = jit.CompilationUnit("def f(p: Point) -> Point:\n    return Point(p.n + 1)\n")
    return unit.f(Point(3)).n


def one_class_for_texts_and_functions(jit):
    jit.script(made)
    unit = jit.CompilationUnit(
        "def f(n: int, u: bool):\n    p = Point(n)\n    if u:\n        p = made(n)\n    return p.n\n"
    )
    return unit.f(1, True), unit.f.code


def an_enum_under_a_union(jit):
    unit = jit.CompilationUnit("def f(x: Union[str, Shade]) -> str:\n    return 'ok'\n")
    return unit.f(Shade.DARK), unit.f("text"), str(unit.f.schema), Union


def a_local_class(jit):
    class Here:
        def __init__(self):
            self.n = 1

    class There:
        def __init__(self):
            self.n = 2

        def same(self, other):
            # type: (Here) -> bool
            return self.n == other.n

    jit.script(Here)
    jit.script(There)
    return jit.CompilationUnit("def f() -> bool:\n    return There().same(Here())\n").f()


def names_that_are_mangled(jit):
    def inner(x: int):
        return x

    first = jit.script(inner)

    def inner(x: int):  # noqa: F811
        return x + 1

    return first(1), jit.CompilationUnit("def g(x: int):\n    return inner(x)\n").g.code


def functions_that_call_each_other(jit):
    unit = jit.CompilationUnit(
        "def f(x: int) -> int:\n    return g(x)\ndef g(x: int) -> int:\n    return x + 1\n"
    )
    return unit.f(1), unit.f.code, str(unit.f.graph), unit.g.qualified_name


def a_later_text(jit):
    unit = jit.CompilationUnit("def f(x: int):\n    return x\n")
    unit.define("def g(x: int):\n    return plus(x)\n")
    return unit.f(1), unit.g(1), unit.g.code


def a_later_text_that_is_given_an_earlier_function(jit):
    unit = jit.CompilationUnit("def f(x: int):\n    return x + 7\n")
    unit.define("def g(x: int):\n    return f(x)\n", {"f": unit.f}.get)
    return unit.g(1)


@pytest.mark.parametrize(
    "action",
    [
        text_with_a_class, one_class_for_texts_and_functions, an_enum_under_a_union, a_local_class,
        names_that_are_mangled, functions_that_call_each_other, a_later_text,
        a_later_text_that_is_given_an_earlier_function,
    ],
)  # fmt: skip
def test_texts(action):
    both(action)


def a_function_defined_twice(jit):
    unit = jit.CompilationUnit("def f(x: int):\n    return x\n")
    unit.define("def f(x: int):\n    return x + 1\n")


def a_function_twice_in_a_text(jit):
    jit.CompilationUnit("def f(x: int):\n    return x\ndef f(x: int):\n    return x + 1\n")


def a_later_text_that_calls_an_earlier_function(jit):
    unit = jit.CompilationUnit("def f(x: int):\n    return x\n")
    unit.define("def g(x: int):\n    return f(x)\n")


@pytest.mark.parametrize("action", [a_function_defined_twice, a_function_twice_in_a_text])
def test_names_that_are_taken(action):
    both(action, "RuntimeError")


def test_an_earlier_text_is_not_seen():
    theirs, ours = (
        outcome(lambda jit=jit: a_later_text_that_calls_an_earlier_function(jit)) for jit in LIBRARIES
    )
    assert ours[0] == theirs[0] == "RuntimeError"
    assert ours[1].startswith("\nundefined value f")


def test_what_was_defined_stays():
    unit = jitcore.CompilationUnit("def f(x: int):\n    return x\n")
    with pytest.raises(RuntimeError, match="already defined"):
        unit.define("def f(x: int):\n    return x + 1\n")
    with pytest.raises(RuntimeError, match="undefined value nothing"):
        unit.define("def g(x: int):\n    return nothing(x)\n")
    assert unit.f(1) == 1


# --- names that a caller resolves -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("def f(x: int):\n    return helper(x)\n", {"helper": plus}),
        ("def f(x: Number) -> Number:\n    return x\n", {"Number": int}),
        ("def f(x: inner.Number) -> int:\n    return x\n", {"inner.Number": int}),
        ("def f(x: int):\n    return P(x).n\n", {"P": Point}),
    ],
)
def test_a_text_means_what_the_callback_says(text, names):
    def defined(jit):
        unit = jit.CompilationUnit()
        unit.define(text, rcb=names.get)
        return unit.f(1), unit.f.code

    both(defined)


@pytest.mark.parametrize("text", ["def f(x: int):\n    return plus(x)\n", "def f(x: Point):\n    return x\n"])
def test_a_text_sees_nothing_else_than_what_the_callback_knows(text):
    def defined(jit):
        jit.CompilationUnit().define(text, {}.get)

    theirs, ours = (outcome(lambda jit=jit: defined(jit)) for jit in LIBRARIES)
    assert ours[0] == theirs[0] == "RuntimeError"
    first = theirs[1].strip().split("\n")[0].rstrip(":")
    assert ours[1].strip().startswith(first)


def test_what_a_callback_raises_comes_through():
    def knows_nothing(name):
        raise KeyError(name)

    both(lambda jit: jit.CompilationUnit().define("def f(x):\n    return g(x)\n", knows_nothing), "KeyError")


def test_functions_and_classes_are_compiled_with_the_callbacks_names():
    def compiled(jit):
        def calls(x: int):
            return given(x)  # noqa: F821

        class Box:
            def __init__(self, n: int):
                self.n = n

            def plus(self, other):
                # type: (Number) -> int
                return other + self.n

        jit.script(Box, _rcb={"Number": int}.get)

        def uses(n: int):
            return Box(n).plus(3)

        return jit.script(calls, _rcb={"given": plus}.get)(1), jit.script(uses)(1)

    both(compiled)
