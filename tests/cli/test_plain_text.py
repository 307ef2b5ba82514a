"""Which characters are made visible, and in which form."""

import csv
import io
import subprocess
import sys
import unicodedata

from jitviewer.plain_text import CELL, plain_cells, plain_line, plain_lines
from jitviewer.protocol.chrome_trace import chrome_trace
from jitviewer.protocol.run_rows import SpanRow
from jitviewer.ui.services.run_exports import write_csv

SEEN = "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2"
"""Formats that have a shape: signs of Arabic and Syriac around numbers."""


def test_every_control_and_format_character_is_shown():
    for code in range(sys.maxunicode + 1):
        sign = chr(code)
        if unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Zl", "Zp") and sign not in SEEN:
            assert plain_line(sign).encode("ascii").decode().isprintable()
            assert plain_lines(sign) in (plain_line(sign), "\n", "\t")
            assert len(plain_cells(sign)) == 1
            assert plain_cells(sign) == "\t" or plain_cells(sign).isprintable()


def test_what_people_write_stays():
    signs = ("a\u0301", "\N{GRINNING FACE}\ufe0f", "a\u00a0b", SEEN)
    for text in ("aten::add", "Größe", "שלום", "日本語", *signs):
        assert plain_line(text) == plain_lines(text) == plain_cells(text) == text


def test_forms():
    text = "a\x1b[31m\u202e\U000e0041\udc9b\x9b\tb\r\nc\rd"
    assert plain_line(text) == r"a\x1b[31m\u202e\U000e0041\udc9b\x9b\tb\r\nc\rd"
    assert plain_lines(text) == "a\\x1b[31m\\u202e\\U000e0041\\udc9b\\x9b\tb\r\nc\\rd"
    assert plain_cells("\x00\x1b\x7f\x9b\tb") == 4 * CELL + "\tb"


def test_a_table_for_other_programs_holds_no_formula_and_no_hidden_character(tmp_path):
    path = tmp_path / "times.csv"
    assert write_csv(str(path), [["Node", "Self us"], ["=HYPERLINK(1)", "1.5"], ["a\x1b\u202e", "2"]]) == ""
    rows = list(csv.reader(io.StringIO(path.read_text())))
    assert rows == [["Node", "Self us"], ["'=HYPERLINK(1)", "1.5"], [r"a\x1b\u202e", "2"]]


def test_a_trace_for_other_programs_holds_no_hidden_character():
    data = chrome_trace([SpanRow(1, "a::b\x9b\u202e", 0.0, 1.0, 0, "f\x7f")]).decode()
    assert data == plain_lines(data)
    assert r"a::b\\x9b\\u202e" in data


def test_a_program_that_prints_through_us_commands_no_terminal():
    program = (
        "import sys, warnings, os\n"
        "from jitviewer.plain_output import write_plainly\n"
        "write_plainly(); write_plainly()\n"
        "print('a\\x1b[31m\\u202e', end='\\r\\n'); print('b', file=sys.stderr)\n"
        "warnings.warn('w\\x9b')\n"
        "raise ValueError('e\\x1b[0m')\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)
    assert done.stdout == b"a\\x1b[31m\\u202e\r\n"
    said = done.stderr.decode()
    assert said == plain_lines(said)
    assert r"UserWarning: w\x9b" in said
    assert r"ValueError: e\x1b[0m" in said
