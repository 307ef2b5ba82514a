"""Calls that do not end are ended."""

import contextlib
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


def test_errors_pass_and_no_thread_is_left():
    with pytest.raises(ValueError, match="no"):
        within(60, lambda: int("no"))
    for thread in threading.enumerate():
        assert not isinstance(thread, threading.Timer) or thread.finished.is_set()
