"""Says why a trace of an object of a person's file differs from it."""

from __future__ import annotations

import inspect
import linecache
from typing import TYPE_CHECKING, Any

import torch

from jitcore.diagnose.divergence.comparing import compare
from jitcore.diagnose.divergence.graph_pair import GraphPair
from jitcore.exec.errors import ExecutionError
from jitcore.exec.plan_places import FAILURES
from jitcore.source import JitError
from jitcore.tracing.black_box.own_files import is_own_file
from jitviewer.protocol.bounds import PATH, SENTENCE, VALUES, cut
from jitviewer.protocol.diagnosis_rows import SourceFileRow
from jitviewer.runner.compared_graphs import compared_graphs
from jitviewer.runner.inputs import make_inputs

if TYPE_CHECKING:
    from collections.abc import Callable

    from jitcore.diagnose.divergence.diagnosis import Diagnosis
    from jitcore.diagnose.divergence.sides import Sides
    from jitcore.diagnose.divergence.trial import Trial
    from jitviewer.protocol.comparison_rows import ComparisonRow
    from jitviewer.protocol.script_messages import CompareScriptable
    from jitviewer.runner.handed_files import HandedFiles
    from jitviewer.runner.script_files import ScriptFile


_KEPT_BYTES = 1 << 28
"""What the values of the first run may take."""

_MOST_TEXT = 1 << 20
"""Characters of a file that is sent along."""


class SideGraphs:
    """The graphs of script and trace, run on what sets them apart.

    Attributes: `row`, None where there is none, and `why_none`, a sentence on that.
    """

    def __init__(self) -> None:
        self.row: ComparisonRow | None = None
        self.why_none = ""

    def look(self, sides: Sides, trial: Trial) -> None:
        """Run both graphs on the inputs of a trial."""
        try:
            pair = GraphPair(sides, trial)
            with pair.running():
                self.row = compared_graphs(
                    pair.names, pair.left, pair.right, pair.begin, _unheard, _unheard, _KEPT_BYTES
                )
        except (JitError, *FAILURES) as error:
            said = str(error).strip().partition("\n")[0] or type(error).__name__
            self.why_none = cut(f"Their graphs cannot be run beside each other: {said}", SENTENCE)


def _unheard(_text: str) -> None:
    """The graphs say again what the program said while it ran."""


def sources_of(found: Diagnosis) -> list[SourceFileRow]:
    """The person's files that a diagnosis names, as they were when they were run."""
    named = dict.fromkeys([*(each.file for each in found.causes), *(each.file for each in found.decisions)])
    rows: list[SourceFileRow] = []
    for file in named:
        text = "".join(linecache.getlines(file)) if is_own_file(file) else ""
        if text and len(text) <= _MOST_TEXT and len(file) <= PATH and len(rows) < VALUES:
            rows.append(SourceFileRow(file, text))
    return rows


def diagnosed(
    opened: ScriptFile,
    request: CompareScriptable,
    handed: HandedFiles,
    graphs: SideGraphs,
    told: Callable[[int], object] | None = None,
) -> Diagnosis:
    """The diagnosis that a request asks for; its graphs, if they are asked for, come into `graphs`. `told` is
    called with how many inputs were tried, after each.

    Raises `JitError` for an object that cannot be called, and for inputs that it does not take.
    """
    target = _callable(opened, request)
    cpu = torch.device("cpu")
    inputs = tuple(make_inputs(request.inputs, 0, cpu, handed))
    against = [tuple(make_inputs(texts, 0, cpu, handed)) for texts in request.against]
    for given in (inputs, *against):
        _check_fit(request.name, target, given)
    return compare(target, inputs, against, look=graphs.look if request.graphs else None, told=told)


def _callable(opened: ScriptFile, request: CompareScriptable) -> Any:
    found = opened.object(request.name, request.arguments)
    if inspect.isclass(found):
        try:
            found = found()
        except Exception as error:
            raise opened.raised_by(request.name, f"{request.name}()", error) from error
    if not callable(found):
        what = f"'{request.name}' is a {type(found).__name__}: compare a function, or a module"
        raise opened.problem(request.name, what)
    return found


def _check_fit(name: str, target: Any, given: tuple[Any, ...]) -> None:
    called = target.forward if isinstance(target, torch.nn.Module) else target
    try:
        signature = inspect.signature(called)
    except (TypeError, ValueError):
        # Functions of C have none; their call says what does not fit.
        return
    try:
        signature.bind(*given)
    except TypeError as error:
        raise ExecutionError(
            f"{name}{signature} does not take {len(given)} inputs ({error}): give one input for each argument"
        ) from error
