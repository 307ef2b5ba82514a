"""Every pass that torch offers is the counterpart of one of ours, or named as left out, with the reason."""

from __future__ import annotations

import re
from fnmatch import fnmatch
from pathlib import Path

import pytest
import torch

from jitcore.passes import catalogue

ARCHITECTURE = Path(__file__).resolve().parents[2] / "ARCHITECTURE.md"


def left_out() -> list[str]:
    """The names, some with a star, of the section that lists them."""
    text = ARCHITECTURE.read_text(encoding="utf-8")
    section = text.partition("## Passes that are left out")[2].partition("\n## ")[0]
    first_column = [line.split("|")[1] for line in section.splitlines() if line.startswith("| `")]
    return [name for cell in first_column for name in re.findall(r"`(_jit_pass_\w+\*?|\*\w+)`", cell)]


def test_every_pass_of_torch_is_ours_or_left_out():
    ours = {kind.counterpart for kind in catalogue().values()}
    theirs = {name for name in dir(torch._C) if name.startswith("_jit_pass_")}
    listed = left_out()
    unknown = {name for name in theirs - ours if not any(fnmatch(name, one) for one in listed)}
    assert unknown == set()


def test_what_is_left_out_is_torchs():
    theirs = [name for name in dir(torch._C) if name.startswith("_jit_pass_")]
    assert [one for one in left_out() if not any(fnmatch(name, one) for name in theirs)] == []


def test_what_is_ours_is_not_listed():
    ours = {kind.counterpart for kind in catalogue().values() if kind.counterpart}
    assert [name for name in ours if any(fnmatch(name, one) for one in left_out())] == []


@pytest.mark.skipif(torch.backends.cuda.is_built(), reason="there libtorch has something to fuse by")
def test_what_is_left_out_on_a_cpu_does_nothing():
    graph = torch._C.parse_ir("""graph(%x, %w, %b, %s : int[], %p : int[], %n : int):
  %1 : Tensor = aten::conv2d(%x, %w, %b, %s, %p, %s, %n)
  %2 : Tensor = aten::relu(%1)
  return (%2)
""")
    before = str(graph)
    torch._C._jit_pass_fuse_frozen_conv_add_relu(graph)
    assert str(graph) == before
