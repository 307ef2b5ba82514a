"""The meanings that names and expressions can have while a program is lowered."""
