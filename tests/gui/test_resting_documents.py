"""Large documents that nobody looks at give back what they take, and come back as they were left."""

import pytest

from jitviewer.protocol import requests
from jitviewer.ui import resting_documents
from jitviewer.ui.resting_documents import rows_of
from jitviewer.ui.services.stage_graph import StageGraph
from tests.gui.conftest import open_file


def names(window, side=0):
    return [page.document.path.rpartition("/")[2] for page in window.area.pages(side)]


def phases(window):
    return [page.document.phase for page in window.area.pages()]


def opened(qtbot, window, name):
    open_file(qtbot, window, name)
    document = window.current_page().document
    qtbot.waitUntil(lambda: not document.is_busy)
    return document


@pytest.fixture
def three(qtbot, window, monkeypatch):
    """Three documents, of which there is room for two."""
    documents = [opened(qtbot, window, f"{name}.pt") for name in "ab"]
    monkeypatch.setattr(resting_documents, "BUDGET", 2 * rows_of(documents[0]))
    assert phases(window) == ["ready"] * 2
    return documents


def test_the_one_that_was_seen_longest_ago_waits_in_its_place(qtbot, window, three, transport):
    first = window.area.pages()[0]
    window.area.show_page(first)
    first.view.canvas.view.look_at(1.5, 40.0, 60.0)
    first.document.show_method("warm", "forward")
    first.document.set_passes(("inline", "dce"))
    qtbot.waitUntil(lambda: first.document.module_path == "warm" and not first.document.is_busy)
    camera = first.camera()
    window.area.show_page(window.area.pages()[1])
    opened(qtbot, window, "c.pt")
    qtbot.waitUntil(lambda: phases(window) == ["waiting", "ready", "ready"])
    assert names(window) == ["a.pt", "b.pt", "c.pt"]
    assert window.current_page() is window.area.pages()[2]
    assert transport.asked(requests.CloseDocument)[-1].document == three[0].number
    assert window.banner.sentence.text() == (
        "To save memory a.pt was put aside; it opens again when you go to its tab."
    )
    asked = len(transport.asked(requests.OpenDocument))
    window.area.show_page(window.area.pages()[0])
    qtbot.waitUntil(lambda: phases(window) == ["ready", "waiting", "ready"])
    place = transport.asked(requests.OpenDocument)[asked].place
    assert (place.module_path, place.method, place.passes) == ("warm", "forward", ["inline", "dce"])
    page = window.current_page()
    qtbot.waitUntil(lambda: page.camera() == pytest.approx(camera, abs=1.5))


def test_what_is_in_sight_on_either_side_does_not_wait(qtbot, window, three, monkeypatch):
    window.area.move_to_other_side()
    monkeypatch.setattr(resting_documents, "BUDGET", 0)
    opened(qtbot, window, "c.pt")
    qtbot.waitUntil(lambda: sorted(phases(window)) == ["ready", "ready", "waiting"])
    assert {page.document.phase for page in window.area.pages_in_front()} == {"ready"}
    assert window.area.is_split


def test_results_and_runs_are_not_given_up(qtbot, window, three, monkeypatch):
    three[0].run(["float32[2,8]"], "cpu", 1, 0, 0)
    qtbot.waitUntil(lambda: bool(three[0].runs))
    monkeypatch.setattr(resting_documents, "BUDGET", 0)
    opened(qtbot, window, "c.pt")
    qtbot.waitUntil(lambda: phases(window) == ["ready", "waiting", "ready"])
    assert window.area.pages()[0].document is three[0]


def test_stages_are_not_given_up_but_an_opened_graph_of_them_is(qtbot, window, three, monkeypatch):
    first = three[0]
    for document in three:
        document.fuse_stages(True)
    first.run_stages(["float32[2,8]"], "cpu", 0)
    qtbot.waitUntil(lambda: first.stages is not None)
    window.open_stage(StageGraph("a.pt forward", first.stages, 2))
    made = window.current_page().document
    qtbot.waitUntil(lambda: made.phase == "ready" and not made.is_busy)
    monkeypatch.setattr(resting_documents, "BUDGET", 0)
    opened(qtbot, window, "c.pt")
    qtbot.waitUntil(lambda: phases(window).count("waiting") == 2)
    assert first in [page.document for page in window.area.pages()]
    assert (first.phase, first.fuses, len(first.staged)) == ("ready", True, 1)
    waiting = [page.document for page in window.area.pages() if page.document.phase == "waiting"]
    assert made not in waiting
    assert [one.stage.at for one in waiting if one.stage is not None] == [2]
    assert [one.fuses for one in waiting if one.stage is None] == [True]


def test_documents_of_usual_size_stay(qtbot, window):
    for number in range(6):
        opened(qtbot, window, f"{number}.pt")
    assert phases(window) == ["ready"] * 6


def test_selection_scrolling_and_the_way_back_come_back_too(qtbot, window, three):
    window.resize(1280, 420)
    window.zoom_text(10)
    first = window.area.pages()[0]
    window.area.show_page(first)
    first.document.set_passes(("inline", "dce"))
    qtbot.waitUntil(lambda: not first.document.is_busy)
    first.document.show_method("warm", "forward")
    qtbot.waitUntil(lambda: first.document.module_path == "warm")
    first.document.selection.select((11,), "test")
    bar = first.view.graph.editor.horizontalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 1)
    bar.setValue(bar.maximum())
    scrolled = bar.value()
    window.area.show_page(window.area.pages()[1])
    opened(qtbot, window, "c.pt")
    qtbot.waitUntil(lambda: phases(window) == ["waiting", "ready", "ready"])
    window.area.show_page(window.area.pages()[0])
    again = window.current_page()
    assert again.document is not first.document
    qtbot.waitUntil(lambda: again.document.selection.nodes == (11,))
    qtbot.waitUntil(lambda: again.view.graph.editor.horizontalScrollBar().value() == scrolled)
    assert again.view.graph.editor.selected_lines
    again.document.undo_passes()
    qtbot.waitUntil(lambda: again.document.passes_on == ("inline",))
    again.document.go_to_place(-1)
    qtbot.waitUntil(lambda: again.document.module_path == "")


def test_what_was_selected_and_is_not_there_any_more_is_not_selected(qtbot, window, three):
    first = window.area.pages()[0]
    window.area.show_page(first)
    first.document.selection.select((11, 777), "test")
    window.area.show_page(window.area.pages()[1])
    opened(qtbot, window, "c.pt")
    qtbot.waitUntil(lambda: phases(window) == ["waiting", "ready", "ready"])
    window.area.show_page(window.area.pages()[0])
    again = window.current_page().document
    qtbot.waitUntil(lambda: again.selection.nodes == (11,))
