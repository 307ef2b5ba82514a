"""Calls that do not end are ended."""

import contextlib
import os
import threading
import time

import pytest

from jitcore.diagnose.divergence.time_limits import RanTooLongError, within


def test_a_call_that_ends_gives_its_result():
    assert within(60, lambda: 3) == 3


def test_a_call_that_loops_is_ended():
    def loop():
        while True:
            with contextlib.suppress(Exception):
                time.sleep(0)

    with pytest.raises(RanTooLongError):
        within(0.05, loop)


def test_errors_pass_and_one_thread_is_enough():
    def threads():
        return [each for each in threading.enumerate() if each.name == "ends calls"]

    for _ in range(3):
        with pytest.raises(ValueError, match="no"):
            within(60, lambda: int("no"))
        assert len(threads()) == 1


def test_a_shorter_call_is_ended_while_a_longer_one_is_watched():
    def loop():
        while True:
            time.sleep(0)

    def inner():
        with pytest.raises(RanTooLongError):
            within(0.05, loop)
        return 3

    assert within(60, inner) == 3
    with pytest.raises(RanTooLongError):
        within(0.05, loop)


def test_calls_are_ended_in_a_forked_process_too():
    def loop():
        while True:
            time.sleep(0)

    def fork():
        child = os.fork()
        if not child:
            try:
                within(0.05, loop)
            except RanTooLongError:
                os._exit(7)
            os._exit(1)
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])

    assert within(60, fork) == 7
