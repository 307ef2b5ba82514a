"""The programs that the tests have of their own."""
from collections.abc import Iterator
from tests.differential.tracing.case import Case
def cases() -> Iterator[Case]:
    yield from ()
