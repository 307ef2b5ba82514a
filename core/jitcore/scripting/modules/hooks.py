"""Forward hooks and pre-hooks, compiled as functions of the module."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from jitcore.scripting.modules.hook_schemas import check_hook, check_pre_hook
from jitcore.source import JitError

if TYPE_CHECKING:
    from jitcore.ir import Function
    from jitcore.scripting.modules.compiler import ModuleCompiler
    from jitcore.slots.concrete_type import ConcreteType
    from jitcore.types import FunctionSchema

Hook = Callable[..., Any]


def compile_hooks(compiler: ModuleCompiler, concrete: ConcreteType) -> None:
    """Compile the hooks, then the pre-hooks; raises `JitError` if a signature does not fit."""
    if not concrete.hooks and not concrete.pre_hooks:
        return
    kind = concrete.class_type
    _check_names(concrete)
    declared: dict[str, Function] = {}
    for names, hooks in (
        (kind.forward_hooks, concrete.hooks), (kind.forward_pre_hooks, concrete.pre_hooks)
    ):  # fmt: skip
        for hook in hooks:
            name = _name(hook)
            if name in kind.methods:
                raise JitError(
                    f"Can't define hook: {name} on class: {kind.repr_str} because a method or hook with that "
                    "name already exists."
                )
            if name not in declared:
                declared[name] = compiler.declare(concrete, name, hook, hook)
                kind.hooks[name] = declared[name]
            names.append(name)
    written = {name: function.schema for name, function in declared.items()}
    # What a hook without an annotation gives is known once it is compiled; a pre-hook has to say it.
    before: list[FunctionSchema] = []
    for name in kind.forward_hooks:
        _compile(declared[name])
        check_hook(kind, name, declared[name].schema, before)
        before.append(declared[name].schema)
    for name in kind.forward_pre_hooks:
        check_pre_hook(kind, name, written[name])
        _compile(declared[name])


def _compile(function: Function) -> None:
    if not function.is_compiling:
        function.graph  # noqa: B018  # compiled in order


def _check_names(concrete: ConcreteType) -> None:
    _check_unique("Hook", concrete.hooks, concrete)
    _check_unique("Pre-hook", concrete.pre_hooks, concrete)


def _check_unique(what: str, hooks: Sequence[Hook], concrete: ConcreteType) -> None:
    known: dict[str, Hook] = {}
    for hook in hooks:
        name = _name(hook)
        if known.setdefault(name, hook) is not hook:
            raise JitError(
                f"{what} '{name}' on {concrete.class_type.name} has at least two different python "
                "definitions. Please use unique names for all hooks."
            )


def _name(hook: Hook) -> str:
    """What a hook is called; one that is an object is refused when its source is looked for."""
    return getattr(hook, "__name__", type(hook).__name__)
