"""Every way of deciding something in Python, and results that would show were one of them changed."""

import asyncio
import contextlib

TOTAL = 0


class Base:
    def __init__(self, value):
        self.__hidden = value
        self.items = []

    def reveal(self):
        return self.__hidden

    def __len__(self):
        return self.__hidden

    def push(self, *items, front=False):
        if front:
            self.items[:0] = items
        else:
            self.items += items
        return self


class Derived(Base):
    def reveal(self):
        return super().reveal() + 1

    @property
    def last(self):
        return self.items[-1] if self.items else None

    @staticmethod
    def twice(x):
        return x * 2

    @classmethod
    def of(cls, value):
        return cls(value) if value else None


def operands(a, b, c):
    return (
        a and b,
        a or b,
        not a,
        (a or b) and c,
        (a and b) or c,
        (a if b else c),
        bool(a) is not (b and True),
    )


def chained(x):
    return 0 < x < 10, x == 3 != 4, [1 <= y <= 2 for y in range(4)]


def loops(n):
    seen = []
    for i in range(n):
        if i == 1:
            continue
        if i == 5:
            break
        seen.append(i)
    else:
        seen.append("whole")
    while n > 0:
        n -= 2
        if n == 3:
            break
    else:
        seen.append("down")
    for first, *rest in [(1, 2, 3), (4,)]:
        seen.append((first, rest))
    while True:
        n += 1
        if n > 3:
            return seen, n


def comprehensions(n):
    squares = [i * i for i in range(n) if i % 2 if i > 1]
    pairs = {(i, j): i - j for i in range(2) for j in range(i, n) if (k := i + j) > 1}
    lazily = sum(x for x in squares if x not in {9})
    return squares, pairs, lazily, {x for x in squares if x}, k


def matching(value):
    match value:
        case 0 | 1:
            return "small"
        case [x, *rest] if rest:
            return x, rest
        case {"key": found, **others}:
            return found, others
        case Base(items=[]):
            return "base"
        case str() as text:
            return text.upper()
        case _:
            return None


def errors(value):
    done = []
    try:
        done.append(10 // value)
    except ZeroDivisionError as error:
        done.append(type(error).__name__)
    except TypeError:
        done.append("type")
    else:
        done.append("else")
    finally:
        done.append("finally")
    with contextlib.suppress(KeyError):
        done.append({}["missing"])
    try:
        assert value, f"{value=}"
    except AssertionError as error:
        done.append(str(error))
    return done


def generated(n):
    for i in range(n):
        sent = yield i if i else "zero"
        if sent:
            yield from (sent, sent)


def closures():
    count = 0

    def step(by=1, *, times=2):
        nonlocal count
        count += by * times
        return lambda x: x + count if count else x

    return step()(1), step(3)(1), count


def changed():
    global TOTAL  # noqa: PLW0603  # one of the ways
    TOTAL += 1
    held = {"a": [1]}
    held["a"][0] += 1
    held["b"], (held["c"], *held["d"]) = 1, (2, 3, 4)
    del held["b"], held["a"][0]
    setattr(held_by := Base(1), "made", TOTAL)  # noqa: B010  # likewise
    annotated: int = held_by.made if TOTAL > 0 else 0
    return held, annotated, sorted(held, key=lambda each: each != "c"), next(iter(held))


async def waiting(n):
    found = []
    async for each in _counted(n):
        found.append(each)
        await asyncio.sleep(0)
    return found, [each async for each in _counted(n) if each]


async def _counted(n):
    for i in range(n):
        yield i


def everything():
    """All results in one list."""
    global TOTAL  # noqa: PLW0603  # begins anew
    TOTAL = 0
    found = [operands(a, b, c) for a in (0, "a", []) for b in (1, "") for c in (None, 2.5)]
    found += [chained(x) for x in (-1, 3, 30)]
    found += [loops(n) for n in (0, 1, 3, 7)]
    found.append(comprehensions(5))
    found += [matching(x) for x in (1, [2, 3], [2], {"key": 1, "b": 2}, Base(0), "text", 7.5)]
    found += [errors(x) for x in (0, 2, "no")]
    sender = generated(3)
    found.append([next(sender), sender.send("x"), *sender])
    found += [closures(), changed(), asyncio.run(waiting(3))]
    derived = Derived.of(3).push(1, 2).push(0, front=True)
    found += [derived.reveal(), derived.last, Derived.of(0), Derived.twice(2), derived.items, len(derived)]
    found.append([] or (derived and "true"))
    return found
