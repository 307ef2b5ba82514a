"""Runs a few lines of Python in a process that is confined for a role first."""

import json
import subprocess
import sys

HEAD = """
import ctypes, json, os, socket, subprocess, sys, threading
from jitviewer.confinement import Role, confine
confinement = confine(Role({role!r}), {readable!r})
answers = {{}}

def attempt(name, act):
    try:
        answers[name] = repr(act())
    except Exception as error:
        answers[name] = type(error).__name__
"""
TAIL = "\nprint(json.dumps(answers))\n"


def confined(role: str, lines: str, readable: tuple[str, ...] = (), **environment: str) -> dict[str, str]:
    """What `attempt(name, act)` came to in a confined process, by name: a result or the error's class."""
    program = HEAD.format(role=role, readable=readable) + lines + TAIL
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env=environment or None,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])
