"""Copied graphs are text that torch's parser of graphs takes, whatever is in them."""

import warnings

import torch

import jitcore
from jitcore.ir import Function, Graph
from jitcore.slots.wrappers import function_of, script_object_of
from jitcore.source import JitError
from jitcore.types import STRING, FunctionSchema, TupleType
from jitviewer.engine.parseable import parseable_text
from jitviewer.engine.rewriting import Rewriting
from tests.differential.archives import every_program

EVERY = 7


def functions():
    """Functions and methods of programs over the whole language."""
    for number, program in enumerate(every_program()):
        if number % EVERY:
            continue
        try:
            with warnings.catch_warnings():
                # Some programs use what is deprecated, or list as constants what is none.
                warnings.simplefilter("ignore")
                compiled = jitcore.script(program.make())
        except (RuntimeError, JitError, OSError, torch.jit.frontend.FrontendError):
            continue
        own = function_of(compiled)
        if own is not None:
            yield program.name, own
        else:
            for name, method in script_object_of(compiled).type.methods.items():
                yield f"{program.name}.{name}", method


def test_programs_are_parsed_as_they_are_and_rewritten():
    taken, refused = 0, []
    for name, function in functions():
        for passes in ([], ["inline"], ["inline", "constant-propagation", "cse", "dce"]):
            rewriting = Rewriting(function, passes, None)
            text, _ = parseable_text(rewriting.graph, rewriting.function)
            try:
                torch._C.parse_ir(text)
            except RuntimeError as error:
                refused.append(f"{name} {passes}: {error}")
            taken += 1
    assert refused == []
    assert taken > 300


def test_tuples_that_are_constants_are_built():
    graph = Graph()
    pair = TupleType((STRING, TupleType((STRING,))))
    graph.register_output(graph.insert_constant(("a", ("b",)), pair))
    function = Function("f", FunctionSchema("f", "", (), ()), graph)
    text, _ = parseable_text(graph, function)
    assert text.count("prim::TupleConstruct") == 2
    assert len(list(torch._C.parse_ir(text).outputs())) == 1


class Restarts(torch.nn.Module):
    def forward(self, x):
        self.steps = x.numel()
        return x


def test_objects_that_remain_are_of_a_type_that_the_parser_knows():
    module = Restarts()
    module.steps = 1
    function = script_object_of(jitcore.script(module)).type.methods["forward"]
    rewriting = Rewriting(function, [], None)
    text, changes = parseable_text(rewriting.graph, rewriting.function)
    torch._C.parse_ir(text)
    assert "%self : Any" in text
    assert "of type Any" in changes


def test_types_that_a_value_is_asked_for_are_types_that_the_parser_knows():
    for program in every_program():
        if program.name.endswith(("defaulted.of_any", "defaulted.of_unions")):
            function = function_of(jitcore.script(program.make()))
            text, changes = parseable_text(Rewriting(function, [], None).graph, function)
            torch._C.parse_ir(text)
            assert "types=[Any]" in text
            assert "of type Any" in changes
