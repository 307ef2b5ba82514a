"""What the text of a person's file says at a place: the expression, the statement that it decides, its
calls."""

from __future__ import annotations

import ast
import io
import linecache
import tokenize
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from jitcore.diagnose.divergence.path import extent, is_loop
from jitcore.diagnose.divergence.watch import Spot

What = Literal["if", "while", "for", "assert", "conditional expression", "and/or", "comprehension"]

_MODE_WORDS: Final = frozenset((
    "training", "is_grad_enabled", "is_tracing", "is_scripting", "is_autocast_enabled",
    "is_inference_mode_enabled",
    "is_autocast_cpu_enabled", "_is_tracing", "is_compiling", "is_inference", "get_autocast_dtype",
))  # fmt: skip
_KIND_WORDS: Final = frozenset((
    "dtype", "device", "is_cuda", "is_floating_point", "is_complex", "finfo", "iinfo", "get_device",
    "get_default_dtype", "is_cpu", "is_quantized", "element_size",
))  # fmt: skip
_RANDOM_WORDS: Final = frozenset((
    "random", "randint", "uniform", "choice", "rand", "randn", "randperm", "shuffle", "sample", "gauss",
    "manual_seed",
    "seed", "normal", "bernoulli", "multinomial", "default_rng", "Generator", "initial_seed", "randrange",
    "time",
    "bernoulli_", "normal_", "uniform_", "dropout", "rand_like", "randn_like", "standard_normal",
    "integers", "rng",
    "perf_counter", "urandom", "uuid4", "randint_like", "permutation", "choices", "betavariate",
    "exponential_",
    "random_", "time_ns", "getrandbits", "token_bytes",
))  # fmt: skip
_SHAPE_WORDS: Final = frozenset(("shape", "size", "numel", "dim", "ndim", "len", "nelement", "ndimension"))


_LARGEST_LIMIT: Final = 1e6
"""Numbers beyond are hardly what a value is held against."""


@dataclass(frozen=True)
class Statement:
    """What a jump belongs to.

    Attributes: `what`; `line` and `column` where the expression that it decides begins; `expression`, its
    text;
    `body` and `other`, first and last line of what runs where it holds and where not; None for nothing.
    """

    what: What
    line: int
    column: int
    end_line: int
    end_column: int
    expression: str
    body: tuple[int, int] | None
    other: tuple[int, int] | None


@lru_cache(maxsize=64)
def _tree(text: str) -> ast.Module | None:
    try:
        return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return None


def text_of(file: str) -> str:
    """The text of a file, as it was when it was executed where that is known."""
    return "".join(linecache.getlines(file))


def tree_of(file: str) -> ast.Module | None:
    """A file's syntax; None where it is no Python."""
    return _tree(text_of(file))


def statement_at(spot: Spot) -> Statement:
    """The statement or expression that a conditional jump decides: the innermost whose test holds its
    place."""
    file = spot[0].co_filename
    line, column, end_line, end_column = extent(spot)
    text = text_of(file)
    start = (line, column)
    best: tuple[tuple[int, int], What, ast.AST, ast.AST, object, object] | None = None
    looped = is_loop(spot)
    tree = _tree(text)
    for node in () if tree is None else ast.walk(tree):
        for what, test, body, other in _decided(node):
            if (what in ("for", "comprehension")) != looped and not (what == "comprehension" and not looped):
                continue
            where = node if looped and what == "for" else test
            if not _holds(where, start):
                continue
            extent_of = _size(where)
            if best is None or extent_of <= best[0]:
                best = (extent_of, what, test, node, body, other)
    if best is None:
        # Some jumps stand for the whole of what they decide.
        whole = next(
            (
                found
                for node in (() if tree is None else ast.walk(tree))
                if (getattr(node, "lineno", 0), getattr(node, "col_offset", -1)) == start
                for found in _decided(node)
                if (found[0] in ("for", "comprehension")) == looped
            ),
            None,
        )
        if whole is not None:
            what, test, body, other = whole
            best = (_size(test), what, test, test, body, other)
    if best is None:
        what = "for" if looped else "if"
        shown = _segment(text, line, column, end_line, end_column)
        return Statement(what, line, column, end_line, end_column, shown, None, None)
    _, what, test, _, body, other = best
    return Statement(
        what,
        test.lineno,  # type: ignore[attr-defined]  # an expression
        test.col_offset,  # type: ignore[attr-defined]
        test.end_lineno or 0,  # type: ignore[attr-defined]
        test.end_col_offset or 0,  # type: ignore[attr-defined]
        ast.get_source_segment(text, test) or "",
        _lines(body),
        _lines(other),
    )


def _decided(node: ast.AST) -> list[tuple[What, ast.AST, object, object]]:
    match node:
        case ast.If():
            return [("if", node.test, node.body, node.orelse)]
        case ast.While():
            return [("while", node.test, node.body, node.orelse)]
        case ast.For():
            return [("for", node.iter, node.body, node.orelse)]
        case ast.Assert():
            return [("assert", node.test, None, None)]
        case ast.IfExp():
            return [("conditional expression", node.test, node.body, node.orelse)]
        case ast.BoolOp():
            return [("and/or", node, None, None)]
        case ast.comprehension():
            tests: list[tuple[What, ast.AST, object, object]] = [
                ("if", each, None, None) for each in node.ifs
            ]
            return [("comprehension", node.iter, None, None), *tests]
        case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
            return [("comprehension", node, None, None)]
        case _:
            return []


def _lines(body: object) -> tuple[int, int] | None:
    if isinstance(body, list) and body:
        return body[0].lineno, body[-1].end_lineno
    if isinstance(body, ast.AST):
        return body.lineno, body.end_lineno  # type: ignore[attr-defined]
    return None


def _holds(node: ast.AST, start: tuple[int, int]) -> bool:
    first = node.lineno, node.col_offset  # type: ignore[attr-defined]
    last = node.end_lineno, node.end_col_offset  # type: ignore[attr-defined]
    return first <= start < last


def _size(node: ast.AST) -> tuple[int, int]:
    lines = node.end_lineno - node.lineno  # type: ignore[attr-defined]
    return lines, node.end_col_offset - (0 if lines else node.col_offset)  # type: ignore[attr-defined]


def _segment(text: str, line: int, column: int, end_line: int, end_column: int) -> str:
    lines = text.splitlines()
    if not 0 < line <= len(lines):
        return ""
    if end_line != line:
        return lines[line - 1].strip()
    return lines[line - 1].encode()[column:end_column].decode(errors="replace").strip()


def expression_at(spot: Spot) -> str:
    """The text of what an instruction stands for; of several lines the first."""
    line, column, end_line, end_column = extent(spot)
    return _segment(text_of(spot[0].co_filename), line, column, end_line, end_column)


def line_text(file: str, line: int) -> str:
    """A line of a file, without its indentation and comment."""
    text = linecache.getline(file, line)
    column = _comments(text_of(file)).get(line)
    return text[:column].strip()


@lru_cache(maxsize=64)
def _comments(text: str) -> dict[int, int]:
    """The columns of the comments of a file, by their lines."""
    found: dict[int, int] = {}
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type == tokenize.COMMENT:
                found[token.start[0]] = token.start[1]
    except (tokenize.TokenError, SyntaxError):
        return found
    return found


def words_at(file: str, line: int, end_line: int | None = None) -> frozenset[str]:
    """The names and attributes that the statements at some lines read or call."""
    tree = tree_of(file)
    if tree is None:
        return frozenset()
    last = end_line or line
    found: set[str] = set()
    for node in ast.walk(tree):
        if line <= getattr(node, "lineno", 0) <= last:
            if isinstance(node, ast.Name):
                found.add(node.id)
            elif isinstance(node, ast.Attribute):
                found.add(node.attr)
            elif isinstance(node, ast.arg):
                found.add(node.arg)
    return frozenset(found)


@lru_cache(maxsize=64)
def numbers_in(file: str) -> frozenset[float]:
    """The numbers that are written in a file."""
    tree = tree_of(file)
    return frozenset(
        float(node.value)
        for node in (() if tree is None else ast.walk(tree))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, int | float)
        and not isinstance(node.value, bool)
        and abs(node.value) < _LARGEST_LIMIT
    )


def reads_mode(words: frozenset[str]) -> bool:
    """Whether words are of what tells modes: training, gradients, autocast, tracing, scripting."""
    return bool(words & _MODE_WORDS)


def reads_kind(words: frozenset[str]) -> bool:
    """Whether words are of element types and devices."""
    return bool(words & _KIND_WORDS)


def called_at(file: str, line: int) -> frozenset[str]:
    """The names of the functions and methods that the statements at a line call."""
    tree = tree_of(file)
    calls = (
        (node for node in ast.walk(tree) if isinstance(node, ast.Call) and node.lineno == line)
        if tree
        else ()
    )
    named = (each.func for each in calls)
    return frozenset(
        each.id if isinstance(each, ast.Name) else each.attr
        for each in named
        if isinstance(each, ast.Name | ast.Attribute)
    )


def draws(words: frozenset[str]) -> bool:
    """Whether words are of draws, seeds, or the clock."""
    return bool(words & _RANDOM_WORDS)


def reads_shape(words: frozenset[str]) -> bool:
    """Whether words are of sizes and ranks."""
    return bool(words & _SHAPE_WORDS)


def loops_around(file: str, line: int) -> list[tuple[int, int, int]]:
    """The loops whose body holds a line, innermost first, within the same function: the line of each, and the
    first and the last of its body."""
    tree = tree_of(file)
    found: list[tuple[int, int, int]] = []
    for node in () if tree is None else ast.walk(tree):
        if not isinstance(node, ast.For | ast.While | ast.FunctionDef | ast.Lambda):
            continue
        body = node.body if isinstance(node.body, list) else [node.body]
        first, last = body[0].lineno, body[-1].end_lineno or 0
        # What is met later in a tree lies further inside.
        if first <= line <= last:
            is_loop = isinstance(node, ast.For | ast.While)
            found = [(node.lineno, first, last), *found] if is_loop else []
    return found


@lru_cache(maxsize=64)
def bodies_of_loops(text: str) -> dict[int, tuple[int, int]]:
    """The first and the last line of the body of each loop of a text, by the line where it begins."""
    tree = _tree(text)
    loops = (node for node in ast.walk(tree) if isinstance(node, ast.For | ast.While)) if tree else ()
    return {node.lineno: (node.body[0].lineno, node.body[-1].end_lineno or 0) for node in loops}


def ends_by_truth(file: str, line: int, column: int, other_sizes: bool) -> bool:
    """Whether the generator that begins at a place is what `all` or `any` goes through, so that a truth ends
    it. With inputs of other sizes (`other_sizes`) only where it goes through what conditions filled."""
    for call in _calls_of(tree_of(file), ("all", "any")):
        for each in call.args:
            if not isinstance(each, ast.GeneratorExp) or (each.lineno, each.col_offset) != (line, column):
                continue
            return not other_sizes or _is_filled_by_conditions(tree_of(file), each.generators[0].iter)
    return False


def _calls_of(tree: ast.AST | None, names: tuple[str, ...]) -> list[ast.Call]:
    """The calls of functions that are named by one word."""
    return [
        node
        for node in (() if tree is None else ast.walk(tree))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names
    ]


def _is_filled_by_conditions(tree: ast.AST | None, held: ast.expr) -> bool:
    """Whether something is appended below a condition to what a name holds."""
    return isinstance(held, ast.Name) and any(
        isinstance(node, ast.Attribute)
        and node.attr == "append"
        and isinstance(node.value, ast.Name)
        and node.value.id == held.id
        for condition in (() if tree is None else ast.walk(tree))
        if isinstance(condition, ast.If)
        for node in ast.walk(condition)
    )


def decides(file: str, line: int) -> bool:
    """Whether a statement that begins at a line is decided by a condition, or holds one."""
    tree = tree_of(file)
    return tree is not None and any(
        getattr(node, "lineno", 0) == line
        and isinstance(node, ast.If | ast.While | ast.IfExp | ast.BoolOp | ast.Assert)
        for node in ast.walk(tree)
    )


def updates(file: str, line: int, names: list[str]) -> bool:
    """Whether a line gives one of some attributes or variables a new value that it makes of the old one."""
    tree = tree_of(file)
    for node in () if tree is None else ast.walk(tree):
        if getattr(node, "lineno", 0) != line:
            continue
        if isinstance(node, ast.AugAssign) and _named(node.target) in names:
            return True
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and _named(node.targets[0]) in names:
            name = _named(node.targets[0])
            return any(_named(each) == name for each in ast.walk(node.value))
    return False


def drops(file: str, line: int) -> bool:
    """Whether a line is part of an expression that stands alone, and whose result nobody takes."""
    tree = tree_of(file)
    return any(
        isinstance(node, ast.Expr) and node.lineno <= line <= (node.end_lineno or 0)
        for node in (() if tree is None else ast.walk(tree))
    )


def _named(node: ast.AST) -> str:
    """The name of a variable or attribute; empty for all else."""
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def stores(file: str, line: int) -> bool:
    """Whether a line gives an attribute, an element or a global name a new value."""
    tree = tree_of(file)
    if tree is None:
        return False
    for node in ast.walk(tree):
        if getattr(node, "lineno", 0) == line and isinstance(
            node, ast.Assign | ast.AugAssign | ast.AnnAssign
        ):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if any(isinstance(each, ast.Attribute | ast.Subscript) for each in targets):
                return True
    return False


def writes_part(file: str, line: int) -> bool:
    """Whether a statement that begins at the line writes to a part of something: `x[rows] = y`."""
    tree = tree_of(file)
    if tree is None:
        return False
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign | ast.AugAssign) and node.lineno == line:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if any(isinstance(each, ast.Subscript) for each in targets):
                return True
    return False
