"""What is sent in the place of a message that is larger than a frame may be."""

from __future__ import annotations

from jitviewer.protocol import events
from jitviewer.protocol.rows import ProblemRow
from jitviewer.protocol.runner_bases import RunnerReply
from jitviewer.protocol.runner_messages import Evaluated, RunFailed, RunResult, ValueSeen
from jitviewer.protocol.script_messages import ScriptableCompiled, ScriptableRendered, ScriptOpened


def instead_of_event(event: events.Event, sentence: str) -> events.Event:
    """The event that ends what the window waits for, with a sentence on why."""
    number = event.document
    match event:
        case events.DocumentOpened(path=path):
            return events.DocumentFailed(number, path, sentence)
        case events.MethodShown():
            return events.MethodFailed(number, "", "", sentence)
        case events.RunDone():
            return events.RunStopped(number, "failed", sentence, "", -1)
        case events.ValueLooked(node_id=node_id, index=index):
            return events.ValueLooked(number, "", node_id, index, None, sentence)
        case _:
            return events.Notice(number, "error", sentence)


def instead_of_reply(reply: RunnerReply, sentence: str) -> RunnerReply:
    """The reply that ends what the engine waits for, with a sentence on why."""
    problems = [ProblemRow("", "", 0, 0, sentence)]
    match reply:
        case RunResult():
            return RunFailed(reply.id, sentence, "", -1)
        case ValueSeen():
            return ValueSeen(reply.id, None, sentence)
        case Evaluated():
            return Evaluated(reply.id, b"", sentence)
        case ScriptOpened():
            return ScriptOpened(reply.id, [], problems)
        case ScriptableCompiled():
            return ScriptableCompiled(reply.id, "", "", problems)
        case ScriptableRendered():
            return ScriptableRendered(reply.id, "", problems)
        case _:
            return RunFailed(reply.id, sentence, "", -1)
