"""`freeze`, `run_frozen_optimizations` and `optimize_for_inference`: compiled modules made faster to call."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jitcore.exec.evaluator import TorchEvaluator
from jitcore.ir import Function
from jitcore.passes import PassContext
from jitcore.passes.freezing.frozen_module import freeze_module
from jitcore.passes.freezing.optimize_for_inference import optimize_graph_for_inference
from jitcore.passes.freezing.optimize_frozen_graph import optimize_frozen_graph
from jitcore.scripting.library.errors import raised
from jitcore.scripting.library.marked_modules import ScriptModule
from jitcore.scripting.library.script_module import RecursiveScriptModule
from jitcore.source import JitError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from jitcore.ir import Graph, ScriptObject
    from jitcore.scripting.library.machine import Machine


def freeze(
    mod: Any, preserved_attrs: Sequence[str] | None = None, optimize_numerics: bool = True
) -> RecursiveScriptModule:
    """A copy of a module with one graph for each method, in which attributes are constants.

    `forward` stays, and what `preserved_attrs` names: attributes and methods, of submodules by dotted names.
    Attributes that these methods set or write to stay too. `optimize_numerics` is for
    `run_frozen_optimizations`. Raises RuntimeError for what is no compiled module, is in training mode, or
    cannot be frozen.
    """
    if not isinstance(mod, ScriptModule):
        raise RuntimeError(
            "Freezing expects a ScriptModule as input. "
            "Please use torch.jit.script or torch.jit.trace to script your 'nn.Module'."
        )
    if mod.training:
        raise RuntimeError(
            "Freezing is currently only implemented for modules in eval mode. "
            "Please call .eval() on your module before freezing."
        )
    preserved = list(preserved_attrs) if preserved_attrs is not None else []
    owner, machine = _parts_of(mod)
    try:
        frozen = freeze_module(owner, preserved, _context(machine))
    except JitError as error:
        raise raised(error) from error
    out = RecursiveScriptModule(frozen.root, machine)
    methods = [name for name in preserved if name in owner.type.methods]
    run_frozen_optimizations(out, optimize_numerics, methods)
    return out


def run_frozen_optimizations(
    mod: Any, optimize_numerics: bool = True, preserved_methods: Iterable[str] | None = None
) -> None:
    """Drop dropout, and fold batch norms and constants into the layers before them, in a frozen module.

    In `forward` and in `preserved_methods`. Without `optimize_numerics` nothing is folded that could round
    otherwise than before.
    """
    owner, machine = _parts_of(mod)
    for graph in _graphs_of(owner, preserved_methods or ()):
        optimize_frozen_graph(graph, _context(machine), optimize_numerics)


def optimize_for_inference(mod: Any, other_methods: Sequence[str] | None = None) -> Any:
    """The module, frozen if it was not yet, with what is quicker on this machine than what was written.

    Convolutions and what stands between them are computed by oneDNN, with weights laid out for it, and the
    weights of linear layers are transposed beforehand; in `forward` and in `other_methods`. What comes out
    can be called, but not saved. Raises as `freeze`.
    """
    if not isinstance(mod, ScriptModule):
        raise RuntimeError(
            "optimize_for_inference expects a ScriptModule as input. "
            "Please use torch.jit.script or torch.jit.trace to script your 'nn.Module'."
        )
    methods = list(other_methods) if other_methods is not None else []
    if hasattr(mod, "training"):
        mod = freeze(mod.eval(), preserved_attrs=methods)
    owner, machine = _parts_of(mod)
    for graph in _graphs_of(owner, methods):
        optimize_graph_for_inference(graph, _context(machine))
    return mod


def _parts_of(mod: Any) -> tuple[ScriptObject, Machine]:
    state = vars(mod)
    return state["_script_object"], state["_machine"]


def _graphs_of(owner: ScriptObject, others: Iterable[str]) -> list[Graph]:
    """The graphs of `forward`, if there is one, and of other methods; AttributeError for one that is not."""
    graphs: list[Graph] = []
    names = (["forward"] if "forward" in owner.type.methods else []) + list(others)
    for name in names:
        method = owner.type.methods.get(name)
        if not isinstance(method, Function):
            raise AttributeError(f"'RecursiveScriptModule' object has no attribute '{name}'")
        graphs.append(method.graph)
    return graphs


def _context(machine: Machine) -> PassContext:
    return PassContext(TorchEvaluator(None, machine.interpreter.materializer))
