"""Why runs fail, in a sentence: devices that a program names, and what torch says at length."""

import pytest
import torch

from jitcore.archive import open_archive
from jitcore.diagnose import compare_archives
from jitviewer.commands.command_line import main
from jitviewer.engine.document import Document
from jitviewer.engine.tree_rows import tree_rows
from jitviewer.runner.plain_reasons import without_tables


class OnADevice(torch.nn.Module):
    def __init__(self, where: str):
        super().__init__()
        self.register_buffer("kept", torch.ones(2, device=where))

    def forward(self, x: torch.Tensor, y: torch.Tensor = torch.ones(3)) -> torch.Tensor:  # noqa: B008
        return (
            x
            + torch.zeros(2, device=torch.device("cuda:17"))
            + torch.zeros(1, device=torch.device("cuda:17"))
        )


@pytest.fixture
def archives(tmp_path):
    paths = []
    for where in ("cpu", "meta"):
        paths.append(str(tmp_path / f"{where}.pt"))
        torch.jit.save(torch.jit.script(OnADevice(where)), paths[-1])
    return paths


def test_a_device_of_the_program_that_is_not_here_is_named_with_its_line(archives, capfd):
    assert main(["run", archives[0], "--input", "float32[2]"]) == 1
    said = capfd.readouterr().err.splitlines()[-1]
    assert "the device 'cuda:17' is written down in the program there" in said
    assert "test_plain_reasons.py:" in said
    assert "cuda:17 cannot be used" in said


def test_devices_and_defaults_stand_in_the_tree(archives):
    rows = {row.name: row for row in tree_rows(Document.open(archives[1]))}
    assert rows["kept"].detail == "float32[2] on meta"
    assert rows["forward"].detail == "(x: Tensor, y: Tensor=float32[3]) -> Tensor"
    assert rows["cuda:17"].detail.startswith("code/")
    assert rows["cuda:17"].detail.endswith(", and 1 times more")
    kept = {row.name: row for row in tree_rows(Document.open(archives[0]))}["kept"]
    assert kept.detail == "float32[2]"


def test_a_tensor_that_was_saved_on_another_device_differs(archives):
    (change,) = compare_archives(*map(open_archive, archives)).tensors_changed
    assert (change.path, change.before, change.after) == ("kept", "float32[2]", "float32[2] on meta")
    assert change.why_not == "the device changed"


def test_the_table_of_backends_is_cut():
    with pytest.raises(NotImplementedError) as caught:
        torch.linalg.eigh(torch.eye(2).to_sparse())
    whole = str(caught.value)
    assert "registered at" in whole
    short = without_tables(f"before\n{whole}\nafter")
    assert short.startswith(
        "before\nCould not run 'aten::_linalg_eigh' with arguments from the 'SparseCPU' backend."
    )
    assert "It is there for CPU" in short
    assert "registered at" not in short
    assert short.endswith("after")
    assert len(short) < 300
    assert without_tables("anything else") == "anything else"
