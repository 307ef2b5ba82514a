"""Long work is done piece by piece, with the window living in between."""

from itertools import pairwise

from PySide6.QtCore import QTimer

from jitviewer.ui.services.turns import Turns


def test_pieces_keep_their_order_and_others_come_in_between(qtbot):
    turns, done = Turns(), []
    ticking = QTimer(interval=0)
    ticking.timeout.connect(lambda: done.append("tick"))
    ticking.start()
    for name in ("first", "second", "third"):
        turns.later(lambda name=name: done.append(name))
    assert done == []
    qtbot.waitUntil(lambda: not turns.is_busy)
    ticking.stop()
    places = [done.index(name) for name in ("first", "second", "third")]
    assert places == sorted(places)
    assert all("tick" in done[start:end] for start, end in pairwise(places))


def test_a_piece_may_give_another_one_and_a_failing_one_stops_nothing(qtbot):
    turns, done = Turns(), []

    def fail():
        turns.later(lambda: done.append("given within"))
        raise ValueError("of this piece")

    turns.later(fail)
    turns.later(lambda: done.append("after it"))
    with qtbot.captureExceptions() as raised:
        qtbot.waitUntil(lambda: not turns.is_busy)
    assert [str(error) for _, error, _ in raised] == ["of this piece"]
    assert done == ["after it", "given within"]
