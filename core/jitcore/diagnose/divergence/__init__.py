"""Why a trace of a Python program differs from the program: sides, search, cause and remedy."""
