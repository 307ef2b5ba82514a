"""The list of all passes; importing it imports none of them."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from jitcore.passes.base import registered_passes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jitcore.passes.base import Pass

_MODULES: dict[str, str] = {
    "inline": "inline",
    "dce": "dead_code_elimination",
    "cse": "common_subexpression_elimination",
    "constant-propagation": "constant_propagation",
    "constant-pooling": "constant_pooling",
    "peephole": "peephole",
    "lower-all-tuples": "lower_tuples",
    "lower-simple-tuples": "lower_tuples",
    "constant-propagation-immutable": "constant_propagation",
    "canonicalize": "tidying.canonicalize",
    "normalize-ops": "normalize_ops",
    "erase-number-types": "tidying.erase_number_types",
    "complete-shape-analysis": "shapes.complete_shape_analysis",
    "propagate-shapes-on-graph": "shapes.propagate_shapes_on_graph",
    "propagate-shapes-on-graph-and-build-compute": "shapes.propagate_shapes_on_graph_and_build_compute",
    "propagate-device": "shapes.propagate_device",
    "propagate-dtype": "shapes.propagate_dtype",
    "move-device": "shapes.move_device",
    "erase-shape-information": "tidying.erase_shape_information",
    "remove-expands": "tidying.remove_expands",
    "lint": "tidying.lint",
    "canonicalize-graph-fuser-ops": "tidying.canonicalize_graph_fuser_ops",
    "refine-tuple-types": "tidying.refine_tuple_types",
    "remove-inplace-ops": "mutation.remove_inplace_ops",
    "remove-mutation": "mutation.remove_mutation",
    "inplace-to-functional-activation": "mutation.inplace_to_functional_activation",
    "functional-to-inplace-activation": "mutation.functional_to_inplace_activation",
    "autocast": "autocast",
    "batch-mm": "algebra.batch_mm",
    "fuse-linear": "algebra.fuse_linear",
    "swap-functional-linear": "algebra.swap_functional_linear",
    "fuse-addmm": "algebra.fuse_addmm",
    "fuse-add-relu": "algebra.fuse_add_relu",
    "decompose-ops": "algebra.decompose_ops",
    "run-decompositions": "algebra.run_decompositions",
    "pattern-rewrite": "algebra.pattern_rewrite",
    "create-autodiff-subgraphs": "gradients.create_autodiff_subgraphs",
    "differentiate": "gradients.differentiated_graph",
    "lower-grad-of": "gradients.lower_grad_of",
    "specialize-autogradzero": "gradients.specialize_autogradzero",
    "remove-dropout": "algebra.remove_dropout",
    "use-variadic-cat": "variadic.use_variadic_cat",
    "use-variadic-stack": "variadic.use_variadic_stack",
    "remove-list-mutation-and-use-variadic-cat": "variadic.remove_list_mutation_and_use_variadic_cat",
    "remove-list-mutation-and-use-variadic-stack": "variadic.remove_list_mutation_and_use_variadic_stack",
    "inline-fork-wait": "control_flow.inline_fork_wait",
    "constant-loop-unrolling": "control_flow.constant_loop_unrolling",
    "loop-unrolling": "control_flow.loop_unrolling",
    "eliminate-exceptions": "control_flow.eliminate_exceptions",
    "peel-profiling-loops": "control_flow.peel_profiling_loops",
    "peephole-list-idioms": "refinement.peephole_list_idioms",
    "refine-integer-values": "refinement.refine_integer_values",
    "create-functional-graphs": "functional_graphs.create_functional_graphs",
    "inline-functional-graphs": "functional_graphs.inline_functional_graphs",
    "insert-prepack-unpack": "quantization.insert_prepack_unpack",
    "quant-fusion": "quantization.quant_fusion",
    "fuse-quantized-add-relu": "quantization.fuse_quantized_add_relu",
    "replicate-dequantize": "quantization.replicate_dequantize",
    "fold-conv-bn": "freezing.fold_conv_bn",
    "dedup-module-uses": "freezing.dedup_module_uses",
    "freeze": "freezing.freeze",
    "optimize-frozen-graph": "freezing.optimize_frozen_graph",
    "fold-frozen-conv-bn": "freezing.fold_frozen_conv_bn",
    "fold-frozen-conv-add-or-sub": "freezing.fold_frozen_conv_add_or_sub",
    "fold-frozen-conv-mul-or-div": "freezing.fold_frozen_conv_mul_or_div",
    "fold-frozen-linear-bn": "freezing.fold_frozen_linear_bn",
    "concat-frozen-linear": "freezing.concat_frozen_linear",
    "transpose-frozen-linear": "freezing.transpose_frozen_linear",
    "convert-frozen-ops-to-mkldnn": "freezing.convert_frozen_ops_to_mkldnn",
    "optimize-for-inference": "freezing.optimize_for_inference",
    "fuse-tensorexprs": "fusion.fuse_tensorexprs",
    "canonicalize-outputs": "canonicalize_outputs",
    "annotate-warns": "annotate_warns",
    "insert-profile-nodes": "execution.profile_nodes",
    "specialize-profiled": "execution.profile_nodes",
    "choose-without-blocks": "execution.conditional_values",
    "call-fallbacks": "fusion.fallback_functions",
}


_INTERNAL = frozenset((
    "canonicalize-outputs", "annotate-warns", "insert-profile-nodes", "specialize-profiled",
    "choose-without-blocks", "call-fallbacks",
))  # fmt: skip
"""Steps of others, which are not offered."""


_FAMILIES: dict[str, str] = {
    "tidying": "Cleaning",
    "peephole": "Cleaning",
    "refinement": "Cleaning",
    "mutation": "Mutation",
    "functional_graphs": "Mutation",
    "control_flow": "Control flow",
    "algebra": "Algebra",
    "variadic": "Algebra",
    "shapes": "Shapes and types",
}
"""What families are called whose folder is called otherwise."""

_ALONE: dict[str, str] = {"autocast": "Algebra", "normalize-ops": "Algebra"}
"""Families of passes that stand in no folder, where that is not cleaning."""


def family_of(name: str) -> str:
    """The heading that a pass stands under, by what it is for; imports nothing."""
    folder, dot, _ = _MODULES[name].partition(".")
    if not dot and folder not in _FAMILIES:
        return _ALONE.get(name, "Cleaning")
    return _FAMILIES.get(folder, folder.replace("_", " ").capitalize())


def is_known(name: str) -> bool:
    """Whether a pass of this name is offered to people; imports nothing."""
    return name in _MODULES and name not in _INTERNAL


def exists(name: str) -> bool:
    """Whether there is a pass of this name, offered or a step of others; imports nothing."""
    return name in _MODULES


def pass_names() -> list[str]:
    """Names of the passes offered to people, in the order in which they are usually run; imports nothing."""
    return [name for name in _MODULES if name not in _INTERNAL]


def find_pass(name: str) -> type[Pass]:
    """The pass called `name`, internal ones included; `KeyError` if there is none."""
    found = registered_passes().get(name)
    if found is None:
        import_module(f"jitcore.passes.{_MODULES[name]}")
        found = registered_passes()[name]
    return found


def catalogue() -> Mapping[str, type[Pass]]:
    """The passes offered to people, by name, in the order in which they are usually run."""
    return {name: find_pass(name) for name in pass_names()}
