"""Operators and C++ classes of torch are sorted by what they may reach, and refused by that."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
import torch

from jitcore.exec import evaluator
from jitcore.exec.interpreter import Interpreter
from jitcore.exec.operator_sorts import (
    SORTS,
    class_sort_of,
    is_of_torch,
    may_reach_files,
    sort_of,
    why_no_state,
    why_not_folded,
    why_not_made,
    why_not_run,
)
from jitcore.ops import parse_schema
from jitcore.ops.releases import why_untested
from jitcore.passes import EvaluationError
from jitcore.printing import parse_graph
from jitcore.source import JitError

KINDS_WITHOUT_REASON = ("functional", "effects", "unchecked", "class state", "class made")

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


def registered_operators() -> set[str]:
    """Names of all operators that this torch has, for TorchScript or for its dispatcher."""
    # No public lists exist.
    names = {str(schema.name) for schema in torch._C._jit_get_all_schemas()}
    return names | {name.partition(".")[0] for name in torch._C._dispatch_get_all_op_names()}


def registered_classes() -> set[str]:
    """Names of all C++ classes that this torch has, as `quantized.LinearPackedParamsBase`."""
    schemas = map(str, torch._C._jit_get_custom_class_schemas())
    return set(re.findall(r"__torch__\.torch\.classes\.([\w.]+)", " ".join(schemas)))


def test_everything_that_a_tested_torch_registers_is_sorted():
    untested = why_untested(torch.__version__)
    # Other tests may have registered operators of other libraries.
    operators = {name for name in registered_operators() if is_of_torch(name.partition("::")[0])}
    unsorted = sorted(name for name in operators if sort_of(name) is None)
    unsorted += sorted(
        name for name in registered_classes()
        if is_of_torch(name.partition(".")[0]) and class_sort_of(name) is None
    )  # fmt: skip
    if untested and unsorted:
        pytest.skip(f"{untested} Unsorted, and so refused: {' '.join(unsorted)}")
    assert not unsorted, f"unsorted: {' '.join(unsorted)}"


def test_a_fresh_torch_has_no_other_namespaces():
    listing = (
        "import torch\n"
        "names = {s.name for s in torch._C._jit_get_all_schemas()}\n"
        "names |= set(torch._C._dispatch_get_all_op_names())\n"
        "print(' '.join(sorted({name.partition('::')[0] for name in names})))"
    )
    done = subprocess.run([sys.executable, "-c", listing], capture_output=True, text=True, check=True)
    unsorted = [namespace for namespace in done.stdout.split() if not is_of_torch(namespace)]
    if unsorted and why_untested(torch.__version__):
        pytest.skip(f"{why_untested(torch.__version__)} Taken for other libraries: {' '.join(unsorted)}")
    assert not unsorted, f"unsorted: {' '.join(unsorted)}"


def test_a_name_stands_in_one_section_and_each_refusal_has_a_reason():
    seen: dict[str, str] = {}
    section = namespace = ""
    for line in SORTS.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            section = line.strip("[]")
            kind, _, reason = section.partition(": ")
            assert kind in KINDS_WITHOUT_REASON or len(reason.split()) > 2, section
        elif line and not line.startswith("#"):
            words = line.split()
            if not line.startswith(" "):
                namespace = words.pop(0)
                assert namespace.endswith("::")
            for word in words:
                key = f"{section.partition(' ')[0] == 'class'}{namespace}{word}"
                assert key not in seen, f"{namespace}{word} stands in {seen[key]} and in {section}"
                seen[key] = section


@pytest.mark.parametrize(
    ("operator", "kind"),
    [
        ("aten::add", "functional"), ("aten::as_strided", "functional"), ("aten::manual_seed", "effects"),
        ("aten::set_", "effects"), ("aten::_embedding_bag", "unchecked"), ("aten::save", "files"),
        ("aten::from_file", "files"), ("debugprims::load_tensor", "files"), ("c10d::recv_", "network"),
        ("_c10d_functional::isend", "network"), ("symm_mem::nvshmem_get", "network"),
        ("aten::to_here", "network"), ("prim::PythonOp", "python"), ("mkldnn::data_ptr", "memory"),
        ("inductor::_alloc_from_pool", "memory"), ("aten::_sparse_coo_tensor_unsafe", "memory"),
        ("aten::_nested_view_from_buffer", "memory"), ("aten::_cudnn_rnn", "memory"),
    ],
)  # fmt: skip
def test_some_sorts(operator, kind):
    found = sort_of(operator)
    assert found is not None
    assert found.kind == kind


def test_only_functional_operators_of_torch_are_folded():
    assert not why_not_folded(parse_schema("aten::neg(Tensor self) -> Tensor"))
    for schema in (
        "inductor::_alloc_from_pool(Tensor self, int offset_bytes, int dtype, int[] size) -> Tensor",
        "aten::_embedding_bag(Tensor weight, Tensor indices, Tensor offsets) -> Tensor",
        "prims::neg(Tensor self) -> Tensor",
        "aten::brand_new(Tensor self) -> Tensor",
        "other::neg(Tensor self) -> Tensor",
    ):
        assert why_not_folded(parse_schema(schema)), schema


def test_an_operator_that_nobody_sorted_runs_only_if_it_is_of_another_library():
    new = parse_schema("aten::brand_new(Tensor self) -> Tensor")
    assert "whose reach is known" in why_not_run(new.name, new, allows_files=True)
    other = parse_schema("other::neg(Tensor self) -> Tensor")
    assert not why_not_run(other.name, other, allows_files=False)
    reading = parse_schema("other::read(str path) -> Tensor")
    assert "file system" in why_not_run(reading.name, reading, allows_files=False)
    assert not why_not_run(reading.name, reading, allows_files=True)


def test_classes_that_get_a_state():
    for name in ("quantized.LinearPackedParamsBase", "rnn.CellParamsBase", "xnnpack.LinearOpContext"):
        assert not why_no_state(name, allows_files=False)
    for name in ("aten.OpaqueObject", "c10d.ProcessGroup", "_nnapi.Compilation", "quantized.Unheard"):
        assert why_no_state(name, allows_files=True), name
        assert why_not_made(name, allows_files=True), name
    assert why_no_state("mine.Vocabulary", allows_files=False)
    assert not why_no_state("mine.Vocabulary", allows_files=True)
    assert not why_not_made("profiling._ScriptProfile", allows_files=False)
    assert why_no_state("profiling._ScriptProfile", allows_files=False)


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
