"""Modules as they are compiled: shared types, taken over modules, values of slots, what fails and why."""

import re
import warnings
from typing import Dict, List, Optional

import pytest
import torch
from torch import Tensor, nn

from jitcore.exec import Interpreter
from jitcore.ir import ScriptObject
from jitcore.printing import graph_text
from jitcore.scripting.compiled_program import CompiledProgram
from jitcore.scripting.compiler import ScriptCompiler
from jitcore.scripting.modules.compiler import ModuleCompiler
from jitcore.source import JitError

X = torch.linspace(-1, 1, 6).reshape(2, 3)


class Scale(nn.Module):
    def __init__(self, factor: float = 2.0) -> None:
        super().__init__()
        self.factor = factor

    def forward(self, x: Tensor) -> Tensor:
        return x * self.factor


class Wide(nn.Module):
    __constants__ = ["width"]

    def __init__(self, width: object) -> None:
        super().__init__()
        self.width = width

    def forward(self, x: Tensor) -> Tensor:
        return x * self.width


@pytest.fixture
def compiler() -> ModuleCompiler:
    return ModuleCompiler(ScriptCompiler(CompiledProgram()))


def run(compiled: ScriptObject, *arguments: object) -> object:
    return Interpreter().run(compiled.method("forward"), [compiled, *arguments])


def test_equal_instances_share_their_class(compiler: ModuleCompiler) -> None:
    first, second = compiler.compile(Scale(2.0)), compiler.compile(Scale(3.0))
    assert first.type is second.type
    assert first.type.qualified_name == f"__torch__.{__name__}.Scale"
    assert first.attributes["factor"] == 2.0
    assert second.attributes["factor"] == 3.0


@pytest.mark.parametrize("other", [2, 1.0, True, "1", None])
def test_constants_tell_types_apart(compiler: ModuleCompiler, other: object) -> None:
    first = compiler.compile(nn.Sequential(Wide(1)))
    if other in ("1", None):
        with pytest.raises(JitError):
            compiler.compile(nn.Sequential(Wide(other)))
        return
    second = compiler.compile(nn.Sequential(Wide(other)))
    assert first.type is not second.type
    assert re.search(r"___torch_mangle_\d+", second.type.qualified_name)


def test_the_order_of_submodules_counts_in_containers_only(compiler: ModuleCompiler) -> None:
    def holder(names: str) -> nn.Module:
        made = Scale()
        for name in names:
            made.add_module(name, nn.ReLU() if name == "a" else nn.Tanh())
        return made

    assert compiler.compile(holder("ab")).type is compiler.compile(holder("ba")).type
    one = compiler.compile(nn.ModuleDict({"a": nn.ReLU(), "b": nn.Tanh()}))
    other = compiler.compile(nn.ModuleDict({"b": nn.Tanh(), "a": nn.ReLU()}))
    assert one.type is not other.type


def test_slots_hold_the_tensors_of_the_module(compiler: ModuleCompiler) -> None:
    linear = nn.Linear(3, 3)
    compiled = compiler.compile(linear)
    assert compiled.attributes["weight"] is linear.weight
    linear.weight.data.fill_(1.0)
    with torch.no_grad():
        assert torch.equal(run(compiled, X), linear(X))


def test_other_values_are_copied(compiler: ModuleCompiler) -> None:
    module = nn.Module()
    module.items = [1, 2]
    compiled = compiler.compile(module)
    assert compiled.attributes["items"] == [1, 2]
    assert compiled.attributes["items"] is not module.items


class Typed(nn.Module):
    real: float
    flag: bool
    maybe: Optional[List[float]]
    table: Dict[str, int]

    def __init__(self, real: object, flag: object = True) -> None:
        super().__init__()
        self.real = real  # type: ignore[assignment]
        self.flag = flag  # type: ignore[assignment]
        self.maybe = [1, 2]
        self.table = {"a": True}

    def forward(self, x: Tensor) -> Tensor:
        return x


def test_values_are_converted_to_the_type_of_the_slot(compiler: ModuleCompiler) -> None:
    for real in (1, True, torch.tensor(1.0)):
        compiled = compiler.compile(Typed(real))
        theirs = torch.jit.script(Typed(real))
        for name in ("real", "flag", "maybe", "table"):
            mine, other = compiled.attributes[name], getattr(theirs, name)
            assert mine == other
            assert type(mine) is type(other)
    assert compiler.compile(Typed(1.0, 0)).attributes["flag"] is torch.jit.script(Typed(1.0, 0)).flag
    with pytest.raises(JitError, match="Could not cast attribute 'real' of Typed to type float"):
        compiler.compile(Typed("a"))


class Broken(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.thing = object()

    def forward(self, x: Tensor) -> Tensor:
        return x + self.thing


def test_a_failure_leaves_nothing_behind(compiler: ModuleCompiler) -> None:
    for _ in range(2):
        with pytest.raises(JitError, match="failed to convert Python type: 'object'") as caught:
            compiler.compile(nn.Sequential(Broken()))
        assert "test_modules.py" in str(caught.value)
    assert f"__torch__.{__name__}.Broken" not in compiler.scripts.program.named_types


def test_constants_that_are_none_are_warned_of(compiler: ModuleCompiler) -> None:
    class Odd(Scale):
        __constants__ = ["weight", "absent"]

        def __init__(self) -> None:
            super().__init__()
            self.weight = nn.Parameter(torch.ones(1))

    with pytest.warns(UserWarning, match="was found in the constants of Odd") as caught:
        compiler.compile(Odd())
    assert ["parameter" in str(w.message) or "not actually set" in str(w.message) for w in caught] == [
        True
    ] * 2


class UsesCompiled(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self.scripted = torch.jit.script(nn.Linear(3, 3))
            self.traced = torch.jit.trace(nn.Linear(3, 3), X)
            self.parts = torch.jit.script(nn.ModuleList([Scale(), nn.Tanh()]))

    def forward(self, x: Tensor) -> Tensor:
        for part in self.parts:
            x = part(x)
        return self.scripted(x) + self.traced(x) + len(self.parts)


def test_modules_that_torch_compiled_are_taken_over(compiler: ModuleCompiler) -> None:
    module = UsesCompiled()
    compiled = compiler.compile(module)
    theirs = torch.jit.script(module)
    with torch.no_grad():
        assert torch.equal(run(compiled, X), theirs(X))
    weight = compiled.find("scripted").attributes["weight"]
    assert isinstance(weight, Tensor)
    assert weight.data_ptr() == module.scripted.weight.data_ptr()
    names = [kind.type.qualified_name for _, kind in compiled.named_modules()]
    assert len(set(names)) == len(names)


def test_what_we_compiled_is_used_as_it_is(compiler: ModuleCompiler) -> None:
    class Wrapper(nn.Module):
        def __init__(self, compiled: ScriptObject) -> None:
            super().__init__()
            self._script_object = compiled

    inner = compiler.compile(Scale())
    compiled = compiler.compile(nn.Sequential(Wrapper(inner), nn.Tanh()))
    assert compiled.attributes["0"] is inner
    assert torch.equal(run(compiled, X), torch.tanh(X * 2))


def test_methods_are_compiled_where_they_are_called_first(compiler: ModuleCompiler) -> None:
    class Late(nn.Module):
        def unused(self, x: Tensor) -> Tensor:
            return [x for _ in self]  # type: ignore[attr-defined,return-value]

        def helper(self, x: Tensor, k: int = 3) -> Tensor:
            return x * k

        def forward(self, x: Tensor) -> Tensor:
            return self.helper(x)

    compiled = compiler.compile(Late())
    assert list(compiled.type.methods) == ["forward", "helper"]
    assert 'CallMethod[name="helper"]' in graph_text(compiled.method("forward").graph)
