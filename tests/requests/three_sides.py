"""Asks the window's engine, the command line and the runner for the same of one program."""

from typing import NamedTuple

import jitcore
from jitcore.printing import graph_text
from jitcore.source import JitError
from jitviewer.commands.command_line import main
from jitviewer.engine.shown_document import ShownDocument
from jitviewer.protocol import events
from jitviewer.protocol.runner_messages import RunRequest
from jitviewer.runner.programs import load_program


class Answer(NamedTuple):
    """What one side gives: the text of a graph, or why there is none."""

    text: str = ""
    sentence: str = ""


def of_the_engine(file: str, module_path: str, method: str, passes: list[str]) -> Answer:
    document = ShownDocument(1, file, None)
    document.passes = ()
    list(document.open())
    answer = None
    try:
        told = [*document.show(module_path, method)]
        failed = next((event for event in told if isinstance(event, events.MethodFailed)), None)
        if failed is not None:
            return Answer(sentence=failed.sentence)
        if passes:
            told = [*document.set_passes(passes)]
        left_out = next((event.sentence for event in told if isinstance(event, events.Notice)), "")
        shown = next(event for event in told if isinstance(event, events.GraphChanged))
        answer = Answer(shown.view.text, left_out)
    except JitError as error:
        answer = Answer(sentence=str(error))
    finally:
        document.close()
    return answer


def of_the_command_line(
    capsys, file: str, module_path: str, method: str, passes: list[str], command: str = "graph"
) -> Answer:
    capsys.readouterr()
    words = [command, file, "--module", module_path, "--method", method]
    status = main(words + (["--passes", ",".join(passes)] if passes else []))
    told = capsys.readouterr()
    assert bool(status) == bool(told.err)
    return Answer("" if status else told.out, told.err.strip().removeprefix("jitviewer: "))


def of_the_runner(file: str, module_path: str, method: str, passes: list[str]) -> Answer:
    try:
        program = load_program(RunRequest(1, file, module_path, method, passes, []), file, None, [])
    except JitError as error:
        return Answer(sentence=str(error))
    return Answer(graph_text(program.graph))


def of_the_library(compiled: object, module_path: str, method: str, passes: list[str]) -> Answer:
    """What the runner prints of something that a Python file compiled."""
    from jitviewer.protocol.script_messages import RenderScriptable
    from jitviewer.runner.scripting import rendered

    request = RenderScriptable(1, "", None, "", "", module_path, method, "graph", passes)
    try:
        return Answer(rendered(jitcore.script(compiled), request))
    except JitError as error:
        return Answer(sentence=str(error))
