"""Tensors whose strides repeat a few numbers beyond any count are shown by what they are, without a copy."""

import math

import pytest
import torch

from jitcore.exec.distinct_elements import MOST_OVERLAPPING, distinct_elements, first_elements, has_nan
from jitviewer.protocol.runner_messages import LookAtKept, RunRequest, RunResult, ValueSeen
from jitviewer.runner.value_looks import look_at
from jitviewer.runner.value_rows import tensor_text
from tests.archive.handmade import ArchiveMaker

HUGE = 10**12
VALUES = torch.tensor([3.0, -1.0, math.nan, 0.0, math.inf, 2.0, 2.0, 0.0])

CODE = b"""class M(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  def forward(self: __torch__.M, x: Tensor) -> Tensor:
    return torch.expand(x, [1000000000000, 8])
"""


@pytest.mark.parametrize(
    "shape", [(5, 8), (3, 5, 8), (8,), (2, 2, 2, 8)], ids=lambda shape: "x".join(map(str, shape))
)
@pytest.mark.parametrize(
    "values", [VALUES, VALUES[3:4].expand(8), VALUES.to(torch.complex64), VALUES.nan_to_num() > 0]
)
def test_they_are_told_as_the_same_tensor_without_repetitions(shape, values):
    repeated, written_out = values.expand(shape), values.expand(shape).contiguous()
    assert tensor_text(repeated) == tensor_text(written_out)
    for chosen, row in ((0, 0), (1, 1), (99, 99)):
        one, other = look_at(repeated, chosen, row), look_at(written_out, chosen, row)
        for name in ("histogram", "low", "high", "shape", "slices", "slice", "rows", "cells", "picture"):
            assert getattr(one, name) == getattr(other, name), name
        drop = {"strides", "standard deviation", "standard deviation of the magnitudes", "mean"}
        assert [fact for fact in one.facts if fact.name not in drop] == [
            fact for fact in other.facts if fact.name not in drop
        ]


def test_first_elements_are_in_the_order_of_reading():
    given = torch.arange(60).reshape(3, 4, 5).permute(2, 0, 1)
    assert first_elements(given, 17) == given.reshape(-1)[:17].tolist()
    assert first_elements(given[:, :0], 3) == []
    assert first_elements(torch.tensor(7), 3) == [7]


def test_a_nan_is_found_among_them():
    assert has_nan(VALUES.expand(HUGE, 8))
    assert not has_nan(torch.ones(1).expand(HUGE))


def test_what_is_repeated_beyond_count_is_looked_at():
    look = look_at(VALUES.expand(HUGE, 8), 0, HUGE - 2)
    assert look.shape == [HUGE, 8]
    assert look.first_row == HUGE - 2
    assert look.cells[1][:2] == ["3", "-1"]
    assert sum(look.histogram) == 6 * HUGE
    assert {fact.name: fact.text for fact in look.facts}["zeros"] == f"{2 * HUGE:,}"


def test_what_lies_over_each_other_beyond_count_is_told_by_its_shape():
    given = torch.as_strided(torch.arange(8.0), (3, 2), (1, 1))
    assert distinct_elements(given) is given
    side = math.isqrt(MOST_OVERLAPPING) + 1
    beyond = torch.as_strided(torch.arange(2.0 * side), (side, side), (1, 1))
    assert distinct_elements(beyond) is None
    assert tensor_text(beyond) == "0, 1, 2, 3, 4, 5, ..."
    look = look_at(beyond)
    facts = {fact.name: fact.text for fact in look.facts}
    assert facts["first elements"].startswith("0, 1, 2")
    assert "too many to look at" in facts["not counted"]
    assert (look.shape, look.cells, look.slices) == ([side, side], [], 0)


def test_a_run_gives_its_shape_type_and_first_elements(runner, tmp_path):
    file = ArchiveMaker(tmp_path).archive(records={"code/__torch__.py": CODE})
    request = RunRequest(1, str(file), "", "forward", [], ["float32[8]"], keep_bytes=1 << 20, find_nan=True)
    done = runner.ask(request)[-1]
    assert isinstance(done, RunResult), done
    (output,) = done.outputs
    assert output.type == "Float(1000000000000, 8)"
    assert output.text.startswith("min ")
    (seen,) = runner.ask(LookAtKept(2, 1, done.times[-1].node_id, 0))
    assert isinstance(seen, ValueSeen)
    assert seen.look is not None, seen.why_not
    assert seen.look.shape == [HUGE, 8]
