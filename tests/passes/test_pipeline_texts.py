"""Texts of several pipelines: colons divide them, but for those in braces."""

import pytest

from jitcore.passes.spec import split_pipelines


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("inline:inline,freeze", ["inline", "inline,freeze"]),
        (":inline", ["", "inline"]),
        ("inline:", ["inline", ""]),
        (":", ["", ""]),
        ("inline", ["inline"]),
        ("a:b:c", ["a", "b", "c"]),
        ('a{x="1:2",y=3} : b{z="}:"}', ['a{x="1:2",y=3}', 'b{z="}:"}']),
        ("a{x=1:2}:b", ["a{x=1:2}", "b"]),
        ("torch.jit's default:Freeze", ["torch.jit's default", "Freeze"]),
        ("", [""]),
    ],
)
def test_colons_outside_of_braces_divide(text, parts):
    assert split_pipelines(text) == parts
