"""What a person wants to know first is fewer than five clicks away."""

import re

from tests.e2e.display import REAL_WINDOW, told_by

pytestmark = REAL_WINDOW


def test_every_answer_is_fewer_than_five_clicks_away(display, tmp_path):
    said = told_by(display, "tests.e2e.questions", "light", str(tmp_path))
    answers = re.findall(r"^answer: (\d+) clicks: (.*?\?) (.+)$", said, re.MULTILINE)
    assert len(answers) == 4, said
    assert all(int(clicks) < 5 for clicks, _, _ in answers), said
    by_question = {question: answer for _, question, answer in answers}
    assert by_question["How many parameters has layer2?"].startswith("3,648 ")
    assert by_question["Which value flows into the last linear?"].endswith("from aten::mean")
