"""Texts and rows are cut so that they say how much there was, and never come out longer than they may be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jitviewer.protocol import bounds
from jitviewer.protocol.bounds import cut, cut_block, first, joined, more, within


@pytest.mark.parametrize("size", [0, 1, 499, 500, 501, 10_000, 10_000_000])
def test_no_text_comes_out_longer_than_it_may_be(size):
    shown = cut("n" * size, 500)
    assert len(shown) <= 500
    assert (shown == "n" * size) is (size <= 500)


def test_what_is_cut_says_how_much_there_was():
    shown = cut("n" * 1_000_000, 100)
    kept = len(shown.partition("…")[0])
    assert shown.endswith(f"… ({1_000_000 - kept:,} more characters)")


@given(st.text(alphabet="a\n", max_size=3000))
def test_a_block_of_ordinary_size_stays_as_it_is(text):
    lines = text.count("\n")
    if lines < bounds.BLOCK_LINES:
        assert cut_block(text) == text


@pytest.mark.parametrize("text", ["\n" * 100_000, "word\n" * 5_000, "w" * 100_000, ("w" * 50 + "\n") * 9_999])
def test_a_block_has_an_end(text):
    shown = cut_block(text)
    assert len(shown) <= bounds.BLOCK
    assert shown.count("\n") <= bounds.BLOCK_LINES
    assert "more" in shown


def test_rows_that_are_left_out_are_counted_in_one_more():
    assert first(range(5), 5, lambda n: -n) == [0, 1, 2, 3, 4]
    assert first(range(100), 5, lambda n: -n) == [0, 1, 2, 3, -96]
    assert more(1, "fact") == "and 1 more fact"
    assert more(12_345) == "and 12,345 more"


def test_words_are_joined_as_far_as_there_is_room():
    assert joined(["a", "b"], 100) == "a, b"
    assert joined((str(n) for n in range(10**9)), 20).startswith("0, 1, 2")
    assert len(joined(("w" * 10_000 for _ in range(10**9)), 200)) <= 200


def test_rows_stay_within_a_sum():
    assert len(within(["w" * 1_000_000] * 100, 1_000, len)) == bounds.CHARACTERS // 1_000_000
    assert len(within(["w"] * 100, 10, len)) == 10
