"""Runs of several documents share one runner that may die, hang or be cancelled."""

import os
import queue
import sys
import time

import pytest

from jitviewer.engine.runner_link import RunnerDied, RunnerLink, Starter, death_sentence
from jitviewer.engine.runs import RunOverdue, Runs
from jitviewer.launching.processes import OwnProcess
from jitviewer.protocol import events
from jitviewer.protocol.runner_messages import RunRequest

FAKE_RUNNER = """
import os, sys, time
from jitviewer.protocol.framing import encode, read_messages
from jitviewer.protocol import runner_messages as m
for request in read_messages(sys.stdin.buffer, m.AnyRunnerRequest):
    if isinstance(request, m.ListDevices):
        answer = m.Devices(request.id, [])
    elif request.method == "abort":
        os.abort()
    elif request.method == "exit":
        sys.exit(7)
    elif request.method == "garbage":
        sys.stdout.buffer.write(b"\\xff" * 64); sys.stdout.buffer.flush(); time.sleep(60)
    elif request.method == "forever":
        while True:
            sys.stdout.buffer.write(encode(m.RunProgress(request.id, "running", 0, 1, 0.0)))
            sys.stdout.buffer.flush(); time.sleep(0.02)
    elif request.method == "fail":
        answer = m.RunFailed(request.id, "it failed", "traceback", 4)
    else:
        sys.stdout.buffer.write(encode(m.RunPrinted(request.id, "hello\\n")))
        answer = m.RunResult(request.id, [], [], [1.0], "cpu", [], [])
    sys.stdout.buffer.write(encode(answer)); sys.stdout.buffer.flush()
"""


def starts(*command: str) -> Starter:
    """What starts this command for every role."""
    return lambda _role, _libraries: OwnProcess(command, dict(os.environ), takes_files=False)


class Bench:
    """A runner link to a fake runner, and the events that came."""

    def __init__(self) -> None:
        self.news: queue.SimpleQueue = queue.SimpleQueue()
        self.events: list[events.Event] = []
        self.link = RunnerLink(self.news.put, start=starts(sys.executable, "-c", FAKE_RUNNER))
        self.runs = Runs(self.link, self.events.append, deliver=self.news.put)

    def start(self, document: int, method: str, limit: int = 0) -> None:
        self.runs.start(document, RunRequest(self.runs.new_id(), "x.pt", "", method, [], []), limit=limit)

    def pump(self, *until: type[events.Event], count: int = 1, seconds: float = 20.0) -> None:
        deadline = time.monotonic() + seconds
        while sum(isinstance(e, until) for e in self.events) < count:
            self.runs.handle(self.news.get(timeout=max(0.01, deadline - time.monotonic())))

    def last(self, kind: type[events.Event]) -> events.Event:
        return [e for e in self.events if isinstance(e, kind)][-1]


@pytest.fixture
def bench():
    made = Bench()
    yield made
    made.link.kill()


def test_a_run_ends_with_its_result_and_what_it_printed(bench: Bench) -> None:
    bench.start(1, "forward")
    bench.pump(events.RunDone)
    done = bench.last(events.RunDone)
    assert (done.document, done.printed, done.wall_us) == (1, "hello\n", [1.0])


def test_a_failed_run_says_where(bench: Bench) -> None:
    bench.start(1, "fail")
    bench.pump(events.RunStopped)
    stopped = bench.last(events.RunStopped)
    assert (stopped.reason, stopped.sentence, stopped.node_id) == ("failed", "it failed", 4)


@pytest.mark.parametrize(
    ("method", "word"), [("abort", "SIGABRT"), ("exit", "exit status 7"), ("garbage", "no message")]
)
def test_a_dead_runner_is_reported_and_replaced(bench: Bench, method: str, word: str) -> None:
    bench.start(1, method)
    bench.pump(events.RunStopped)
    stopped = bench.last(events.RunStopped)
    assert stopped.reason == "died"
    assert word in stopped.sentence
    bench.start(1, "forward")
    bench.pump(events.RunDone)


def test_cancelling_ends_an_endless_run_and_the_next_one_runs(bench: Bench) -> None:
    bench.start(1, "forever")
    bench.start(2, "forward")
    bench.pump(events.RunMoved)
    started = time.monotonic()
    bench.runs.cancel(1)
    assert bench.last(events.RunStopped).reason == "cancelled"
    bench.pump(events.RunDone)
    assert time.monotonic() - started < 15
    assert bench.last(events.RunDone).document == 2


def test_a_waiting_run_can_be_cancelled_without_touching_the_running_one(bench: Bench) -> None:
    bench.start(1, "forever")
    bench.start(2, "forward")
    bench.runs.cancel(2)
    assert bench.last(events.RunStopped).document == 2
    assert bench.link.is_running
    bench.pump(events.RunMoved)


def test_a_second_run_of_a_document_replaces_the_first(bench: Bench) -> None:
    bench.start(1, "forever")
    bench.pump(events.RunMoved)
    bench.start(1, "forward")
    bench.pump(events.RunDone)
    assert not [e for e in bench.events if isinstance(e, events.RunStopped)]


def test_devices_are_listed_for_who_asked(bench: Bench) -> None:
    bench.runs.ask_devices(5)
    bench.pump(events.DevicesListed)
    assert bench.last(events.DevicesListed).document == 5


def test_a_runner_that_cannot_start_is_said() -> None:
    seen: list[events.Event] = []
    link = RunnerLink(lambda _: None, start=starts("/nonexistent/runner"))
    Runs(link, seen.append).start(1, RunRequest(1, "x.pt", "", "forward", [], []))
    assert isinstance(seen[-1], events.RunStopped)
    assert "does not start" in seen[-1].sentence


def test_how_a_process_died_is_told_in_a_sentence() -> None:
    assert "SIGSEGV" in death_sentence(-11)
    assert "memory" in death_sentence(-9)
    assert "exit status 3" in death_sentence(3)
    assert isinstance(RunnerDied(1, "x").sentence, str)


def test_a_run_that_takes_longer_than_it_may_is_ended(bench):
    bench.start(1, "forever", limit=1)
    bench.start(2, "good")
    bench.pump(events.RunDone)
    stopped = bench.last(events.RunStopped)
    assert (stopped.document, stopped.reason) == (1, "overdue")
    assert stopped.sentence.startswith("The run took more than 1 s and its process was ended.")


def test_a_limit_that_comes_late_ends_no_other_run(bench):
    bench.start(1, "good", limit=1000)
    bench.pump(events.RunDone)
    finished = bench.runs.new_id() - 1
    bench.start(1, "forever")
    bench.pump(events.RunMoved)
    bench.runs.handle(RunOverdue(finished))
    assert not any(isinstance(event, events.RunStopped) for event in bench.events)
    bench.runs.cancel(1)
    assert bench.last(events.RunStopped).reason == "cancelled"
