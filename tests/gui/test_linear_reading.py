"""Foreign text is read in one go: what is read twice for each of its letters holds the window for ever."""

from PySide6.QtCore import QSettings

from jitviewer.plain_quotes import plain_quotes
from jitviewer.ui.editors import lexers, names
from jitviewer.ui.editors.text_lines import TextLines
from jitviewer.ui.search.pattern import Pattern
from jitviewer.ui.services.old_settings import read_old

MANY = 400_000


def old(value):
    return read_old(b"[General]\nrecent=" + value + b"\n")


def test_old_settings_of_blanks_and_marks_are_read():
    for text in (b" ", b' "', b'"', b'\\"', b" , ", b'"a" ', b"a "):
        found = old(text * MANY)
        assert found is not None
        assert set(found) <= {"recent"}
    assert old(b" " * MANY + b'"') == {"recent": []}
    assert old(b" " * MANY + b'"a"') == {"recent": "a"}


def test_words_of_old_settings_are_qts(tmp_path):
    words = ["a, b", 'c"d', "", " e ", "f\\g", "h", "\u00e4", "i;j", "k\tl"]
    path = tmp_path / "settings.ini"
    written = QSettings(str(path), QSettings.Format.IniFormat)
    written.setValue("recent", words)
    written.sync()
    assert read_old(path.read_bytes()) == {"recent": words}


def test_what_is_no_word_ends_the_words():
    assert old(b'a, "b" c, d') == {"recent": "a"}
    assert old(b'a, b"c, d') == {"recent": "a"}
    assert old(b'a, "b') == {"recent": "a"}


def test_a_line_of_digits_is_coloured():
    line = "1" * lexers.LONGEST + "x"
    for language in ("graph", "code"):
        assert [token.kind for token in lexers.tokens(language, line * 20)] == []
    assert [token.kind for token in lexers.tokens("graph", "1. 1.5 2e3")] == ["number"] * 3


def test_a_definition_is_found_behind_many_blanks():
    blanks = " " * (lexers.LONGEST - 200)
    lines = TextLines("\n".join([f"{blanks}! x : int"] * 200 + ["x = 1"]))
    found = names.definition("code", lines, "x", 201)
    assert found is not None
    assert found.line == 200
    indented = TextLines("  x : int = 1\n\tfor y in x:\n  a, z = x")
    assert [names.definition("code", indented, name, 2).line for name in "xyz"] == [0, 1, 2]


def test_an_expression_is_matched_by_qt_whatever_letters_stand_in_the_text():
    """It gives up on what would take for ever, which Python's own does not."""
    pattern = Pattern("(a+)+b", is_regex=True)
    assert list(pattern.spans("\U0001f600" + "a" * 40 + "c")) == []
    assert list(Pattern("a+", is_regex=True).spans("\U0001f600aa\U0001f600\U0001f600a")) == [(1, 3), (5, 6)]
    assert list(Pattern(".", is_regex=True).spans("\U0001f600a")) == [(0, 1), (1, 2)]


def test_runs_of_backticks_are_read_once():
    assert plain_quotes("`" * MANY) == "`" * MANY
    assert plain_quotes("use `a` and ``b``") == "use \u2018a\u2019 and \u2018b\u2019"
