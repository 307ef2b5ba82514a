"""Finding passes by word and family, their pages, and presets as files, by clicks and keys."""

import json
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog

from jitviewer.protocol import events, requests
from jitviewer.protocol.refusals import instead_of_answer, instead_of_event
from jitviewer.protocol.rows import PassExampleRow, PassRow, TextView
from jitviewer.ui.docks.preset_menu import saved_presets
from jitviewer.ui.models.pass_specs import split_specs
from jitviewer.ui.services.pass_examples import example_path
from jitviewer.ui.services.preset_files import PresetFileError, read_presets, write_presets
from tests.gui.fake_engine import PASSES
from tests.gui.rooms import turn_to

LEFT = Qt.MouseButton.LeftButton
WITH_COMMAS = 'pattern-rewrite{from="graph(%a, %b):\\n  x",to="}"}'


@pytest.fixture
def rewriting(opened):
    turn_to(opened, "rewrite")
    return opened


def document(window):
    return window.current_page().document


def listed(window):
    model, view = window.passes.model, window.passes.view
    return [model.index(row).data() for row in range(model.rowCount()) if not view.isRowHidden(row)]


def choose(window, name):
    view, model = window.passes.view, window.passes.model
    rect = view.visualRect(model.index(model.row_of(name)))
    QTest.mouseClick(view.viewport(), LEFT, pos=QPoint(120, rect.center().y()))


def page(window):
    return window.pages.currentWidget()


def entry(window, name):
    window.passes.presets.fill()
    return next(action for action in window.passes.presets.menu().actions() if action.text() == name)


def test_passes_are_found_by_what_they_do_and_by_torchs_name(rewriting):
    field = rewriting.passes.filter.field
    field.setFocus()
    QTest.keyClicks(field, "equal nodes")
    assert listed(rewriting) == ["cse"]
    field.selectAll()
    QTest.keyClicks(field, "_jit_pass_dce")
    assert listed(rewriting) == ["dce"]
    field.clear()
    assert listed(rewriting) == ["inline", "dce", "cse"]


def test_passes_are_listed_by_family_and_what_is_not_listed_stays_on(qtbot, rewriting):
    family = rewriting.passes.filter.family
    assert [family.itemText(at) for at in range(family.count())] == [
        "All families", "Switched on", "Cleaning", "Algebra",
    ]  # fmt: skip
    family.setFocus()
    QTest.keyClicks(family, "Alg")
    assert listed(rewriting) == ["cse"]
    choose(rewriting, "cse")
    QTest.keyClick(rewriting.passes.view, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: document(rewriting).passes_on == ("inline", "cse"))
    family.setFocus()
    QTest.keyClick(family, Qt.Key.Key_Up)
    QTest.keyClick(family, Qt.Key.Key_Up)
    assert listed(rewriting) == ["inline", "cse"]


def test_a_pass_moves_past_what_is_not_listed(qtbot, rewriting):
    choose(rewriting, "cse")
    QTest.keyClick(rewriting.passes.view, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: document(rewriting).passes_on == ("inline", "cse"))
    family = rewriting.passes.filter.family
    family.setCurrentText("Switched on")
    assert listed(rewriting) == ["inline", "cse"]
    choose(rewriting, "cse")
    QTest.keyClick(rewriting.passes.view, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: document(rewriting).passes_on == ("cse", "inline"))
    assert listed(rewriting) == ["cse", "inline"]


def test_the_page_of_a_pass_shows_what_it_did_to_an_example(qtbot, rewriting, transport):
    choose(rewriting, "cse")
    QTest.mouseClick(rewriting.passes.about, LEFT)
    shown = page(rewriting)
    qtbot.waitUntil(shown.open.isVisible)
    (asked,) = transport.asked(requests.AskPassExample)
    assert (asked.name, Path(asked.path).name) == ("cse", "cse.ir")
    assert shown.name.text() == "cse"
    assert shown.what[0].text() == "Merge nodes that compute the same"
    assert dict(shown.facts) == {
        "Family": "Algebra", "In libtorch": "_jit_pass_cse",
        "When it is legal": "where nothing is written to, which it does not check",
    }  # fmt: skip
    assert shown.diff.before.toPlainText() == "graph():\n  x\n"
    assert shown.diff.after.toPlainText() == "graph():\n\n"
    assert "after inline" in shown.story.text()
    assert shown.reasons.text().splitlines()[-1] == "and 8 more, which the example steps through"


def test_another_pass_is_looked_up_while_a_page_is_shown(qtbot, rewriting):
    choose(rewriting, "cse")
    QTest.keyClick(rewriting.passes.view, Qt.Key.Key_I, Qt.KeyboardModifier.ControlModifier)
    first = page(rewriting)
    qtbot.waitUntil(first.open.isVisible)
    choose(rewriting, "dce")
    QTest.mouseClick(rewriting.passes.about, LEFT)
    assert page(rewriting) is first
    assert first.name.text() == "dce"
    assert dict(first.facts)["Options"].startswith("allow_deleting_nodes_with_side_effects=false: drop")
    choose(rewriting, "inline")
    QTest.mouseClick(rewriting.passes.about, LEFT)
    qtbot.waitUntil(lambda: first.story.text() == "There is no example today.")
    assert not first.open.isVisible()
    assert not first.diff.isVisible()
    QTest.keyClick(first, Qt.Key.Key_Escape)
    assert page(rewriting) is rewriting.area


def test_a_page_waits_for_no_engine_that_is_gone(qtbot, rewriting, transport):
    transport.engine.holds_runs = True
    choose(rewriting, "cse")
    QTest.mouseClick(rewriting.passes.about, LEFT)
    shown = page(rewriting)
    qtbot.waitUntil(lambda: len(transport.asked(requests.AskPassExample)) == 1)
    assert "is being run" in shown.story.text()
    transport.die("killed")
    qtbot.waitUntil(lambda: "The engine stopped" in shown.story.text())
    transport.engine.holds_runs = False
    rewriting.show_pass(shown.row)
    qtbot.waitUntil(shown.open.isVisible)
    transport.die("killed")
    qtbot.waitUntil(lambda: not document(rewriting).is_busy)
    assert shown.open.isVisible()


def test_an_example_that_cannot_be_sent_ends_the_waiting():
    text = TextView("", "graph", "", [], {})
    row = PassExampleRow("", "graph", ["cse"], 0, text, text, [], [])
    for told in (
        instead_of_event(events.PassExampleGiven(0, "cse", row), "It is too long."),
        instead_of_answer(requests.AskPassExample(0, "cse", "cse.ir"), "It is too long."),
    ):
        assert told == events.PassExampleGiven(0, "cse", None, "It is too long.")


def test_the_example_opens_where_the_pass_begins(qtbot, rewriting, transport):
    turn_to(rewriting, "read")
    rewriting.passes.come_into_sight()
    choose(rewriting, "dce")
    QTest.mouseClick(rewriting.passes.about, LEFT)
    shown = page(rewriting)
    qtbot.waitUntil(shown.open.isVisible)
    before = document(rewriting)
    QTest.mouseClick(shown.open, LEFT)
    assert page(rewriting) is rewriting.area
    made = document(rewriting)
    assert made is not before
    assert Path(made.path).name == "dce.ir"
    place = transport.asked(requests.OpenDocument)[-1].place
    assert (place.method, place.passes, place.position) == ("graph", ["inline", "dce"], 1)
    assert rewriting.arrangement.workspace.name == "rewrite"
    qtbot.waitUntil(lambda: made.canvas is not None)


def test_presets_are_shared_in_a_file(rewriting, tmp_path, monkeypatch, settings):
    file = tmp_path / "shared.json"
    rewriting.passes.presets.save("mine", ("inline", WITH_COMMAS))
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(file), ""))
    entry(rewriting, "Share in a file…").trigger()
    assert json.loads(file.read_text()) == {"presets": [{"name": "mine", "passes": ["inline", WITH_COMMAS]}]}
    assert "1 preset written to shared.json." in rewriting.current_page().view.banner.sentence.text()
    file.write_text(json.dumps({"presets": [{"name": "theirs", "passes": ["inline", "dce"]}]}))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(file), ""))
    entry(rewriting, "Add from a file…").trigger()
    assert "1 preset added from shared.json." in rewriting.current_page().view.banner.sentence.text()
    assert saved_presets(settings) == {"mine": ("inline", WITH_COMMAS), "theirs": ("inline", "dce")}
    entry(rewriting, "theirs").trigger()
    assert document(rewriting).passes_on == ("inline", "dce")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "bad.json holds no presets of passes"),
        ('{"presets": [{"name": "", "passes": []}]}', "bad.json holds no presets of passes"),
        ('{"presets": [{"name": "x", "passes": ["dce", "magic"]}]}', "not in this version, magic"),
        ('{"presets": [{"name": "a\\tb", "passes": ["dce"]}]}', "a name that is no line of text, a\\tb"),
        ('{"presets": [{"name": " a", "passes": ["dce"]}]}', "a name that is no line of text"),
        ('{"presets": [{"name": "x", "passes": ["dce{a=true}"]}]}', "an option that dce does not have, a"),
        (None, "bad.json cannot be read"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_used_says_why_and_adds_nothing(rewriting, tmp_path, settings, content, said):
    file = tmp_path / "bad.json"
    if content is not None:
        file.write_text(content)
    rewriting.passes.presets.read_file(str(file))
    assert said in rewriting.current_page().view.banner.sentence.text()
    assert saved_presets(settings) == {}


def test_a_preset_of_a_file_takes_the_name_of_no_other(rewriting, tmp_path, settings):
    file = tmp_path / "shared.json"
    rewriting.passes.presets.save("mine", ("inline",))
    rows = [{"name": "mine", "passes": ["dce"]}, {"name": "more", "passes": ["cse"]}]
    file.write_text(json.dumps({"presets": rows}))
    rewriting.passes.presets.read_file(str(file))
    assert "2 presets added from shared.json." in rewriting.current_page().view.banner.sentence.text()
    rewriting.passes.presets.read_file(str(file))
    told = rewriting.current_page().view.banner.sentence.text()
    assert "0 presets added from shared.json, 2 saved already." in told
    assert saved_presets(settings) == {"mine": ("inline",), "mine (2)": ("dce",), "more": ("cse",)}


def test_presets_that_were_written_are_read_again(tmp_path):
    rows = [*PASSES, PassRow("pattern-rewrite", "", "", "", [])]
    path = str(tmp_path / "all.json")
    assert write_presets(path, {"a": ("inline", "dce{allow_deleting_nodes_with_side_effects=true}")}) == ""
    assert read_presets(path, rows) == {"a": ("inline", "dce{allow_deleting_nodes_with_side_effects=true}")}
    with pytest.raises(PresetFileError, match="nothing was added"):
        read_presets(path, rows[:1])
    assert "cannot be written" in write_presets(str(tmp_path / "no" / "x.json"), {})


def test_commas_within_options_divide_no_passes():
    assert split_specs(f"inline,{WITH_COMMAS},dce") == ("inline", WITH_COMMAS, "dce")
    assert split_specs(" a , b{x=1,y=2} ,") == ("a", "b{x=1,y=2}")
    assert split_specs("") == ()


def test_names_of_the_engine_lead_to_no_other_files():
    assert example_path("dce").endswith("dce.ir")
    assert example_path("freeze").endswith("layers.pt")
    assert example_path("../samples/gate") == example_path("") == example_path("a/b") == ""
