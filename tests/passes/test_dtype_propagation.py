"""What is told of dtypes, against libtorch: layers, operators of all kinds, and what is refused."""

from __future__ import annotations

import pytest
import torch

from jitcore.exec import evaluator
from jitcore.passes import PassContext, run_pipeline
from jitcore.printing import graph_text, parse_graph
from jitcore.source import JitError

KINDS = {"Tensor": "Float(2, 3)", "Optional[Tensor]": "Float(2, 3)", "number": "float", "Scalar": "float"}


def both(text: str) -> tuple[str, str]:
    """The graph after our pass, and after libtorch's."""
    theirs = torch._C.parse_ir(text)
    ours = parse_graph(str(theirs))
    torch._C._jit_pass_propagate_dtype(theirs)
    run_pipeline(ours, ["propagate-dtype"], PassContext(evaluator()))
    return graph_text(ours), str(theirs)


PROGRAMS = {
    "arithmetic": """graph(%x : Float(2, 3), %y : Double(2, 3), %i : Long(3), %z : Int(), %u : Tensor):
  %1 : int = prim::Constant[value=1]()
  %2 : float = prim::Constant[value=0.5]()
  %3 : Tensor = aten::add(%x, %y, %1)
  %4 : Tensor = aten::mul(%i, %2)
  %5 : Tensor = aten::add(%3, %z, %1)
  %6 : Tensor = aten::relu(%u)
  %7 : Tensor = aten::eq(%x, %y)
  %8 : Tensor = aten::floor_divide(%i, %i)
  return (%4, %5, %6, %7, %8)
""",
    "layers": """graph(%x : Half(1, 2, 4, 4), %w : Half(2, 2, 1, 1), %d : Double(2, 2, 1, 1)):
  %1 : int = prim::Constant[value=1]()
  %2 : int = prim::Constant[value=0]()
  %3 : int[] = prim::ListConstruct(%1, %1)
  %4 : int[] = prim::ListConstruct(%2, %2)
  %5 : NoneType = prim::Constant()
  %6 : Tensor = aten::conv2d(%x, %w, %5, %3, %4, %3, %1)
  %7 : Tensor = aten::flatten(%6, %1, %1)
  %8 : Tensor = aten::conv2d(%x, %d, %5, %3, %4, %3, %1)
  %9 : Tensor = aten::hardswish(%7)
  return (%8, %9)
""",
    "writes": """graph(%x : Float(2, 3), %y : Double(2, 3), %i : Long(3), %b : Double(4, 2, 3)):
  %1 : int = prim::Constant[value=1]()
  %2 : float = prim::Constant[value=0.5]()
  %3 : Tensor = aten::add_(%x, %y, %1)
  %4 : Tensor = aten::add_(%i, %2, %1)
  %5 : Tensor = aten::relu_(%x)
  %6 : Tensor = aten::mul_(%x, %b)
  %7 : Tensor = aten::detach_(%y)
  return (%3, %4, %5, %6, %7)
""",
    "several results and elements": """graph(%x : Float(2, 3), %c : bool, %i : Long(2)):
  %1 : int = prim::Constant[value=0]()
  %2 : Tensor, %3 : Tensor = aten::max(%x, %1, %c)
  %4 : Tensor = aten::nonzero(%x)
  %5 : Tensor = aten::cpu(%x)
  %6 : Tensor = aten::index_select(%x, %1, %i)
  return (%2, %3, %4, %5, %6)
""",
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_programs_equal_libtorchs(name):
    ours, theirs = both(PROGRAMS[name])
    assert ours == theirs
    assert "FloatTensor" in ours or "HalfTensor" in ours


def operators() -> list[tuple[str, str]]:
    """Overloads that take tensors and numbers and give one tensor, each as a graph of one call."""
    found: list[tuple[str, str]] = []
    for schema in torch._C._jit_get_all_schemas():
        kinds = [str(argument.type) for argument in schema.arguments]
        known = all(kind in (*KINDS, "int", "float") for kind in kinds)
        if (
            not schema.name.startswith("aten::")
            or not known
            or [str(r.type) for r in schema.returns] != ["Tensor"]
        ):
            continue
        if any(argument.is_out for argument in schema.arguments) or "Tensor" not in kinds:
            continue
        given = ", ".join(f"%a{place} : {KINDS.get(kind, kind)}" for place, kind in enumerate(kinds))
        names = ", ".join(f"%a{place}" for place in range(len(kinds)))
        text = f"graph({given}):\n  %r : Tensor = {schema.name}({names})\n  return (%r)\n"
        found.append((f"{schema.name}.{schema.overload_name}", text))
    return sorted(found)


@pytest.mark.filterwarnings("ignore")
def test_nothing_wrong_is_told_of_any_operator():
    told = 0
    chosen = [(name, text) for name, text in operators()[::5] if not name.split(".")[0].endswith("_")]
    for name, text in chosen:
        ours, theirs = both(text)
        if ours != text and ours != str(torch._C.parse_ir(text)):
            assert ours == theirs, name
            told += 1
    assert told > len(chosen) / 2


REFUSED = {
    "Loop/Call not handled now": """graph(%x : Float(2)):
  %1 : int = prim::Constant[value=3]()
  %2 : bool = prim::Constant[value=1]()
  %3 : Tensor = aten::relu(%x)
  %4 : Tensor = prim::Loop(%1, %2, %3)
    block0(%i : int, %5 : Tensor):
      -> (%2, %5)
  return (%4)
""",
    "prim::NumToTensorOp is not supported in Dtype Propagation": """graph(%x : int):
  %1 : Tensor = prim::NumToTensor(%x)
  return (%1)
""",
    "List Construct and Unpack is not supported in Dtype Propagation": """graph(%x : Tensor[]):
  %1 : Tensor = prim::ListUnpack(%x)
  return (%1)
""",
    "Not implemented yet": """graph(%x : Float(2), %c : bool):
  %1 : Tensor = prim::If(%c)
    block0():
      %2 : Tensor = aten::relu(%x)
      -> (%2)
    block1():
      -> (%x)
  return (%1)
""",
    "Schema not found for node.": """graph(%x : Float(2)):
  %1 : Tensor = aten::conv2d(%x, %x)
  return (%1)
""",
}


@pytest.mark.parametrize("words", REFUSED)
def test_what_libtorch_refuses_is_refused(words):
    with pytest.raises(RuntimeError, match=words):
        torch._C._jit_pass_propagate_dtype(torch._C.parse_ir(REFUSED[words]))
    graph = parse_graph(REFUSED[words])
    before = graph_text(graph)
    with pytest.raises(JitError, match=words):
        run_pipeline(graph, ["propagate-dtype"], PassContext(evaluator()))
    assert graph_text(graph) == before


def test_without_torch_layers_are_known_and_that_is_said():
    graph = parse_graph(PROGRAMS["layers"])
    context = PassContext()
    run_pipeline(graph, ["propagate-dtype"], context)
    assert "HalfTensor = aten::conv2d" in graph_text(graph)
    graph = parse_graph(PROGRAMS["arithmetic"])
    run_pipeline(graph, ["propagate-dtype"], context)
    assert context.notes == ["dtypes of what is computed stay unknown: torch is not there"]
