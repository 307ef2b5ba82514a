"""A pass is told which module's graph it rewrites, whoever runs it."""

from pathlib import Path

import pytest
import torch

import jitcore
from jitcore.ir import Graph, ScriptObject
from jitcore.passes import PassContext
from jitcore.passes.dead_code_elimination import DeadCodeElimination
from jitviewer.commands.command_line import main
from jitviewer.engine.document import Document
from jitviewer.engine.rewriting import Rewriting
from jitviewer.engine.shown_document import ShownDocument
from jitviewer.protocol.runner_messages import RunRequest
from jitviewer.protocol.script_messages import RenderScriptable
from jitviewer.runner.programs import load_program
from jitviewer.runner.scripting import rendered

FUNCTION = "graph(%x : Tensor):\n  %1 : Tensor = aten::neg(%x)\n  return (%x)\n"


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[ScriptObject | None]:
    """The modules that the pass `dce` was told, in the order of its runs."""
    found: list[ScriptObject | None] = []

    def run(self: DeadCodeElimination, graph: Graph, context: PassContext) -> bool:
        found.append(context.module)
        if context.module is not None:
            assert graph.inputs[0].type == context.module.type
        return False

    monkeypatch.setattr(DeadCodeElimination, "run", run)
    return found


def of_type(module: ScriptObject | None) -> str:
    return "" if module is None else module.type.name.rpartition(".")[2]


@pytest.mark.parametrize("command", ["graph", "code", "steps", "export"])
def test_commands_tell_the_module(
    command: str, samples: Path, tmp_path: Path, told: list[ScriptObject | None]
) -> None:
    out = [str(tmp_path / "a.svg")] if command == "export" else []
    file = str(samples / "resnet_small.pt")
    assert main([command, file, *out, "--module", "layer1.conv1", "--passes", "dce"]) == 0
    assert [of_type(module) for module in told] == ["Conv2d"]


@pytest.mark.parametrize("command", ["graph", "code", "steps"])
def test_a_function_has_no_module(command: str, tmp_path: Path, told: list[ScriptObject | None]) -> None:
    (tmp_path / "f.ir").write_text(FUNCTION)
    assert main([command, str(tmp_path / "f.ir"), "--passes", "dce"]) == 0
    assert told == [None]


def test_the_window_tells_the_module_of_what_it_shows(samples: Path, told: list[ScriptObject | None]) -> None:
    document = ShownDocument(1, str(samples / "resnet_small.pt"), None)
    list(document.open())
    list(document.show("layer1.conv1", "forward"))
    list(document.set_passes(["inline", "dce"]))
    list(document.show("", "forward"))
    assert [of_type(module) for module in told] == ["Conv2d", "ResNetSmall"]
    document.close()


def test_the_runner_tells_the_module(samples: Path, told: list[ScriptObject | None]) -> None:
    path = str(samples / "resnet_small.pt")
    request = RunRequest(1, path, "layer1.conv1", "forward", ["dce"], [])
    load_program(request, path, None, [])
    assert [of_type(module) for module in told] == ["Conv2d"]


def test_what_a_file_compiles_has_its_module(told: list[ScriptObject | None]) -> None:
    module = jitcore.script(torch.nn.Sequential(torch.nn.Linear(2, 2)))
    for view, path in (("graph", "0"), ("code", "")):
        rendered(module, RenderScriptable(1, "", None, "", "", path, "forward", view, ["dce"]))
    assert [of_type(module) for module in told] == ["Linear", "Sequential"]


def double(x: torch.Tensor) -> torch.Tensor:
    return x + x


def test_a_compiled_function_has_no_module(told: list[ScriptObject | None]) -> None:
    rendered(jitcore.script(double), RenderScriptable(1, "", None, "", "", "", "", "graph", ["dce"]))
    assert told == [None]


def test_attributes_of_the_module_are_read_when_they_are_asked_for(samples: Path) -> None:
    document = Document.open(str(samples / "resnet_small.pt"))
    function, module = document.find("layer1.conv1", "forward")
    assert module is not None
    rewriting = Rewriting(function, ["dce"], None, module)
    assert rewriting.method.module is module
    weight = module.attributes["weight"]
    assert not isinstance(weight, torch.Tensor)
    assert tuple(weight.shape)[2:] == (3, 3)
