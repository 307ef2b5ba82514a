"""Freezes one archive by torch.jit and by jitcore and compares graphs, code, attributes and values."""

import re
import warnings
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch

import jitcore
from jitcore.archive import open_archive
from jitcore.exec import evaluator
from jitcore.ir import Function, Graph, ScriptObject
from jitcore.passes import PassContext, find_pass, run_pipeline
from jitcore.printing import graph_text
from tests.differential.agreement import Outcome, compare_texts, first_difference
from tests.differential.attempts import Raised, attempt, shown
from tests.differential.counterparts import without_order
from tests.differential.script_modules.comparison import renumbered

GRAPH_PASSES = (
    "fold-frozen-conv-bn", "fold-frozen-conv-add-or-sub", "fold-frozen-conv-mul-or-div",
    "fold-frozen-linear-bn", "concat-frozen-linear", "transpose-frozen-linear", "optimize-frozen-graph",
    "convert-frozen-ops-to-mkldnn",
)  # fmt: skip
"""Passes of frozen graphs; each is compared on the graph as freezing leaves it without them."""

MODULE_PASSES = ("fold-conv-bn", "dedup-module-uses")
"""Passes of modules as they were saved: what is compared is the graphs of all methods, and all tensors."""

ASPECTS = (
    *MODULE_PASSES, "freeze", "freeze code", "freeze attributes", "freeze values", *GRAPH_PASSES, "archive",
    "inference", "inference values",
)  # fmt: skip
_OBJECT = re.compile(r"value=object\([^)]*\)")
_ANSWERS = 4


def compare(file: Path, calls: Sequence[tuple[str, tuple[Any, ...]]]) -> list[Outcome]:
    """One outcome for each of `ASPECTS`; "refused" alone where torch refuses to freeze the archive."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return _compare(file, calls)


def _compare(file: Path, calls: Sequence[tuple[str, tuple[Any, ...]]]) -> list[Outcome]:
    if not torch.jit.load(str(file))._c._has_method("forward"):
        return []
    edited = [_module_pass(file, each) for each in MODULE_PASSES]
    return edited + _compare_frozen(file, calls)


def _compare_frozen(file: Path, calls: Sequence[tuple[str, tuple[Any, ...]]]) -> list[Outcome]:
    name = file.stem
    theirs, reason = _attempt(lambda: torch.jit.freeze(torch.jit.load(str(file)).eval()))
    ours, mine = _attempt(lambda: jitcore.freeze(jitcore.load(str(file)).eval()))
    if theirs is None:
        if ours is not None:
            return [Outcome("refused", name, "different", f"only torch refuses it: {reason}")]
        same = reason == mine
        return [Outcome("refused", name, "equal" if same else "different", f"{reason} | {mine}")]
    if ours is None:
        return [Outcome("freeze", name, "failed", mine)]
    frozen = _texts(
        "freeze", name, str(ours.graph), str(theirs.graph), lambda: _frozen_again(file),
        (ours.graph.graph, theirs.graph),
    )  # fmt: skip
    code = replace(frozen, aspect="freeze code")
    if frozen.status == "equal":
        code = _texts("freeze code", name, ours.code, theirs.code, lambda: _frozen_again(file).code)
    outcomes = [
        frozen,
        code,
        _compare_attributes(file, ours, theirs),
        *_graph_passes(file),
        _archive(file, theirs.graph),
        *_values("freeze values", name, ours, theirs, calls),
    ]
    theirs, reason = _attempt(lambda: torch.jit.optimize_for_inference(torch.jit.load(str(file)).eval()))
    ours, mine = _attempt(lambda: jitcore.optimize_for_inference(jitcore.load(str(file)).eval()))
    if theirs is None or ours is None:
        status = "skipped" if theirs is None else "failed"
        return [*outcomes, Outcome("inference", name, status, reason or mine)]
    text, reason = _attempt(lambda: str(theirs.graph))
    if reason:
        # torch cannot print a tensor of one number that is laid out for oneDNN.
        return [*outcomes, Outcome("inference", name, "skipped", reason)]
    outcomes.append(
        _texts(
            "inference", name, str(ours.graph), text,
            lambda: torch.jit.optimize_for_inference(torch.jit.load(str(file)).eval()),
            (ours.graph.graph, theirs.graph),
        )
    )  # fmt: skip
    return outcomes + _values("inference values", name, ours, theirs, calls)


def _attempt(make: Callable[[], Any]) -> tuple[Any, str]:
    """What `make` gives, or None and why there is nothing."""
    try:
        return make(), ""
    except Exception as error:
        return None, " ".join(str(error).split())[:300]


def _frozen_again(file: Path) -> Any:
    return torch.jit.freeze(torch.jit.load(str(file)).eval())


def plain(text: str) -> str:
    """A text with classes numbered as they come, and objects without their addresses."""
    return renumbered(text)


def _texts(
    aspect: str,
    name: str,
    ours: str,
    theirs: str,
    again: Callable[[], Any],
    graphs: tuple[Graph, Any] | None = None,
) -> Outcome:
    """Equal, different, or skipped where torch gives another answer when it is asked again.

    libtorch's constant propagation leaves nodes alone by chance (see `tests.differential.pass_answers`), so
    where `graphs`, ours and torch's, become equal once both are folded again, they are not compared.
    """
    found = compare_texts(aspect, name, plain(ours), plain(theirs))
    if found.status == "equal":
        return found
    if graphs is not None and _folded_again(*graphs):
        return Outcome(aspect, name, "skipped", "libtorch gives ours only when folding is repeated")
    held = []
    for _ in range(_ANSWERS):
        # What is kept alive gives the next attempt other memory.
        held.append(again())
        answer = held[-1] if isinstance(held[-1], str) else str(held[-1].graph)
        if plain(answer) != plain(theirs):
            return Outcome(aspect, name, "skipped", "torch gives another answer each time")
    return found


def _folded_again(ours: Graph, theirs: Any) -> bool:
    """Whether two graphs have the same nodes once constants of both are folded again."""
    mine, other = ours.copy(), theirs.copy()
    for _ in range(_ANSWERS):
        run_pipeline(mine, ["constant-propagation", "constant-pooling", "cse"], PassContext(evaluator()))
        for kind in ("constant_propagation", "constant_pooling", "cse"):
            getattr(torch._C, f"_jit_pass_{kind}")(other)
    place = re.compile(r" # .*")
    texts = (plain(place.sub("", text)) for text in (graph_text(mine), str(other)))
    return len({tuple(without_order(text)) for text in texts}) == 1


def _compare_attributes(file: Path, ours: Any, theirs: Any) -> Outcome:
    """Which attributes and methods of the archive's module are left."""
    kept = vars(ours)["_script_object"].type
    names = list(open_archive(file).root.type.attributes)
    mine = [*(name for name in names if name in kept.attributes), *sorted(kept.methods)]
    other = [*(name for name in names if theirs._c.hasattr(name)), *sorted(theirs._c._method_names())]
    return compare_texts("freeze attributes", file.stem, "\n".join(mine), "\n".join(other))


def _is_old_convolution(module: Any) -> bool:
    """Whether a module is a scripted convolution that calls its method by an old name."""
    return bool(module._c._has_method("conv2d_forward"))


def _module_pass(file: Path, name: str) -> Outcome:
    """A pass of the module as it was saved, its tensors as `jitcore.load` makes them."""
    kind = find_pass(name).counterpart
    loaded = torch.jit.load(str(file))
    if name == "fold-conv-bn" and any(_is_old_convolution(one) for one in loaded.modules()):
        return Outcome(name, file.stem, "skipped", "libtorch ends the process: a convolution of before 1.5")
    theirs = loaded._c
    before = _method_texts(theirs)
    made, reason = _attempt(lambda: getattr(torch._C, kind)(theirs))
    root = vars(jitcore.load(str(file)))["_script_object"]
    context = PassContext(evaluator(), root, root.method("forward"))
    graph = root.method("forward").graph.copy()
    _, refusal = _attempt(lambda: run_pipeline(graph, [name], context))
    if reason or refusal:
        # Where torch asserts, its own place stands before what it says.
        same = bool(reason) and bool(refusal) and reason.endswith(refusal)
        status = "equal" if same else "skipped" if reason and refusal else "failed"
        return Outcome(name, file.stem, status, f"{reason} | {refusal}")
    theirs = theirs if made is None else made
    assert context.module is not None
    texts = {
        (path, method): graph_text(function.graph.copy())
        for path, module in context.module.named_modules()
        for method, function in module.type.methods.items()
        if isinstance(function, Function)
    }
    texts["", "forward"] = graph_text(graph.copy())
    if _lacks_values(root, context.module):
        # libtorch's inner modules cannot be read any more: it would read memory that nobody wrote.
        after = {("", each): str(theirs._get_method(each).graph.copy()) for each in theirs._method_names()}
        texts = {key: text for key, text in texts.items() if key in after}
        before = {key: text for key, text in before.items() if key in after}
        found = compare_texts(name, file.stem, _joined(texts), _joined(after))
        return replace(found, fired=plain(_joined(before)) != plain(_joined(after)))
    after = _method_texts(theirs)
    found = compare_texts(name, file.stem, _joined(texts), _joined(after))
    if found.status == "equal" and (difference := _other_tensor(context.module, theirs)):
        found = Outcome(name, file.stem, "different", difference)
    return replace(found, fired=plain(_joined(before)) != plain(_joined(after)))


def _lacks_values(before: ScriptObject, after: ScriptObject) -> bool:
    """Whether a class has a new attribute of which libtorch gives a value to one of its modules alone."""
    ours = after.named_modules()
    of_class = Counter(module.type for module in {id(module): module for _, module in ours}.values())
    return any(
        of_class[module.type] > 1 and len(module.type.attributes) > len(before.find(path).type.attributes)
        for path, module in ours
        if path in dict(before.named_modules())
    )


def _method_texts(module: Any) -> dict[tuple[str, str], str]:
    """The graphs of all methods, of inner modules too, numbered as copies are."""
    return {
        (path, name): str(inner._get_method(name).graph.copy())
        for path, inner in _with_inner(module, "")
        for name in inner._method_names()
    }


def _with_inner(module: Any, path: str) -> Iterator[tuple[str, Any]]:
    yield path, module
    for name, inner in torch._C.ModuleDict(module).items():
        yield from _with_inner(inner, f"{path}.{name}" if path else name)


def _joined(texts: dict[tuple[str, str], str]) -> str:
    return plain("\n".join(f"{path} {name}\n{text}" for (path, name), text in sorted(texts.items())))


def _other_tensor(ours: ScriptObject, theirs: Any) -> str:
    """The first tensor of a module that is another one in torch's, "" if there is none."""
    for path, module in _with_inner(theirs, ""):
        mine: dict[str, Any] = ours.find(path).attributes
        for held in (torch._C.ParameterDict(module), torch._C.BufferDict(module)):
            for name, tensor in held.items():
                if mine[name].requires_grad != tensor.requires_grad or not torch.equal(mine[name], tensor):
                    return f"{path}.{name} is another tensor"
    return ""


def _graph_passes(file: Path) -> list[Outcome]:
    """Each pass on the graph that freezing leaves without them."""
    outcomes: list[Outcome] = []
    for name in GRAPH_PASSES:
        theirs = torch.jit.freeze(torch.jit.load(str(file)).eval(), optimize_numerics=False)
        before = str(theirs.graph)
        kind = name.replace("-", "_")
        reason = _attempt(lambda kind=kind, theirs=theirs: _rewrite(kind, theirs.graph))[1]
        text, unprintable = _attempt(lambda theirs=theirs: str(theirs.graph))
        reason = reason or unprintable
        if reason:
            outcomes.append(Outcome(name, file.stem, "skipped", f"torch refuses it: {reason}"))
            continue
        graph, refusal = _attempt(
            lambda name=name: _rewritten(file, ["freeze{optimize_numerics=false}", name])
        )
        if graph is None:
            outcomes.append(Outcome(name, file.stem, "failed", refusal))
            continue
        found = _texts(
            name, file.stem, graph_text(graph), text,
            lambda name=name: _rewritten_by_torch(file, name), (graph, theirs.graph),
        )  # fmt: skip
        outcomes.append(replace(found, fired=before != text))
    return outcomes


def _rewritten_by_torch(file: Path, name: str) -> str:
    module = torch.jit.freeze(torch.jit.load(str(file)).eval(), optimize_numerics=False)
    _rewrite(name.replace("-", "_"), module.graph)
    return str(module.graph)


def _rewrite(kind: str, graph: Any) -> None:
    options = (True,) if kind == "optimize_frozen_graph" else ()
    getattr(torch._C, f"_jit_pass_{kind}")(graph, *options)


def _archive(file: Path, theirs: Any) -> Outcome:
    """The pass, as commands and the window run it: on the archive, its weights unread."""
    graph, reason = _attempt(lambda: _rewritten(file, ["freeze"]))
    if graph is None:
        return Outcome("archive", file.stem, "failed", reason)
    exact, other = (_OBJECT.sub("value=object", text) for text in (graph_text(graph), str(theirs)))
    return _texts("archive", file.stem, exact, other, lambda: _frozen_again(file), (graph, theirs))


def _rewritten(file: Path, passes: list[str]) -> Graph:
    root = open_archive(file).root
    forward = root.method("forward")
    graph = forward.graph.copy()
    run_pipeline(graph, passes, PassContext(evaluator(), root, forward))
    return graph


def _values(
    aspect: str, name: str, ours: Any, theirs: Any, calls: Sequence[tuple[str, tuple[Any, ...]]]
) -> list[Outcome]:
    outcomes: list[Outcome] = []
    for method, given in calls:
        if method != "forward":
            continue
        expected = attempt(lambda _, values: theirs(*values), method, given)
        found = attempt(lambda _, values: ours(*values), method, given)
        if isinstance(expected, Raised) or isinstance(found, Raised):
            both = isinstance(expected, Raised) and isinstance(found, Raised)
            status = "equal" if both else "skipped" if isinstance(expected, Raised) else "failed"
            outcomes.append(Outcome(aspect, name, status, f"{shown(expected)} | {shown(found)}"[:300]))
            continue
        apart = _apart(found[0], expected[0])
        outcomes.append(Outcome(aspect, name, "equal" if apart is None else "different", apart or ""))
    return outcomes


def _apart(ours: Any, theirs: Any) -> str | None:
    """How two results differ beyond what torch's own tests allow; None if they do not."""
    apart = first_difference(ours, theirs, "result")
    if apart is None:
        return None
    try:
        torch.testing.assert_close(ours, theirs)
    except (AssertionError, TypeError, ValueError):
        return apart
    return None
