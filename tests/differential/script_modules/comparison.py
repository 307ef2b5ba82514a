"""Compiles one module with torch.jit and with jitcore and compares everything that can be seen of it."""

import re
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import nn

from jitcore.ir import Function, ScriptObject
from jitcore.passes.inline import inlined_graph
from jitcore.printing import code_text, graph_text
from jitcore.scripting.shared import compile_module
from jitcore.source import JitError, SourceError
from tests.differential.agreement import Outcome, compare_texts
from tests.differential.script_modules.runs import Calls, compare_runs

_CLASS = re.compile(r"__torch__(?:\.\w+)+")
_MANGLING = re.compile(r"\.___torch_mangle_\d+")
_WARNING = re.compile(r"warn_id=(\d+)")
_TOLD_WITHIN = "The error stack is reproduced here"
_PLACE = re.compile(r'^ *File "[^"]*", line (\d+)$', re.MULTILINE)
_OBJECT = re.compile(r"value=object\([^)]*\)")


def renumbered(text: str) -> str:
    """The text with classes of one name, and warnings, counted from where each appears first."""
    seen: dict[str, dict[str, int]] = {}

    def class_name(match: re.Match[str]) -> str:
        plain = _MANGLING.sub("", match[0])
        same = seen.setdefault(plain, {})
        return f"{plain}#{same.setdefault(match[0], len(same))}"

    warned: dict[str, int] = {}
    text = _WARNING.sub(lambda match: f"warn_id=#{warned.setdefault(match[1], len(warned))}", text)
    return _CLASS.sub(class_name, _OBJECT.sub("value=object", text))


def compare(name: str, make: Callable[[], nn.Module], calls: Calls = ()) -> list[Outcome]:
    """What is equal and what is not; one outcome of aspect "refused" if torch refuses the module.

    `make` is called twice and has to give equal modules.
    """
    theirs: Any = None
    reason = ""
    with _quiet():
        try:
            theirs = torch.jit.script(_made(make))
        except Exception as error:
            reason = str(error)
        try:
            ours = compile_module(_made(make))
        except JitError as error:
            if theirs is None:
                return [_compare_refusals(name, reason, error)]
            return [Outcome("compile", name, "failed", str(error))]
        if theirs is None:
            return [Outcome("refused", name, "different", f"only torch refuses it: {reason.strip()[:200]}")]
        outcomes = [o for path, made in ours.named_modules() for o in _module(name, path, theirs, made)]
        return outcomes + list(compare_runs(name, lambda: _made(make), theirs, ours, calls))


def _compare_refusals(name: str, theirs: str, ours: JitError) -> Outcome:
    """Equal if both point at the same line, where torch points at one."""
    # The error of a function held as an attribute is told within the one of its use.
    place = _PLACE.search(theirs.rpartition("\n):\n")[2] if _TOLD_WITHIN in theirs else theirs)
    mine = ours.location.split(":")[-2:-1] if isinstance(ours, SourceError) else []
    if place is not None and mine != [place[1]]:
        detail = f"torch points at line {place[1]}, we at {mine}: {theirs.strip()[:200]!r}; ours: {ours}"
        return Outcome("refused", name, "different", detail)
    return Outcome("refused", name, "equal", str(ours))


def _made(make: Callable[[], nn.Module]) -> nn.Module:
    torch.manual_seed(0)
    module = make()
    _forget_empty_annotations(module)
    return module


def _module(name: str, path: str, root: Any, ours: ScriptObject) -> Iterator[Outcome]:
    theirs = root._c
    for part in path.split(".") if path else ():
        theirs = theirs.__getattr__(part)
        if theirs._type().is_interface_type():
            return
    title = f"{name}:{path}"
    yield compare_texts("slots", title, _our_slots(ours), _their_slots(theirs))
    names = sorted(theirs._method_names())
    yield compare_texts("methods", title, "\n".join(sorted(ours.type.methods)), "\n".join(names))
    for method in names:
        function = ours.type.methods.get(method)
        if isinstance(function, Function):
            yield from _function(f"{title}.{method}", function, theirs._get_method(method))
    hooks = [*theirs._get_forward_hooks(), *theirs._get_forward_pre_hooks()]
    mine = [*ours.type.forward_hooks, *ours.type.forward_pre_hooks]
    yield compare_texts("hooks", title, "\n".join(mine), "\n".join(hook.name for hook in hooks))
    for hook in hooks:
        function = ours.type.hooks.get(hook.name)
        if isinstance(function, Function):
            yield from _function(f"{title}.{hook.name}", function, hook)


def _function(title: str, ours: Function, theirs: Any) -> Iterator[Outcome]:
    yield compare_texts("graph", title, renumbered(graph_text(ours.graph)), renumbered(str(theirs.graph)))
    inlined = renumbered(graph_text(inlined_graph(ours)))
    yield compare_texts("inlined", title, inlined, renumbered(str(theirs.inlined_graph)))
    yield compare_texts("code", title, renumbered(code_text(ours)), renumbered(theirs.code))
    defaults = [a.has_default_value() for a in theirs.schema.arguments]
    mine = [repr(argument.default) != "NO_DEFAULT" for argument in ours.schema.arguments]
    yield compare_texts("schema", title, str(mine), str(defaults))


def _our_slots(ours: ScriptObject) -> str:
    slots = ours.type.attributes.values()
    held = ours.attributes
    assert list(ours.attributes) == [slot.name for slot in slots]
    parameters = [slot.name for slot in slots if slot.is_parameter and held[slot.name] is not None]
    buffers = [slot.name for slot in slots if slot.is_buffer and held[slot.name] is not None]
    return _slots([slot.type.annotation() for slot in slots], parameters, buffers)


def _their_slots(theirs: Any) -> str:
    # torch lists only those that hold a tensor.
    parameters = [name for name, _ in torch._C.ParameterDict(theirs).items()]
    buffers = [name for name, _ in torch._C.BufferDict(theirs).items()]
    return _slots([kind.annotation_str for kind in theirs._type().containedTypes()], parameters, buffers)


def _slots(types: list[str], parameters: list[str], buffers: list[str]) -> str:
    return renumbered("\n".join([*types, f"parameters {parameters}", f"buffers {buffers}"]))


def _forget_empty_annotations(module: nn.Module) -> None:
    """Remove what looking at annotations leaves in classes without any.

    torch finds the annotations of a base class only as long as nobody has looked at those of the class.
    """
    modules = module.modules() if hasattr(module, "_modules") else ()
    for cls in {base for each in modules for base in type(each).__mro__}:
        if vars(cls).get("__annotations__") == {}:
            del cls.__annotations__


@contextmanager
def _quiet() -> Iterator[None]:
    # TorchScript is deprecated as a whole, and constants that are none are warned of by both.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
