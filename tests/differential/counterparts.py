"""libtorch's passes under our names: what each is called in `torch._C`, or in C++, and how it is called."""

import re
from collections.abc import Callable
from typing import Any

import torch

from jitcore.passes import find_pass
from jitcore.passes.spec import read_spec, split_specs
from tests.differential import libtorch_functions

NUMBERED_ANEW = frozenset({"_jit_pass_remove_dropout"})
"""Passes that are given a copy, whose result is numbered anew: compare with ours after `canonicalize`."""

_FUNCTIONS = {"_jit_pass_complete_shape_analysis": "torch::jit::PropagateInputShapes"}
"""Passes that Python offers in another form than the one that is compared, and the functions for that."""

IN_ANY_ORDER = frozenset({"_jit_pass_create_functional_graphs"})
"""Passes that take some values as they lie in memory: lines and numbers may stand in another order."""

ON_FROZEN_GRAPHS = frozenset(
    {
        "fold-conv-bn", "dedup-module-uses",
        "freeze", "optimize-frozen-graph", "fold-frozen-conv-bn", "fold-frozen-conv-add-or-sub",
        "fold-frozen-conv-mul-or-div", "fold-frozen-linear-bn", "concat-frozen-linear",
        "transpose-frozen-linear", "convert-frozen-ops-to-mkldnn", "optimize-for-inference",
    }
)  # fmt: skip
"""Passes that need a module, or weights among the constants: `tests.differential.freezing` compares them."""

NOT_ON_COPIES = frozenset({"_jit_pass_refine_tuple_types"})
"""Passes that fail on graphs that were copied, and on most others ("bad_weak_ptr")."""


def without_order(text: str) -> list[str]:
    """The lines of a graph and of its parameters, values without their names, in an order of their own."""
    lines = text.replace("graph(", "graph(\n").splitlines()
    return sorted(re.sub(r"%[\w.]+", "%", line).strip().rstrip(",):") for line in lines)


def rewritten(counterpart: str, graph: Any, *options: Any, careful: bool = False) -> Any:
    """The graph after libtorch's pass, which may be the same object. Raises RuntimeError where it refuses.

    With `careful` it is so for graphs at which libtorch ends the process, too.
    """
    by_name = _FUNCTIONS.get(counterpart, counterpart)
    if by_name.startswith(libtorch_functions.PREFIX) and not any(options):
        libtorch_functions.call(by_name, graph, careful)
        return graph
    special = _SPECIAL.get(counterpart)
    if special is not None:
        return special(graph, *options)
    getattr(torch._C, counterpart)(graph, *options)
    return graph


def is_offered(counterpart: str) -> bool:
    """Whether torch's Python offers what is compared; else it is a C++ function, called by its name."""
    return not _FUNCTIONS.get(counterpart, counterpart).startswith(libtorch_functions.PREFIX)


def may_end_the_process(counterpart: str) -> bool:
    """Whether libtorch throws at some graphs where nobody catches it, so that it has to be tried before."""
    name = _FUNCTIONS.get(counterpart, counterpart)
    return name.removeprefix(libtorch_functions.PREFIX) in libtorch_functions.MAY_THROW


def can_be_asked(counterpart: str) -> bool:
    """Whether libtorch has the pass, and it can be run here."""
    return bool(counterpart) and (is_offered(counterpart) or libtorch_functions.can_be_called())


def rewritten_by_spec(spec: str, graph: Any) -> Any:
    """The graph after the counterparts of passes of ours, with the options that their specs choose."""
    for each in split_specs(spec):
        name, chosen = read_spec(each)
        kind = find_pass(name)
        options = [chosen.get(option.name, option.default) for option in kind.options] if chosen else []
        graph = rewritten(kind.counterpart, graph, *options)
    return graph


def _canonicalize(graph: Any, *options: Any) -> Any:
    return torch._C._jit_pass_canonicalize(graph, *options)


def _remove_dropout(graph: Any) -> Any:
    """The pass takes a module, so the graph is copied into the `forward` of one."""

    class Holder(torch.jit.ScriptModule):
        """Of a class of its own, since a class has one `forward`."""

    module = Holder()
    module.define("def forward(self):\n  pass\n")
    module.eval()
    held = module._c._get_method("forward").graph
    held.eraseOutput(0)
    for node in list(held.nodes()):
        node.destroy()
    held.eraseInput(0)
    values = {}
    for value in graph.inputs():
        values[value.debugName()] = held.addInput()
        values[value.debugName()].copyMetadata(value)
    for node in graph.nodes():
        copy = held.appendNode(held.createClone(node, lambda value: values[value.debugName()]))
        for old, new in zip(node.outputs(), copy.outputs(), strict=True):
            values[old.debugName()] = new
    for value in graph.outputs():
        held.registerOutput(values[value.debugName()])
    torch._C._jit_pass_remove_dropout(module._c)
    return torch._C._jit_pass_canonicalize(held)


def _create_functional_graphs(graph: Any) -> Any:
    if any(_gives_what_it_does_not_read(node) for node in graph.findAllNodes("prim::Loop", True)):
        # libtorch forgets the results of a loop's body when it looks for what comes from outside.
        raise RuntimeError("it ends the process: a loop gives a value from outside that it does not read")
    torch._C._jit_pass_create_functional_graphs(graph)
    return graph


def _gives_what_it_does_not_read(loop: Any) -> bool:
    [body] = loop.blocks()
    known = {value.debugName() for value in (*loop.inputs(), *body.inputs())}
    pending = list(body.nodes())
    for node in pending:
        known.update(value.debugName() for value in (*node.inputs(), *node.outputs()))
        for block in node.blocks():
            known.update(value.debugName() for value in block.inputs())
            pending.extend(block.nodes())
    return any(value.debugName() not in known for value in body.outputs())


def _pattern_rewrite(graph: Any, *texts: Any) -> Any:
    pattern, replacement = texts or [option.default for option in find_pass("pattern-rewrite").options]
    torch._C._jit_pass_custom_pattern_based_rewrite_graph(pattern, replacement, graph)
    return graph


def _complete_shape_analysis(graph: Any, inputs: str) -> Any:
    """From Python it takes values, of which these are like the types that are given."""
    types = [text.strip() for text in inputs.split(";")]
    parsed = torch._C.parse_ir(
        "graph(" + ", ".join(f"%a{i} : {t}" for i, t in enumerate(types)) + "):\n  return ()\n"
    )
    values = [torch.ones(value.type().sizes()) for value in parsed.inputs()]
    others = {"BoolType": True, "IntType": 3}
    for value in list(graph.inputs())[len(values) :]:
        values.append(others[value.type().kind()])
    torch._C._jit_pass_complete_shape_analysis(graph, tuple(values), False)
    return graph


def _propagate_shapes_on_graph(graph: Any, inputs: str = "") -> Any:
    _give_sizes(graph, inputs)
    torch._C._jit_pass_propagate_shapes_on_graph(graph)
    return graph


def _propagate_shapes_and_build_compute(graph: Any, inputs: str = "", show_compute: bool = False) -> Any:
    """The graph that computes sizes is given by itself, so that it does not stand in the other."""
    if show_compute:
        raise ValueError("libtorch has no node for the graph that computes sizes")
    _give_sizes(graph, inputs)
    try:
        torch._C._jit_pass_propagate_shapes_on_graph_and_build_compute(graph)
    except IndexError as error:
        raise RuntimeError(f"it trips over a size below zero: {error}") from error
    return graph


def _give_sizes(graph: Any, inputs: str) -> None:
    """Types stand in the graph, where torch's parser has no spelling for sizes that are the same."""
    symbols: dict[str, int] = {}
    types = [text.strip() for text in inputs.split(";") if text.strip()]
    for value, text in zip(graph.inputs(), types, strict=False):
        dtype, _, dims = text.partition("(")
        [plain] = torch._C.parse_ir(f"graph(%a : {dtype}):\n  return ()\n").inputs()
        if not dims:
            value.setType(plain.type())
            continue
        sizes: list[int | None] = []
        for size in re.findall(r"SS\(-\d+\)|\*|\d+", dims):
            if size.startswith("SS") and size not in symbols:
                symbols[size] = torch._C._new_symbolic_shape_symbol()
            sizes.append(None if size == "*" else symbols[size] if size in symbols else int(size))
        value.setType(plain.type().with_sizes(sizes))


def _quant_fusion(graph: Any, dynamic: bool = False) -> Any:
    """From Python only the patterns with parameters that are known."""
    if dynamic:
        libtorch_functions.fuse_dynamically_quantized(graph)
    else:
        torch._C._jit_pass_quant_fusion(graph)
    return graph


def _fuse_tensorexprs(graph: Any, *options: Any) -> Any:
    """As if there were LLVM: nothing is computed here, so nobody misses it."""
    before = torch._C._jit_can_fuse_on_cpu()
    reduced = torch._C._jit_texpr_reductions_enabled()
    torch._C._jit_override_can_fuse_on_cpu(True)
    try:
        if options:
            *others, reduces, assumes_order = options
            if assumes_order:
                raise ValueError("libtorch assumes nothing of strides that it was not told")
            torch._C._jit_set_texpr_reductions_enabled(reduces)
            libtorch_functions.fuse_tensorexprs(graph, *others)
        else:
            torch._C._jit_pass_fuse_tensorexprs(graph)
    finally:
        torch._C._jit_override_can_fuse_on_cpu(before)
        torch._C._jit_set_texpr_reductions_enabled(reduced)
    return graph


def _differentiate(graph: Any) -> Any:
    """What ours makes of the two graphs: a node for each, and what the second needs of the first and more."""
    gradient = torch._C._jit_differentiate(graph)
    inputs, nodes = list(graph.inputs()), list(graph.nodes())
    forward = _appended(graph, "prim::DifferentiableGraph", inputs, gradient.f)
    results = list(forward.outputs())
    for place, output in enumerate(graph.outputs()):
        results[place].copyMetadata(output)
        graph.return_node().replaceInput(place, results[place])
    for node in reversed(nodes):
        node.destroy()
    given = []
    for place in gradient.df_input_vjps:
        if place < gradient.f_real_outputs:
            given.append(graph.addInput("grad"))
            given[-1].setType(results[place].type())
        else:
            given.append(graph.appendNode(graph.create("prim::AutogradZero", [], 1)).output())
    given += [inputs[place] for place in gradient.df_input_captured_inputs]
    given += [results[place] for place in gradient.df_input_captured_outputs]
    graph.registerOutput(_appended(graph, "prim::Reverse", given, gradient.df).output())
    return graph


def _appended(graph: Any, kind: str, inputs: list[Any], body: Any) -> Any:
    outputs = list(body.outputs())
    node = graph.appendNode(graph.create(kind, inputs, len(outputs)))
    node.g_("Subgraph", body)
    for value, inner in zip(node.outputs(), outputs, strict=True):
        value.setType(inner.type())
    return node


_SPECIAL: dict[str, Callable[..., Any]] = {
    "_jit_differentiate": _differentiate,
    "_jit_pass_canonicalize": _canonicalize,
    "_jit_pass_create_functional_graphs": _create_functional_graphs,
    "_jit_pass_complete_shape_analysis": _complete_shape_analysis,
    "_jit_pass_custom_pattern_based_rewrite_graph": _pattern_rewrite,
    "_jit_pass_fuse_tensorexprs": _fuse_tensorexprs,
    "_jit_pass_propagate_shapes_on_graph": _propagate_shapes_on_graph,
    "_jit_pass_propagate_shapes_on_graph_and_build_compute": _propagate_shapes_and_build_compute,
    "_jit_pass_quant_fusion": _quant_fusion,
    "_jit_pass_remove_dropout": _remove_dropout,
}
