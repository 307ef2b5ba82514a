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
    "canonicalize-outputs": "canonicalize_outputs",
    "annotate-warns": "annotate_warns",
    "normalize-ops": "normalize_ops",
}


def find_pass(name: str) -> type[Pass]:
    """The pass called `name`, internal ones included; `KeyError` if there is none."""
    found = registered_passes().get(name)
    if found is None:
        import_module(f"jitcore.passes.{_MODULES[name]}")
        found = registered_passes()[name]
    return found


def catalogue() -> Mapping[str, type[Pass]]:
    """The passes offered to people, by name, in the order in which they are usually run."""
    passes = {name: find_pass(name) for name in _MODULES}
    return {name: one for name, one in passes.items() if not one.internal}
