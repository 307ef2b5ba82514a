"""Freezing archives whose parts restore themselves: torch's text, values, and archives that torch loads."""

import warnings
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn

import jitcore
from jitcore.archive import open_archive
from jitcore.archive.writing import write_module
from jitcore.exec import Interpreter, evaluator
from jitcore.ir import Graph, ScriptObject
from jitcore.passes import PassContext, run_pipeline
from jitcore.passes.freezing.frozen_module import freeze_module
from jitcore.passes.freezing.restored_modules import restored_module
from jitcore.printing import graph_text
from jitcore.source import JitError
from tests.differential.corpus.language.quantized import Wrapped, converted
from tests.differential.freezing.comparison import plain

LINE = torch.linspace(-1, 1, 24).reshape(1, 3, 8)
PICTURE = torch.linspace(-1, 1, 48).reshape(1, 3, 4, 4)
SPACE = torch.linspace(-1, 1, 27).reshape(1, 1, 3, 3, 3)


@pytest.fixture(autouse=True)
def no_deprecations():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def quantized(name: str) -> tuple[Any, Tensor]:
    layers, x = {
        "line": ((nn.Conv1d(3, 4, 3, 2, 1, bias=False), nn.ConvTranspose1d(4, 2, 3, 2, 1, 1)), LINE),
        "picture": (
            (
                nn.Conv2d(3, 4, 3, padding=1, padding_mode="reflect"),
                nn.ReLU(),
                nn.Flatten(),
                nn.Linear(64, 2),
            ),
            PICTURE,
        ),
        "transposed": ((nn.ConvTranspose2d(3, 2, 3, (2, 1), 1, (1, 0)),), PICTURE),
        "space": ((nn.Conv3d(1, 2, 2),), SPACE),
    }[name]
    torch.manual_seed(0)
    return torch.jit.script(converted(Wrapped(*layers), x)), x


@pytest.mark.parametrize("name", ["line", "picture", "transposed", "space"])
def test_quantized_archives_freeze_as_in_torch_without_a_run(name, tmp_path):
    module, x = quantized(name)
    file = tmp_path / f"{name}.pt"
    module.save(str(file))
    theirs = torch.jit.freeze(torch.jit.load(str(file)).eval())
    torch._C._jit_pass_fold_frozen_conv_bn(theirs.graph)
    root = open_archive(file).root
    forward = root.method("forward")
    graph = forward.graph.copy()
    run_pipeline(graph, ["freeze", "fold-frozen-conv-bn"], PassContext(evaluator(), root, forward))
    assert plain(graph_text(graph)) == plain(str(theirs.graph))
    assert torch.equal(Interpreter().run(graph, [None, x]), module(x))
    assert all(part.has_state for part in parts(root, "Conv"))


@pytest.mark.parametrize("name", ["line", "picture", "transposed", "space"])
def test_torch_loads_what_was_frozen_without_a_run(name, tmp_path):
    module, x = quantized(name)
    file, frozen = tmp_path / f"{name}.pt", tmp_path / "frozen.pt"
    module.save(str(file))
    root = open_archive(file).root
    with frozen.open("wb") as stream:
        write_module(freeze_module(root, [], PassContext(None, root), evaluating=True).root, stream)
    assert torch.equal(torch.jit.load(str(frozen))(x), module(x))
    assert torch.equal(jitcore.load(str(frozen))(x), module(x))


def parts(root: ScriptObject, kind: str) -> list[ScriptObject]:
    found = [part for _, part in root.named_modules() if kind in part.type.name]
    assert found
    return found


class Restoring(nn.Module):
    """Restores itself by branches, calls and arithmetic. libtorch's copies do it twice, which is as once."""

    def __init__(self) -> None:
        super().__init__()
        self.size = 3
        self.rate = 0.5
        self.weight = torch.ones(3)

    @torch.jit.export
    def __getstate__(self):
        return self.size, self.weight, None, self.training

    @torch.jit.export
    def __setstate__(self, state: tuple[int, Tensor, Tensor | None, bool]):
        self.size = self.bigger(state[0])
        self.weight = state[1]
        if state[2] is not None:
            self.rate = 1.0
        else:
            self.rate = 2.0 * self.size
        self.training = state[3]

    def bigger(self, size: int) -> int:
        return 4 if size < 4 else size

    def forward(self, x: Tensor):
        return x * self.weight + self.size * self.rate


class Looping(Restoring):
    @torch.jit.export
    def __setstate__(self, state: tuple[int, Tensor, Tensor | None, bool]):
        self.size = 0
        for _ in range(state[0]):
            self.size += 1
        self.weight = state[1]
        self.rate = 1.0
        self.training = state[3]


class Viewing(Restoring):
    @torch.jit.export
    def __setstate__(self, state: tuple[int, Tensor, Tensor | None, bool]):
        self.size = state[0]
        self.weight = state[1].view(-1)
        self.rate = 1.0
        self.training = state[3]


class Twice(nn.Module):
    def __init__(self, part: nn.Module) -> None:
        super().__init__()
        self.part = self.again = part

    def forward(self, x: Tensor):
        return self.part(x) + self.again(x)


def saved(module: nn.Module, folder: Path) -> Path:
    file = folder / "module.pt"
    torch.jit.script(module).save(str(file))
    return file


def frozen_graph(root: ScriptObject) -> Graph:
    graph = root.method("forward").graph.copy()
    run_pipeline(graph, ["freeze"], PassContext(evaluator(), root, root.method("forward")))
    return graph


def test_code_that_restores_is_followed(tmp_path):
    file = saved(Twice(Restoring()), tmp_path)
    theirs = torch.jit.freeze(torch.jit.load(str(file)).eval())
    assert plain(graph_text(frozen_graph(open_archive(file).root))) == plain(str(theirs.graph))


def test_a_part_in_two_places_is_restored_once(tmp_path):
    saved_root = open_archive(saved(Twice(Restoring()), tmp_path)).root
    saved_root.attributes["again"] = saved_root.attributes["part"]
    root = restored_module(saved_root, PassContext())
    part = root.attributes["part"]
    assert part is root.attributes["again"]
    assert isinstance(part, ScriptObject)
    assert not part.has_state
    assert {name: part.attributes[name] for name in ("size", "rate", "training")} == {
        "size": 4, "rate": 8.0, "training": True,
    }  # fmt: skip


def test_a_module_with_nothing_to_restore_is_itself(tmp_path):
    root = open_archive(saved(nn.Linear(2, 2), tmp_path)).root
    assert restored_module(root, PassContext()) is root


@pytest.mark.parametrize(("kind", "what"), [(Looping, "prim::Loop"), (Viewing, "aten::view")])
def test_what_only_a_run_can_follow_is_refused(kind, what, tmp_path):
    root = open_archive(saved(Twice(kind()), tmp_path)).root
    with pytest.raises(JitError, match=rf"its part 'part' .* does {what}; jitcore\.freeze\("):
        frozen_graph(root)
