"""Folds batch norms into the weights of the convolutions whose modules are called before them.

%1 : Tensor = prim::CallMethod[name="forward"](%conv, %x)
%2 : Tensor = prim::CallMethod[name="forward"](%bn, %1)      ->    %1 = prim::CallMethod[...](%conv, %x)
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, Final, NamedTuple, cast

from jitcore.ir import ScriptObject
from jitcore.passes.algebra.patterns import Match, Pattern
from jitcore.passes.base import Pass, PassContext
from jitcore.passes.constants import NOT_CONSTANT, constant_of, is_tensor
from jitcore.passes.freezing.attribute_values import as_constant
from jitcore.passes.freezing.batch_norm import Statistics, convolution_with_norm
from jitcore.passes.freezing.edited_module import EditedModule, access_path, graphs_of, module_at
from jitcore.passes.freezing.tensor_arithmetic import TensorArithmetic
from jitcore.passes.rules import count, rule
from jitcore.source import JitError
from jitcore.types import TENSOR, ClassType, OptionalType

if TYPE_CHECKING:
    from jitcore.ir import Graph, Node, Value

_LAYERS: Final = "__torch__.torch.nn.modules"
_CONVOLUTIONS: Final = {f"{_LAYERS}.conv.Conv{rank}d" for rank in (1, 2, 3)}
_PAIRS: Final = tuple((f"{_LAYERS}.conv.Conv{n}d", f"{_LAYERS}.batchnorm.BatchNorm{n}d") for n in (2, 3))
_MANGLING: Final = re.compile(r"___torch_mangle_\d+\.")
_BIAS: Final = 2


class FoldConvBatchNorm(Pass):
    """Fold batch norms into the weights of the convolutions whose modules are called before them.

    self.bn(self.conv(%x))    ->    self.conv(%x)

    In all methods of the module and of those in it, which are a copy; the convolutions in it get weights and
    biases that do what both did. Convolutions in two and three dimensions, of torch.nn's own classes. As
    torch/csrc/jit/passes/fold_conv_bn.cpp.
    """

    name: ClassVar[str] = "fold-conv-bn"
    counterpart: ClassVar[str] = "_jit_pass_fold_convbn"
    assumes: ClassVar[str] = (
        "batch norms use the statistics that they keep, as in evaluation, and that a convolution before "
        "one is called at that place alone"
    )

    def run(self, graph: Graph, context: PassContext) -> bool:
        """Fold in all methods. Raises `JitError` for what is no method of a module, or inlined already."""
        edited = EditedModule(self.name, graph, context)
        for module in edited.modules():
            _have_bias(module)
        arithmetic = TensorArithmetic(context)
        folded = sum(_fold_pairs(edited, kinds, arithmetic) for kinds in _PAIRS)
        arithmetic.tell("batch norm")
        context.note(f"{count(folded, 'batch norm')} went into the convolutions before them")
        return True


class _Pair(NamedTuple):
    """Calls of a convolution and of a norm in a graph, and where their modules are."""

    convolution: Node
    norm: Node
    path: list[str]
    path_of_norm: list[str]


def _fold_pairs(edited: EditedModule, kinds: tuple[str, str], arithmetic: TensorArithmetic) -> int:
    """Fold the pairs of two classes of layers; says how many there were."""
    callers: dict[Graph, list[ScriptObject]] = {}
    pairs: dict[Graph, list[_Pair]] = {}
    for module in edited.modules():
        for graph in graphs_of(module):
            # Modules of one class share their graphs, and fold in the same places.
            if graph not in pairs:
                pairs[graph] = [pair for pair in _pairs_in(graph, kinds) if _statistics(module, pair)]
            callers.setdefault(graph, []).append(module)
    weights: list[tuple[ScriptObject, tuple[object, ...]]] = []
    for graph, found in pairs.items():
        computed = [(pair, _weights_of(pair, callers[graph], arithmetic)) for pair in found]
        pairs[graph] = [pair for pair, made in computed if made is not None]
        weights += [each for _, made in computed for each in made or ()]
    for convolution, (weight, bias) in weights:
        convolution.attributes["weight"] = weight
        convolution.attributes["bias"] = bias
    for graph, found in pairs.items():
        if found:
            drop_norms(graph, found)
    return sum(map(len, pairs.values()))


def _pairs_in(graph: Graph, kinds: tuple[str, str]) -> list[_Pair]:
    pairs: list[_Pair] = []
    for match in _calls().matches(graph):
        convolution, norm = match["convolution"], match["norm"]
        if (_class_name(convolution), _class_name(norm)) != kinds:
            continue
        pairs.append(
            _Pair(
                match["result"].node, match.anchor, access_path(convolution, graph), access_path(norm, graph)
            )
        )
    return pairs


def _weights_of(
    pair: _Pair, modules: list[ScriptObject], arithmetic: TensorArithmetic
) -> list[tuple[ScriptObject, tuple[object, ...]]] | None:
    """The convolutions that the pair is in the modules that call it, and their weights; None if one cannot be
    computed."""
    found: list[tuple[ScriptObject, tuple[object, ...]]] = []
    for module in modules:
        statistics = _statistics(module, pair)
        if statistics is None:
            raise JitError(
                f"the batch norm '{'.'.join(pair.path_of_norm)}' can be folded in one module of "
                f"{module.type.name}, and not in another"
            )
        convolution = module_at(module, pair.path)
        made = arithmetic.attempt(
            lambda convolution=convolution, statistics=statistics: _weights(
                convolution, statistics, arithmetic
            )
        )
        if made is None:
            return None
        found.append((convolution, made))
    return found


def _weights(
    convolution: ScriptObject, statistics: _Kept, arithmetic: TensorArithmetic
) -> tuple[object, object]:
    held = [*statistics, *(convolution.attributes[name] for name in ("weight", "bias"))]
    mean, variance, eps, scale, offset, weight, bias = map(as_constant, held)
    zeros = arithmetic.call("aten::zeros_like", mean)
    full = Statistics(
        mean,
        variance,
        eps,
        arithmetic.call("aten::ones_like", mean) if scale is None else scale,
        zeros if offset is None else offset,
    )
    made = convolution_with_norm(weight, zeros if bias is None else bias, full, arithmetic)
    for tensor, place in zip(made, ("weight", "bias"), strict=True):
        trained = (statistics.weight, convolution.attributes[place], place == "bias" and statistics.bias)
        if any(getattr(each, "requires_grad", False) for each in trained):
            cast("Any", tensor).requires_grad = True
    return made


class _Kept(NamedTuple):
    """What a batch norm keeps; weight and bias are None where it has none."""

    mean: object
    variance: object
    eps: object
    weight: object
    bias: object


def _statistics(module: ScriptObject, pair: _Pair) -> _Kept | None:
    """What the norm of a pair keeps; None if it, or the convolution, is not as torch.nn makes it."""
    convolution, norm = module_at(module, pair.path), module_at(module, pair.path_of_norm)
    if not is_tensor(convolution.attributes.get("weight")) or "bias" not in convolution.attributes:
        return None
    mean, variance = (norm.attributes.get(f"running_{name}") for name in ("mean", "var"))
    if not is_tensor(mean) or not is_tensor(variance):
        return None
    call = _norm_call(norm)
    found = [_setting(norm, name, call) for name in ("eps", "weight", "bias")]
    if call is False or any(value is NOT_CONSTANT for value in found):
        return None
    if not convolution.type.attributes["bias"].is_parameter:
        raise JitError("Expected conv module to have a bias parameter")
    weight, bias = (value if is_tensor(value) else None for value in found[1:])
    return _Kept(mean, variance, found[0], weight, bias)


def _norm_call(norm: ScriptObject) -> Match | bool | None:
    """The call of `aten::batch_norm` in a norm's method; None if there is none, False if there are more."""
    found = _norms().matches(norm.method("forward").graph)
    return False if len(found) > 1 else found[0] if found else None


def _setting(norm: ScriptObject, name: str, call: Match | bool | None) -> object:
    """A setting of a batch norm: its attribute, or the constant in its call; else `NOT_CONSTANT`."""
    for held in (norm.attributes, norm.type.constants):
        if name in held:
            return held[name]
    return constant_of(call[name]) if isinstance(call, Match) else NOT_CONSTANT


def _have_bias(module: ScriptObject) -> None:
    """Let a convolution that was traced without a bias have one, None, which its methods read."""
    kind = module.type
    if _MANGLING.sub("", kind.qualified_name) not in _CONVOLUTIONS:
        return
    if "bias" not in kind.attributes:
        kind.add_attribute("bias", OptionalType(TENSOR), is_parameter=True)
        for graph in graphs_of(module):
            for pattern in _convolutions():
                for match in pattern.matches(graph):
                    read_bias(graph, match.anchor)
    module.attributes.setdefault("bias", None)


@rule
def read_bias(graph: Graph, convolution: Node) -> None:
    """_convolution(x, w, None, ...) -> _convolution(x, w, self.bias, ...)"""
    with (
        read_bias.step(
            graph,
            lambda: f"%{convolution.output.name} may get a bias, which its module holds",
            (convolution,),
        ),
        graph.inserting_before(convolution),
    ):
        read = graph.insert(graph.create("prim::GetAttr", [graph.inputs[0]]))
        read.set_attribute("name", "bias")
        read.output.set_debug_name("bias")
        read.output.set_type(TENSOR)
        convolution.replace_input(_BIAS, read.output)


@rule
def drop_norms(graph: Graph, pairs: list[_Pair]) -> None:
    """bn(conv(x)) -> conv(x), with weights that do what both did"""
    gone = {pair.norm: None for pair in pairs} | {pair.norm.inputs[0].node: None for pair in pairs}
    named = ", ".join(f"'{'.'.join(pair.path_of_norm)}'" for pair in pairs)
    with drop_norms.step(
        graph, lambda: f"the weights of the convolutions before {named} do what both did", gone
    ):
        for pair in pairs:
            pair.norm.output.replace_all_uses_with(pair.convolution.output)
        for node in gone:
            node.remove_all_inputs()
        for node in gone:
            if node.has_uses():
                raise JitError(
                    f"a batch norm cannot be folded: %{node.output.name} is read by others than its call too"
                )
            node.destroy()


def _class_name(value: Value) -> str:
    kind = value.type
    return _MANGLING.sub("", kind.qualified_name) if isinstance(kind, ClassType) else ""


@cache
def _calls() -> Pattern:
    return Pattern(
        "graph(%self, %input, %convolution, %norm):\n"
        '  %result = prim::CallMethod[name="forward"](%convolution, %input)\n'
        '  %normalized = prim::CallMethod[name="forward"](%norm, %result)\n'
        "  return (%normalized)\n"
    )


@cache
def _norms() -> Pattern:
    given = "%a, %weight, %bias, %mean, %variance, %training, %momentum, %eps, %cudnn_enabled"
    return Pattern(f"graph({given}):\n  %r = aten::batch_norm({given})\n  return (%r)\n")


@cache
def _convolutions() -> tuple[Pattern, ...]:
    """With the argument that says whether TF32 is allowed, and without."""
    return tuple(
        Pattern(f"graph({given}):\n  %r = aten::_convolution({given})\n  return (%r)\n")
        for given in (", ".join(f"%a{number}" for number in range(length)) for length in (13, 12))
    )
