"""The decorators and special functions under the library's own names."""

from typing import List, Optional

import pytest
import torch
from torch import Tensor

import jitcore as jit
from jitcore.printing import graph_text
from jitcore.scripting import markers
from jitcore.scripting.compiled_program import CompiledProgram
from jitcore.scripting.compiler import ScriptCompiler
from jitcore.source import SourceError

X = torch.ones(2)


@jit.script
def doubled(x: Tensor, n: int = 2) -> Tensor:
    return x * n


@jit.script
class Counter:
    def __init__(self, n: int):
        self.n = n

    def next(self) -> int:
        self.n += 1
        return self.n


@jit.interface
class Next:
    def next(self) -> int:
        pass


@jit.ignore
def ignored(x: Tensor) -> Tensor:
    return x + len("python")


@jit.unused
def unused(x: Tensor) -> Tensor:
    return x.nothing_like_this()


@jit.script_if_tracing
def if_tracing(x: Tensor, n: int) -> Tensor:
    for _ in range(n):
        x = x + 1
    return x


def through_interface(counter: Next) -> int:
    return counter.next()


def test_compiled_functions_and_classes_are_used_by_others():
    def function(x):
        return doubled(x) + doubled(x, 3) + Counter(4).next()

    assert torch.equal(jit.script(function)(X), X * 10)


def test_interface_stands_for_what_has_its_methods():
    def function(n: int) -> int:
        return through_interface(Counter(n))

    assert jit.script(function)(1) == 2


def test_ignored_function_runs_in_python():
    def function(x):
        return ignored(x)

    compiled = jit.script(function)
    assert torch.equal(compiled(X), X + 6)
    assert "^ignored" in graph_text(compiled.graph)


def test_unused_function_raises_where_it_is_called():
    def function(x, flag: bool):
        if flag:
            x = unused(x)
        return x

    compiled = jit.script(function)
    assert torch.equal(compiled(X, False), X)
    with pytest.raises(Exception, match="annotated to be ignored"):
        compiled(X, True)


def test_special_functions_have_their_meaning():
    def function(x: Tensor):
        xs = jit.annotate(List[int], [])
        y = jit.annotate(Optional[int], None)
        future = jit.fork(doubled, x)
        if jit.is_scripting():
            xs.append(1)
        return jit.wait(future), xs, y, jit.isinstance(xs, List[int]), if_tracing(x, 2)

    first, numbers, nothing, is_list, last = jit.script(function)(X)
    assert torch.equal(first, X * 2)
    assert torch.equal(last, X + 2)
    assert (numbers, nothing, is_list) == ([1], None, True)


def test_they_do_in_python_what_python_would():
    assert not jit.is_scripting()
    assert jit.annotate(List[int], X) is X
    assert jit.isinstance([1], List[int])
    assert not jit.isinstance(["a"], List[int])
    assert torch.equal(if_tracing(X, 3), X + 3)
    assert jit.Attribute(3, int) == (3, int)


@pytest.mark.parametrize("decorator", [markers.export, markers.unused, markers.ignore, markers.ignore()])
def test_marks_are_those_of_torch(decorator):
    def function():
        pass

    name = getattr(decorator, "__name__", "ignore")
    marked = decorator(function)
    assert marked is function
    assert torch._jit_internal.get_torchscript_modifier(marked).startswith(name.removeprefix("_"))


def test_ignore_says_what_it_does_not_take():
    with pytest.raises(RuntimeError, match="must be a bool or a function"):
        markers.ignore("yes")


def test_units_know_nothing_of_each_other():
    def function(x):
        return x

    first, second = ScriptCompiler(CompiledProgram()), ScriptCompiler(CompiledProgram())
    assert first.compile_directly(function) is first.compile_directly(function)
    assert first.compile_directly(function) is not second.compile_directly(function)


def first_one(x):
    def function(x):
        return x + 1

    return function


def second_one(x):
    def function(x):
        return x - 1

    return function


def test_two_functions_of_one_name_are_told_apart():
    compiler = ScriptCompiler(CompiledProgram())
    first = compiler.compile_directly(first_one(X))
    second = compiler.compile_directly(second_one(X))
    assert first.qualified_name.endswith(".function")
    assert second.qualified_name.endswith(".___torch_mangle_0.function")


def test_refused_function_says_where_it_was_called():
    def inner(x):
        return unknown_name(x)  # noqa: F821

    def outer(x):
        return inner(x)

    with pytest.raises(SourceError, match="undefined value unknown_name") as caught:
        ScriptCompiler(CompiledProgram()).compile_directly(outer)
    (note,) = caught.value.__notes__
    lines = note.splitlines()
    assert lines[0] == "'inner' is being compiled since it was called from 'outer'"
    assert lines[1].startswith(f'  File "{__file__}", line ')
    assert lines[-1] == " " * 15 + "~~~~~~~ <--- HERE"
    assert "assign it before" in caught.value.message
