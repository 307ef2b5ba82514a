"""Sizes as symbols: the functions that tell them, and what comes out of them, as libtorch tells it."""

from __future__ import annotations

import random
import re
from functools import cache
from importlib import import_module
from typing import Any

import pytest
import torch

from jitcore.archive import open_archive
from jitcore.exec import run
from jitcore.frontend.shape_functions import shape_function_graph
from jitcore.ir import verify
from jitcore.ops.lookup import key_of_schema
from jitcore.ops.releases import USUAL, release
from jitcore.ops.schema_parser import parse_schema
from jitcore.ops.shape_function_table import shape_functions
from jitcore.ops.table import find_overload
from jitcore.passes import PassContext, find_pass, run_pipeline
from jitcore.passes.inline import inlined_graph
from jitcore.passes.spec import spec_of
from jitcore.printing import graph_text, parse_graph
from jitcore.source import JitError, SourceError
from jitcore.types import FunctionSchema, ir_text
from jitviewer.resources import resource
from tests.passes.calls_with_sizes import Call, call_with_sizes
from tests.passes.programs import RandomProgram, compiled

PASS = "propagate-shapes-on-graph"
COMPUTE = "propagate-shapes-on-graph-and-build-compute"
OFTEN_TOLD = ("same", "broadcast", "broadcast_into", "scalar")
"""Functions of so many operators that few calls of each are enough."""

usual = pytest.mark.skipif(release() != USUAL, reason="the table is that of the usual release")


def after(graph, spec: str = PASS) -> str:
    run_pipeline(graph, [spec], PassContext(shape_functions=shape_function_graph))
    verify(graph)
    return graph_text(graph)


@cache
def registered() -> dict[str, bool]:
    """Overloads of which torch can be asked -> whether it has a shape function."""
    found: dict[str, bool] = {}
    for one in torch._C._jit_get_all_schemas():
        schema = parse_schema(str(one))
        answer = has_shape_function(schema)
        if answer is not None:
            found[key_of_schema(schema)] = answer
    return found


def has_shape_function(schema: FunctionSchema) -> bool | None:
    arguments = [f"%a{place} : {ir_text(one.type)}" for place, one in enumerate(schema.arguments)]
    results = [f"%r{place} : {ir_text(one.type)}" for place, one in enumerate(schema.returns)]
    names = ", ".join(one.partition(" ")[0] for one in arguments)
    if not results:
        return None
    text = f"graph({', '.join(arguments)}):\n  {', '.join(results)} = {schema.name}({names})\n  return ()\n"
    try:
        [node] = torch._C.parse_ir(text).nodes()
        if key_of_schema(parse_schema(node.schema())) != key_of_schema(schema):
            return None
        return torch._C._jit_shape_compute_graph_for_node(node) is not None
    except (RuntimeError, JitError):
        # A type that torch's parser has no spelling for.
        return None


@usual
def test_table_is_what_torch_has_registered():
    theirs = {key for key, is_registered in registered().items() if is_registered}
    assert len(theirs) > 200
    assert set(shape_functions()) == theirs


@pytest.mark.parametrize("name", sorted(set(shape_functions().values())))
def test_every_function_compiles_and_gives_sizes(name):
    graph = shape_function_graph(name)
    verify(graph)
    keys = [key for key, function in shape_functions().items() if function == name]
    for key in keys:
        schema = find_overload(key)
        assert schema is not None, key
        assert len(graph.inputs) <= len(schema.arguments)
        [result] = graph.outputs
        expected = ["int[]"] * len(schema.returns)
        assert ir_text(result.type) == (expected[0] if len(expected) == 1 else f"({', '.join(expected)})")


def test_an_unknown_function_is_refused():
    with pytest.raises(SourceError, match="no_such_function"):
        shape_function_graph("no_such_function")


def theirs_given(call: Call) -> tuple[Any, str]:
    """libtorch's graph, of which sizes of inputs are known, and the types of the inputs for our pass."""
    graph = torch._C.parse_ir(call.text)
    symbols: dict[int | str, int] = {}
    types: list[str] = []
    for value in graph.inputs():
        sizes = call.sizes.get(f"%{value.debugName()}", "no tensor")
        if sizes == "no tensor":
            types.append(str(value.type()))
            continue
        if sizes is None:
            types.append("Tensor")
            continue
        numbers: list[int | None] = []
        for size in sizes:
            if isinstance(size, str) and size != "*" and size not in symbols:
                symbols[size] = torch._C._new_symbolic_shape_symbol()
            numbers.append(None if size == "*" else symbols[size] if isinstance(size, str) else size)
        value.setType(value.type().with_sizes(numbers))
        told = [size if size == "*" or isinstance(size, int) else f"SS({symbols[size]})" for size in sizes]
        types.append(f"Tensor({', '.join(map(str, told))})")
    return graph, ";".join(types)


@usual
@pytest.mark.parametrize("key", sorted(shape_functions()))
def test_calls_are_told_as_libtorch_tells_them(key):
    schema = find_overload(key)
    assert schema is not None
    draw = random.Random(key)
    told = 0
    for _ in range(3 if shape_functions()[key] in OFTEN_TOLD else 8):
        call = call_with_sizes(schema, draw)
        graph, types = theirs_given(call)
        before = str(graph)
        torch._C._jit_pass_propagate_shapes_on_graph(graph)
        spec = spec_of(PASS, {"inputs": types})
        ours = after(parse_graph(str(torch._C.parse_ir(call.text))), spec)
        assert ours == str(graph), (call.text, spec)
        told += ours != before
    assert told


FUNCTIONS = {
    "aten::linear": (torch.ones(2, 3, 4), torch.ones(5, 4), None),
    "aten::cat": ([torch.ones(2, 3), torch.ones(2, 4)], 1),
    "aten::stack": ([torch.ones(2, 3), torch.ones(2, 3)], -1),
    "aten::view": (torch.ones(2, 6), [3, -1]),
    "aten::slice.Tensor": (torch.ones(7, 2), 0, -5, 6, 2),
    "aten::movedim.intlist": (torch.ones(2, 3, 4), [0, -1], [1, 0]),
    "aten::max_pool2d": (torch.ones(1, 2, 9, 8), [3, 2], [2], [1], [1], True),
    "aten::conv_transpose2d.input": (
        torch.ones(1, 4, 5, 5), torch.ones(4, 3, 3, 3), None, [2, 2], [1, 1], [1, 1], 2, [1, 1],
    ),
    "aten::squeeze.dim": (torch.ones(2, 1, 4), -2),
    "aten::topk": (torch.ones(2, 5), 3, -1),
    "aten::squeeze.dims": (torch.ones(1, 2, 1), [0, -1]),
    "aten::upsample_nearest2d.vec": (torch.ones(1, 2, 3, 4), None, [2.0, 1.5]),
}  # fmt: skip


def sizes_of(value):
    if isinstance(value, torch.Tensor):
        return list(value.shape)
    return list(map(sizes_of, value)) if isinstance(value, list) else value


@pytest.mark.parametrize("key", FUNCTIONS)
def test_functions_run_as_python_and_give_what_operators_give(key):
    rooms = ("convolutions", "parts", "pointwise", "products", "reductions", "views")
    modules = [import_module(f"jitcore.ops.shape_functions.{room}") for room in rooms]
    wanted = shape_functions()[key]
    [function] = {getattr(module, wanted) for module in modules if hasattr(module, wanted)}
    arguments = FUNCTIONS[key]
    name, _, overload = key.removeprefix("aten::").partition(".")
    result = getattr(getattr(torch.ops.aten, name), overload or "default")(*arguments)
    expected = tuple(map(sizes_of, result)) if isinstance(result, tuple) else sizes_of(result)
    assert function(*map(sizes_of, arguments)) == expected


LISTS = """graph(%x : Float(2, 3), %l : Tensor[]):
  %1 : int = prim::Constant[value=1]()
  %2 : Tensor = aten::relu(%x)
  %3 : Tensor = aten::cat(%l, %1)
  return (%3)
"""


def test_lists_that_are_not_built_in_sight_are_refused():
    graph = torch._C.parse_ir(LISTS)
    with pytest.raises(RuntimeError, match="Unhandled List"):
        torch._C._jit_pass_propagate_shapes_on_graph(graph)
    ours = parse_graph(LISTS)
    before = graph_text(ours)
    with pytest.raises(JitError, match="aten::cat takes the list %l, which is not built in sight"):
        after(ours)
    assert graph_text(ours) == before


def test_inputs_that_do_not_fit_are_refused():
    with pytest.raises(JitError, match="3 types are given for 2 inputs of the graph"):
        after(parse_graph(LISTS), spec_of(PASS, {"inputs": "Tensor(2);Tensor[];Tensor"}))
    with pytest.raises(JitError):
        after(parse_graph(LISTS), spec_of(PASS, {"inputs": "Tensor(SS(2))"}))


def test_without_a_compiler_it_refuses():
    with pytest.raises(JitError, match="need a compiler, and the caller of this pass gave none"):
        run_pipeline(parse_graph(LISTS), [PASS], PassContext())


LOOP = """graph(%x : Float(*, 3), %n : int, %c : bool):
  %t : bool = prim::Constant[value=1]()
  %1 : int = prim::Constant[value=1]()
  %2 : Tensor = prim::Loop(%n, %t, %x)
    block0(%i : int, %a : Tensor):
      %3 : Tensor = aten::relu(%a)
      -> (%t, %3)
  %4 : Tensor = aten::relu(%2)
  %5 : Tensor = prim::If(%c)
    block0():
      %6 : Tensor = aten::unsqueeze(%x, %1)
      %7 : Tensor = aten::mul(%6, %6)
      -> (%7)
    block1():
      %8 : Tensor = prim::If(%c)
        block0():
          %9 : Tensor = aten::unsqueeze(%x, %1)
          -> (%9)
        block1():
          -> (%x)
      -> (%8)
  %10 : Float(2, 3, strides=[3, 1]) = aten::relu(%4)
  return (%5)
"""


def test_branches_are_merged_and_loops_left_alone():
    graph = torch._C.parse_ir(LOOP)
    ours = parse_graph(str(graph))
    torch._C._jit_pass_propagate_shapes_on_graph(graph)
    assert after(ours) == str(graph)
    again = parse_graph(str(graph))
    assert not run_pipeline(again, [PASS], PassContext(shape_functions=shape_function_graph))[0].changed


_CONSTANT = re.compile(r"\s*(%[\w.]+) : (\S+) = prim::Constant(?:\[value=(.*)\])?\(\)$")


def without_names(text: str) -> str:
    """A graph's text with constants where they are read, values numbered, and without places and messages."""
    constants: dict[str, str] = {}
    lines: list[str] = []
    for line in (line.partition(" # ")[0].rstrip() for line in text.strip().splitlines()):
        found = _CONSTANT.match(line)
        if found is None:
            lines.append(line)
        else:
            constants[found[1]] = "a text" if found[2] == "str" else found[3] or "None"
    numbers: dict[str, str] = {}

    def named(match: re.Match[str]) -> str:
        name = match[0]
        return constants[name] if name in constants else numbers.setdefault(name, f"%{len(numbers)}")

    return re.sub(r"%[\w.]+", named, "\n".join(lines))


def computed(graph, spec: str) -> tuple[str | None, tuple[str, ...]]:
    """The graph that computes sizes after our pass, None where there is none, and what the pass notes."""
    [report] = run_pipeline(graph, [spec], PassContext(shape_functions=shape_function_graph))
    verify(graph)
    found = [node.attributes["Subgraph"] for node in graph.nodes() if node.kind == "prim::FunctionalGraph"]
    return (without_names(graph_text(found[0])) if found else None), report.notes


@usual
@pytest.mark.parametrize("key", sorted(shape_functions()))
def test_sizes_are_computed_as_libtorch_computes_them(key):
    schema = find_overload(key)
    assert schema is not None
    draw = random.Random(f"compute {key}")
    for _ in range(1 if shape_functions()[key] in OFTEN_TOLD else 3):
        call = call_with_sizes(schema, draw)
        graph, types = theirs_given(call)
        spec = spec_of(COMPUTE, {"inputs": types, "show_compute": True})
        ours, notes = computed(parse_graph(str(torch._C.parse_ir(call.text))), spec)
        try:
            found = torch._C._jit_pass_propagate_shapes_on_graph_and_build_compute(graph)
        except (RuntimeError, IndexError):
            # It asserts that nobody reads a list of sizes, and that no size is below zero.
            continue
        assert bool(notes) == (found is None), (call.text, spec, notes)
        if found is not None:
            theirs = without_names(str(found.partial_eval_shape_graph()))
            assert ours == (None if theirs.endswith("return ()") else theirs), (call.text, spec)


PRODUCTS = """graph(%x : Tensor, %w : Tensor, %b : Tensor):
  %one : int = prim::Constant[value=1]()
  %none : NoneType = prim::Constant()
  %1 : Tensor = aten::linear(%x, %w, %none)
  %2 : Tensor = aten::add(%1, %b, %one)
  %3 : Tensor = aten::matmul(%2, %w)
  %4 : Tensor = aten::flatten(%3, %one, %one)
  return (%4)
"""


def test_what_computes_sizes_gives_those_of_a_run():
    graph = parse_graph(PRODUCTS)
    spec = spec_of(COMPUTE, {"inputs": "Tensor(*, *);Tensor(*, *);Tensor(*)", "show_compute": True})
    run_pipeline(graph, [spec], PassContext(shape_functions=shape_function_graph))
    [node] = [node for node in graph.nodes() if node.kind == "prim::FunctionalGraph"]
    for value in node.outputs:
        graph.block.register_output(value)
    result, *sizes = run(graph, [torch.ones(7, 3), torch.ones(5, 3), torch.ones(5)])
    assert result.shape == (7, 3)
    # Of the inputs first; what is added may have one element, so the size of the sum is computed.
    assert sizes == [7, 3, 5, 3, 5, 5]


NOT_TOLD = """graph(%x : Float(2, *)):
  %1 : Tensor = aten::special_i0(%x)
  return (%1)
"""


def test_what_is_in_the_way_of_a_computation_is_told():
    _, notes = computed(parse_graph(NOT_TOLD), COMPUTE)
    [note] = notes
    assert note == (
        "there is no graph that computes all sizes: what aten::special_i0 gives has sizes that no function "
        "tells"
    )


RANDOM_SIZES: tuple[list[int | None] | None, ...] = ([2, 3], [None, 3], [None, None], [3], [1, None], None)


@usual
@pytest.mark.parametrize("name", [PASS, COMPUTE])
@pytest.mark.parametrize("seed", range(12))
def test_random_programs_are_told_as_libtorch_tells_them(name, seed):
    draw = random.Random(seed)
    graph = compiled(RandomProgram(seed).source).f.graph.copy()
    for value in graph.inputs():
        if value.type().kind() == "TensorType":
            value.setType(value.type().with_sizes(draw.choice(RANDOM_SIZES)))
    if seed % 2:
        torch._C._jit_pass_remove_mutation(graph)
        torch._C._jit_pass_loop_unrolling(graph)
    ours = parse_graph(str(graph))
    getattr(torch._C, find_pass(name).counterpart)(graph)
    assert after(ours, name) == str(graph)


SAMPLES = {
    "gate": [3], "resnet_small": [None, 3, 32, 32], "repeats": [None, 4],
    "lstm": [3, None, 8], "tuples": [None, 2],
}  # fmt: skip


@usual
@pytest.mark.parametrize("name", SAMPLES)
def test_sample_archives_are_told_as_libtorch_tells_them(name):
    path = str(resource("samples", f"{name}.pt"))
    graph = torch.jit.load(path).inlined_graph.copy()
    tensors = [value for value in graph.inputs() if value.type().kind() == "TensorType"]
    for value in tensors:
        value.setType(value.type().with_sizes(SAMPLES[name]))
    before = str(graph)
    torch._C._jit_pass_propagate_shapes_on_graph(graph)
    root = open_archive(path).root
    ours = inlined_graph(root.method("forward")).copy()
    sizes = ", ".join("*" if size is None else str(size) for size in SAMPLES[name])
    spec = spec_of(PASS, {"inputs": ";".join([f"Tensor({sizes})"] * len(tensors))})
    assert after(ours, spec) == str(graph) != before


def test_sizes_of_very_many_tensors_are_left_untold():
    names = ", ".join(["%x"] * 400)
    graph = parse_graph(
        f"graph(%x : Tensor):\n  %d : int = prim::Constant[value=0]()\n"
        f"  %l : Tensor[] = prim::ListConstruct({names})\n  %1 : Tensor = aten::cat(%l, %d)\n  return (%1)\n"
    )
    context = PassContext(shape_functions=shape_function_graph)
    run_pipeline(graph, [PASS], context)
    assert context.notes == ["sizes of aten::cat of 401 tensors are not told"]
