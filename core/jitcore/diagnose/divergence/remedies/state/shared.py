"""What functions share and change, in names of the file, attributes of classes and functions and defaults of
parameters, as attributes of one object."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import Final

from jitcore.diagnose.divergence.remedies.edits import Edits
from jitcore.diagnose.divergence.remedies.rewriting import Rewriter
from jitcore.diagnose.divergence.remedies.syntax import (
    called_name,
    first_line,
    free_name,
    last_line,
    nodes_of,
)

_CHANGING: Final = ("append", "extend", "clear", "pop", "popleft", "insert", "update", "setdefault")
_CONTAINERS: Final = ("list", "dict", "deque", "defaultdict", "OrderedDict")


@dataclass(frozen=True)
class Shared:
    """A text in which the object `owner` of the class `holder` has what functions share."""

    text: str
    holder: str
    owner: str


@dataclass(frozen=True)
class _Slot:
    """Something shared: the attribute that it becomes, what it starts with, and how it is called.

    `names` are expressions that mean it in a function of `within`, or everywhere where that is None; `place`
    is the statement that gives the first value, None for a default of the parameter `taken`.
    """

    attribute: str
    start: str
    names: frozenset[str]
    within: ast.AST | None = None
    place: ast.stmt | None = None
    taken: ast.arg | None = field(default=None)


def shared(text: str, tree: ast.Module) -> Shared | None:
    """The text with an object for what its functions share and change; None where there is nothing such."""
    slots = [
        *_globals(text, tree),
        *_of_classes(text, tree),
        *_of_functions(text, tree),
        *_defaults(text, tree),
    ]
    if not slots or len({each.attribute for each in slots}) < len(slots):
        return None
    edits = Edits(text, tree)
    holder, owner = free_name(text, "State"), free_name(text, "STATE")
    gone = [each.place for each in slots if each.place is not None]
    for function in _outermost(tree):
        _rewrite(edits, tree, function, slots, owner)
    for node in tree.body:
        if node not in gone and not isinstance(node, ast.FunctionDef | ast.ClassDef):
            _rewrite_names(edits, tree, [node], slots, owner)
    code = [f"class {holder}:", "    def __init__(self):"]
    code += [f"        self.{each.attribute} = {each.start}" for each in slots]
    code += ["", "", f"{owner} = {holder}()"]
    tops = [node for node in gone if node in tree.body]
    users = [node for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)]
    # A program that is an object is made where its function ends, and has it then.
    is_early = not tops or users[0].lineno < tops[-1].lineno
    for node in gone:
        edits.replace_lines(node.lineno, last_line(node), [] if is_early or node is not tops[-1] else code)
    if is_early:
        edits.insert_lines(first_line(users[0]) - 1, [*code, "", ""])
    for each in slots:
        if each.taken is not None and isinstance(each.within, ast.FunctionDef):
            _without_parameter(edits, each.within, each.taken)
    changed = edits.applied_as_python()
    return None if changed is None else Shared(changed, holder, owner)


def _outermost(tree: ast.Module) -> list[ast.FunctionDef]:
    """Functions at the top of a file and methods."""
    holders = [tree, *(node for node in tree.body if isinstance(node, ast.ClassDef))]
    return [each for holder in holders for each in holder.body if isinstance(each, ast.FunctionDef)]


def _rewrite(
    edits: Edits, tree: ast.Module, function: ast.FunctionDef, slots: list[_Slot], owner: str
) -> None:
    stated = {name for node in nodes_of(ast.Global, function) for name in node.names}
    own = {each.arg for each in function.args.args} | {
        node.id for node in nodes_of(ast.Name, function) if isinstance(node.ctx, ast.Store)
    }
    meant = [
        each
        for each in slots
        if each.within is function or (each.within is None and not (each.names & own) - stated)
        or (isinstance(each.within, ast.ClassDef) and function in each.within.body)
    ]  # fmt: skip
    for node in nodes_of(ast.Global, function):
        left = [name for name in node.names if not any(name in each.names for each in meant)]
        code = [f"{' ' * node.col_offset}global {', '.join(left)}"] if left else []
        edits.replace_lines(node.lineno, node.lineno, code)
    _rewrite_names(edits, tree, function.body, meant, owner)


def _rewrite_names(
    edits: Edits, tree: ast.Module, body: list[ast.stmt], slots: list[_Slot], owner: str
) -> None:
    def rule(_: Rewriter, node: ast.AST) -> str | None:
        if not isinstance(node, ast.Name | ast.Attribute):
            return None
        said = ast.unparse(node)
        found = next((each for each in slots if said in each.names), None)
        return None if found is None else f"{owner}.{found.attribute}"

    roots = [each for each in body if not isinstance(each, ast.Global)]
    Rewriter(edits.text, tree, rule).apply(edits, list(roots))


# --- what is shared ---------------------------------------------------------------------------------


def _globals(text: str, tree: ast.Module) -> list[_Slot]:
    """Names of the file that functions give a value, and lists and dicts that they change."""
    stated = {name for node in nodes_of(ast.Global, tree) for name in node.names}
    changed = {name for function in _outermost(tree) for name in _changed(function)}
    found: list[_Slot] = []
    for node in tree.body:
        target = _target(node)
        value = getattr(node, "value", None)
        if not isinstance(target, ast.Name) or not isinstance(value, ast.expr):
            continue
        if target.id in stated or (target.id in changed and _is_container(value)):
            start = ast.get_source_segment(text, value) or ""
            found.append(_Slot(_attribute(target.id), start, frozenset((target.id,)), place=node))
    return found


def _of_classes(text: str, tree: ast.Module) -> list[_Slot]:
    """Attributes of classes that methods give a value by the class, and containers that they change."""
    found: list[_Slot] = []
    for holder in tree.body:
        if not isinstance(holder, ast.ClassDef) or len(holder.body) < 2:
            continue
        own = (f"{holder.name}.", "cls.", "type(self).", "self.__class__.")
        stored = {
            ast.unparse(node) for node in nodes_of(ast.Attribute, tree) if isinstance(node.ctx, ast.Store)
        }
        changed = {name for function in _outermost(tree) for name in _changed(function)}
        for node in holder.body:
            target, value = _target(node), getattr(node, "value", None)
            if not isinstance(target, ast.Name) or not isinstance(value, ast.expr):
                continue
            names = frozenset(f"{each}{target.id}" for each in own)
            mine = f"self.{target.id}"
            is_changed = _is_container(value) and bool((names | {mine}) & changed) and mine not in stored
            if names & stored or is_changed:
                start = ast.get_source_segment(text, value) or ""
                # By its own name it is known everywhere, by the others in its methods.
                found.append(
                    _Slot(
                        _attribute(target.id),
                        start,
                        names | {mine} - stored,
                        _scope(holder, tree, names),
                        node,
                    )
                )
    return found


def _scope(holder: ast.ClassDef, tree: ast.Module, names: frozenset[str]) -> ast.AST | None:
    """The class itself where nothing else names its attributes."""
    inside = set(map(id, ast.walk(holder)))
    is_named = any(
        ast.unparse(node) in names for node in nodes_of(ast.Attribute, tree) if id(node) not in inside
    )
    return None if is_named else holder


def _of_functions(text: str, tree: ast.Module) -> list[_Slot]:
    """Attributes that functions have, and change."""
    named = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    stored = {
        ast.unparse(node)
        for function in _outermost(tree)
        for node in nodes_of(ast.Attribute, function)
        if isinstance(node.ctx, ast.Store)
    } | {name for function in _outermost(tree) for name in _changed(function)}
    found: list[_Slot] = []
    for node in tree.body:
        target, value = _target(node), getattr(node, "value", None)
        if not isinstance(target, ast.Attribute) or not isinstance(value, ast.expr):
            continue
        said = ast.unparse(target)
        if called_name(target.value) in named and said in stored:
            start = ast.get_source_segment(text, value) or ""
            found.append(_Slot(_attribute(target.attr), start, frozenset((said,)), place=node))
    return found


def _defaults(text: str, tree: ast.Module) -> list[_Slot]:
    """Containers that are defaults of parameters, and are changed where nobody gives another one."""
    found: list[_Slot] = []
    for function in _outermost(tree):
        arguments = function.args.args
        bare = len(arguments) - len(function.args.defaults)
        changed = _changed(function)
        for place, default in enumerate(function.args.defaults):
            taken = arguments[bare + place]
            is_given = any(
                len(call.args) > bare + place or any(each.arg == taken.arg for each in call.keywords)
                for call in nodes_of(ast.Call, tree)
                if called_name(call.func).rpartition(".")[2] == function.name
            )
            if _is_container(default) and taken.arg in changed and not is_given and bare + place:
                start = ast.get_source_segment(text, default) or ""
                found.append(
                    _Slot(_attribute(taken.arg), start, frozenset((taken.arg,)), function, taken=taken)
                )
    return found


def _without_parameter(edits: Edits, function: ast.FunctionDef, taken: ast.arg) -> None:
    arguments = function.args.args
    place = arguments.index(taken)
    bare = len(arguments) - len(function.args.defaults)
    before: ast.expr | ast.arg = arguments[place - 1]
    if place - 1 >= bare:
        before = function.args.defaults[place - 1 - bare]
    default = function.args.defaults[place - bare]
    first = edits.at(before.end_lineno or 0, before.end_col_offset or 0)
    last = edits.at(default.end_lineno or 0, default.end_col_offset or 0)
    edits.replace_range(first, last, "")


def _target(node: ast.stmt) -> ast.expr | None:
    if isinstance(node, ast.Assign) and len(node.targets) == 1:
        return node.targets[0]
    return node.target if isinstance(node, ast.AnnAssign) else None


def _attribute(name: str) -> str:
    return name.strip("_").lower()


def _is_container(node: ast.expr) -> bool:
    is_made = isinstance(node, ast.Call) and called_name(node.func).rpartition(".")[2] in _CONTAINERS
    return is_made or isinstance(node, ast.List | ast.Dict)


def _changed(function: ast.FunctionDef) -> set[str]:
    """What a function puts elements into, or takes them out of, as text."""
    by_methods = {
        ast.unparse(node.func.value)
        for node in nodes_of(ast.Call, function)
        if isinstance(node.func, ast.Attribute) and node.func.attr in _CHANGING
    }
    by_places = {
        ast.unparse(node.value)
        for node in nodes_of(ast.Subscript, function)
        if isinstance(node.ctx, ast.Store | ast.Del)
    }
    return by_methods | by_places
