"""Passes that find out what tensors are like before anything runs: shapes, dtypes, devices."""
