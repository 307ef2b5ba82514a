"""jitcore and torch.jit print, rewrite and run the same archives the same way."""

from pathlib import Path
from typing import Any

import pytest
import torch

from tests.differential import inputs
from tests.differential.agreement import compare_texts, first_difference
from tests.differential.comparison import compare
from tests.differential.programs import SCRIPTED_FUNCTIONS, SCRIPTED_MODULES, TRACED

SAMPLES = sorted((Path(__file__).parents[2] / "resources" / "samples").glob("*.pt"))


def assert_agreement(archive: Path) -> None:
    comparison = compare(archive)
    wrong = [o for o in comparison.outcomes if o.status in {"different", "failed"}]
    assert not wrong, "\n".join(f"{o.aspect} {o.subject}: {o.detail}\n{o.diff()}" for o in wrong[:5])
    assert comparison.forward_equal()
    assert comparison.count("run") == (1, 1)


def saved(program: Any, folder: Path) -> Path:
    archive = folder / "program.pt"
    torch.jit.save(program, str(archive))
    return archive


@pytest.mark.parametrize("archive", SAMPLES, ids=lambda archive: archive.stem)
def test_samples(archive: Path) -> None:
    assert_agreement(archive)


@pytest.mark.parametrize("module", SCRIPTED_MODULES, ids=lambda module: module.__name__)
def test_scripted_modules(
    module: type[torch.nn.Module], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    torch.manual_seed(0)
    if module.__name__ == "ConvolutionAndNorm":
        monkeypatch.setitem(inputs.KNOWN, "program", ("float32[1,3,8,8]",))
    assert_agreement(saved(torch.jit.script(module().eval()), tmp_path))


@pytest.mark.parametrize("function", SCRIPTED_FUNCTIONS, ids=lambda function: function.__name__)
def test_scripted_functions(function: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if function.__name__ == "optional":
        monkeypatch.setitem(inputs.KNOWN, "program", ("float32[2,8]", "3", "1.5"))
    assert_agreement(saved(torch.jit.script(function), tmp_path))


@pytest.mark.parametrize(("program", "spec"), TRACED, ids=lambda part: getattr(part, "__name__", ""))
def test_traced(program: Any, spec: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    torch.manual_seed(0)
    monkeypatch.setitem(inputs.KNOWN, "program", (spec,))
    traceable = program().eval() if isinstance(program, type) else program
    assert_agreement(saved(torch.jit.trace(traceable, inputs.values((spec,))), tmp_path))


def test_the_comparison_sees_differences() -> None:
    outcome = compare_texts("graph", "f", "a\nb\n", "a\nc\n")
    assert outcome.status == "different"
    assert "line 2" in outcome.detail
    assert "-c" in outcome.diff()
    assert first_difference(torch.ones(2), torch.ones(2) + 1e-6, "result") is not None
    assert first_difference((1, [2.0]), (1, [2.0]), "result") is None
    assert first_difference(1, 1.0, "result") is not None
    assert first_difference(torch.tensor(float("nan")), torch.tensor(float("nan")), "result") is None
    assert first_difference({"a": 1}, {"b": 1}, "result") is not None
