"""Modules compiled from Python are used as torch.jit's are."""

import copy

import pytest
import torch
from torch import Tensor, nn

import jitcore
from tests.archive.writing.records import texts_of
from tests.differential.script_modules.comparison import renumbered
from tests.scripting.library import programs
from tests.scripting.library.programs import Account, Color
from tests.scripting.library.side_by_side import outcome, same
from tests.scripting.library.test_loaded_modules import CALL, READ, WRITE, X, assign


def seeded():
    torch.manual_seed(0)
    return programs.Model()


@pytest.fixture
def both():
    return torch.jit.script(seeded()), jitcore.script(seeded())


@pytest.mark.parametrize("action", [*READ, *WRITE, *CALL])
def test_same_as_torch(both, action):
    same(action, *both)


@pytest.mark.parametrize(
    "action",
    [
        lambda m: m.point, lambda m: (copy.deepcopy(m)(X), copy.copy(m)(X), m.n),
        lambda m: (m.check(Color.GREEN, Account(1)), assign("account", Account(7))(m), m.account.balance),
    ],
)  # fmt: skip
def test_values_that_only_python_has_names_for(both, action):
    same(action, *both)


def test_parameters_are_those_of_the_module():
    model = seeded()
    compiled = jitcore.script(model)
    assert compiled.sub.lin.weight is model.sub.lin.weight
    assert compiled.buf is model.buf
    optimizer = torch.optim.SGD(compiled.parameters(), lr=1.0)
    before = model.sub.lin.weight.detach().clone()
    compiled.sub(X).sum().backward()
    optimizer.step()
    assert not torch.equal(model.sub.lin.weight, before)


def test_archives_are_those_of_torch(both, tmp_path):
    theirs, ours = both
    ours.save(tmp_path / "ours.pt")
    theirs.save(str(tmp_path / "theirs.pt"))
    loaded = torch.jit.load(tmp_path / "ours.pt")
    expected = texts_of(torch.jit.load(tmp_path / "theirs.pt"))
    assert _renumbered(texts_of(loaded)) == _renumbered(expected)
    same(lambda m: (m(X), m.several(), m.check(Color.RED, Account(2))), theirs, loaded)
    assert jitcore.load(tmp_path / "ours.pt")(X).shape == (1, 2)


def _renumbered(texts):
    # What was compiled before in this process shows in the names.
    return {name: renumbered(text) for name, text in texts.items()}


class Left(nn.Module):
    def __init__(self):
        super().__init__()
        self.bias = nn.Parameter(torch.ones(2))

    @torch.jit.ignore
    def helper(self, x: Tensor, n: int) -> Tensor:
        assert isinstance(x, Tensor)
        return x * n + 1

    @torch.jit.unused
    def never(self, x):
        return x.numpy()

    def forward(self, x):
        return self.helper(x, 3) + self.bias


class Asking(nn.Module):
    def __init__(self):
        super().__init__()
        self.bias = nn.Parameter(torch.ones(2))
        self.n = 3
        self.inner = programs.Sub()

    @torch.jit.ignore
    def helper(self, x: Tensor, items: list[int]) -> tuple[Tensor, list[int]]:
        items.append(self.n)
        return x + self.bias * self.n, items

    @torch.jit.ignore
    def wrong(self, x: Tensor) -> int:
        return "text"

    def forward(self, x: Tensor):
        items = [1]
        y, longer = self.helper(x, items)
        return y, items, longer

    @torch.jit.export
    def asks_wrongly(self, x: Tensor) -> int:
        return self.wrong(x)


@pytest.mark.parametrize("action", [lambda m: m(X), lambda m: m.asks_wrongly(X)])
def test_functions_left_to_python_get_values_of_python(action):
    same(action, torch.jit.script(Asking()), jitcore.script(Asking()))


def test_functions_left_to_python_may_call_submodules():
    class Calling(Asking):
        @torch.jit.ignore
        def helper(self, x: Tensor, items: list[int]) -> tuple[Tensor, list[int]]:
            return self.inner(x), items

    model = Calling()
    assert torch.equal(jitcore.script(model)(X)[0], model.inner(X))


class Marked(nn.Module):
    @jitcore.ignore
    def helper(self, x: Tensor, n: int) -> Tensor:
        return x * n

    @jitcore.export
    def twice(self, x: Tensor) -> Tensor:
        return x * 2

    def forward(self, x):
        return self.helper(self.twice(x), 3)


@pytest.mark.parametrize(
    "action", [lambda m: m(X), lambda m: m.helper(X, 2), lambda m: m.never(X).tolist(), lambda m: m.code]
)
def test_what_is_left_to_python(action):
    same(action, torch.jit.script(Left()), jitcore.script(Left()))


def test_marks_of_our_own():
    compiled = jitcore.script(Marked())
    assert torch.equal(compiled(X), X * 6)
    assert torch.equal(compiled.twice(X), X * 2)


def hook(module, inputs: tuple[Tensor], output: Tensor) -> Tensor:
    return output + 1


def pre_hook(module, inputs: tuple[Tensor]) -> tuple[Tensor]:
    return (inputs[0] * 2,)


class Hooked(nn.Module):
    def __init__(self):
        super().__init__()
        self.inner = nn.Linear(2, 2)
        self.inner.register_forward_hook(hook)
        self.inner.register_forward_pre_hook(pre_hook)

    def forward(self, x: Tensor) -> Tensor:
        return self.inner(x)


def hooked():
    torch.manual_seed(1)
    made = Hooked()
    made.register_forward_hook(hook)
    made.register_forward_pre_hook(pre_hook)
    return made


def test_hooks(tmp_path):
    theirs, ours = torch.jit.script(hooked()), jitcore.script(hooked())
    for action in (lambda m: m(X), lambda m: m.inner(X), lambda m: m.forward(X)):
        same(action, theirs, ours)
    ours.save(tmp_path / "hooked.pt")
    theirs.save(str(tmp_path / "theirs.pt"))
    for action in (lambda m: m(X), lambda m: m.inner(X)):
        same(action, torch.jit.load(tmp_path / "theirs.pt"), torch.jit.load(tmp_path / "hooked.pt"))
        same(action, torch.jit.load(tmp_path / "theirs.pt"), jitcore.load(tmp_path / "hooked.pt"))


class Gauge(nn.Module):
    def __init__(self):
        super().__init__()
        self.level = 2

    @property
    def doubled(self) -> int:
        return self.level * 2

    @doubled.setter
    def doubled(self, value: int):
        self.level = value // 2

    def forward(self, x):
        return x * self.doubled


def test_properties():
    gauge = jitcore.script(Gauge())
    assert gauge.doubled == 4
    gauge.doubled = 10
    assert (gauge.level, gauge.doubled) == (5, 10)
    assert torch.equal(gauge(X), X * 10)


class Holding(nn.Module):
    def __init__(self, inner):
        super().__init__()
        self.inner = inner

    def forward(self, x):
        return self.inner(x) * 2


def test_compiled_modules_in_python_modules(tmp_path):
    for inner in (jitcore.script(programs.Sub()), torch.jit.script(programs.Sub())):
        outer = jitcore.script(Holding(inner))
        assert torch.equal(outer(X), inner(X) * 2)
        outer.save(tmp_path / "outer.pt")
        assert torch.equal(torch.jit.load(tmp_path / "outer.pt")(X), outer(X))
    ours = jitcore.script(programs.Sub())
    assert jitcore.script(Holding(ours)).inner is ours
    ours.save(tmp_path / "inner.pt")
    loaded = jitcore.load(tmp_path / "inner.pt")
    assert torch.equal(jitcore.script(Holding(loaded))(X), loaded(X) * 2)


def test_lists_and_dicts_of_modules():
    first, second = jitcore.script([nn.ReLU(), programs.Sub()])
    assert (first.original_name, second.original_name) == ("ReLU", "Sub")
    assert jitcore.script({"a": nn.Tanh()})["a"].original_name == "Tanh"


class Broken(nn.Module):
    def forward(self, x):
        first = lambda y: y[0]  # noqa: E731
        return first(x)


@pytest.mark.parametrize("thing", [Broken(), programs.Model])
def test_what_is_refused(thing):
    kind, _ = outcome(lambda: torch.jit.script(thing))
    assert kind != "gives"
    assert outcome(lambda: jitcore.script(thing))[0] == kind


def typed_by_examples(x, n, names):
    return x * n, len(names)


def counts_names(x, n, names):
    return n, len(names)


def test_examples_give_types():
    compiled = jitcore.script(counts_names, example_inputs=[(X, 2, ["a"]), (X, 0.5, ["b"])])
    assert [str(argument.type) for argument in compiled.schema.arguments] == [
        "Tensor",
        "Any",
        "List[str]",
    ]
    typed = jitcore.script(typed_by_examples, example_inputs=[(X, 2, ["a"])])
    product, count = typed(X, 3, ["a", "b"])
    assert torch.equal(product, X * 3)
    assert count == 2


class Untyped(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.part = Part()

    def forward(self, x, sizes):
        return self.part(x, len(sizes))


class Part(torch.nn.Module):
    def forward(self, x, n):
        return x * n


def test_examples_give_types_to_methods():
    module = Untyped()
    examples = {module: [(X, [1, 2])], module.part: [(X, 2)]}
    compiled = jitcore.script(module, example_inputs=examples)
    assert str(compiled.forward.schema).endswith("Tensor x, int[] sizes) -> Tensor")
    assert str(compiled.part.forward.schema).endswith("Tensor x, int n) -> Tensor")
    assert torch.equal(compiled(X, [3, 3, 3]), X * 3)
    listed = jitcore.script(Part(), example_inputs=[(X, 0.5)])
    with pytest.raises(RuntimeError, match="Expected a value of type"):
        jitcore.script(Part())(X, 2)
    assert torch.equal(listed(X, 3), X * 3)


@pytest.mark.parametrize("jit", [torch.jit, jitcore], ids=["torch", "ours"])
def test_only_marked_methods_of_a_script_module_are_compiled(jit):
    class Plain(jit.ScriptModule):
        def __init__(self):
            super().__init__()
            self.factor = 2

        def forward(self, x):
            return x * self.factor

    class Marked(Plain):
        @jit.script_method
        def forward(self, x):
            return x * self.factor

    plain = Plain()
    assert jit.script(plain) is plain
    with pytest.raises(RuntimeError, match="Method 'forward' is not defined"):
        plain.graph  # noqa: B018
    assert torch.equal(plain(X), X * 2)
    assert "aten::mul" in str(Marked().graph)
