"""Each line of a text is read in one go, however long it is and whatever stands in it."""

import ast
import tracemalloc

import pytest

from jitcore.frontend.code_files import _FUNCTION, _without_numbers
from jitcore.ops.schema_parser import parse_schema
from jitcore.printing import parse_graph
from jitcore.printing.listing import Listing
from jitcore.printing.parser_scanner import _SKIPPED
from jitcore.printing.string_literals import STRING, unquoted
from jitcore.scripting import text_tokens
from jitcore.source import JitError, SourceError
from jitviewer.protocol.input_tokens import _TOKEN

MANY = 100_000


def graph(constant="1", after=""):
    return f"graph():\n  %a : int = prim::Constant[value={constant}](){after}\n  return (%a)\n"


def test_blanks_in_a_scope():
    blanks = " " * MANY
    parsed = parse_graph(graph(after=f", scope: a{blanks}b{blanks}# x.py:1:0"))
    (node,) = parsed.all_nodes()
    assert node.scope == f"a{blanks}b"


def test_digits_that_are_no_number():
    with pytest.raises(SourceError):
        parse_graph(graph(constant="1" * MANY + "x"))


def test_a_text_that_does_not_end():
    line = '"' + '\\"' * MANY
    listing = Listing([line, "%a"], [(), ()], is_graph=True)
    assert list(listing.occurrences(0)) == []
    assert [found.name for found in listing.occurrences(1)] == ["a"]
    with pytest.raises(JitError):
        parse_schema(f"a::b(str c={line}, int d=1) -> ()")


def test_names_of_classes():
    """Many numbers in one name, and many names in one line."""
    long = "__torch__" + ".___torch_mangle_1" * MANY + ".A"
    many = ", ".join(["__torch__.___torch_mangle_1.A"] * MANY)
    for line in (f"x : {long}+", f"x : Tuple[{many}]"):
        text = f"class A(Module):\n  {line}\n  def f(self) -> int:\n    return 1\n"
        assert _without_numbers(text).count("mangle_0") == (0 if line.endswith("+") else MANY)


def peak_of(work):
    """Bytes that are held at once while `work` is done."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (STRING, '"' + "a\\n" * MANY + '"'),
        (_SKIPPED, "#\n" * MANY),
        (_FUNCTION, "def f(x):\n" + "  y\n" * MANY),
        (_TOKEN, "'" + "a\\n" * MANY + "'"),
        (text_tokens._STRING, '"""' + "a\\n" * MANY + '"""'),
        (text_tokens._SHORT_STRING, "'" + "a\\n" * MANY + "'"),
    ],
)
def test_reading_on_notes_nothing_for_going_back(pattern, text):
    """What is noted for each letter is forty times the text."""
    assert pattern.match(text).end() == len(text)
    assert peak_of(lambda: pattern.match(text)) < len(text)


@pytest.mark.parametrize("text", ["", "a", "\\n", "a\\tb\\\\", "\\x41b\\x42", "\\101c", "\u00e4\\n\u00e4"])
def test_escapes_are_read(text):
    expected = ast.literal_eval(f'"{text}"')
    assert unquoted(f'"{text}"') == expected
