"""Operators that can reach the file system are refused unless a run allows them; all others are not."""

from __future__ import annotations

import re

import pytest
import torch

from jitcore.exec import evaluator
from jitcore.exec.file_access import class_may_reach_files, may_reach_files
from jitcore.exec.interpreter import Interpreter
from jitcore.ops import parse_schema
from jitcore.passes import EvaluationError
from jitcore.printing import parse_graph
from jitcore.source import JitError
from jitcore.types import INT, STRING, OptionalType

SAVES = """graph(%x : Tensor, %name : str):
   = aten::save(%x, %name)
  return (%x)
"""

READS = """graph(%name : str):
  %shared : bool = prim::Constant[value=0]()
  %size : int = prim::Constant[value=4]()
  %none : NoneType = prim::Constant()
  %y : Tensor = aten::from_file(%name, %shared, %size, %none, %none, %none, %none)
  return (%y)
"""


@pytest.mark.parametrize(
    ("schema", "may"),
    [
        ("aten::save(t item, str filename) -> ()", True),
        ("aten::from_file(str filename, bool? shared=None, int? size=0) -> Tensor", True),
        ("debugprims::load_tensor(str name, int[] size, int[] stride) -> Tensor", True),
        ("image::read_file(str filename) -> Tensor", True),
        ("image::write_file(str filename, Tensor data) -> Tensor", True),
        ("torchaudio::sox_io_get_info(str path, str? format) -> (int, int, int, int, str)", True),
        ("mine::read(str _0) -> Tensor", True),
        ("mine::read_all(str[] file_names) -> Tensor", True),
        ("mine::scale(Tensor x, str mode) -> Tensor", False),
        ("torchvision::nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor", False),
        ("aten::einsum(str equation, Tensor[] tensors, *, int[]? path=None) -> Tensor", False),
        ("aten::Int.str(str a) -> int", False),
    ],
)
def test_who_may_reach_files(schema, may):
    assert may_reach_files(parse_schema(schema)) is may


def test_every_operator_of_torch_whose_text_sounds_like_a_file_is_known():
    sounds = re.compile(r"\bstr\S* (\w*(file|path|dir|folder|url|uri)\w*)")
    # No public list of all schemas exists.
    for schema in map(str, torch._C._jit_get_all_schemas()):
        if sounds.search(schema.partition("->")[0]):
            assert may_reach_files(parse_schema(schema)), schema


def test_classes_of_other_libraries_that_are_made_of_a_text():
    assert class_may_reach_files("torchaudio", [OptionalType(STRING)])
    assert not class_may_reach_files("torchaudio", [INT])
    assert not class_may_reach_files("quantized", [STRING])


@pytest.mark.parametrize("allowed", [False, True])
def test_a_run_writes_and_reads_only_what_it_may(tmp_path, allowed):
    file = tmp_path / "values"
    file.write_bytes(bytes(16))
    written = tmp_path / "written.pt"
    interpreter = Interpreter(allow_files=allowed)
    if allowed:
        interpreter.run(parse_graph(SAVES), [torch.ones(2), str(written)])
        assert torch.equal(torch.load(written), torch.ones(2))
        assert torch.equal(interpreter.run(parse_graph(READS), [str(file)]), torch.zeros(4))
        return
    with pytest.raises(JitError, match=r"aten::save.* cannot be run: it can reach the file system"):
        interpreter.run(parse_graph(SAVES), [torch.ones(2), str(written)])
    assert not written.exists()
    with pytest.raises(JitError, match=r"aten::from_file.* cannot be run: it can reach the file system"):
        interpreter.run(parse_graph(READS), [str(file)])


def test_folding_never_reaches_files(tmp_path):
    schema = parse_schema("image::read_file(str filename) -> Tensor")
    with pytest.raises(EvaluationError, match="can reach the file system"):
        evaluator().evaluate(schema, [str(tmp_path / "x")])
