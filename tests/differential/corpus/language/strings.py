"""Strings: literals and their escapes, formatting, methods, indexing."""

from tests.differential.corpus.language.programs import Programs

programs = Programs()


@programs.script()
def escapes() -> list[str]:
    return ["a\tb\n", "quote \" and 'single'", "back\\slash", "\x01\x7f", "\r\v\f\a\b", ""]


@programs.script()
def unicode_literals() -> list[str]:
    return ["é", "中文", "\u2028", "🎉"]


@programs.script()
def long_literals() -> str:
    return (
        "a string that goes on for longer than a line of code may be, so that the printer has to do something "
        "about it, if it does anything about it at all, which it does not"
    )


@programs.script()
def adjacent_and_triple() -> str:
    return (
        "one"
        "two"
        + """three
lines
"""
        + '''quoted "twice"'''
    )


@programs.script((3, 2.5, "s", True))
def formatted(n: int, y: float, s: str, flag: bool) -> list[str]:
    return ["{} {} {} {}".format(n, y, s, flag), "%d|%s|%f" % (n, s, y), "%s%%" % n, "{}".format([1, 2])]


@programs.script((3, "s"))
def f_strings(n: int, s: str) -> str:
    return f"{n} is {s}, twice {n * 2}{s}"


@programs.script(("Hello World",))
def cases(s: str) -> list[str]:
    return [s.upper(), s.lower(), s.swapcase(), s.capitalize(), s.title()]


@programs.script(("Hello",), ("",), ("12",), (" ",), ("aB1",), ("Title Case",))
def predicates(s: str) -> list[bool]:
    return [s.isupper(), s.islower(), s.isdigit(), s.isspace(), s.isalnum(), s.isalpha(), s.istitle(),
            s.isdecimal(), s.isnumeric(), s.isidentifier(), s.isprintable()]  # fmt: skip


@programs.script(("  a b,c  ",))
def stripping(s: str) -> list[str]:
    return [s.strip(), s.lstrip(), s.rstrip(), s.strip(" ac"), s.rstrip(" ")]


@programs.script(("a,b,,c",), ("",))
def splitting(
    s: str,
) -> tuple[list[str], list[str], list[str], tuple[str, str, str], tuple[str, str, str], list[str]]:
    return (
        s.split(","),
        s.split(",", 1),
        s.rsplit(",", 1),
        s.partition(","),
        s.rpartition(","),
        s.splitlines(),
    )


@programs.script((" a  b ",))
def splitting_at_blanks(s: str) -> list[str]:
    return s.split()


@programs.script(("banana",))
def searching(s: str) -> list[int]:
    return [
        s.find("an"),
        s.find("an", 2),
        s.rfind("an"),
        s.count("a"),
        s.find("z"),
        s.index("n"),
        s.rindex("n"),
    ]


@programs.script(("banana",))
def tests_and_replacements(s: str) -> tuple[bool, bool, str, str, bool]:
    return s.startswith("ba"), s.endswith("na"), s.replace("a", "o"), s.replace("a", "o", 2), "nan" in s


@programs.script(("ab",))
def padding(s: str) -> list[str]:
    return [
        s.center(7),
        s.ljust(5, "."),
        s.rjust(5),
        s.zfill(5),
        s.center(6, "*"),
        "-".join([s, s]),
        s.expandtabs(),
    ]


@programs.script(("abcdef",))
def string_slices(s: str) -> list[str]:
    return [s[0], s[-1], s[1:3], s[:-2], s[::2], s[4:1], s[2:], s[-3:-1]]


@programs.script(("a", "b"))
def string_comparisons(a: str, b: str) -> list[bool]:
    return [a == b, a != b, a < b, a > b, a <= b, a >= b, a is not None]


@programs.script(("ab", 3))
def string_arithmetic(a: str, n: int) -> str:
    b = a + "-" + a
    b += "!"
    return b + str(n)


@programs.script(("12", "2.5"))
def string_conversions(a: str, b: str) -> tuple[int, float, str, str, str, int]:
    return int(a), float(b), str(3), str(2.5), str(True), len(a)


@programs.script((97,))
def characters(n: int) -> tuple[str, int, str, str, str]:
    return chr(n), ord("b"), hex(255), oct(8), bin(5)


@programs.script(("x",))
def string_of_values(s: str) -> list[str]:
    return [str([1, 2]), str((1, "a")), str({"k": 1.5}), str(None), str(1e20), str(0.1), str([s])]


@programs.script((1.0, 3))
def printing(y: float, n: int) -> None:
    print(y, n, "text", [y], (n, None), True)
    print()
    print("done")


@programs.script(("x=1;y=2",))
def parse_pairs(text: str) -> dict[str, int]:
    table: dict[str, int] = {}
    for part in text.split(";"):
        name, _, value = part.partition("=")
        table[name] = int(value)
    return table
