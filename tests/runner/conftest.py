"""A runner process to talk to."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from jitviewer.protocol.framing import encode, read_messages
from jitviewer.protocol.runner_messages import AnyRunnerReply, RunPrinted, RunProgress, Shutdown

ROOT = Path(__file__).resolve().parent.parent.parent


class Runner:
    """The other end of a runner's pipes."""

    def __init__(self, *command: str):
        environment = dict(os.environ, PYTHONPATH=f"{ROOT}{os.pathsep}{ROOT / 'core'}", OMP_NUM_THREADS="1")
        self.process = subprocess.Popen(
            [sys.executable, *(command or ("-m", "jitviewer.runner"))],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment,
        )  # fmt: skip
        self.replies = read_messages(self.process.stdout, AnyRunnerReply)

    def send(self, request):
        self.process.stdin.write(encode(request))
        self.process.stdin.flush()

    def ask(self, request):
        """All replies to a request; the last one is the answer."""
        self.send(request)
        found = []
        for reply in self.replies:
            assert reply.id == request.id
            found.append(reply)
            if not isinstance(reply, RunProgress | RunPrinted):
                break
        return found

    def close(self):
        if self.process.poll() is None:
            self.send(Shutdown(0))
        self.process.stdin.close()
        self.process.wait(timeout=60)
        self.process.stdout.close()
        self.process.stderr.close()


@pytest.fixture
def start():
    """Starts runners, and ends them after the test."""
    started = []

    def begin(*command):
        started.append(Runner(*command))
        return started[-1]

    yield begin
    for runner in started:
        runner.close()


@pytest.fixture(scope="module")
def runner():
    """One runner for the tests of a module."""
    process = Runner()
    yield process
    process.close()
