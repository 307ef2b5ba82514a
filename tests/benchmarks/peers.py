"""dce and cse on 20,000 operators, against xDSL's and torch.fx's on programs of the same shape."""

import importlib.util
from collections.abc import Callable
from typing import Any

from tests.benchmarks.alternating import in_turn_on_fresh
from tests.benchmarks.straight_line import Step, steps

OPERATORS = 20_000
# What a benchmark times: how its subject is made, and what is done to it.
Case = tuple[Callable[[], Any], Callable[[Any], object]]


def table(repeats: int) -> list[str]:
    """Markdown rows: milliseconds of each, and how many nodes each leaves."""
    program = steps(OPERATORS)
    cases: dict[str, dict[str, Case]] = {"jitcore": _jitcore(program), "torch.fx": _fx(program)}
    if importlib.util.find_spec("xdsl") is not None:
        cases["xDSL"] = _xdsl(program)
    rows = ["| pass | " + " | ".join(cases) + " |", "|---" * (len(cases) + 1) + "|"]
    for name in ("dce", "cse"):
        seconds = in_turn_on_fresh({peer: case[name] for peer, case in cases.items()}, repeats)
        rows.append(f"| {name} | " + " | ".join(f"{s * 1e3:.0f} ms" for s in seconds.values()) + " |")
    if "xDSL" not in cases:
        rows.append("\nxDSL is not installed here.")
    return rows


def _jitcore(program: list[Step]) -> dict[str, Case]:
    from jitcore.ir import Graph
    from jitcore.passes import PassContext, run_pipeline

    def make() -> Graph:
        graph = Graph()
        values = {"x": graph.add_input("x")}
        for step in program:
            node = graph.append(graph.create(f"aten::{step.operator}", [values[step.read]]))
            values[step.name] = node.output
        graph.register_output(values[program[-1].name])
        return graph

    return {
        "dce": (make, lambda graph: run_pipeline(graph, ["dce"], PassContext(None))),
        "cse": (make, lambda graph: run_pipeline(graph, ["cse"], PassContext(None))),
    }


def _fx(program: list[Step]) -> dict[str, Case]:
    import torch
    from torch.fx.passes.dialect.common.cse_pass import CSEPass

    operators = {name: getattr(torch.ops.aten, name).default for name in {s.operator for s in program}}

    def make() -> torch.fx.Graph:
        graph = torch.fx.Graph()
        values = {"x": graph.placeholder("x")}
        for step in program:
            values[step.name] = graph.call_function(operators[step.operator], (values[step.read],))
        graph.output(values[program[-1].name])
        return graph

    def make_module() -> torch.fx.GraphModule:
        return torch.fx.GraphModule(torch.nn.Module(), make())

    return {"dce": (make, lambda graph: graph.eliminate_dead_code()), "cse": (make_module, CSEPass())}


def _xdsl(program: list[Step]) -> dict[str, Case]:
    from xdsl.context import Context
    from xdsl.dialects import builtin, func, math
    from xdsl.ir import Block, Region
    from xdsl.transforms.common_subexpression_elimination import CommonSubexpressionElimination
    from xdsl.transforms.dead_code_elimination import DeadCodeElimination

    # Pure operations of one operand, as the others' are.
    operators = {"tanh": math.TanhOp, "relu": math.ExpOp, "neg": math.AbsFOp}

    def make() -> builtin.ModuleOp:
        block = Block(arg_types=[builtin.f32])
        values = {"x": block.args[0]}
        for step in program:
            operation = operators[step.operator](values[step.read])
            block.add_op(operation)
            values[step.name] = operation.results[0]
        block.add_op(func.ReturnOp(values[program[-1].name]))
        body = func.FuncOp("forward", ((builtin.f32,), (builtin.f32,)), Region(block))
        return builtin.ModuleOp([body])

    return {
        "dce": (make, lambda module: DeadCodeElimination().apply(Context(), module)),
        "cse": (make, lambda module: CommonSubexpressionElimination().apply(Context(), module)),
    }
