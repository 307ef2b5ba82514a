"""Classes of C++ that a library registers: made, called and taken by compiled code as in torch.jit."""

import copy
from pathlib import Path

import pytest
import torch
from torch import nn

import jitcore

LIBRARY = Path(torch.__file__).parent / "lib" / "libtorchbind_test.so"
if not LIBRARY.exists():
    pytest.skip("this torch brings no library with classes", allow_module_level=True)
torch.ops.load_library(str(LIBRARY))


def makes_and_calls():
    foo = torch.classes._TorchScriptTesting._Foo(1, 2)
    foo.increment(1)
    return foo.info(), torch.classes._TorchScriptTesting._StackString(["a", "b"]).pop()


def has_defaults():
    made = torch.classes._TorchScriptTesting._DefaultArgs()
    return made.increment() + made.scale_add(1) + made.divide()


def has_properties():
    made = torch.classes._TorchScriptTesting._FooGetterSetter(1, 2)
    made.x = made.x + 4
    return made.x + made.y


def takes_and_gives(stack: torch.classes._TorchScriptTesting._StackString, x: torch.Tensor):
    is_stack = isinstance(stack, torch.classes._TorchScriptTesting._StackString)
    stack.push("c")
    return stack, is_stack, str(stack), x


def gives_wrong_arguments():
    return torch.classes._TorchScriptTesting._Foo(1)


def names_no_class():
    return torch.classes._TorchScriptTesting._Nowhere(1)


class Holds(nn.Module):
    def __init__(self):
        super().__init__()
        self.foo = torch.classes._TorchScriptTesting._Foo(3, 4)
        self.stack = torch.classes._TorchScriptTesting._StackString(["a", "b"])

    def forward(self):
        self.stack.push("c")
        return self.foo.info(), self.stack.pop(), self.stack.top()


@pytest.mark.parametrize("function", [makes_and_calls, has_defaults, has_properties])
def test_functions(function):
    theirs, ours = torch.jit.script(function), jitcore.script(function)
    assert (str(ours.graph), ours.code, ours()) == (str(theirs.graph), theirs.code, theirs())


def test_parameters_and_results():
    made = torch.classes._TorchScriptTesting._StackString
    theirs, ours = torch.jit.script(takes_and_gives), jitcore.script(takes_and_gives)
    assert (str(ours.graph), ours.code) == (str(theirs.graph), theirs.code)
    x = torch.ones(2)
    assert ours(made(["a"]), x)[0].pop() == theirs(made(["a"]), x)[0].pop() == "c"


def test_modules_and_their_archives(tmp_path):
    theirs, ours = torch.jit.script(Holds()), jitcore.script(Holds())
    assert (str(ours.graph), ours.code, ours()) == (str(theirs.graph), theirs.code, theirs())
    for name, module in (("theirs", theirs), ("ours", ours)):
        module.save(str(tmp_path / name))
    assert torch.jit.load(str(tmp_path / "ours"))() == torch.jit.load(str(tmp_path / "theirs"))()


def test_deep_copies_share_no_object_of_a_native_class():
    def pushed_to_a_copy(jit):
        module = jit.script(Holds())
        copied = copy.deepcopy(module)
        copied.stack.push("only there")
        return module.stack.top(), copied.stack.top()

    assert pushed_to_a_copy(jitcore) == pushed_to_a_copy(torch.jit)


@pytest.mark.parametrize("function", [gives_wrong_arguments, names_no_class])
def test_refusals(function):
    for jit in (torch.jit, jitcore):
        with pytest.raises(RuntimeError, match="not provided|does not exist|no attribute _Nowhere"):
            jit.script(function)


def calls_static_methods(n: int):
    twice = torch.classes._TorchScriptTesting._StaticMethod.staticMethod
    scaled = torch.classes._TorchScriptTesting._StaticMethod.staticMethodWithDefault
    return twice(n), scaled(n), scaled(n, 5), scaled(n, scale=None)


def gives_static_method_wrong_argument():
    return torch.classes._TorchScriptTesting._StaticMethod.staticMethod("a")


def calls_no_static_method():
    return torch.classes._TorchScriptTesting._StaticMethod.nothing(1)


def calls_method_of_class():
    return torch.classes._TorchScriptTesting._Foo.info(1)


class CallsStaticMethod(nn.Module):
    def forward(self, n: int):
        return torch.classes._TorchScriptTesting._StaticMethod.staticMethod(n)


def test_static_methods():
    theirs, ours = torch.jit.script(calls_static_methods), jitcore.script(calls_static_methods)
    assert (str(ours.graph), ours.code, ours(3)) == (str(theirs.graph), theirs.code, theirs(3))
    assert str(ours.inlined_graph) == str(theirs.inlined_graph)


@pytest.mark.parametrize(
    "function", [gives_static_method_wrong_argument, calls_no_static_method, calls_method_of_class]
)
def test_refused_static_methods(function):
    with pytest.raises(RuntimeError) as theirs:
        torch.jit.script(function)
    with pytest.raises(RuntimeError) as ours:
        jitcore.script(function)
    # What torch refused before may still be in its list of calls.
    assert str(theirs.value).startswith(str(ours.value))


def test_archives_have_no_place_for_static_methods(tmp_path):
    for library in (torch.jit, jitcore):
        module = library.script(CallsStaticMethod())
        assert module(3) == 6
        with pytest.raises(RuntimeError):
            module.save(str(tmp_path / "module.pt"))
