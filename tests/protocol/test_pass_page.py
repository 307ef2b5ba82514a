"""The words of the page on a pass."""

from jitviewer.protocol.pass_page import paragraphs_of


def test_prose_is_joined_and_graphs_keep_their_lines():
    text = (
        "Merge what\nis the same.\n\n%a = f(%x)\n%b = f(%x)    ->    %a = f(%x)\n\n  indented\n  too\n\n"
        "The end."
    )
    assert paragraphs_of(text) == [
        ("Merge what is the same.", False),
        ("%a = f(%x)\n%b = f(%x)    ->    %a = f(%x)", True),
        ("  indented\n  too", True),
        ("The end.", False),
    ]
