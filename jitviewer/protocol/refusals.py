"""What is told in the place of a message that cannot be sent."""

from __future__ import annotations

from jitviewer.protocol import events, requests
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
        case events.RunDone() | events.StagesDone():
            return events.RunStopped(number, "failed", sentence, "", -1)
        case events.ValueLooked(node_id=node_id, index=index):
            return events.ValueLooked(number, "", node_id, index, None, sentence)
        case events.PassExampleGiven(name=name):
            return events.PassExampleGiven(number, name, None, sentence)
        case _:
            return events.Notice(number, "error", sentence)


def instead_of_answer(request: requests.Request, sentence: str) -> events.Event:
    """The event that ends what the window waits for after a request that cannot be sent."""
    number = request.document
    match request:
        case requests.OpenDocument(path=path):
            return events.DocumentFailed(number, path, sentence)
        case requests.OpenGraph(title=title):
            return events.DocumentFailed(number, title, sentence)
        case requests.ShowMethod(module_path=module_path, method=method):
            return events.MethodFailed(number, module_path, method, sentence)
        case requests.Run() | requests.RunStages():
            return events.RunStopped(number, "failed", sentence, "", -1)
        case requests.LookAtValue(value=value, node_id=node_id, index=index):
            return events.ValueLooked(number, value, node_id, index, None, sentence)
        case requests.AskPassExample(name=name):
            return events.PassExampleGiven(number, name, None, sentence)
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
