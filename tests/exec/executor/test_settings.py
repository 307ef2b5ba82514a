"""The functions of torch.jit that set how programs are executed: signatures, words and what they change."""

from __future__ import annotations

import inspect
import io
import warnings
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
import torch

import jitcore
from jitcore.exec.executor.settings import SETTINGS
from tests.differential.corpus import language


def outcome(call: Callable[[], Any]) -> object:
    """What a call gives, or the class and words of what it raises."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return call()
    except (TypeError, ValueError, AttributeError, RuntimeError) as error:
        return type(error), str(error)


def test_everything_that_torch_jit_offers_is_there():
    assert set(torch.jit.__all__) <= set(jitcore.__all__)


@pytest.mark.parametrize(
    "name",
    [
        "enable_onednn_fusion", "export_opnames", "fuser", "onednn_fusion_enabled", "optimized_execution",
        "set_fusion_strategy", "strict_fusion",
    ],
)  # fmt: skip
def test_parameters_are_torchs(name: str):
    ours, theirs = (inspect.signature(getattr(side, name)).parameters for side in (jitcore, torch.jit))
    assert list(ours) == list(theirs)


@pytest.mark.parametrize(
    "strategy",
    [
        "x", [("FOO", 1)], [("STATIC", -1)], [["STATIC", 2]], (("DYNAMIC", 2),), [("STATIC", 2.5)],
        [("STATIC", 2, 3)], [], [("DYNAMIC", True)], None, 3, [3], [("STATIC", "2")], [(1, "STATIC")],
    ],
)  # fmt: skip
def test_strategies_are_taken_and_refused_as_by_torch(strategy: Any):
    standard = [("STATIC", 2), ("DYNAMIC", 10)]
    found: list[object] = []
    for side in (torch.jit, jitcore):
        outcome(partial(side.set_fusion_strategy, standard))
        found.append(outcome(partial(side.set_fusion_strategy, strategy)))
        found.append(outcome(partial(side.set_fusion_strategy, standard)))
    assert found[2:] == found[:2]


def test_a_strategy_is_deprecated():
    for side in (torch.jit, jitcore):
        with pytest.warns(DeprecationWarning, match=r"^`torch.jit.set_fusion_strategy` is deprecated"):
            side.set_fusion_strategy([("STATIC", 2), ("DYNAMIC", 10)])


@pytest.mark.parametrize("flag", [True, False, 0, 1, 2.5, None, "x", "", [], torch.tensor(True)])
def test_flags_are_taken_and_refused_as_by_torch(flag: Any):
    def optimizes(side: Any) -> object:
        with side.optimized_execution(flag):
            return torch._C._get_graph_executor_optimize() if side is torch.jit else SETTINGS.optimizes

    def fuses(side: Any) -> object:
        side.enable_onednn_fusion(flag)
        return side.onednn_fusion_enabled()

    for ask in (optimizes, fuses):
        try:
            assert outcome(partial(ask, jitcore)) == outcome(partial(ask, torch.jit))
        finally:
            torch.jit.enable_onednn_fusion(False)
            jitcore.enable_onednn_fusion(False)
    assert SETTINGS.optimizes


def test_a_fuser_is_there_within_its_context():
    before = [getattr(SETTINGS, name) for name in SETTINGS.__slots__]
    with jitcore.fuser("fuser1"):
        assert SETTINGS.fuses_on_cpu
        with jitcore.fuser("none"):
            assert not SETTINGS.fuses_on_cpu
            assert not SETTINGS.tensor_expression_fuser
    assert [getattr(SETTINGS, name) for name in SETTINGS.__slots__] == before
    for side in (torch.jit, jitcore):
        with pytest.raises(Exception, match=r"^unrecognized fuser option \(name: fuser9\)$"):
            side.fuser("fuser9").__enter__()


def strictly(x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    """A sum that is to be fused."""
    with torch.jit.strict_fusion():
        z = x + y + x
    return z * 2


def test_what_is_to_be_fused_and_is_not_is_told():
    words: list[str] = []
    with torch.no_grad():
        for side in (torch.jit, jitcore):
            function = side.script(strictly)
            function(torch.rand(2), torch.rand(2))
            with pytest.raises(RuntimeError) as failure:
                function(torch.rand(2), torch.rand(2))
            words.append(str(failure.value))
    assert words[0] == words[1]


def test_operators_of_programs_are_listed_as_by_torch():
    compared = 0
    with warnings.catch_warnings():
        # Some programs are there for their warnings.
        warnings.simplefilter("ignore")
        batches = list(language.batches())
    for number, batch in enumerate(batches):
        if number % 6 or not batch.archive:
            continue
        try:
            theirs = torch.jit.load(io.BytesIO(batch.archive))
        except RuntimeError:
            # A few programs are saved as something that torch itself cannot load again.
            continue
        ours = jitcore.load(io.BytesIO(batch.archive))
        expected = outcome(partial(torch.jit.export_opnames, theirs))
        assert outcome(partial(jitcore.export_opnames, ours)) == expected, batch.name
        compared += 1
    assert compared > 40
    for side in (torch.jit, jitcore):
        with pytest.raises(AttributeError, match="'int' object has no attribute '_c'"):
            side.export_opnames(3)


def test_fusion_on_the_cpu_is_switched_as_in_torch():
    before = torch._C._jit_can_fuse_on_cpu(), jitcore.can_fuse_on_cpu()
    try:
        for value in (True, False, 1, None):
            torch._C._jit_override_can_fuse_on_cpu(value)
            jitcore.override_can_fuse_on_cpu(value)
            assert jitcore.can_fuse_on_cpu() is torch._C._jit_can_fuse_on_cpu()
        found = [
            outcome(partial(call, "yes"))
            for call in (jitcore.override_can_fuse_on_cpu, torch._C._jit_override_can_fuse_on_cpu)
        ]
        assert found[0] == found[1]
    finally:
        torch._C._jit_override_can_fuse_on_cpu(before[0])
        jitcore.override_can_fuse_on_cpu(before[1])


def test_fuser1_fuses_on_the_cpu():
    function = jitcore.CompilationUnit("def f(x):\n    return (x + 1).relu() * x\n").f
    with jitcore.fuser("fuser1"), torch.no_grad():
        for _ in range(3):
            function(torch.rand(2))
    assert "prim::TensorExprGroup" in str(jitcore.last_executed_optimized_graph())
