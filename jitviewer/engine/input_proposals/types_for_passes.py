"""Puts the types of inputs that are proposed, or were run with, in the place of `inputs=proposed`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from jitcore.ir import Function, ScriptObject, Value
from jitcore.passes.shapes.complete_shape_analysis import PROPOSED, CompleteShapeAnalysis
from jitcore.passes.spec import name_of_spec, read_spec, spec_of
from jitcore.source import JitError
from jitcore.types import ClassType, TensorType
from jitcore.types.printing import ir_text
from jitcore.types.tensor import SCALAR_TYPE_NAMES
from jitviewer.engine.input_proposals.proposals import propose_inputs
from jitviewer.protocol.bounds import NAME, cut
from jitviewer.protocol.input_spec import SpecError, TensorSpec, parse_spec

ASKING: Final = f"{CompleteShapeAnalysis.name}{{inputs={PROPOSED}}}"
"""The pass that is to know the shapes of the inputs, whatever they are."""


class FilledPasses(NamedTuple):
    """`passes` with types in the place of `inputs=proposed`; `said` tells of what, "" where nobody asked."""

    passes: list[str]
    said: str


def fill_passes(
    passes: Sequence[str],
    function: Function,
    receiver: ScriptObject | None,
    observed: Sequence[str] = (),
    given: Sequence[str] = (),
) -> FilledPasses:
    """The passes for a function with what it is to be called with.

    `observed` are the types of all inputs of the graph in the last run, which go before what is proposed, and
    so do the SPEC texts that are `given` for a run.
    """
    if not any(map(_asks, passes)):
        return FilledPasses(list(passes), "")
    inputs = function.graph.inputs[int(function.owner is not None) :]
    if observed:
        types = {value: observed[value.offset] for value in inputs if _is_told(value, observed)}
        source = "those of the last run"
    else:
        specs = given or [row.spec for row in propose_inputs(function, receiver)]
        # What is left out of those that are given has a default, and what is too much is refused by the run.
        rows = zip(inputs, specs, strict=False)
        types = {value: told for value, spec in rows if (told := _type_of(value, spec))}
        source = "those that are given" if given else "those that are proposed"
    told = ";".join(
        types.get(value, ir_text(value.type)) for value in inputs if not isinstance(value.type, ClassType)
    )
    filled = [spec_of(CompleteShapeAnalysis.name, {"inputs": told}) if _asks(s) else s for s in passes]
    return FilledPasses(
        filled, f"Shapes are told from inputs of the types {cut(told, NAME)}, {source}: runs with others "
        "take the fallbacks of fused groups.",
    )  # fmt: skip


def _asks(spec: str) -> bool:
    if name_of_spec(spec) != CompleteShapeAnalysis.name:
        return False
    try:
        return read_spec(spec)[1].get("inputs") == PROPOSED
    except JitError:
        # Whoever runs the pass says what is wrong with it.
        return False


def _is_told(value: Value, observed: Sequence[str]) -> bool:
    told = observed[value.offset] if value.offset < len(observed) else ""
    return isinstance(value.type, TensorType) and told.partition("(")[0] in SCALAR_TYPE_NAMES.values()


def _type_of(value: Value, text: str) -> str:
    """The type of the tensor that a SPEC makes, "" where it makes none."""
    if not isinstance(value.type, TensorType):
        return ""
    try:
        spec = parse_spec(text)
    except SpecError:
        return ""
    if not isinstance(spec, TensorSpec) or spec.dtype not in SCALAR_TYPE_NAMES:
        return ""
    return f"{SCALAR_TYPE_NAMES[spec.dtype]}({', '.join(map(str, spec.shape))})"
