"""`define`, `CompilationUnit`, and subclasses of `ScriptModule` with marked methods, against torch's."""

import io

import pytest
import torch
from torch import nn

import jitcore
from tests.scripting.library.side_by_side import same

pytestmark = pytest.mark.filterwarnings("ignore")

FUNCTIONS = """
def f(x):
    return g(x) + torch.ones(2)

def g(x, n: int = 2):
    return x * n
"""


class Mixin:
    def plain(self):
        return self.k * 2


def marked_class(jit):
    class Base(jit.ScriptModule):
        @jit.script_method
        def helper(self, x):
            return x + self.n

    class Marked(Mixin, Base):
        __constants__ = ("k",)

        def __init__(self, width):
            super().__init__()
            self.k = 3
            self.n = 4
            self.weight = nn.Parameter(torch.ones(width))
            self.lin = nn.Linear(width, width)
            self.register_buffer("total", torch.zeros(width))

        @jit.script_method
        def forward(self, x):
            return self.helper(self.lin(x)) * self.k + self.weight

    return Marked


def marked(jit):
    torch.manual_seed(0)
    return marked_class(jit)(2)


def saved(jit, module):
    buffer = io.BytesIO()
    jit.save(module, buffer)
    buffer.seek(0)
    return jit.load(buffer)


X = torch.tensor([[1.0, 2.0]])
USES = [
    lambda m, _: str(m.graph),
    lambda m, _: m.code,
    lambda m, _: m(X),
    lambda m, _: m.forward(X),
    lambda m, _: m.helper(X),
    lambda m, _: m.plain(),
    lambda m, _: [name for name, _ in m.named_parameters()],
    lambda m, _: list(m.state_dict()),
    lambda m, _: (m.n, m.k, m.training, m.eval().training, m.lin.training),
    lambda m, _: (setattr(m, "n", 6), m.helper(X)),
    lambda m, _: setattr(m, "n", "text"),
    lambda m, _: m.nothing,
    lambda m, _: m("text"),
    lambda m, _: m.double().weight,
    lambda m, _: (m(X).sum().backward(), m.lin.weight.grad),
    lambda m, jit: isinstance(m, jit.ScriptModule),
    lambda m, jit: jit.script(m) is m,
    lambda m, jit: str(jit.script(nn.Sequential(m, nn.ReLU())).graph),
    lambda m, jit: saved(jit, m)(X),
    lambda m, jit: saved(jit, m).code,
]


@pytest.mark.parametrize("number", range(len(USES)))
def test_a_subclass_compiles_its_marked_methods(number):
    use = USES[number]
    same(lambda jit: use(marked(jit), jit), torch.jit, jitcore)


def test_what_a_subclass_cannot_compile_is_said_when_it_is_made():
    def make(jit):
        class Wrong(jit.ScriptModule):
            @jit.script_method
            def forward(self, x):
                return self.nothing

        return Wrong()

    for jit in (torch.jit, jitcore):
        with pytest.raises(RuntimeError, match="has no attribute 'nothing'") as error:
            make(jit)
        assert "test_texts_and_marks.py" in str(error.value)


def test_a_unit_compiles_what_a_text_defines():
    for use in (
        lambda unit: str(unit.f.graph),
        lambda unit: unit.f.code,
        lambda unit: unit.f(X),
        lambda unit: (unit.g.name, unit.g.qualified_name),
        lambda unit: unit.nothing,
    ):
        same(lambda jit, use=use: use(jit.CompilationUnit(FUNCTIONS)), torch.jit, jitcore)


def test_a_unit_refuses_in_the_words_and_at_the_place_of_a_compiler():
    for jit in (torch.jit, jitcore):
        with pytest.raises(RuntimeError, match=r'File "<string>", line 2'):
            jit.CompilationUnit("def f(x):\n    return nothing(x)\n")
        with pytest.raises(RuntimeError):
            jit.CompilationUnit("this is no Python\n")


def test_methods_are_defined_on_a_module_that_is_there():
    text = "def more(self, x: int) -> int:\n    return x + self.in_features\n"

    class Own(nn.Linear):
        pass

    theirs, ours = (jit.script(Own(2, 2)) for jit in (torch.jit, jitcore))
    for module in (theirs, ours):
        module.define(text)

    for use in (
        lambda m: m.more(3),
        lambda m: m.more.code,
        lambda m: m.more("x"),
        lambda m: m.define(text),
    ):
        same(use, theirs, ours)
    for module in (theirs, ours):
        with pytest.raises(RuntimeError, match=r'no attribute .nothing. :\n  File "<string>", line 2\n'):
            module.define("def bad(self):\n    return self.nothing\n")


def test_the_graph_of_a_call_is_given():
    module = jitcore.script(nn.Sequential(nn.Linear(2, 2), nn.ReLU()))
    assert "aten::relu" in str(module.graph_for(X))
    with pytest.raises(RuntimeError):
        module.graph_for()


@pytest.mark.parametrize("jit", [torch.jit, jitcore], ids=["torch", "jitcore"])
def test_a_typed_attribute_is_its_value_in_the_constructor(jit):
    class Typed(jit.ScriptModule):
        def __init__(self):
            super().__init__()
            self.rate = jit.Attribute(0.25, float)
            self.ages = jit.Attribute({}, dict[str, int])
            assert 0.0 < self.rate < 1.0
            self.ages["ann"] = 30

        @jit.script_method
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return x * self.rate + len(self.ages)

    module = Typed()
    assert module(torch.ones(1)).item() == 1.25
    assert "Dict(str, int)" in str(module.graph)
