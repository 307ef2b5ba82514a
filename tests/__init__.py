"""The project's tests; a package so that helpers are imported by one name, `tests.<folder>.<module>`."""
