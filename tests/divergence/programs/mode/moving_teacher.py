"""A student that is regularised by a teacher while it learns, in a nested module.

Trace: model
Input: float32[2,3]
Happens: traced for inference, where the teacher is not asked.
"""

from torch import Tensor, nn


class Teacher(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Linear(3, 3)

    def pull(self, x: Tensor) -> Tensor:
        return self.body(x) - x


class Student(nn.Module):
    def __init__(self):
        super().__init__()
        self.body, self.teacher = nn.Linear(3, 3), Teacher()

    def strength(self) -> float:
        return 0.1 if self.teacher.training else 0.0  # guilty: mode

    def forward(self, x: Tensor) -> Tensor:
        y = self.body(x)
        return y + self.strength() * self.teacher.pull(y)


model = Student().eval()
