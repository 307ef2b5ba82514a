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
