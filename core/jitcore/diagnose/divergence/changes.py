"""Changes of a person's files that may cure a divergence, in the order in which they are tried."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from jitcore.diagnose.divergence.remedies.change import Change
from jitcore.diagnose.divergence.remedies.conditions import by_where
from jitcore.diagnose.divergence.remedies.decorated import decorated
from jitcore.diagnose.divergence.remedies.dispatch import by_operators_chosen
from jitcore.diagnose.divergence.remedies.draws import by_torch
from jitcore.diagnose.divergence.remedies.extracted import extracted
from jitcore.diagnose.divergence.remedies.hoisted import computed_once
from jitcore.diagnose.divergence.remedies.kinds import by_kept_tensor, by_type_of_other
from jitcore.diagnose.divergence.remedies.meanings import same_meaning
from jitcore.diagnose.divergence.remedies.methods import compiled_methods
from jitcore.diagnose.divergence.remedies.modes import in_eval_mode, without_questions
from jitcore.diagnose.divergence.remedies.numbers import kept_as_tensors, read_as_tensors
from jitcore.diagnose.divergence.remedies.pushed_choices import chosen_later
from jitcore.diagnose.divergence.remedies.scripted_modules import (
    scripted_instance,
    scripted_where_made,
    scripted_within,
)
from jitcore.diagnose.divergence.remedies.situation import Situation
from jitcore.diagnose.divergence.remedies.state.in_buffers import in_buffers
from jitcore.diagnose.divergence.remedies.syntax import functions_near, nodes_of
from jitcore.diagnose.divergence.remedies.writes import by_operators
from jitcore.diagnose.divergence.source_places import text_of, tree_of


def changes_for(situation: Situation, is_of_trace: bool) -> Iterator[Change]:
    """Changes to try, the smallest first: at the place of the cause, then by compiling more and more of what
    is around it. `is_of_trace` is whether the trace differs, and not only the script."""
    cause = situation.cause
    file = cause.file
    text, tree = text_of(file), tree_of(file)
    if tree is None:
        return
    here = [line for where, line in situation.places if where == file]
    if not is_of_trace:
        yield from _for_scripts(file, text, tree, here, situation)
        return
    yield from in_eval_mode(file, text, tree, situation)
    yield from without_questions(file, text, tree, cause.line)
    if cause.kind == "python-state" or len(cause.found.trial.calls) > 1:
        yield from in_buffers(file, text, tree, here, situation)
    if cause.kind in ("aliasing", "constant"):
        yield from by_operators(file, text, tree, here)
    yield from by_type_of_other(file, text, tree, cause.line)
    yield from by_kept_tensor(file, text, tree, cause.line)
    if cause.kind == "randomness":
        for change in by_torch(file, text, tree, cause.line):
            yield change
            # What is computed with draws goes on with operators.
            drawn = ast.parse(change.text)
            for after in kept_as_tensors(file, change.text, drawn, here, cause.kind):
                yield Change(f"{change.summary}, and {after.summary}", file, after.text, is_other=True)
    if cause.kind in ("constant", "shape", "numeric", "loop-count"):
        yield from kept_as_tensors(file, text, tree, here, cause.kind)
    yield from _compiled(situation)
    yield from by_where(file, text, tree, cause.line)
    yield from by_operators_chosen(file, text, tree, here)
    yield from chosen_later(file, text, tree, functions_near(tree, here))
    if cause.kind in ("branch", "randomness", "aliasing", "mode"):
        yield from kept_as_tensors(file, text, tree, here, cause.kind)
    yield from _chosen_by_reads(file, text, tree, here)
    yield from in_buffers(file, text, tree, here, situation)
    if cause.kind == "randomness":
        for change in by_torch(file, text, tree, cause.line, as_numbers=True):
            yield from _compiled(situation, change)


def _chosen_by_reads(file: str, text: str, tree: ast.Module, here: list[int]) -> Iterator[Change]:
    """Decisions by operators, with what functions read for them left a tensor."""
    names = {each.name for each in functions_near(tree, here)}
    for line in here:
        for chosen in by_where(file, text, tree, line):
            after = ast.parse(chosen.text)
            functions = [each for each in nodes_of(ast.FunctionDef, after) if each.name in names]
            for read in read_as_tensors(file, chosen.text, after, functions):
                yield Change(f"{chosen.summary}, and {read.summary}", file, read.text)


def _compiled(situation: Situation, after: Change | None = None) -> Iterator[Change]:
    """Parts of the program compiled while it is traced, small ones before large ones; of the text that
    another change gave, which keeps the lines."""
    for where, line in situation.places:
        text, tree = text_of(where), tree_of(where)
        if after is not None and after.file == where:
            text, tree = after.text, ast.parse(after.text)
        if tree is None:
            continue
        made = (
            *decorated(where, text, tree, line),
            *extracted(where, text, tree, line, situation),
            *scripted_where_made(where, text, tree, line),
        )
        for each in made:
            if after is None:
                yield each
            else:
                yield Change(f"{after.summary}, and {each.summary}", where, each.text, after.is_other)
    file, name = situation.place
    text, tree = text_of(file), tree_of(file)
    if tree is None:
        return
    if situation.made:
        yield from scripted_within(file, text, tree, situation.made)
    else:
        yield from scripted_instance(file, text, tree, name)


def _for_scripts(
    file: str, text: str, tree: ast.Module, here: list[int], situation: Situation
) -> Iterator[Change]:
    """Changes after which a script means what Python means."""
    kind = situation.cause.kind
    yield from without_questions(file, text, tree, situation.cause.line)
    if kind == "other-method":
        yield from compiled_methods(file, text, tree)
    yield from same_meaning(file, text, tree, here)
    yield from compiled_methods(file, text, tree)
    for line in here:
        yield from computed_once(file, text, tree, line, situation)
