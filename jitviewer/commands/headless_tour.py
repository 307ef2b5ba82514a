"""What `make run` does without a display: the main job in the terminal, and a picture of the window."""

from __future__ import annotations

import queue
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from jitcore.requests.program_name import ProgramName
from jitviewer.commands.telling import tell
from jitviewer.launching.supervising import Supervised, can_supervise
from jitviewer.launching.supervisor import Named
from jitviewer.plain_output import write_plainly
from jitviewer.plain_text import plain_line
from jitviewer.protocol import events, requests
from jitviewer.protocol.rows import NodeTime

if TYPE_CHECKING:
    from jitviewer.engine.engine import Engine

PASSES = ["inline", "constant-propagation", "cse", "peephole", "dce"]
PICTURE = Path("out") / "window.png"
DOCUMENT = 1
SHOWN_LINES = 40


def main(arguments: list[str]) -> int:
    """Open the file, print what the panes show, rewrite, run, and save a picture. 1 if something failed."""
    write_plainly()
    if len(arguments) != 1:
        print("usage: python -m jitviewer.commands.headless_tour FILE", file=sys.stderr)
        return 2
    path = arguments[0]
    if ProgramName.read(path).is_python:
        # The engine would ask whether the file may run, and nobody is there to answer.
        tell(
            f"{plain_line(path)} is a Python file, and the tour is of archives: save one with "
            "'jitviewer script FILE.py:NAME -o OUT.pt', and take the tour of that"
        )
        return 1
    status = _confined_tour(path) if can_supervise() else _tour_of(path)
    if status == 0:
        status = _picture(path)
    print(
        "\nThere is no display, so this was the tour in the terminal; to get the window, run it on a desktop "
        "or through 'ssh -X'."
    )
    return status


def _confined_tour(path: str) -> int:
    """The tour in a process that can read no other file."""
    named = Named()
    named.read.add(path)
    return Supervised(lambda: _tour_of(path), frozenset((path,))).supervise(lambda: named)


def _tour_of(path: str) -> int:
    # Only the process of the tour needs an engine.
    from jitviewer.engine.engine import Engine

    inbox: queue.SimpleQueue[events.Event] = queue.SimpleQueue()
    engine = Engine(inbox.put)
    thread = threading.Thread(target=engine.run, name="engine")
    thread.start()
    try:
        return _tour(engine, path, inbox)
    finally:
        engine.end()
        thread.join()


def _tour(engine: Engine, path: str, inbox: queue.SimpleQueue[events.Event]) -> int:
    engine.post(requests.OpenDocument(DOCUMENT, path))
    shown: events.MethodShown | None = None
    for event in _until(inbox, events.CanvasChanged):
        match event:
            case events.DocumentOpened(title=title, summary=summary, tree=tree):
                _heading(f"{title}: {summary}")
                for row in tree[:SHOWN_LINES]:
                    print(f"  {row.kind:<9} {row.path + '.' if row.path else ''}{row.name}  {row.detail}")
            case events.MethodShown():
                shown = event
            case events.CodeChanged(view=view):
                _heading(".code")
                _print_lines(view.text)
            case events.GraphChanged(view=view):
                _heading(f".{view.title}")
                _print_lines(view.text)
            case events.DocumentFailed(sentence=sentence) | events.MethodFailed(sentence=sentence):
                print(f"jitviewer: {sentence}", file=sys.stderr)
                return 1
            case events.TrustWanted():
                print(
                    f"jitviewer: {path} is a Python file, which runs when it is opened and so asks first: "
                    "give the tour an archive of it, saved with 'jitviewer script'",
                    file=sys.stderr,
                )
                return 1
            case _:
                continue
    if shown is None:
        return 1
    _heading("Rewrite by " + ", ".join(PASSES))
    engine.post(requests.SetPasses(DOCUMENT, PASSES))
    for event in _until(inbox, events.CanvasChanged):
        if isinstance(event, events.StepsChanged):
            for report in event.reports:
                nodes = f"{report.nodes_before} -> {report.nodes_after} nodes"
                print(f"  {report.name}: {report.steps} rewrites, {nodes}")
            for step in event.steps[:SHOWN_LINES]:
                print(f"    {step.index + 1}. [{step.rule}] {step.because}")
        elif isinstance(event, events.GraphChanged):
            _print_lines(event.view.text)
    inputs = [row.spec for row in shown.inputs]
    _heading("Run with " + (", ".join(inputs) or "no inputs"))
    engine.post(requests.Run(DOCUMENT, inputs, "cpu", 20, 3, 0))
    for event in _until(inbox, events.RunDone, events.RunStopped):
        match event:
            case events.RunDone(outputs=outputs, times=times):
                for row in outputs:
                    print(f"  {row.name}: {row.type} = {row.text}")
                _print_times(times)
            case events.RunStopped(sentence=sentence):
                print(f"jitviewer: {sentence}", file=sys.stderr)
                return 1
            case _:
                continue
    return 0


def _until(inbox: queue.SimpleQueue[events.Event], *last: type[events.Event]) -> Iterator[events.Event]:
    """Events up to and including the first of the types `last`, or one that says that there is none."""
    failures = (events.DocumentFailed, events.MethodFailed, events.TrustWanted)
    while True:
        event = inbox.get()
        yield event
        if isinstance(event, (*last, *failures)):
            return
        if isinstance(event, events.Notice) and event.level == "error":
            print(f"jitviewer: {event.sentence}", file=sys.stderr)
            return


def _heading(text: str) -> None:
    print(f"\n== {text}")


def _print_lines(text: str) -> None:
    lines = text.splitlines()
    for line in lines[:SHOWN_LINES]:
        print("  " + line)
    if len(lines) > SHOWN_LINES:
        print(f"  ... {len(lines) - SHOWN_LINES} more lines")


def _print_times(times: list[NodeTime]) -> None:
    whole = sum(t.self_us for t in times) or 1.0
    print(f"  {'self us':>10} {'total us':>10} {'share':>7}  node")
    for t in sorted(times, key=lambda t: -t.self_us):
        print(f"  {t.self_us:10.1f} {t.total_us:10.1f} {t.self_us / whole:7.1%}  #{t.node_id} {t.kind}")


def _picture(path: str) -> int:
    PICTURE.parent.mkdir(exist_ok=True)
    # In a process of its own, because the window's process loads neither jitcore nor the engine.
    command = [sys.executable, "-m", "jitviewer", "screenshot", path, str(PICTURE), "--size", "1440x900"]
    status = subprocess.run([*command, "--passes", ",".join(PASSES), "--run"], check=False).returncode
    if status == 0:
        print(f"\nA picture of the window is in {PICTURE}.")
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
