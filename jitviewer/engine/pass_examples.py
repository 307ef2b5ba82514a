"""A tiny example of each pass: where it stands, what runs before the pass, and what the pass does to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from jitcore.passes.catalogue import find_pass, is_known
from jitcore.source import JitError
from jitviewer.engine.bounded import bounded_view
from jitviewer.engine.document import Document
from jitviewer.engine.pass_diff import pass_diff
from jitviewer.engine.rewriting import Rewriting
from jitviewer.protocol.bounds import SENTENCE, VALUES, cut, first, more
from jitviewer.protocol.rows import PassExampleRow
from jitviewer.resources import resource

if TYPE_CHECKING:
    from jitcore.passes import Evaluator

FOLDER: Final = "pass_examples"
_LAYERS: Final = "layers.pt"
_FREEZE: Final = "freeze{optimize_numerics=false}"


class _Example(NamedTuple):
    """`module_path` is a module of `layers.pt`, None where the graph is a text of its own; `before` are specs
    of passes that run first, `spec` is the pass as it is to run, "" as it is."""

    module_path: str | None = None
    before: tuple[str, ...] = ()
    spec: str = ""


_ADD_AND_RELU = (
    'pattern-rewrite{from="graph(%a, %b, %n):\\n  %c = aten::add(%a, %b, %n)\\n  %r = aten::relu(%c)\\n'
    '  return (%r)",to="graph(%a, %b, %n):\\n  %r = aten::_add_relu(%a, %b, %n)\\n  return (%r)"}'
)
_EXAMPLES: Final[dict[str, _Example]] = {
    "inline": _Example("calling"),
    "canonicalize": _Example(spec="canonicalize{keep_unique_names=false}"),
    "canonicalize-graph-fuser-ops": _Example(before=("constant-propagation",)),
    "complete-shape-analysis": _Example(spec='complete-shape-analysis{inputs="Float(2, 3);Float(3)"}'),
    "propagate-shapes-on-graph": _Example(
        spec='propagate-shapes-on-graph{inputs="Tensor(SS(-2), 4);Tensor(SS(-2), 4);Tensor(5, 4)"}'
    ),
    "propagate-shapes-on-graph-and-build-compute": _Example(
        spec='propagate-shapes-on-graph-and-build-compute{inputs="Tensor(SS(-2), 4);Tensor(4, *)",'
        "show_compute=true}"
    ),
    "pattern-rewrite": _Example(spec=_ADD_AND_RELU),
    "peephole-list-idioms": _Example(spec="peephole-list-idioms{refine_list_len=true}"),
    "fold-conv-bn": _Example("norm_behind_convolution"),
    "dedup-module-uses": _Example("twice"),
    "freeze": _Example("scaled"),
    "optimize-frozen-graph": _Example("norm_behind_convolution", (_FREEZE,)),
    "fold-frozen-conv-bn": _Example("norm_behind_convolution", (_FREEZE,)),
    "fold-frozen-conv-add-or-sub": _Example("sum_behind_convolution", (_FREEZE,)),
    "fold-frozen-conv-mul-or-div": _Example("product_behind_convolution", (_FREEZE,)),
    "fold-frozen-linear-bn": _Example("norm_behind_linear", (_FREEZE,)),
    "transpose-frozen-linear": _Example("linear", (_FREEZE,)),
    "convert-frozen-ops-to-mkldnn": _Example("rectified", (_FREEZE,)),
    "optimize-for-inference": _Example("rectified", (_FREEZE,)),
}
"""What is not listed is a text called as the pass is, with nothing before it."""

WITHOUT_EXAMPLE: Final = {
    "lint": "It changes no graph: it only looks whether one is well formed, and refuses it if not.",
    "concat-frozen-linear": "It has something to do on a graphics card only, so there is no example that can "
    "be made here.",
}
"""Passes that no example can be made of on every machine, and why."""


def example_path(name: str) -> str:
    """The file that holds the example of a pass. Raises `JitError` where there is none."""
    if not is_known(name):
        raise JitError(
            f"there is no pass called '{name}' in this version; the list of passes has their names"
        )
    if name in WITHOUT_EXAMPLE:
        raise JitError(WITHOUT_EXAMPLE[name])
    file = _LAYERS if _EXAMPLES.get(name, _Example()).module_path is not None else f"{name}.ir"
    try:
        return str(resource(FOLDER, file))
    except FileNotFoundError:
        raise JitError(f"There is no example of {name}.") from None


def example_row(name: str, evaluate: Evaluator | None) -> PassExampleRow:
    """Run a pass on its example. Raises `JitError` where there is none, or it cannot be run."""
    path = example_path(name)
    example = _EXAMPLES.get(name, _Example())
    passes = [*example.before, example.spec or find_pass(name).name]
    document = Document.open(path)
    try:
        module_path = example.module_path or ""
        first_method = document.first_method()
        method = "forward" if example.module_path is not None or first_method is None else first_method[1]
        function, receiver = document.find(module_path, method)
        rewriting = Rewriting(function, passes, evaluate, receiver)
        if rewriting.failures:
            raise JitError(f"the example cannot be rewritten: {'; '.join(rewriting.failures.values())}")
        before, after, groups = pass_diff(rewriting, name)
        report = rewriting.reports[-1]
        reasons = [cut(rewriting.journal.steps[at].because, SENTENCE) for at in report.steps]
        return PassExampleRow(
            module_path, method, passes, report.steps.start, bounded_view(before), bounded_view(after),
            groups,
            first(reasons, VALUES, lambda count: more(count, "rewrite")),
        )  # fmt: skip
    finally:
        document.close()
