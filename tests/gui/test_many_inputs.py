"""The form of a method of thousands of inputs has few fields, and all of them can be changed."""

import pytest

from jitviewer.protocol.rows import InputRow
from jitviewer.ui.docks.run_form import MOST_FIELDS, RunForm
from jitviewer.ui.theme import ThemeManager


@pytest.fixture
def form(qtbot):
    made = RunForm(ThemeManager("dark"))
    qtbot.addWidget(made)
    return made


def rows(count: int) -> list[InputRow]:
    return [InputRow(f"x{n}", "int", str(n), "any int", required=True) for n in range(count)]


def test_a_hundred_inputs_have_fields_and_the_others_are_counted(form, qtbot):
    form.set_inputs("forward", rows(3000), more=7)
    assert len(form.fields) < MOST_FIELDS
    qtbot.waitUntil(lambda: len(form.fields) == MOST_FIELDS)
    assert "2,900 more" in form.left_out.text()
    assert "7 inputs after these" in form.left_out.text()
    assert not form.search.isHidden()
    assert form.specs() == [str(n) for n in range(3000)]


def test_an_input_without_a_field_is_found_by_its_name_and_changed(form, qtbot):
    form.set_inputs("forward", rows(3000))
    form.fields[2].spec.setText("77")
    form.search.setText("x2999")
    qtbot.waitUntil(lambda: [field.row.name for field in form.fields] == ["x2999"])
    form.fields[0].spec.setText("88")
    form.search.setText("")
    qtbot.waitUntil(lambda: len(form.fields) == MOST_FIELDS)
    assert form.fields[2].spec.text() == "77"
    specs = form.specs()
    assert (specs[2], specs[2999], len(specs)) == ("77", "88", 3000)


def test_fields_of_a_method_that_is_shown_no_longer_are_not_made(form, qtbot):
    form.set_inputs("forward", rows(3000))
    form.set_inputs("other", rows(2))
    qtbot.wait(20)
    assert [field.row.name for field in form.fields] == ["x0", "x1"]
    assert form.search.isHidden()
    assert form.left_out.isHidden()
