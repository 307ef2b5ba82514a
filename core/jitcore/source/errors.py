"""The one exception that every layer of the core raises for bad input."""


class JitError(Exception):
    """Something the person gave us is wrong; `str()` is one sentence: what, where, what to do."""


class SourceError(JitError):
    """A `JitError` that points at a place in a source text.

    `location` is `file:line:column` when known; `excerpt` holds the lines with a caret under them.
    """

    def __init__(self, message: str, location: str = "", excerpt: str = "") -> None:
        super().__init__(f"{location}: {message}" if location else message)
        self.message = message
        self.location = location
        self.excerpt = excerpt
