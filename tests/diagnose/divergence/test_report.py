"""The page that can be sent to someone."""

from jitcore.diagnose.divergence.diagnosis import CauseRow, DecisionRow, Diagnosis
from jitcore.diagnose.divergence.report import page_of

DECIDED = DecisionRow("net.py", 3, "branch", "True", "x.sum() > 0", "taken once.", flipped=True)


def page(*decisions: DecisionRow) -> str:
    cause = CauseRow("branch", "net.py", 3, "x.sum() > 0", "Python decided once.")
    return page_of(Diagnosis("f<x>", diverged=True, causes=(cause,), decisions=decisions).as_json())


def test_it_names_the_inputs_that_decide_otherwise():
    flipped = DecisionRow(
        "net.py", 3, "branch", "True", "x.sum() > 0", "taken once.", flipped=True,
        inputs=(("float32[2] = [-1, <1>]", "2"), ("float32[2]", "3")),
    )  # fmt: skip
    text = page(flipped)
    assert "Otherwise with float32[2] = [-1, &lt;1&gt;], 2; then float32[2], 3." in text
    assert "Otherwise" not in page(DECIDED)


def test_it_has_no_outside_parts_and_what_is_not_ours_is_escaped():
    text = page(DECIDED)
    assert "f&lt;x&gt;" in text
    assert "<x>" not in text
    assert not any(part in text for part in ("src=", "href=", "<script", "url("))
