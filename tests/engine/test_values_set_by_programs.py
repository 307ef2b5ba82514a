"""Attributes that a module sets itself when torch loads it: no value is made up for them."""

import pytest
import torch
from torch import Tensor, nn

from jitviewer.engine.document import Document
from jitviewer.engine.inspection import row_facts
from jitviewer.engine.tree_rows import tree_rows


class Restored(nn.Module):
    def __init__(self):
        super().__init__()
        self.scale = 3.0
        self.weight = torch.ones(2)

    def forward(self, x: Tensor) -> Tensor:
        return x * self.scale * self.weight

    @torch.jit.export
    def __getstate__(self):
        return self.scale, self.weight, self.training

    @torch.jit.export
    def __setstate__(self, state: tuple[float, Tensor, bool]):
        self.scale = state[0] * 2
        self.weight = state[1]
        self.training = state[2]


class Outer(nn.Module):
    def __init__(self):
        super().__init__()
        self.inner = Restored()
        self.none = None

    def forward(self, x: Tensor) -> Tensor:
        return self.inner(x)


@pytest.fixture
def document(tmp_path):
    torch.jit.script(Outer()).save(str(tmp_path / "restored.pt"))
    made = Document.open(str(tmp_path / "restored.pt"))
    yield made
    made.close()


def test_values_that_only_a_run_sets_are_not_shown_as_none(document):
    rows = {(row.path, row.name): row for row in tree_rows(document)}
    assert rows["inner", "scale"].detail == "float"
    assert rows["inner", "weight"].detail == "Tensor"
    assert rows["", "training"].detail == "bool = True"
    said = {
        name: row_facts(rows[place, name], document)[-1].text
        for place, name in (("inner", "scale"), ("", "training"))
    }
    assert "__setstate__" in said["scale"]
    assert said["training"] == "True"
