"""Functions inside functions of texts: closures over what they read, with parameters and types."""

import io

import pytest
import torch
from torch import nn

import jitcore
from tests.differential.script_modules.comparison import renumbered
from tests.scripting.library.side_by_side import outcome

LIBRARIES = (torch.jit, jitcore)
TEXTS = {
    "a derivative": """
def outer(x):
    y = torch.tanh(x)
    def back(g):
        return g * (1 - y * y)
    return y, back
""",
    "types in a comment": """
def outer(x):
    # type: (Tensor) -> Tuple[Tensor, int]
    def back(g, n):
        # type: (Tensor, int) -> Tensor
        return g * n
    return x, 1
""",
    "types in the signature": """
def outer(x):
    def back(g: Tensor, k: List[int]) -> Tensor:
        return g * k[0]
    return x, back
""",
    "branches": """
def outer(x):
    def back(g):
        if bool(g.sum() > 0):
            return g + x
        else:
            return g
    return x, back
""",
    "loops": """
def outer(x):
    def back(g):
        y = g
        for i in range(3):
            y = y + x * i
        return y
    z = x * 2
    return z, back
""",
    "two levels": """
def outer(x):
    def one(g):
        def two(h):
            return h * x
        return two, g
    return x, one
""",
    "several values": """
def outer(x):
    n = 3
    a, b = x, [1, 2]
    def back(g, k: List[int]):
        return g * n, a, b, k
    return x, back
""",
    "nothing returned": """
def outer(x):
    def back(g):
        pass
    return x, back
""",
    "forked": """
def outer(x):
    def inner() -> Tensor:
        return x + 1
    f = torch.jit.fork(inner)
    return torch.jit.wait(f)
""",
}
REFUSED = {
    "called": "def outer(x):\n    def back(g):\n        return g\n    return back(x)\n",
    "another type": "def outer(x):\n    def back(g: int) -> str:\n        return g\n    return x\n",
    "an unknown type": "def outer(x):\n    def back(g: Foo):\n        return g\n    return x\n",
    "too few types": "def outer(x):\n    def back(g, h):\n        # type: (int) -> int\n        return g\n    return x\n",
    "forked with a parameter": (
        "def outer(x):\n    def back(g):\n        return g\n    return torch.jit.wait(torch.jit.fork(back, x))\n"
    ),
}


@pytest.mark.parametrize("name", TEXTS)
def test_texts(name):
    theirs, ours = (jit.CompilationUnit(TEXTS[name]).outer for jit in LIBRARIES)
    assert renumbered(str(ours.graph)) == renumbered(str(theirs.graph))
    assert renumbered(ours.code) == renumbered(theirs.code)
    assert str(ours.schema) == str(theirs.schema)
    assert outcome(lambda: ours(torch.ones(2))) == outcome(lambda: theirs(torch.ones(2)))


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused(name):
    theirs, ours = (outcome(lambda jit=jit: jit.CompilationUnit(REFUSED[name])) for jit in LIBRARIES)
    assert ours[0] == theirs[0] == "RuntimeError"
    first = theirs[1].strip().split("\n")[0].rstrip(":")
    assert ours[1].strip().startswith(first)


def test_functions_of_python_have_none_inside():
    def outer(x):
        def back(g):
            return g

        return x, back

    for jit in LIBRARIES:
        with pytest.raises(torch.jit.frontend.UnsupportedNodeError, match="function definitions aren't"):
            jit.script(outer)


class Plain(nn.Module):
    def forward(self, x):
        return x


def test_methods_of_texts():
    text = "def other(self, x):\n    def back(g):\n        return g * self.forward(x)\n    return x, back\n"
    modules = [jit.script(Plain()) for jit in LIBRARIES]
    for module in modules:
        module.define(text)
    theirs, ours = (renumbered(str(module.other.graph)) for module in modules)
    assert ours == theirs
    with pytest.raises(RuntimeError, match="closures are not exportable"):
        jitcore.save(modules[1], io.BytesIO())
