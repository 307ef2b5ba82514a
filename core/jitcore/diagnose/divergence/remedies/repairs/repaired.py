"""The mends of what keeps a person's function from being compiled, by what the compiler says of it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from jitcore.diagnose.divergence.remedies.change import Change
from jitcore.diagnose.divergence.remedies.draws import draws, redraw
from jitcore.diagnose.divergence.remedies.edits import Edits
from jitcore.diagnose.divergence.remedies.repairs.annotations import annotated, annotated_as_called
from jitcore.diagnose.divergence.remedies.repairs.classes import (
    as_module,
    initialised,
    with_final,
    with_own_attributes,
)
from jitcore.diagnose.divergence.remedies.repairs.dictionaries import without_factories
from jitcore.diagnose.divergence.remedies.repairs.global_names import methods, with_globals
from jitcore.diagnose.divergence.remedies.repairs.kinds_of_variables import (
    as_tensor,
    empty_typed,
    optional,
    retyped_list,
    sums_as_tensors,
    typed_lists,
    with_numbers_cast,
    with_plain_constructors,
    with_whole_rounding,
    without_ranges,
)
from jitcore.diagnose.divergence.remedies.repairs.library_functions import with_library_functions
from jitcore.diagnose.divergence.remedies.repairs.limits import with_limits
from jitcore.diagnose.divergence.remedies.repairs.lists import (
    by_keys,
    by_place,
    called_when_chosen,
    reduced,
    summed,
    unrolled,
    with_first_found,
    with_lists,
    without_functions_given,
    without_reversed,
    without_starred_elements,
    without_tuples,
)
from jitcore.diagnose.divergence.remedies.repairs.methods_of_tensors import as_functions
from jitcore.diagnose.divergence.remedies.repairs.modules_given import as_methods
from jitcore.diagnose.divergence.remedies.repairs.named_modules import by_names
from jitcore.diagnose.divergence.remedies.repairs.records import as_named_tuples
from jitcore.diagnose.divergence.remedies.repairs.sorting import with_keys
from jitcore.diagnose.divergence.remedies.repairs.statements import (
    plainly_updated,
    without_break,
    without_continue,
    without_match,
    without_stars,
    without_walrus,
    without_yield,
)
from jitcore.diagnose.divergence.remedies.repairs.tables import with_tables
from jitcore.diagnose.divergence.remedies.repairs.tables_of_functions import with_functions_chosen
from jitcore.diagnose.divergence.remedies.repairs.values_of_choices import with_numbers_chosen
from jitcore.diagnose.divergence.remedies.rewriting import Rewriter
from jitcore.diagnose.divergence.remedies.situation import Situation
from jitcore.diagnose.divergence.remedies.syntax import (
    class_of,
    functions_around,
    nodes_of,
)
from jitcore.diagnose.divergence.remedies.writes import arrays_as_tensors

_PLACE: Final = re.compile(r'File "(?P<file>[^"]+)", line (?P<line>\d+)')
OTHER_VALUES: Final = "Python gives something else"
"""What is said of a change with which the program itself computes something else."""
_RETYPED: Final = re.compile(r"Variable '(?P<name>\w+)' previously had type (?:float|int|bool)")


def repaired(change: Change, error: str, situation: Situation) -> Iterator[Change]:
    """The change with what the compiler stumbles over written as it reads it; the likeliest mend first."""
    try:
        tree = ast.parse(change.text)
    except (SyntaxError, ValueError):
        return
    if error == OTHER_VALUES:
        yield from _as_changes(change, with_numbers_chosen(change, tree))
        return
    lines = [int(each["line"]) for each in _PLACE.finditer(error) if each["file"] == change.file]
    made: list[Edits] = []
    if lines:
        made += _at_line(change, tree, error, lines, situation)
    if "failed in the TorchScript interpreter" in error:
        made.append(sums_as_tensors(change, tree))
    if " type Bool" in error or "type 'bool'" in error or "type bool" in error:
        made += with_numbers_chosen(change, tree)
    made.append(as_module(change, tree, error))
    made.append(as_named_tuples(change, tree, situation))
    made.append(annotated_as_called(change, tree, error))
    made.append(annotated(change, tree, situation, _named(tree, error, lines)))
    made.append(annotated(change, tree, situation, list(nodes_of(ast.FunctionDef, tree))))
    yield from _as_changes(change, made)


def _as_changes(change: Change, made: Iterable[Edits]) -> Iterator[Change]:
    """What of some edits is Python and changes anything, each text once."""
    seen = {change.text}
    for edits in made:
        if edits.are_none:
            continue
        try:
            text = edits.applied()
            ast.parse(text)
        except (SyntaxError, ValueError):
            continue
        if text not in seen:
            seen.add(text)
            yield replace(change, text=text, is_other=change.is_other or draws(edits.text) != draws(text))


def _named(tree: ast.Module, error: str, lines: list[int]) -> list[ast.FunctionDef]:
    """The functions that an error names or points into."""
    found = [
        node for node in nodes_of(ast.FunctionDef, tree) if re.search(rf"\b{re.escape(node.name)}\b", error)
    ]
    found += [function for line in lines for function in functions_around(tree, line)]
    return list(dict.fromkeys(found))


def _at_line(
    change: Change, tree: ast.Module, error: str, lines: list[int], situation: Situation
) -> Iterator[Edits]:
    retyped = _RETYPED.search(error)
    for line in dict.fromkeys([*reversed(lines), *lines]):
        functions = functions_around(tree, line)
        if not functions:
            continue
        function = functions[0]
        if "Lambda aren't supported" in error or "getter'" in error:
            yield with_keys(change, tree, function)
        if "type name 'range'" in error:
            yield without_ranges(change, tree)
        if "aten::Tensor" in error:
            yield with_plain_constructors(change, tree, function)
        yield with_library_functions(change, tree, function)
        yield as_functions(change, tree, function, error)
        yield with_tables(change, tree, function)
        yield with_functions_chosen(change, tree, function)
        if "closed over global variable" in error or "undefined value" in error:
            yield with_globals(change, tree, function)
            if class_of(tree, function) is not None:
                yield with_globals(change, tree, *methods(tree, function))
        if retyped is not None:
            yield as_tensor(change, tree, function, retyped["name"])
        if "break or continue" in error:
            yield without_continue(change, tree, function)
            yield without_break(change, tree, function)
        if "Yield" in error:
            yield without_yield(change, tree, line)
        if "cannot be used as a value" in error:
            yield without_functions_given(change, tree, function)
            yield called_when_chosen(change, tree, function)
            yield with_keys(change, tree, function)
            yield without_factories(change, tree, function, situation)
        if "cannot call a value of type 'Tensor'" in error or "nn.Module" in error:
            yield as_methods(change, tree, function, situation)
        if "unified to float" in error or "round" in error:
            yield with_whole_rounding(change, tree)
        yield optional(change, tree, function, error)
        yield retyped_list(change, tree, function, error)
        yield initialised(change, tree, error)
        yield with_final(change, tree, error)
        yield with_own_attributes(change, tree, error)
        if "Match aren't supported" in error:
            yield without_match(change, tree, function)
        if "augmented assignment" in error:
            yield plainly_updated(change, tree, function)
        if "NamedExpr" in error:
            yield without_walrus(change, tree, function, line)
        if "integer literal for index" in error:
            yield by_place(change, tree, function)
        if "string literal index" in error:
            yield by_keys(change, tree, function)
        if "reversed" in error:
            yield without_reversed(change, tree, function)
        if "infer the expected size of a list" in error:
            yield without_tuples(change, tree, function)
        if "must be a string literal" in error:
            yield from by_names(change, tree, function, situation)
        if "aten::sum" in error:
            yield summed(change, tree, function)
        if "cannot be used as a tuple" in error or "Starred" in error:
            yield without_starred_elements(change, tree, function)
        if "Scalar" in error or "number" in error:
            yield from with_numbers_cast(change, tree, function)
        if "tolist" in error:
            yield from typed_lists(change, tree, function)
        yield with_limits(change, tree, function)
        yield reduced(change, tree, function)
        yield with_first_found(change, tree, function)
        yield without_stars(change, tree, function, line)
        yield empty_typed(change, tree, function, situation)
        yield with_lists(change, tree, function)
        yield unrolled(change, tree, function, line, situation)
        edits = Edits(change.text, tree)
        redraw(edits, function, as_numbers=True)
        yield edits
        edits = Edits(change.text, tree)
        Rewriter(change.text, tree, arrays_as_tensors).apply(edits, [function])
        yield edits
