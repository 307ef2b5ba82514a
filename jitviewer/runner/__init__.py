"""The runner process: the only one that imports torch and executes what an archive holds."""
