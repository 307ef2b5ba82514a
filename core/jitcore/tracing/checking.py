"""Checks of a trace: it is run, and made once more, and must be and give the same.

Follows `_check_trace` of torch/jit/_trace.py, in what is compared and in what is said.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import torch
from torch.testing._comparison import default_tolerances

from jitcore.passes.inline import inlined_graph
from jitcore.printing import graph_text
from jitcore.printing.graph_text import node_text
from jitcore.slots.torch_names import TORCH
from jitcore.tracing.nondeterminism import is_nondeterministic
from jitcore.tracing.places import here
from jitcore.tracing.tracer_warnings import warn
from jitcore.types import unshaped

if TYPE_CHECKING:
    from jitcore.ir import Function, Graph, Node

_MANGLING = re.compile(r"___torch_mangle_[0-9]+\.")


class TraceOptions(NamedTuple):
    """How something is traced and checked.

    `strict` refuses containers as outputs, `force_outplace` records no writes, `tolerance` is the relative
    one of comparisons, and `by_keyword` says that arguments are given by name.
    """

    strict: bool
    force_outplace: bool
    tolerance: float
    by_keyword: bool


class Checked(NamedTuple):
    """What is checked: a function of Python, its trace, and that made once more, with their functions."""

    python: Callable[..., Any]
    traced: Callable[..., Any]
    again: Callable[..., Any]
    function: Function
    function_again: Function


def check(checked: Checked, given: Any, options: TraceOptions) -> None:
    """Run a trace with arguments, and compare it with the function and with the trace made once more.

    Warns of values that differ; raises `TracingCheckError` if the graphs do, or if a run fails.
    """
    with torch.no_grad():
        _Check(checked, options).run(given)


def copied(given: Any) -> Any:
    """Copies of tensors in containers, which may be written to."""
    return TORCH.autograd.function._nested_map(
        lambda each: isinstance(each, torch.Tensor), _copy, condition_msg="tensors"
    )(given)


def _copy(tensor: torch.Tensor) -> torch.Tensor:
    layout = None if tensor.is_mkldnn else torch.preserve_format
    made = tensor.detach().clone(memory_format=layout).requires_grad_(tensor.requires_grad)
    if tensor.grad is not None:
        made.grad = _copy(tensor.grad)
    return made


class _Check:
    def __init__(self, checked: Checked, options: TraceOptions) -> None:
        self._checked = checked
        self._options = options
        self._has_warned = False

    def run(self, given: Any) -> None:
        checked = self._checked
        traced = self._outputs(checked.traced, given, "trace")
        expected = self._outputs(checked.python, given, "Python function")
        if self._compare(traced, expected, "Python function"):
            again = self._outputs(checked.again, given, "repeated trace")
            self._compare(traced, again, "repeated trace")
        differences = self._differences()
        if any(each is not None for each in differences):
            raise TORCH.jit.TracingCheckError(*differences)

    def _outputs(self, called: Callable[..., Any], given: Any, what: str) -> list[torch.Tensor]:
        try:
            if isinstance(given, dict) and self._options.by_keyword:
                found = called(**cast("dict[str, Any]", given))
            else:
                found = called(*copied(given))
        except Exception as error:
            # Whatever the program raises is reported, with what is known of the graphs.
            raise TORCH.jit.TracingCheckError(
                *self._differences(),
                extra_msg=f"encountered an exception while running the {what} with test inputs.\nException:\n"
                f"{_indented(str(error))}",
            ) from error
        values = cast("tuple[Any, ...]", found) if isinstance(found, tuple) else (found,)
        return [each for each in values if isinstance(each, torch.Tensor)]

    def _compare(self, found: Sequence[torch.Tensor], expected: Sequence[torch.Tensor], what: str) -> bool:
        all_equal = True
        for place, (one, other) in enumerate(zip(found, expected, strict=False), 1):
            try:
                self._assert_close(one, other)
            except AssertionError as error:
                self._warn_of_nondeterminism()
                warn(
                    here(),
                    f"Output nr {place}. of the traced function does not match the corresponding output of "
                    f"the {what}. Detailed error:\n{error}",
                )
                all_equal = False
        return all_equal

    def _assert_close(self, one: torch.Tensor, other: torch.Tensor) -> None:
        one, other = (each.dequantize() if each.is_quantized else each for each in (one, other))
        one, other = (each.to_dense() if each.is_mkldnn else each for each in (one, other))
        if one.is_nested or other.is_nested:
            if one.is_nested != other.is_nested:
                raise AssertionError(
                    f"Nested tensor mismatch: orig.is_nested={one.is_nested}, ref.is_nested={other.is_nested}"
                )
            for part, other_part in zip(one.unbind(), other.unbind(), strict=False):
                self._assert_close(part, other_part)
            return
        kind = torch.complex128 if one.is_complex() or other.is_complex() else torch.float64
        torch.testing.assert_close(
            one.to(kind),
            other.to(kind),
            rtol=self._options.tolerance,
            atol=default_tolerances(one, other)[1],
            equal_nan=True,
        )

    def _warn_of_nondeterminism(self) -> None:
        if self._has_warned:
            return
        self._has_warned = True
        nodes = [node for node in self._checked.function.graph.nodes() if is_nondeterministic(node)]
        if nodes:
            shown = "\n".join(_indented(f"{_line(node)}\n") for node in nodes[:20])
            warn(
                here(),
                "Trace had nondeterministic nodes. Did you forget call .eval() on your model? Nodes:\n"
                f"{shown}\nThis may cause errors in trace checking. To disable trace checking, pass "
                "check_trace=False to torch.jit.trace()",
            )

    # --- graphs ---------------------------------------------------------------------------------

    def _differences(self) -> tuple[str | None, str | None]:
        """How the graphs of both traces differ, and how the tensors that are constants in them do."""
        mine, other = (
            _without_shapes(inlined_graph(each))
            for each in (self._checked.function, self._checked.function_again)
        )
        return _graph_difference(mine, other), _constant_difference(mine, other)


def _without_shapes(graph: Graph) -> Graph:
    for node in (graph.block.param_node, *graph.all_nodes()):
        for value in node.outputs:
            value.set_type(unshaped(value.type))
    return graph


def _graph_difference(mine: Graph, other: Graph) -> str | None:
    texts = [_MANGLING.sub("", graph_text(graph)) for graph in (mine, other)]
    if texts[0] == texts[1]:
        return None
    found = "Graph diff:\n" + _indented(_diff(*texts)) + "\n"
    for node, other_node in zip(mine.nodes(), other.nodes(), strict=False):
        lines = [f"{_line(each)}\n" for each in (node, other_node)]
        if lines[0] != lines[1]:
            found += "First diverging operator:\n" + "Node diff:\n" + _indented(_diff(*lines)) + "\n"
            for what, each in (("Trace", node), ("Check", other_node)):
                stack = _stack(each)
                if stack:
                    found += f"{what} source location:\n{_indented(stack)}\n"
            break
    return found


def _constant_difference(mine: Graph, other: Graph) -> str | None:
    for node, other_node in zip(mine.nodes(), other.nodes(), strict=False):
        if node.kind != other_node.kind:
            return None
        value, other_value = (each.attributes.get("value") for each in (node, other_node))
        if not (
            node.is_constant and isinstance(value, torch.Tensor) and isinstance(other_value, torch.Tensor)
        ):
            continue
        try:
            torch.testing.assert_close(value, other_value, equal_nan=True)
        except (RuntimeError, AssertionError) as error:
            found = f"Node:\n{_indented(_line(node))}\n"
            stack = _stack(node)
            if stack:
                found += f"Source Location:\n{_indented(stack)}\n"
            return f"{found}Comparison exception: {_indented(str(error))}"
    return None


def _line(node: Node) -> str:
    place = None if node.source_range is None else node.source_range.origin_line_col()
    return node_text(node) + ("" if place is None else f" # {place[0]}:{place[1]}:{place[2]}")


def _stack(node: Node) -> str:
    return "" if node.source_range is None else node.source_range.text()


def _diff(one: str, other: str) -> str:
    return "".join(difflib.ndiff(one.splitlines(True), other.splitlines(True)))


def _indented(text: str) -> str:
    return "\n".join("\t" + line for line in text.splitlines())


def inputs_to_check(given: Iterable[Any]) -> list[Any]:
    """The arguments of each check; a tensor alone is the only argument."""
    return [(each,) if isinstance(each, torch.Tensor) else each for each in given]


def copies_by_method(inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Copies of the arguments of several methods."""
    return {name: copied(given) for name, given in inputs.items()}
