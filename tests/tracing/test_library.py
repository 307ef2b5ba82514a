"""`trace` and `trace_module` as a library: what they give, and what it can do, beside torch.jit."""

import io
from typing import Optional

import pytest
import torch
from torch import nn

import jitcore
from tests.differential.script_modules.comparison import renumbered

X = torch.rand(3, 4)


class Twice(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(4, 4)

    def forward(self, x):
        return self.layer(self.layer(x))

    def helper(self, x):
        return self.layer(x) * 2


def both():
    torch.manual_seed(0)
    module = Twice()
    return jitcore.trace(module, X), torch.jit.trace(module, X)


def test_kinds_of_modules() -> None:
    ours, theirs = both()
    assert isinstance(ours, jitcore.TopLevelTracedModule)
    assert isinstance(ours.layer, jitcore.TracedModule)
    assert isinstance(ours, jitcore.ScriptModule)
    assert repr(ours) == repr(theirs)
    assert ours.original_name == theirs.original_name == "Twice"


def test_methods_of_parts() -> None:
    ours, theirs = both()
    kind = ours._script_object.type.attributes["layer"].type
    assert sorted(kind.methods) == sorted(theirs.layer._c._method_names()) == ["forward", "forward1"]


def test_parts_cannot_be_called() -> None:
    for traced in both():
        with pytest.raises(RuntimeError, match=r"Trace submodules cannot be called\."):
            traced.layer(X)


def test_archive_is_read_by_torch_and_by_us() -> None:
    ours, theirs = both()
    saved = ours.save_to_buffer()
    assert torch.equal(torch.jit.load(io.BytesIO(saved))(X), theirs(X))
    assert torch.equal(jitcore.load(io.BytesIO(saved))(X), theirs(X))


def test_several_methods() -> None:
    torch.manual_seed(0)
    module = Twice()
    given = {"forward": X, "helper": X * 2}
    ours, theirs = jitcore.trace_module(module, given), torch.jit.trace_module(module, given)
    assert torch.equal(ours.helper(X), theirs.helper(X))
    assert renumbered(str(ours.helper.graph)) == renumbered(str(theirs.helper.graph))


def test_compiled_modules_are_given_back() -> None:
    for library in (jitcore, torch.jit):
        compiled = library.script(nn.Linear(4, 4))
        with pytest.warns(UserWarning, match="tracing it is a no-op"):
            assert library.trace(compiled, X) is compiled


def test_optimize_is_said_to_do_nothing() -> None:
    for library in (jitcore, torch.jit):
        with pytest.warns(FutureWarning, match="`optimize` is deprecated"):
            library.trace_module(Twice(), {"forward": X}, optimize=True)


@pytest.mark.parametrize(
    "call",
    [
        lambda library: library.trace(Twice().helper, X),
        lambda library: library.trace_module(lambda x: x, {"forward": X}),
        lambda library: library.trace_module(Twice(), X),
        lambda library: library.trace(Twice(), example_kwarg_inputs=3),
        lambda library: library.trace(Twice(), example_kwarg_inputs={"y": X}),
        lambda library: library.trace(lambda x: x, 3),
    ],
)
def test_refusals(call) -> None:
    said = []
    for library in (jitcore, torch.jit):
        with pytest.raises(Exception) as raised:  # noqa: PT011  # which one is what is compared
            call(library)
        said.append((type(raised.value), str(raised.value)))
    assert said[0] == said[1]


def test_copies() -> None:
    import copy

    ours, _ = both()
    copied = copy.deepcopy(ours)
    assert torch.equal(copied(X), ours(X))
    assert copied.layer.weight is not ours.layer.weight


def test_traces_in_scripts() -> None:
    graphs = []
    for library in (jitcore, torch.jit):
        torch.manual_seed(0)
        inner = library.trace(nn.Linear(4, 4), X)

        class Outer(nn.Module):
            def __init__(self, inner):
                super().__init__()
                self.inner = inner

            def forward(self, x):
                if bool(x.sum() > 0):
                    return self.inner(x)
                return x

        compiled = library.script(Outer(inner))
        graphs.append((renumbered(compiled.code), compiled(X)))
    assert graphs[0][0] == graphs[1][0]
    assert torch.equal(graphs[0][1], graphs[1][1])


def test_modules_keep_what_they_were_traced_with() -> None:
    module = Twice()
    kept = jitcore.trace(module, X)._retrieve_traced_inputs()
    theirs = torch.jit.trace(module, X)._c._retrieve_traced_inputs()
    assert list(kept) == list(theirs) == ["forward"]
    assert torch.equal(kept["forward"][0], theirs["forward"][0])
    assert jitcore.trace(module, X, _store_inputs=False)._retrieve_traced_inputs() == {}


def test_no_inputs_no_check() -> None:
    calls = []

    class Counting(nn.Module):
        def forward(self, x):
            calls.append(x)
            return x + 1

    jitcore.trace(Counting(), X, check_inputs=[])
    assert len(calls) == 1


def nothing(x: torch.Tensor) -> None:
    x.add_(1)


def perhaps(x: torch.Tensor) -> Optional[torch.Tensor]:  # noqa: UP045
    return x if bool(x.sum() > 1000) else None


def beside_nothing(x: torch.Tensor) -> tuple[torch.Tensor, Optional[int]]:  # noqa: UP045
    return x * 2, None


def device(x: torch.Tensor) -> torch.device:
    return x.device


def imaginary(x: torch.Tensor) -> complex:
    return 1j


@pytest.mark.parametrize("function", [nothing, perhaps, beside_nothing, device, imaginary])
def test_results_of_scripts_that_no_trace_can_hold(function) -> None:
    said = []
    for library in (jitcore, torch.jit):
        compiled = library.script(function)

        def program(x, compiled=compiled):
            y = x * 2
            compiled(y)
            return y

        with pytest.raises(RuntimeError, match="Tracer cannot set value trace for type") as raised:
            library.trace(program, X)
        said.append(str(raised.value))
    assert said[0] == said[1]


def nested(value, levels):
    for _ in range(levels):
        value = (value,)
    return value


def unnested(value):
    while isinstance(value, tuple):
        (value,) = value
    return value * 2


def test_deep_tuples_are_traced_as_torch_does_and_very_deep_ones_refused_in_a_sentence() -> None:
    given = (nested(X, 100),)
    ours, theirs = (each.trace(unnested, given) for each in (jitcore, torch.jit))
    assert ours.code == theirs.code
    assert torch.equal(ours(*given), theirs(*given))
    with pytest.raises(RuntimeError, match="nested more than 150 levels deep"):
        jitcore.trace(unnested, (nested(X, 1_000),))
    with pytest.raises(RuntimeError, match="nested more than 150 levels deep"):
        jitcore.trace(lambda x: nested(x, 1_000), (X,))
    own: list = []
    own.append(own)
    with pytest.raises(RuntimeError, match="nested more than 150 levels deep"):
        jitcore.trace(lambda x: x[0], (own,))
