"""A call that ends its process is told with its signal, and the calls after it are made all the same."""

from __future__ import annotations

import subprocess
import sys
from random import Random

import torch

from tests.operator_fuzz.random_calls import random_call

DYING = """
import os, signal
from tests.operator_fuzz import campaign
operator = next(o for o in campaign.operators(["neg"]) if o.key == "aten::neg")
calls = []
def dies(check, bound):
    return lambda *values: os.kill(os.getpid(), signal.SIGSEGV) if len(calls) == 1 else calls.append(values)
campaign.checked = dies
report = campaign.Campaign({}, 5, 0, guards=False).run(operator)
print(sorted(report.deaths), {name for name, _ in report.deaths.values()})
"""


def test_deaths_are_told():
    done = subprocess.run([sys.executable, "-c", DYING], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[1, 3] {'SIGSEGV'}"


def test_the_same_seed_makes_the_same_call():
    (schema,) = torch._C._jit_get_schemas_for_operator("aten::max_unpool2d")[:1]
    right = [[torch.ones(1, 2, 2), torch.zeros(1, 2, 2).long(), [4, 4]]]
    first, second = (random_call(Random(7), schema.arguments, right) for _ in range(2))
    assert str(first) == str(second)
    assert len(first) == len(schema.arguments)
