"""Printed code equals torch's, and graphs that torch cannot print get code that it can read."""

import io
import textwrap
import zipfile

import corpus
import pytest
import torch
from torch_graphs import Converter

from jitcore.ir import Graph
from jitcore.printing import CodePrinter, code_of_graph, code_text, parse_graph, print_code
from jitcore.printing.code_dependencies import Dependencies
from jitcore.source import Source, SourceError, SourceRange
from jitcore.types import INT, NONE, TENSOR, Argument, ClassType, FunctionSchema


@pytest.mark.parametrize("name", [f.__name__ for f in corpus.FUNCTIONS])
def test_a_functions_code_is_torchs(scripted, name):
    theirs = scripted[name]
    assert code_text(Converter().function(theirs)) == theirs.code


@pytest.mark.parametrize("name", corpus.MODULES)
def test_a_modules_code_is_torchs(script_modules, name):
    module = script_modules[name]
    for _, part in module.named_modules():
        for method in part._c._method_names():
            theirs = part._c._get_method(method)
            assert code_text(Converter().function(theirs, ClassType("M"))) == theirs.code


@pytest.mark.parametrize("name", ["arithmetic", "branches", "loops", "order_matters", "raises", "no_grad"])
def test_lines_know_their_nodes(scripted, name):
    function = Converter().function(scripted[name])
    listing = print_code(function)
    assert listing.text == scripted[name].code
    shown = {identity for ids in listing.node_ids for identity in ids}
    for node in function.graph.all_nodes():
        if node.kind not in ("prim::Constant", "prim::Exit"):
            assert node.id in shown
    by_id = {node.id: node for node in function.graph.all_nodes()}
    for line, ids in zip(listing.lines, listing.node_ids, strict=True):
        for identity in ids:
            kind = by_id[identity].kind
            if kind.startswith("aten::") and f"torch.{kind[6:]}(" in listing.text:
                assert line.strip()
    assert listing.lines[0].startswith(f"def {name}(")
    assert listing.node_ids[0] == ()


def test_an_inlined_node_is_on_the_line_that_reads_it():
    graph = parse_graph(
        "graph(%x : Tensor):\n  %1 : Tensor = aten::neg(%x)\n  %2 : Tensor = aten::relu(%1)\n  return (%2)\n"
    )
    listing = code_of_graph(graph, "f")
    assert listing.lines == ["def f(x: Tensor) -> Tensor:", "  return torch.relu(torch.neg(x))"]
    neg, relu = graph.nodes()
    assert set(listing.node_ids[1]) == {neg.id, relu.id}


class Shell(torch.nn.Module):
    def forward(self, x):
        return x


def loaded(code: str):
    """Has torch load the method `forward(self, ...)` that `code` defines, in the place of another."""
    saved = io.BytesIO()
    torch.jit.save(torch.jit.script(Shell()), saved)
    changed = io.BytesIO()
    with zipfile.ZipFile(saved) as old, zipfile.ZipFile(changed, "w") as new:
        for entry in old.infolist():
            data = old.read(entry)
            if entry.filename.endswith("test_code.py"):
                head = data.decode().partition("  def forward")[0]
                data = (head + textwrap.indent(code, "  ")).encode()
            if not entry.filename.endswith(".debug_pkl"):
                new.writestr(entry.filename, data)
    changed.seek(0)
    return torch.jit.load(changed)


def as_method(graph: Graph) -> str:
    """`graph` as `forward` of a module that it does not use."""
    listing = code_of_graph(graph, "forward")
    return listing.text.replace("def forward(", "def forward(self,\n    ", 1)


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("branches", (torch.ones(2), True, 3)),
        ("loops", (torch.ones(2), 3, [1, 2])),
        ("early_return", (torch.ones(2), 4)),
        ("nested_functions_order", (torch.ones(2, 2), torch.full((2, 2), 3.0))),
        ("order_matters", (torch.ones(2, 2), torch.full((2, 2), 3.0))),
    ],
)
def test_code_of_an_inlined_graph_computes_the_same(scripted, name, arguments):
    theirs = scripted[name]
    graph = Converter().graph(theirs.inlined_graph)
    again = loaded(as_method(graph))
    fresh = [a.clone() if isinstance(a, torch.Tensor) else a for a in arguments]
    torch.testing.assert_close(again(*fresh), theirs(*arguments))


BOUNDED_LOOP = """graph(%n : int):
  %zero : int = prim::Constant[value=0]()
  %one : int = prim::Constant[value=1]()
  %two : int = prim::Constant[value=2]()
  %hundred : int = prim::Constant[value=100]()
  %go : bool = aten::gt(%n, %zero)
  %total : int = prim::Loop(%hundred, %go, %zero)
    block0(%i : int, %t : int):
      %step : int = aten::mul(%i, %two)
      %next : int = aten::add(%t, %step)
      %more : bool = aten::lt(%next, %n)
      -> (%more, %next)
  return (%total)
"""


def test_a_loop_with_count_and_condition_gets_a_break():
    function = loaded(as_method(parse_graph(BOUNDED_LOOP)))

    def expected(n):
        total, i, go = 0, 0, n > 0
        while i < 100 and go:
            total += i * 2
            go = total < n
            i += 1
        return total

    assert [function(n) for n in (-1, 0, 1, 7, 50, 10**6)] == [expected(n) for n in (-1, 0, 1, 7, 50, 10**6)]


GROUPED = """graph(%x : Float(2, 3), %y : Tensor):
  %a : Tensor, %b : Tensor = prim::TensorExprGroup_0[striding_inputs_desc=["any"]](%x, %y)
  %c : Tensor, %ok : bool = prim::TypeCheck[types=[Float(2, 3)]](%a)
  %d : Tensor = prim::If(%ok)
    block0():
      -> (%c)
    block1():
      %e : Tensor = foo::unknown[n=3, name="q"](%b)
      -> (%e)
  return (%d)
with prim::TensorExprGroup_0 = graph(%p : Float(2, 3), %q : Tensor):
  %r : Tensor = aten::mul(%p, %q)
  %s : Tensor = aten::neg(%r)
  return (%r, %s)
"""


def test_what_passes_make_is_spelled_as_calls():
    assert code_of_graph(parse_graph(GROUPED), "f").text == (
        "def f(x: Tensor,\n"
        "    y: Tensor) -> Tensor:\n"
        "  def __TensorExprGroup(p: Tensor, q: Tensor):\n"
        "    r = torch.mul(p, q)\n"
        "    return r, torch.neg(r)\n"
        "  a, b = __TensorExprGroup(x, y)\n"
        "  c, ok = ops.prim.TypeCheck(a, types=[Tensor])\n"
        "  if ok:\n"
        "    d = c\n"
        "  else:\n"
        '    d = ops.foo.unknown(b, n=3, name="q")\n'
        "  return d\n"
    )


def test_an_importable_printer_refuses_what_cannot_be_loaded():
    graph = parse_graph(GROUPED)
    next(graph.nodes()).source_range = SourceRange(Source("x", "m.py"), 0, 1)
    schema = FunctionSchema("f", "", (Argument("x", TENSOR), Argument("y", TENSOR)), (Argument("", TENSOR),))
    with pytest.raises(SourceError, match=r"m\.py:1:0: prim::TensorExprGroup is made by passes"):
        CodePrinter(importable=True).print_graph(graph, "f", schema)


def test_a_graph_without_results_is_code():
    graph = Graph()
    graph.add_input("1x y", INT)
    assert code_of_graph(graph, "f").text == "def f(_1x_y: int) -> NoneType:\n  pass\n"
    assert NONE.annotation() == "NoneType"


def test_a_long_chain_is_printed_without_deep_recursion():
    graph = Graph()
    value = graph.add_input("x", TENSOR)
    for _ in range(5000):
        value = graph.append(graph.create("aten::neg", [value])).output
    graph.register_output(value)
    text = code_of_graph(graph, "f").text
    assert text.count("torch.neg(") == 5000


def test_constants_are_shared_by_functions_of_one_printer(script_modules):
    module = script_modules["traced_constants"]
    function = Converter().function(module._c._get_method("forward"), ClassType("M"))
    printer = CodePrinter()
    printer.print_method(function)
    count = len(printer.constants.values)
    printer.print_method(function)
    assert count > 5
    assert len(printer.constants.values) == count


def test_dependencies_are_the_named_types(scripted):
    dependencies = Dependencies()
    printer = CodePrinter(dependencies=dependencies)
    converter = Converter()
    for name in ("named_tuples", "classes", "enums", "interfaces", "calls"):
        printer.print_function(converter.function(scripted[name]))
    names = [t.annotation().rpartition(".")[2] for t in dependencies.types]
    assert names[:5] == ["Pair", "Counter", "Color", "Mood", "Measure"]
    assert {"Rank", "helper", "relu", "dropout", "embedding", "interpolate"} <= set(names)
    assert len(names) == len(set(names))


def test_ranges_cover_the_text_in_order(scripted):
    graph = parse_graph(str(scripted["many_values"].graph))
    printer = CodePrinter()
    schema = FunctionSchema("f", "", (Argument("x", TENSOR),), (Argument("", graph.outputs[0].type),))
    printer.print_graph(graph, "f", schema)
    ranges = list(printer.body.ranges())
    offsets = [offset for offset, _ in ranges]
    assert offsets == sorted(offsets)
    assert offsets[0] == 0
    assert offsets[-1] < len(printer.text)
    places = {r.file_line_col()[1] for _, r in ranges if r is not None}
    assert len(places) >= 3
