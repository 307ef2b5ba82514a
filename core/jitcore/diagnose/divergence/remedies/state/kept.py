"""How what an attribute keeps is kept in buffers."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final, Literal

import torch

from jitcore.diagnose.divergence.remedies.syntax import called_name, is_attribute_of, nodes_of

Form = Literal["number", "tensor", "tuple", "ring", "maybe", "joined", "stacked"]


@dataclass(frozen=True)
class Kept:
    """An attribute that becomes one buffer or several.

    Attributes:
        form: a `number`; a `tensor`; a `tuple` of tensors; a `ring` of so many last ones; `maybe` a tensor,
            which may not be there yet; tensors `joined` along a dimension; tensors `stacked`, one a row.
        buffers: names and what they start with, as text.
        dim: along which dimension tensors are joined, as text.
        longest: how many rows are kept at most, as text; empty for all.
        is_resized: whether it is given other memory when it is written to, and so any size.
        limit: what `longest` is where the object is made, if it has a name for that.
    """

    form: Form
    buffers: dict[str, str]
    dim: str = "0"
    longest: str = ""
    is_resized: bool = False
    limit: str = ""

    def value(self, owner: str) -> str:
        """The text that stands for the value of the attribute."""
        names = [f"{owner}.{name}" for name in self.buffers]
        return f"({', '.join(names)})" if self.is_tuple else names[0]

    @property
    def is_tuple(self) -> bool:
        """Whether it is several tensors."""
        return self.form == "tuple" or (self.form == "joined" and len(self.buffers) > 1)

    @property
    def is_always_there(self) -> bool:
        """Whether it starts with something that stands for nothing, so that nobody need ask for None."""
        return self.form != "maybe"


EMPTY: Final = "torch.zeros(0)"
"""What other tensors, of whichever sizes, are joined to as if it were not there."""


def ways_to_keep(
    name: str, first: ast.expr, later: Any, text: str, functions: Iterable[ast.AST]
) -> list[Kept]:
    """Ways to keep an attribute that starts as `first` and came to hold `later`, as `functions` use it; none
    where no buffer keeps it."""
    said = ast.get_source_segment(text, first) or ""
    plain = first.operand if isinstance(first, ast.UnaryOp) else first
    uses = _Uses(name, list(functions))
    if isinstance(plain, ast.Constant) and isinstance(plain.value, bool | int | float):
        return _numbers(name, said, plain.value)
    if isinstance(plain, ast.Constant) and plain.value is None:
        return _of_none(name, later, uses)
    if isinstance(first, ast.Call) and called_name(first.func).startswith("torch."):
        return [Kept("tensor", {name: said}), Kept("tensor", {name: said}, is_resized=True)]
    if isinstance(first, ast.Tuple) and all(
        isinstance(each, ast.Call) and called_name(each.func).startswith("torch.") for each in first.elts
    ):
        parts = [ast.get_source_segment(text, each) or "" for each in first.elts]
        return [Kept("tuple", {f"{name}_{at}": part for at, part in enumerate(parts)})]
    if isinstance(first, ast.Call) and is_ring(first):
        items = ast.get_source_segment(text, first.args[0]) or ""
        return [Kept("ring", {name: f"torch.stack({items})"})]
    if uses.is_changed_otherwise:
        return []
    if _is_empty_list(first):
        return _lists(name, first, later, text, uses)
    if _is_filled_list(first):
        # Of tensors or of numbers.
        starts = (f"torch.stack({said})", f"torch.tensor({said})")
        joined = uses.joined or "0"
        return [Kept("stacked", {name: start}, joined, uses.longest, is_resized=True) for start in starts]
    if uses.is_written and isinstance(first, ast.Name | ast.BinOp | ast.Attribute | ast.Call):
        starts = (f"torch.as_tensor({said})", f"torch.as_tensor({said}, dtype=torch.float64)")
        return [Kept("number", {name: start}) for start in starts]
    return []


def _numbers(name: str, said: str, value: float) -> list[Kept]:
    found = [Kept("number", {name: f"torch.tensor({said})"})]
    if isinstance(value, bool):
        return found
    # What starts as a whole number may become none, and a number of Python is as exact as this.
    return [*found, Kept("number", {name: f"torch.tensor({float(value)!r}, dtype=torch.float64)"})]


def _of_none(name: str, later: Any, uses: _Uses) -> list[Kept]:
    found: list[Kept] = []
    count = uses.parts or (len(later) if isinstance(later, tuple) else 0)
    if uses.joined is not None:
        names = [f"{name}_{at}" for at in range(count)] if count else [name]
        found.append(Kept("joined", dict.fromkeys(names, EMPTY), uses.joined, is_resized=True))
    if isinstance(later, tuple) and later and all(isinstance(each, torch.Tensor) for each in later):
        return [*found, Kept("tuple", {f"{name}_{at}": _zeros(each) for at, each in enumerate(later)})]
    if isinstance(later, torch.Tensor):
        found.append(Kept("tensor", {name: _zeros(later)}))
    if not count:
        kind = later.dtype if isinstance(later, torch.Tensor) else torch.get_default_dtype()
        said = "" if kind == torch.get_default_dtype() else f", dtype={kind}"
        start = {name: f"torch.zeros((){said})", f"has_{name}": "torch.tensor(False)"}
        found.append(Kept("maybe", start, is_resized=True))
    return found


def _lists(name: str, first: ast.expr, later: Any, text: str, uses: _Uses) -> list[Kept]:
    kinds = (
        {each.dtype for each in later if isinstance(each, torch.Tensor)} if isinstance(later, list) else set()
    )
    kind = kinds.pop() if len(kinds) == 1 else torch.get_default_dtype()
    empty = EMPTY if kind == torch.get_default_dtype() else f"torch.zeros(0, dtype={kind})"
    longest, limit = uses.longest, ""
    limits = (
        [each.value for each in first.keywords if each.arg == "maxlen"] if isinstance(first, ast.Call) else []
    )
    if limits:
        longest = ast.get_source_segment(text, limits[0]) or ""
        if not isinstance(limits[0], ast.Constant):
            # Where the object is made it is known by a name that may mean nothing later.
            longest, limit = f"self.longest_{name}", longest
    stacked = Kept("stacked", {name: empty}, uses.joined or "0", longest, True, limit)
    if uses.joined is None or longest:
        return [stacked]
    return [Kept("joined", {name: empty}, uses.joined, is_resized=True), stacked]


def is_ring(first: ast.expr) -> bool:
    """Whether it is a deque that starts with some elements and never gets longer."""
    return (
        isinstance(first, ast.Call)
        and _is_deque(first)
        and any(each.arg == "maxlen" for each in first.keywords)
        and bool(first.args)
        and not _is_empty_list(first.args[0])
    )


def _is_deque(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and called_name(node.func).rpartition(".")[2] == "deque"


def _is_empty_list(node: ast.expr) -> bool:
    if isinstance(node, ast.List):
        return not node.elts
    if isinstance(node, ast.Call) and called_name(node.func) == "list":
        return not node.args
    is_without = isinstance(node, ast.Call) and (not node.args or _is_empty_list(node.args[0]))
    return _is_deque(node) and is_without


def _is_filled_list(node: ast.expr) -> bool:
    """Whether it is a list that starts with some elements."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
        return any(isinstance(each, ast.List) for each in (node.left, node.right))
    return isinstance(node, ast.ListComp) or (isinstance(node, ast.List) and bool(node.elts))


def _zeros(like: torch.Tensor) -> str:
    sizes = ", ".join(map(str, like.shape)) or "()"
    dtype = "" if like.dtype == torch.get_default_dtype() else f", dtype={like.dtype}"
    return f"torch.zeros({sizes}{dtype})"


_MOVES: Final = frozenset((
    "pop", "popleft", "remove", "insert", "reverse", "sort", "appendleft", "extendleft", "rotate",
))  # fmt: skip
"""Methods of lists and deques after which elements are gone, or the newest one does not stand at the end."""


def drops_first(node: ast.stmt, is_it: Callable[[ast.AST], bool]) -> bool:
    """Whether a statement drops the first element: `it.pop(0)`, `it.popleft()` or `del it[0]`."""
    if isinstance(node, ast.Delete):
        return len(node.targets) == 1 and _is_first(node.targets[0], is_it)
    call = node.value if isinstance(node, ast.Expr) else None
    if (
        not isinstance(call, ast.Call)
        or not isinstance(call.func, ast.Attribute)
        or not is_it(call.func.value)
    ):
        return False
    if call.func.attr == "popleft":
        return not call.args
    return call.func.attr == "pop" and [ast.unparse(each) for each in call.args] == ["0"]


def _is_first(node: ast.expr, is_it: Callable[[ast.AST], bool]) -> bool:
    return isinstance(node, ast.Subscript) and is_it(node.value) and ast.unparse(node.slice) == "0"


class _Uses:
    """How functions use an attribute of some object.

    Attributes: `is_written`; `joined`, the dimension along which it is joined with others, as text, None
    where it is not; `parts`, of how many a tuple that is assigned to it has; `longest`, to which length it is
    cut, as text; `is_changed_otherwise`, whether elements go, or change places, in any other way.
    """

    def __init__(self, name: str, functions: list[ast.AST]) -> None:
        self._name = name
        self.is_written = any(
            each.attr == name and isinstance(each.ctx, ast.Store)
            for each in nodes_of(ast.Attribute, *functions)
        )
        calls = list(nodes_of(ast.Call, *functions))
        found = [_dimension(each) for each in calls if self._joins(each, functions)]
        self.joined = found[0] if found else None
        self.parts = max(
            (
                len(each.value.elts)
                for each in nodes_of(ast.Assign, *functions)
                if isinstance(each.value, ast.Tuple) and self._is_it(each.targets[0])
            ),
            default=0,
        )
        cuts = {id(node.body[0]): said for node in nodes_of(ast.If, *functions) if (said := self._cut(node))}
        self.longest = next(iter(cuts.values()), "")
        self.is_changed_otherwise = any(
            id(node) not in cuts and self._takes_out(node) for node in nodes_of(ast.stmt, *functions)
        )

    def _is_it(self, node: ast.AST) -> bool:
        return (
            isinstance(node, ast.Attribute) and node.attr == self._name and isinstance(node.value, ast.Name)
        )

    def _holds_it(self, node: ast.AST) -> bool:
        return any(self._is_it(each) for each in ast.walk(node))

    def _joins(self, call: ast.Call, functions: list[ast.AST]) -> bool:
        if called_name(call.func) not in ("torch.cat", "torch.concat", "torch.concatenate") or not call.args:
            return False
        if self._holds_it(call.args[0]):
            return True
        # What is unpacked from it or stands for it may be what is joined.
        names = {
            each.id
            for statement in nodes_of(ast.Assign, *functions)
            if self._holds_it(statement.value) and not isinstance(statement.value, ast.Call)
            for each in nodes_of(ast.Name, *statement.targets)
        }
        return any(each.id in names for each in nodes_of(ast.Name, call.args[0]))

    def _cut(self, node: ast.If) -> str:
        """The length in `if len(it) > 3: it.pop(0)`, as text; empty for what is no such thing."""
        test = node.test
        if not isinstance(test, ast.Compare) or len(test.ops) != 1 or len(node.body) != 1 or node.orelse:
            return ""
        is_long = isinstance(test.ops[0], ast.Gt) and isinstance(test.left, ast.Call)
        if not is_long or called_name(test.left.func) != "len" or not self._holds_it(test.left):  # type: ignore[attr-defined]
            return ""
        return ast.unparse(test.comparators[0]) if drops_first(node.body[0], self._is_it) else ""

    def _takes_out(self, node: ast.stmt) -> bool:
        """Whether a statement by itself takes elements out, or puts them elsewhere."""
        if isinstance(node, ast.Delete):
            return self._holds_it(node)
        expressions = [each for each in ast.iter_child_nodes(node) if isinstance(each, ast.expr)]
        return any(
            isinstance(call.func, ast.Attribute) and call.func.attr in _MOVES and self._is_it(call.func.value)
            for call in nodes_of(ast.Call, *expressions)
        )


def _dimension(call: ast.Call) -> str:
    named = [each.value for each in call.keywords if each.arg in ("dim", "axis")]
    given = [*call.args[1:2], *named]
    return ast.unparse(given[0]) if given else "0"


def reads(node: ast.AST, owner: str, names: Iterable[str]) -> bool:
    """Whether a node has one of some attributes of a variable in it."""
    return any(each.attr in names and is_attribute_of(each, owner) for each in nodes_of(ast.Attribute, node))
