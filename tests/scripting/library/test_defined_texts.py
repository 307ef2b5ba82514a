"""Functions and methods that a text defines come out as torch.jit's, wherever the text begins."""

import textwrap

import pytest
import torch

import jitcore
from tests.differential.script_modules.comparison import renumbered

TEXTS = {
    "nothing returned": """
        def f(x):
            print('\\016', "ä")
    """,
    "numbers": """
        def f(x):
            return x * -0.5 + -3, -x, [1, -2], (-1.5, -1)
    """,
    "branches": """
        def f(x):
            # type: (Tensor) -> Tensor
            if bool(x.sum() > 0):
                y = x
            elif bool(x.sum() < -1):
                y = -x
            else:
                y = x[0, 1:, None]
            return y
    """,
    "containers": """
        def f(x):
            d = {1: x, 2: x + 1}
            e = torch.jit.annotate(Dict[str, int], {})
            return d[1], e, (), [x for x in d.values()]
    """,
    "calls": """
        def g(x, n: int = 2):
            while n > 0:
                n -= 1
                x = x + 1
            return x

        def f(x):
            assert x.dim() > 0, "no number"
            for i, j in enumerate(range(3)):
                x += g(x, n=i * j)
            return g(x) if bool(x.sum() > 0) and True else x
    """,
}


def _graphs(unit):
    return [renumbered(str(getattr(unit, name).graph)) for name in ("f", "g") if _has(unit, name)]


def _has(unit, name):
    try:
        return getattr(unit, name) is not None
    except AttributeError:
        return False


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
@pytest.mark.parametrize("arrange", [textwrap.dedent, str], ids=["at the left", "indented"])
def test_graphs_are_equal(text, arrange):
    theirs = torch.jit.CompilationUnit(arrange(text))
    ours = jitcore.CompilationUnit(arrange(text))
    assert _graphs(ours) == _graphs(theirs)
    x = torch.arange(6.0).reshape(2, 3) - 1
    assert repr(ours.f(x.clone())) == repr(theirs.f(x.clone()))


def test_several_iterables_are_refused_without_parentheses():
    text = "def f(x):\n    for i in {}:\n        x += i\n    return x\n"
    for jit in (torch.jit, jitcore):
        with pytest.raises(RuntimeError, match="List of iterables is not supported"):
            jit.CompilationUnit(text.format("1, 2"))
        assert jit.CompilationUnit(text.format("(1, 2)")).f(torch.tensor(1)) == 4


def test_lines_of_long_strings_stay_as_they_are():
    text = "\n    def f() -> str:\n        return '''a\n      b'''\n"
    assert jitcore.CompilationUnit(text).f() == "a\n      b"


def test_an_error_tells_the_line_of_the_text():
    with pytest.raises(RuntimeError, match='File "<string>", line 3'):
        jitcore.CompilationUnit("\n    def f(x):\n        return nothing(x)\n")
    with pytest.raises(RuntimeError, match=r"no Python.*<string>:3|<string>:3.*no Python"):
        jitcore.CompilationUnit("\n    def f(x):\n        return len(a=x, 1)\n")


FORWARD = """
def forward(self, x: Tensor):
    return self.twice(x + self.w) + self.k + self.marked(x)
"""
TWICE = """
def twice(self, x: Tensor):
    return x * 2
"""


@pytest.mark.parametrize("order", [(FORWARD, TWICE), (TWICE, FORWARD)], ids=["forward first", "forward last"])
def test_methods_defined_in_a_constructor(order):
    def made(jit):
        class Defining(jit.ScriptModule):
            def __init__(self, k: int):
                super().__init__()
                self.w = torch.nn.Parameter(torch.full([2], float(k)))
                self.k: int = k
                for text in order:
                    self.define(text)

            @jit.script_method
            def marked(self, x: torch.Tensor) -> torch.Tensor:
                return x

        modules = [Defining(1), Defining(2)]
        modules[1].define("def late(self, x: Tensor):\n    return self.forward(x) + 1\n")
        assert modules[1].late(torch.ones(2)).tolist() == [10, 10]
        return [
            (renumbered(str(m.graph)), renumbered(m.code), m.twice.code, m(torch.ones(2)).tolist())
            for m in modules
        ]

    assert made(jitcore) == made(torch.jit)


def test_what_a_constructor_cannot_define_is_refused():
    class Unknown(jitcore.ScriptModule):
        def __init__(self):
            super().__init__()
            self.define("def f(self):\n    return self.nothing\n")

    with pytest.raises(RuntimeError, match="has no attribute 'nothing'"):
        Unknown()
