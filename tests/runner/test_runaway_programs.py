"""Programs that take all memory or call themselves without end end in one sentence; the runner lives on."""

from __future__ import annotations

import itertools

import pytest

from jitviewer.protocol.runner_messages import Ping, Pong, RunFailed, RunRequest, RunResult
from tests.archive.handmade import ArchiveMaker

numbers = itertools.count(1)

CODE = """class M(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  def forward(self: __torch__.M, x: Tensor, n: int) -> Tensor:
{body}
"""

MEGABYTES = 300 << 20


def outcome(runner, folder, body, functions="", **options):
    code = (CODE.format(body=body) + functions).encode()
    file = ArchiveMaker(folder).archive(records={"code/__torch__.py": code})
    request = RunRequest(
        next(numbers), str(file), "", "forward", [], ["float32[8]", "3"], profile=False, **options
    )
    return runner.ask(request)[-1]


@pytest.mark.parametrize(
    "body",
    [
        "    return torch.zeros([1000000000])",
        "    y = x\n    while True:\n      y = torch.cat([y, y])\n    return y",
        '    s = "aa"\n    while True:\n      s = torch.add(s, s)\n    return x',
        "    return torch.reshape(torch.mul(torch.expand(x, [9999999, 8]), 2), [-1])",
    ],
    ids=["one tensor", "growing tensor", "growing text", "expanded"],
)
def test_a_run_takes_no_more_memory_than_it_may(runner, tmp_path, body):
    failed = outcome(runner, tmp_path, body, memory=MEGABYTES)
    assert isinstance(failed, RunFailed)
    assert "the run needs more memory than the 300 MiB that it may take" in failed.sentence
    assert "\n" not in failed.sentence
    (pong,) = runner.ask(Ping(next(numbers)))
    assert isinstance(pong, Pong)


def test_the_limit_is_one_of_the_run_and_can_be_lifted(runner, tmp_path):
    body = "    return torch.sum(torch.zeros([100000000]))"
    assert isinstance(outcome(runner, tmp_path, body, memory=MEGABYTES), RunFailed)
    for memory in (1 << 30, 0, -1):
        assert isinstance(outcome(runner, tmp_path, body, memory=memory), RunResult)


F = "def f(x: Tensor, n: int) -> Tensor:\n  return __torch__.g(x, n)\n"
G = "def g(x: Tensor, n: int) -> Tensor:\n  return __torch__.f(x, n)\n"
FORKS = """def f(x: Tensor, n: int) -> Tensor:
  a = fork(__torch__.f, x, n)
  b = fork(__torch__.f, x, n)
  return torch.add(torch.wait(a), torch.wait(b))
"""
HARDLY_WAITING = """def f(x: Tensor, n: int) -> Tensor:
  a = fork(__torch__.f, x, n)
  b = fork(__torch__.f, x, n)
  if torch.gt(n, 100):
    y = torch.add(torch.wait(a), torch.wait(b))
  else:
    y = x
  return y
"""


@pytest.mark.parametrize(
    ("body", "functions"),
    [
        ("    return (self).forward(x, n)", ""),
        ("    return __torch__.f(x, n)", F + G),
        ("    return __torch__.f(x, n)", FORKS),
        ("    return __torch__.f(x, n)", HARDLY_WAITING),
    ],
    ids=["method", "functions", "forks", "forks nobody waits for"],
)
def test_endless_calls_end(runner, tmp_path, body, functions):
    failed = outcome(runner, tmp_path, body, functions)
    assert isinstance(failed, RunFailed)
    assert "calls nest too deeply; the program may call itself without end" in failed.sentence
    assert "\n" not in failed.sentence
    assert "calls before these" in failed.traceback
    assert isinstance(outcome(runner, tmp_path, "    return x"), RunResult)
