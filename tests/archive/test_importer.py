"""Archives that torch wrote load as modules whose classes, values and methods fit together."""

import subprocess
import sys
import warnings
from enum import Enum
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from jitcore.archive import ArchiveError, LazyTensor
from jitcore.archive.importer import load, open_archive
from jitcore.archive.modules import named_buffers, named_parameters
from jitcore.ir.objects import EnumValue, ScriptObject
from tests.archive.handmade import module_of, text


class Mode(Enum):
    FAST = "fast"
    SLOW = "slow"


class Layer(nn.Module):
    bias: Tensor | None

    def __init__(self) -> None:
        super().__init__()
        self.linear = nn.Linear(3, 4)
        self.register_buffer("mean", torch.ones(4))
        self.plain = torch.zeros(2)
        self.bias = None
        self.mode = Mode.SLOW
        self.sizes = [1, 2]
        self.table = {"a": (1, "b")}
        self.device = torch.device("cpu")

    def forward(self, x: Tensor) -> Tensor:
        if self.mode == Mode.FAST:
            return x
        return self.linear(x) - self.mean


def saved(module: nn.Module, path: Path) -> Path:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.jit.save(torch.jit.script(module), path)
    return path


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return saved(nn.Sequential(Layer(), nn.BatchNorm1d(4)), tmp_path_factory.mktemp("saved") / "net.pt")


def test_values_have_their_declared_types(path: Path):
    layer = load(path).find("0")
    values = layer.attributes
    assert isinstance(values["plain"], LazyTensor)
    assert values["bias"] is None
    assert isinstance(values["mode"], EnumValue)
    assert (values["mode"].name, values["mode"].value) == ("SLOW", "slow")
    assert values["sizes"] == [1, 2]
    assert values["table"] == {"a": (1, "b")}
    assert values["device"] == "cpu"
    assert isinstance(values["linear"], ScriptObject)
    assert list(values) == list(layer.type.attributes)


def test_parameters_and_buffers_are_those_of_torch(path: Path):
    module = load(path)
    theirs = torch.jit.load(path)
    for ours, expected in (
        (named_parameters(module), theirs.named_parameters()),
        (named_buffers(module), theirs.named_buffers()),
    ):
        assert [(name, tensor.to_numpy().tolist()) for name, tensor in ours] == [
            (name, tensor.tolist()) for name, tensor in expected
        ]
    assert [name for name, _ in module.named_modules()] == [name for name, _ in theirs.named_modules()]


def test_methods_are_lowered_when_asked_for(path: Path):
    forward = load(path).find("0").method("forward")
    assert [argument.name for argument in forward.schema.arguments] == ["self", "x"]
    assert "aten::sub" in {node.kind for node in forward.graph.all_nodes()}


def test_objects_in_the_constants_are_of_custom_classes(tmp_path: Path):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        quantized = torch.ao.quantization.quantize_dynamic(nn.Sequential(nn.Linear(3, 4)).eval(), {nn.Linear})
        torch.jit.save(torch.jit.freeze(torch.jit.script(quantized)), tmp_path / "q.pt")
    opened = open_archive(tmp_path / "q.pt")
    (packed,) = opened.archive.constants
    assert packed.type_name == "__torch__.torch.classes.quantized.LinearPackedParamsBase"
    assert packed.has_state
    assert "quantized::linear_dynamic" in {
        node.kind for node in opened.root.method("forward").graph.all_nodes()
    }


def test_values_that_do_not_fit_the_code(make):
    path = make.archive(module_of(text("training"), b"K\x01"))
    with pytest.raises(ArchiveError, match=r"'training' is declared as bool but was saved as int"):
        load(path)
    with pytest.raises(ArchiveError, match=r"'training' is missing"):
        load(make.archive(module_of(text("other"), b"K\x01")))
    with pytest.raises(ArchiveError, match=r"class __torch__\.M, which the archive's code does not define"):
        load(make.archive(records={"code/__torch__.py": b""}))


def test_loading_imports_neither_torch_nor_numpy(path: Path):
    program = """
import sys
from jitcore.archive.importer import load
load(sys.argv[1]).find("0").method("forward").graph
assert not {"torch", "numpy"} & set(sys.modules)
"""
    subprocess.run(
        [sys.executable, "-c", program, str(path)], check=True, env={"PYTHONPATH": "core"}, timeout=60
    )
